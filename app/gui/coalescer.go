package gui

import (
	"context"
	"sync"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

// frame is the shortest time between two updates of the user interface, and
// calm that between two showing progress: more often nobody can read it.
const (
	frame = time.Second / 30
	calm  = time.Second / 10
)

// maxAdded is how many new messages are handed over one by one. When more come
// at once, loading what is on screen is cheaper than showing each.
const maxAdded = 500

// batch is what happened since the last update. Of several events about one
// thing only the last is kept.
type batch struct {
	contacts  map[chat.ContactID]chat.Summary
	transfers map[protocol.MessageID]chat.Transfer // whose state changed
	progress  map[protocol.MessageID]chat.Transfer // which only got on
	added     []chat.MessageAdded
	changed   map[messageKey]chat.Message
	merged    []chat.ContactMerged
	removed   []chat.ContactID
	failed    error
	reload    bool // events are missing
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
	case chat.TransferChanged:
		if b.transfers == nil {
			b.transfers = make(map[protocol.MessageID]chat.Transfer)
		}
		b.transfers[e.Transfer.ID] = e.Transfer
		delete(b.progress, e.Transfer.ID)
	case chat.TransferProgress:
		b.gotOn(e.Transfer)
	case chat.StoreFailed:
		b.failed = e.Err
	case chat.Lagged:
		b.reload = true
	}
}

// recalls says that a message was taken back meanwhile.
func (b *batch) recalls(m chat.Message) bool {
	return b.changed[messageKey{m.Contact, m.Direction, m.ID}].Recalled
}

// gotOn takes the progress of a transfer, which is newer than what the batch
// says about its state.
func (b *batch) gotOn(t chat.Transfer) {
	if b.progress == nil {
		b.progress = make(map[protocol.MessageID]chat.Transfer)
	}
	b.progress[t.ID] = t
}

// idle says that nothing has happened but progress.
func (b *batch) idle() bool {
	return len(b.contacts) == 0 && len(b.transfers) == 0 && len(b.added) == 0 && len(b.changed) == 0 &&
		len(b.merged) == 0 && len(b.removed) == 0 && b.failed == nil && !b.reload
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
	told     time.Time // when progress was shown last
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
	nothing := c.waiting == nil
	due := c.last.Add(frame)
	if !nothing && c.waiting.idle() && c.told.Add(calm).After(due) {
		due = c.told.Add(calm)
	}
	c.mu.Unlock()
	if nothing || c.onTheWay {
		return 0
	}
	if wait := time.Until(due); wait > 0 {
		return wait
	}
	c.last, c.onTheWay = time.Now(), true
	c.do(func() {
		if taken := c.take(); taken != nil {
			c.apply(taken)
		}
		c.done <- struct{}{}
	})
	return 0
}

// take returns what is waiting. Progress that was shown just now stays.
func (c *coalescer) take() *batch {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := c.waiting
	c.waiting = nil
	if taken == nil || len(taken.progress) == 0 {
		return taken
	}
	if now := time.Now(); now.Sub(c.told) >= calm {
		c.told = now
		return taken
	}
	c.waiting = &batch{progress: taken.progress}
	taken.progress = nil
	return taken
}
