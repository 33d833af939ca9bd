package bulk

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// limitBurst is how much may pass at once under a limit: small enough that the
// rate is even to the eye, large enough for few wake-ups.
const limitBurst = 256 << 10

const (
	// leastPiece and mostPiece bound what one connection is let through at
	// once under a limit.
	leastPiece = 256
	mostPiece  = 16 << 10
	// freePiece is what is let through at once without a limit, so that a Hold
	// soon has an effect.
	freePiece = writePiece
	// roundTime is in which time all connections that wait get their turn, as
	// far as leastPiece allows: well before the other side gives up.
	roundTime = 2 * time.Second
)

// Limiter bounds the rate of everything that goes through it, together. A nil
// Limiter does not limit anything. Safe for concurrent use.
type Limiter struct {
	waiting atomic.Int64 // calls of Wait
	hold    hold

	mu      sync.Mutex
	limit   *rate.Limiter // nil: none
	changed chan struct{} // closed at each change
}

// minRate keeps a connection alive under any limit: what is sent at once must
// get through before the other side gives up.
const minRate = 1 << 10

// NewLimiter returns a limiter of so many bytes per second, at least 1024; 0 or
// less means no limit.
func NewLimiter(bytesPerSecond int64) *Limiter {
	l := &Limiter{changed: make(chan struct{})}
	l.SetRate(bytesPerSecond)
	return l
}

// SetRate changes the limit, at once for those who wait as well.
func (l *Limiter) SetRate(bytesPerSecond int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limit = nil
	if bytesPerSecond > 0 {
		l.limit = rate.NewLimiter(rate.Limit(max(bytesPerSecond, minRate)), limitBurst)
	}
	close(l.changed)
	l.changed = make(chan struct{})
}

// Limits says whether there is a limit now.
func (l *Limiter) Limits() bool {
	if l == nil {
		return false
	}
	limit, _ := l.current()
	return limit != nil
}

// Piece is how many of n bytes to wait for, and then move, before the next:
// with a limit the fewer the more connections wait. Turns are taken in order,
// so with large pieces each of many connections would be silent for so long that
// it seems dead.
func (l *Limiter) Piece(n int) int {
	if l == nil {
		return n
	}
	limit, _ := l.current()
	if limit == nil {
		return min(n, freePiece)
	}
	share := float64(limit.Limit()) * roundTime.Seconds() / float64(l.waiting.Load()+1)
	return min(n, max(leastPiece, int(min(share, mostPiece))))
}

// Wait returns when n more bytes may pass, or ctx ends. A hold that begins while
// it waits for the limit does not concern it any more.
func (l *Limiter) Wait(ctx context.Context, n int) error {
	if l == nil {
		return nil
	}
	l.waiting.Add(1)
	defer l.waiting.Add(-1)
	if err := l.hold.wait(ctx); err != nil {
		return err
	}
	for n > 0 {
		limit, changed := l.current()
		if limit == nil {
			return nil
		}
		part := min(n, limitBurst)
		waited, err := waitUnless(ctx, limit, part, changed)
		if err != nil {
			return err
		}
		if waited {
			n -= part
		}
	}
	return nil
}

func (l *Limiter) current() (limit *rate.Limiter, changed <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.limit, l.changed
}

// waitUnless waits for part of the limit and says whether it got it, or the
// limit changed meanwhile.
func waitUnless(ctx context.Context, limit *rate.Limiter, part int, changed <-chan struct{}) (waited bool, err error) {
	reserved := limit.ReserveN(time.Now(), part)
	delay := reserved.Delay()
	if delay == 0 {
		return true, nil
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true, nil
	case <-changed:
		return false, nil
	case <-ctx.Done():
		reserved.Cancel()
		return false, context.Cause(ctx)
	}
}
