package idle

import (
	"bytes"
	"strconv"
	"time"
)

// parseHIDIdleTime finds the time since the last input in what macOS's ioreg
// prints: a line such as
//
//	|   "HIDIdleTime" = 1234567890
//
// in nanoseconds. Of several, the shortest counts.
func parseHIDIdleTime(out []byte) (time.Duration, bool) {
	shortest, found := time.Duration(0), false
	for line := range bytes.Lines(out) {
		_, value, ok := bytes.Cut(line, []byte(`"HIDIdleTime" = `))
		if !ok {
			continue
		}
		nanoseconds, err := strconv.ParseInt(string(bytes.TrimSpace(value)), 10, 64)
		if err != nil || nanoseconds < 0 {
			continue
		}
		if idle := time.Duration(nanoseconds); !found || idle < shortest {
			shortest, found = idle, true
		}
	}
	return shortest, found
}
