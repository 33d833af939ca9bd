package files

import (
	"context"
	"time"
)

// doubtTime is how long nothing may be carried after the other side has come
// back by another way, before its connections are taken for dead.
const doubtTime = 3 * time.Second

// doubt ends connections that were left behind when the other side changed its
// address: no word of their end can arrive, and the stall limit is far longer.
// It runs until ctx ends.
func (j *job) doubt(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-j.back:
		}
		before := j.carried.Load()
		patience := time.NewTimer(doubtTime)
		select {
		case <-ctx.Done():
			patience.Stop()
			return
		case <-patience.C:
		}
		if j.carried.Load() == before && !j.engine.cfg.Limiter.Limits() {
			j.cutAll()
		}
	}
}

// cutAll ends all connections there are now.
func (j *job) cutAll() {
	j.mu.Lock()
	ends := j.cut
	j.cut = nil
	j.mu.Unlock()
	for _, end := range ends {
		end()
	}
}
