package idle

import "time"

// sinceTick is the time from one tick of Windows to another. The counter of
// milliseconds begins again at 0 after 49.7 days; a touch that seems to come
// from the future has just happened.
func sinceTick(now, last uint32) time.Duration {
	since := int32(now - last)
	return time.Duration(max(since, 0)) * time.Millisecond
}
