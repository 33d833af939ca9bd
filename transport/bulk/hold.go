package bulk

import (
	"context"
	"sync"
	"time"
)

// holdTime bounds how long files are kept back at once: longer than a line of
// text takes in an office, shorter than anybody notices of a file. holdCredit
// bounds for how long they are kept back in a row of lines, before they get half
// of the time.
const (
	holdTime   = 20 * time.Millisecond
	holdCredit = 200 * time.Millisecond
)

// hold keeps back what wants to pass. Its zero value keeps nothing back.
type hold struct {
	mu     sync.Mutex
	over   chan struct{} // closed when it ends; nil: nothing is kept back
	timer  *time.Timer   // ends it
	began  time.Time
	ended  time.Time     // the last one
	credit time.Duration // left of holdCredit at that time
}

// Hold lets nothing pass for a moment, until Release, so that something small
// and urgent need not wait behind files for the processors or the network. It
// returns at once. However often it is called, half of the time is left to what
// goes through this limiter.
func (l *Limiter) Hold() {
	if l != nil {
		l.hold.begin()
	}
}

// Release ends what Hold has begun, whoever called that.
func (l *Limiter) Release() {
	if l != nil {
		l.hold.end(nil)
	}
}

func (h *hold) begin() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over != nil {
		return
	}
	now := time.Now()
	credit := holdCredit
	if free := now.Sub(h.ended); free < holdCredit {
		credit = min(h.credit+free, holdCredit)
	}
	if credit < holdTime {
		return
	}
	over := make(chan struct{})
	h.over, h.began, h.credit = over, now, credit
	h.timer = time.AfterFunc(holdTime, func() { h.end(over) })
}

// end ends a hold, or with nil any.
func (h *hold) end(which chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over == nil || which != nil && which != h.over {
		return
	}
	h.timer.Stop()
	close(h.over)
	h.over, h.ended = nil, time.Now()
	h.credit -= h.ended.Sub(h.began)
}

// wait returns when nothing is kept back, or ctx ends.
func (h *hold) wait(ctx context.Context) error {
	for {
		h.mu.Lock()
		over := h.over
		h.mu.Unlock()
		if over == nil {
			return nil
		}
		select {
		case <-over:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
