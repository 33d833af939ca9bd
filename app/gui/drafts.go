package gui

import (
	"sync"
	"time"

	"feihong/app/chat"
)

// draftKeeper saves drafts a moment after the last change, and at once when
// told to. It is safe for concurrent use.
type draftKeeper struct {
	save func(chat.ContactID, string)

	mu      sync.Mutex
	pending map[chat.ContactID]string
	timer   *time.Timer
}

// draftDelay is how long typing must pause before a draft is saved.
const draftDelay = 500 * time.Millisecond

func newDraftKeeper(save func(chat.ContactID, string)) *draftKeeper {
	return &draftKeeper{save: save, pending: make(map[chat.ContactID]string)}
}

// set notes the draft of a conversation.
func (d *draftKeeper) set(id chat.ContactID, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pending[id] = text
	if d.timer == nil {
		d.timer = time.AfterFunc(draftDelay, d.flush)
		return
	}
	d.timer.Reset(draftDelay)
}

// drop forgets the draft of a conversation that is no more.
func (d *draftKeeper) drop(id chat.ContactID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.pending, id)
}

// flush saves what is pending.
func (d *draftKeeper) flush() {
	d.mu.Lock()
	pending := d.pending
	d.pending = make(map[chat.ContactID]string)
	if d.timer != nil {
		d.timer.Stop()
	}
	d.mu.Unlock()
	for id, text := range pending {
		d.save(id, text)
	}
}
