package gui

import (
	"sync"
	"time"

	"feihong/app/chat"
)

// typingNotifier tells the other side that the user is typing: seldom while
// they type, and once when they stop. It is safe for concurrent use.
type typingNotifier struct {
	now  func() time.Time
	tell func(chat.ContactID, bool)

	mu    sync.Mutex
	to    chat.ContactID // who was told, or 0
	told  time.Time
	timer *time.Timer
}

const (
	typingEvery = 3 * time.Second // how often typing is told again
	typingPause = 6 * time.Second // a pause this long is the end of typing
)

func newTypingNotifier(now func() time.Time, tell func(chat.ContactID, bool)) *typingNotifier {
	return &typingNotifier{now: now, tell: tell}
}

// typed notes that the user changed a text to somebody.
func (t *typingNotifier) typed(id chat.ContactID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.timer == nil {
		t.timer = time.AfterFunc(typingPause, t.stop)
	} else {
		t.timer.Reset(typingPause)
	}
	if t.to == id && t.now().Sub(t.told) < typingEvery {
		return
	}
	t.to, t.told = id, t.now()
	t.tell(id, true)
}

// stop notes that the user no longer types.
func (t *typingNotifier) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.timer != nil {
		t.timer.Stop()
	}
	if t.to != 0 {
		t.tell(t.to, false)
		t.to = 0
	}
}
