package files

import (
	"context"
	"time"
)

// doubtTime is how long a connection may move nothing before it may be dead: a
// living one says every 5 seconds that it is alive while something is wanted.
const doubtTime = 6 * time.Second

// doubt ends connections that were left behind when the other side came back by
// another way, such as with another address: no word of their end can arrive,
// and the stall limits are far longer. It runs until ctx ends.
func (j *job) doubt(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-j.back:
		}
		patience := time.NewTimer(doubtTime)
		select {
		case <-ctx.Done():
			patience.Stop()
			return
		case <-patience.C:
		}
		j.cutIdle()
	}
}

// cutIdle ends all connections that may be dead.
func (j *job) cutIdle() {
	j.mu.Lock()
	defer j.mu.Unlock()
	for victim := j.idlest(); victim != nil; victim = j.idlest() {
		victim.end()
	}
}
