package transport

import (
	"math/rand/v2"
	"time"
)

// Backoff gives the pauses between attempts: they double from Min to Max, and
// each is shortened at random by up to half, so that many peers who lost each
// other at the same moment do not return at the same moment. Min and Max must
// be positive. It is not safe for concurrent use.
type Backoff struct {
	Min, Max time.Duration
	next     time.Duration
}

// Next is how long to wait before the next attempt.
func (b *Backoff) Next() time.Duration {
	pause := min(max(b.next, b.Min), b.Max)
	b.next = min(pause, b.Max/2+1) * 2
	return pause - rand.N(pause/2+1)
}

// Reset starts again from Min, after a success.
func (b *Backoff) Reset() { b.next = 0 }
