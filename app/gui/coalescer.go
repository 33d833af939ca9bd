package gui

import (
	"context"
	"sync"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

// frame is the shortest time between two updates of the user interface.
const frame = time.Second / 30

// maxAdded is how many new messages are handed over one by one. When more come
// at once, loading what is on screen is cheaper than showing each.
const maxAdded = 500

// batch is what happened since the last update. Of several events about one
// thing only the last is kept.
type batch struct {
	contacts map[chat.ContactID]chat.Summary
	added    []chat.MessageAdded
	changed  map[messageKey]chat.Message
	merged   []chat.ContactMerged
	removed  []chat.ContactID
	failed   error
	reload   bool // events are missing
}

type messageKey struct {
	contact   chat.ContactID
	direction chat.Direction
	id        protocol.MessageID
}

func (b *batch) add(event chat.Event) {
	switch e := event.(type) {
	case chat.MessageAdded:
		if b.added = append(b.added, e); len(b.added) > maxAdded {
			b.added, b.reload = nil, true
		}
	case chat.MessageChanged:
		if b.changed == nil {
			b.changed = make(map[messageKey]chat.Message)
		}
		b.changed[messageKey{e.Message.Contact, e.Message.Direction, e.Message.ID}] = e.Message
	case chat.ContactChanged:
		if b.contacts == nil {
			b.contacts = make(map[chat.ContactID]chat.Summary)
		}
		b.contacts[e.Summary.ID] = e.Summary
	case chat.ContactMerged:
		b.merged = append(b.merged, e)
	case chat.ContactRemoved:
		delete(b.contacts, e.ID)
		b.removed = append(b.removed, e.ID)
	case chat.StoreFailed:
		b.failed = e.Err
	case chat.Lagged:
		b.reload = true
	}
}

// coalescer hands events to the user interface in batches: at most one batch
// is on its way, and at most one starts per frame.
type coalescer struct {
	do    func(func())
	apply func(*batch) // on the user interface's goroutine

	mu      sync.Mutex
	waiting *batch
	done    chan struct{} // a batch was applied

	onTheWay bool
	last     time.Time
}

func newCoalescer(do func(func()), apply func(*batch)) *coalescer {
	return &coalescer{do: do, apply: apply, done: make(chan struct{}, 1)}
}

// run reads events until ctx ends or the channel is closed. every is called
// each time the ticker fires.
func (c *coalescer) run(ctx context.Context, events <-chan chat.Event, tick <-chan time.Time, every func()) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case event, ok := <-events:
			if !ok {
				return
			}
			c.put(event)
		case <-c.done:
			c.onTheWay = false
		case <-timer.C:
		case <-tick:
			every()
		}
		if wait := c.try(); wait > 0 {
			timer.Reset(wait)
		}
	}
}

func (c *coalescer) put(event chat.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting == nil {
		c.waiting = &batch{}
	}
	c.waiting.add(event)
}

// try sends what is waiting on its way, or returns how long to wait until that
// is due.
func (c *coalescer) try() time.Duration {
	c.mu.Lock()
	idle := c.waiting == nil
	c.mu.Unlock()
	if idle || c.onTheWay {
		return 0
	}
	if wait := frame - time.Since(c.last); wait > 0 {
		return wait
	}
	c.last, c.onTheWay = time.Now(), true
	c.do(func() {
		c.mu.Lock()
		taken := c.waiting
		c.waiting = nil
		c.mu.Unlock()
		if taken != nil {
			c.apply(taken)
		}
		c.done <- struct{}{}
	})
	return 0
}
