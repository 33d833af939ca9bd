package gui

import (
	"context"
	"slices"

	"feihong/app/chat"
	"feihong/app/store/words"
	"feihong/protocol"
)

// talk is the open conversation, with the stretch of it that is loaded.
type talk struct {
	stretch
	id      chat.ContactID
	unread  int                         // when it was opened
	opened  int64                       // the newest message then
	target  int64                       // message to begin at, 0 for the end
	loading bool                        // what to begin with is on its way
	asked   bool                        // a page before or behind is on its way
	turn    int                         // counts what was begun with: older pages do not fit then
	stash   []chat.Message              // changed while loading
	missing *missing                    // what could not be loaded, nil if nothing
	marked  int64                       // Seq up to which messages were marked as read
	sought  map[protocol.MessageID]bool // offers that were asked about
}

// pageSize is how many messages are loaded at a time.
const pageSize = 60

// maxUnreadPage bounds how far back the first page goes for unread messages.
const maxUnreadPage = 400

// Open shows the conversation with somebody and lets the user write.
func (w *Window) Open(id chat.ContactID) { w.openTalkAt(id, 0) }

// openTalkAt opens a conversation at one of its messages; 0 is where it was
// left, or the end.
func (w *Window) openTalkAt(id chat.ContactID, seq int64) {
	s, known := w.people[id]
	if !known {
		return
	}
	w.stopDoctor()
	w.doctor, w.settings, w.onList = nil, nil, false
	if w.talk == nil || w.talk.id != id {
		w.find.hide()
		w.leave()
		w.talk = &talk{id: id, unread: s.Unread, target: seq}
		w.transfers.forget()
		w.quotes.forget()
		w.right.conv.timeline.mark(words.Query{})
		w.right.conv.timeline.open(nil, 0)
		w.showInput()
		w.showMissing()
		w.loadTalk()
	}
	w.refresh()
	w.left.people.reveal(id)
	w.focusComposer()
	w.markRead() // in case it was open behind the list
}

// leave ends the open conversation: its draft is saved, and typing is over, as
// is editing if nothing was changed.
func (w *Window) leave() {
	if !w.answer().changed() {
		w.endEdit()
	}
	w.closeViewer()
	w.typing.stop()
	w.drafts.flush()
	w.talk = nil
}

// firstUnread returns the Seq of the oldest of the last count messages that
// came in up to one of them, or 0.
func firstUnread(messages []chat.Message, count int, upTo int64) int64 {
	seq := int64(0)
	for i := len(messages) - 1; i >= 0 && count > 0; i-- {
		if messages[i].Direction == chat.In && messages[i].Seq <= upTo {
			seq = messages[i].Seq
			count--
		}
	}
	return seq
}

// addToTalk takes new or changed messages into the open conversation. fresh is
// how many of them just came in.
func (w *Window) addToTalk(messages []chat.Message, fresh int) {
	t, timeline := w.talk, w.right.conv.timeline
	if t.unread > 0 && t.answeredBy(messages) {
		w.endUnread()
	}
	if t.loading {
		t.stash = append(t.stash, messages...)
		return
	}
	if t.missing != nil && t.missing.whole { // perhaps it can be read by now
		defer w.loadTalk()
	}
	if len(t.messages) == 0 && t.missing != nil {
		return // the first ones on the screen must not pass for all there are
	}
	if len(t.messages)+len(messages) > maxLoaded && !timeline.atEnd() {
		t.newer = true // what the user reads stays; this is loaded on the way down
	}
	from, any := len(t.messages), false
	for _, m := range messages {
		at, changed := t.take(m)
		switch {
		case changed:
			from, any = min(from, at), true
		case t.asked && !t.covers(m.Seq):
			t.stash = append(t.stash, m) // the page on its way may be without it
		}
	}
	if timeline.atEnd() && t.trim() {
		from = 0
	}
	if !any {
		timeline.missed(fresh)
		return
	}
	timeline.update(t.messages, from, t.newer, fresh)
	w.askAboutOffers()
}

// answeredBy says that the user wrote one of some messages after having opened
// the conversation: what was new then is not any more.
func (t *talk) answeredBy(messages []chat.Message) bool {
	return t.opened > 0 && slices.ContainsFunc(messages, func(m chat.Message) bool {
		return m.Direction == chat.Out && m.Seq > t.opened
	})
}

// endUnread takes nothing in the open conversation for new any more.
func (w *Window) endUnread() {
	w.talk.unread = 0
	w.right.conv.timeline.endUnread()
}

// endRead does so when the user comes back to what they had read.
func (w *Window) endRead() {
	t := w.talk
	if t == nil || t.loading || t.unread == 0 {
		return
	}
	if s := w.people[t.id]; s != nil && s.Unread == 0 {
		w.endUnread()
	}
}

// markRead marks the open conversation as read if the user is looking at its
// end.
func (w *Window) markRead() {
	t := w.talk
	if t == nil || t.loading || t.newer || len(t.messages) == 0 || !w.foreground || w.elsewhere() || !w.right.conv.timeline.atEnd() {
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
