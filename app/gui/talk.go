package gui

import (
	"context"

	"feihong/app/chat"
	"feihong/protocol"
)

// talk is the open conversation: the stretch of it that is loaded, always with
// the newest message.
type talk struct {
	id       chat.ContactID
	unread   int // when it was opened
	messages []chat.Message
	loading  bool                        // the first page is on its way
	older    bool                        // there is more above
	asked    bool                        // an older page is on its way
	stash    []chat.Message              // changed while the first page was on its way
	marked   int64                       // Seq up to which messages were marked as read
	sought   map[protocol.MessageID]bool // offers that were asked about
}

// pageSize is how many messages are loaded at a time.
const pageSize = 60

// maxUnreadPage bounds how far back the first page goes for unread messages.
const maxUnreadPage = 400

// Open shows the conversation with somebody and lets the user write.
func (w *Window) Open(id chat.ContactID) {
	s, known := w.people[id]
	if !known {
		return
	}
	w.stopDoctor()
	w.doctor = nil
	if w.talk == nil || w.talk.id != id {
		w.leave()
		w.talk = &talk{id: id, unread: s.Unread}
		w.transfers.forget()
		w.right.conv.timeline.open(nil, 0)
		w.showAttached()
		w.showAnswer()
		w.right.conv.composer.setText(s.Draft)
		w.loadTalk()
	}
	w.refresh()
	w.left.people.reveal(id)
	w.focusComposer()
}

// leave ends the open conversation: its draft is saved, and typing and editing
// are over.
func (w *Window) leave() {
	w.endEdit()
	w.closeViewer()
	w.typing.stop()
	w.drafts.flush()
	w.talk = nil
}

// loadTalk loads the newest page of the open conversation.
func (w *Window) loadTalk() {
	t := w.talk
	t.loading = true
	limit := max(pageSize, min(t.unread+pageSize/3, maxUnreadPage))
	stale := w.transfers.unsettled(t.messages)
	w.background.post(func(ctx context.Context) {
		page, err := w.cfg.Chat.History(ctx, chat.HistoryQuery{Contact: t.id, Limit: limit})
		offers := w.offersOf(ctx, append(stale, page...))
		w.cfg.Do(func() { w.talkLoaded(t, page, offers, limit, err) })
	})
}

func (w *Window) talkLoaded(t *talk, page []chat.Message, offers []chat.Transfer, limit int, err error) {
	if w.talk != t {
		return
	}
	t.loading = false
	for _, offer := range offers {
		w.transfers.putLoaded(offer)
	}
	if err != nil {
		w.storeFailed(err)
		return
	}
	first := len(t.messages) == 0
	if n := len(t.messages); n > 0 && len(page) > 0 && page[0].Seq <= t.messages[n-1].Seq {
		page = mergeMessages(t.messages, page) // what was loaded joins on
	} else {
		t.older = len(page) == limit
	}
	t.messages = mergeMessages(page, t.stash)
	t.stash = nil
	if first {
		w.right.conv.timeline.open(t.messages, firstUnread(t.messages, t.unread))
	} else {
		w.right.conv.timeline.update(t.messages, 0)
	}
	w.askAboutOffers()
	w.markRead()
}

// firstUnread returns the Seq of the oldest of the last count messages that
// came in, or 0.
func firstUnread(messages []chat.Message, count int) int64 {
	seq := int64(0)
	for i := len(messages) - 1; i >= 0 && count > 0; i-- {
		if messages[i].Direction == chat.In {
			seq = messages[i].Seq
			count--
		}
	}
	return seq
}

// loadOlder loads the page before the first message that is loaded.
func (w *Window) loadOlder() {
	t := w.talk
	if t == nil || t.loading || t.asked || !t.older || len(t.messages) == 0 {
		return
	}
	t.asked = true
	query := chat.HistoryQuery{Contact: t.id, Before: t.messages[0].Seq, Limit: pageSize}
	w.background.post(func(ctx context.Context) {
		page, err := w.cfg.Chat.History(ctx, query)
		offers := w.offersOf(ctx, page)
		w.cfg.Do(func() {
			t.asked = false
			if err != nil || w.talk != t {
				return
			}
			for _, offer := range offers {
				w.transfers.putLoaded(offer)
			}
			t.older = len(page) == query.Limit
			t.messages = mergeMessages(page, t.messages)
			w.right.conv.timeline.update(t.messages, 0)
		})
	})
}

// addToTalk takes new or changed messages into the open conversation.
func (w *Window) addToTalk(messages []chat.Message, fresh int) {
	t := w.talk
	if t.loading {
		t.stash = append(t.stash, messages...)
		return
	}
	t.messages = mergeMessages(t.messages, messages)
	w.right.conv.timeline.update(t.messages, fresh)
	w.askAboutOffers()
}

// holds says that a message lies in the stretch that is loaded. Anything older
// will be loaded as it is then.
func (t *talk) holds(m chat.Message) bool {
	return m.Contact == t.id && (t.loading || len(t.messages) == 0 || m.Seq >= t.messages[0].Seq)
}

// markRead marks the open conversation as read if the user is looking at its
// end.
func (w *Window) markRead() {
	t := w.talk
	if t == nil || t.loading || len(t.messages) == 0 || !w.foreground || w.elsewhere() || !w.right.conv.timeline.atEnd() {
		return
	}
	s := w.people[t.id]
	newest := int64(0)
	for i := len(t.messages) - 1; i >= 0 && newest == 0; i-- {
		if m := &t.messages[i]; m.Direction == chat.In && m.State != chat.Read {
			newest = m.Seq
		}
	}
	if newest <= t.marked && (s == nil || s.Unread == 0) {
		return
	}
	t.marked = max(t.marked, newest)
	if s != nil && s.Unread != 0 {
		s.Unread = 0
		w.refreshPeople()
	}
	seen := t.messages[len(t.messages)-1].Seq // what came since is not on the screen yet
	w.post("mark as read", func(ctx context.Context) error { return w.cfg.Chat.MarkRead(ctx, t.id, seen) })
}
