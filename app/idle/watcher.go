package idle

import (
	"context"
	"time"
)

// How often a Watcher asks. The user who comes back is noticed soon; the one
// who is there is asked about no more than the limit needs.
const (
	whileAway  = 3 * time.Second
	mostOften  = time.Second
	leastOften = 30 * time.Second
)

// Watcher turns the idle time of a Source into away and back.
type Watcher struct {
	source  Source
	limit   func() time.Duration
	changed func(away bool)
	look    chan struct{} // holds a token when there is a reason to look now
}

// NewWatcher makes a watcher over source, which is its own from then on. limit
// says after how long without a touch the user is away, 0 or less for never;
// it is asked at each look. changed is told, by the goroutine of Serve, when
// the user has left or come back; the user is there at the beginning.
func NewWatcher(source Source, limit func() time.Duration, changed func(away bool)) *Watcher {
	return &Watcher{source: source, limit: limit, changed: changed, look: make(chan struct{}, 1)}
}

// Look makes the watcher look now, because the limit has changed. It never
// blocks.
func (w *Watcher) Look() {
	select {
	case w.look <- struct{}{}:
	default:
	}
}

// Serve watches until ctx ends, and closes the source. It never fails.
func (w *Watcher) Serve(ctx context.Context) error {
	defer w.source.Close()
	away := false
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-w.look:
		case <-timer.C:
		}
		now, next := w.check()
		if now != away {
			away = now
			w.changed(away)
		}
		timer.Reset(next)
	}
}

// check says whether the user is away, and when to look again.
func (w *Watcher) check() (away bool, next time.Duration) {
	limit := w.limit()
	if limit <= 0 {
		return false, leastOften
	}
	idle, ok := w.source.Idle()
	switch {
	case !ok:
		return false, leastOften
	case idle >= limit:
		return true, whileAway
	}
	return false, min(max(limit-idle, mostOften), leastOften)
}
