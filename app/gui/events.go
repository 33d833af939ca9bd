package gui

import (
	"context"
	"strings"

	"feihong/app/chat"
)

// apply shows a batch of events. It runs on the user interface's goroutine.
func (w *Window) apply(b *batch) {
	for id, s := range b.contacts {
		w.setPerson(&s)
		if w.touched != nil {
			w.touched[id] = true
		}
	}
	for _, t := range b.transfers {
		w.transferIs(t)
	}
	for _, t := range b.progress {
		w.transferIs(t)
	}
	if b.idle() {
		return // nothing but cards has changed
	}
	w.applyMessages(b)
	w.attend(b)
	for _, merged := range b.merged {
		w.merge(merged)
	}
	for _, id := range b.removed {
		w.remove(id)
	}
	if b.failed != nil {
		w.storeFailed(b.failed)
	}
	if b.reload || len(b.merged) > 0 {
		w.reload()
	}
	w.refresh()
	w.markRead()
}

// setPerson takes what is known about somebody, but for the draft that the
// user has just typed.
func (w *Window) setPerson(s *chat.Summary) {
	if draft, ok := w.written[s.ID]; ok {
		s.Draft = draft
	}
	w.people[s.ID] = s
}

func (w *Window) applyMessages(b *batch) {
	var shown []chat.Message
	fresh := 0
	for _, added := range b.added {
		w.setLast(added.Contact, added.Message)
		if w.talk != nil && w.talk.id == added.Message.Contact {
			shown = append(shown, added.Message)
			if added.Message.Direction == chat.In {
				fresh++
			}
		}
	}
	for _, m := range b.changed {
		if m.Kind.Amendment() {
			w.amendmentChanged(m)
			continue
		}
		w.messageAmended(m)
		w.unsay(m)
		w.lastIs(m)
		if w.quotes.learn(m) {
			w.right.conv.timeline.refreshQuotes()
		}
		if w.talk != nil && w.talk.id == m.Contact {
			shown = append(shown, m)
		}
	}
	if len(shown) > 0 {
		w.addToTalk(shown, fresh)
	}
}

// setLast keeps the list of people in step with new messages, even if nothing
// else is said about the contact.
func (w *Window) setLast(c chat.Contact, m chat.Message) {
	s := w.people[c.ID]
	if s == nil {
		s = &chat.Summary{Contact: c}
		w.people[c.ID] = s
	}
	if s.Last == nil || s.Last.Seq < m.Seq {
		s.Last = &m
	}
}

// lastIs shows a message that has changed in the list of people, if it is the
// last of its conversation.
func (w *Window) lastIs(m chat.Message) {
	if s := w.people[m.Contact]; s != nil && s.Last != nil && s.Last.Seq == m.Seq && s.Last.State <= m.State {
		s.Last = &m
	}
}

// merge follows a conversation that moved to another contact.
func (w *Window) merge(m chat.ContactMerged) {
	open := w.isOpen(m.From)
	draft := w.draftOf(m.From)
	w.drafts.drop(m.From)
	if open {
		w.leave()
	}
	delete(w.people, m.From)
	delete(w.written, m.From)
	delete(w.moved, m.Into) // so that nobody moves in a circle
	w.moved[m.From] = m.Into
	if w.touched != nil {
		w.touched[m.From] = true
	}
	if there := w.draftOf(m.Into); there != draft && !strings.HasSuffix(there, "\n"+draft) { // else the service has joined them
		w.addToDraft(m.Into, draft)
	}
	w.moveUnsent(m)
	if !open {
		return
	}
	w.talk = &talk{id: m.Into}
	w.transfers.forget()
	w.quotes.forget()
	w.showInput()
	w.showMissing()
	w.right.conv.timeline.open(nil, 0)
}

// moveUnsent lets what is attached, answered and edited in a conversation go
// with it. Of two messages that are being changed, the text of one becomes a
// draft: there is one input box.
func (w *Window) moveUnsent(m chat.ContactMerged) {
	if moved := w.attached[m.From]; moved != nil {
		delete(w.attached, m.From)
		moved.cancel()
		w.attachAgain(m.Into, moved)
	}
	a, there := w.answers[m.From], w.answers[m.Into]
	delete(w.answers, m.From)
	if a == nil || there != nil && !a.changed() {
		return
	}
	a.message.Contact = m.Into
	w.answers[m.Into] = a
	if w.isOpen(m.Into) {
		w.showInput()
	}
	if there.changed() {
		w.addToDraft(m.Into, there.text)
	}
}

// remove forgets somebody, and leaves their conversation if it is open.
func (w *Window) remove(id chat.ContactID) {
	delete(w.people, id)
	delete(w.written, id)
	w.drafts.drop(id)
	delete(w.attached, id)
	delete(w.answers, id)
	if w.touched != nil {
		w.touched[id] = true
	}
	if w.talk != nil && w.talk.id == id {
		w.leave()
	}
}

// reload asks for everything on the screen, because events may be missing.
func (w *Window) reload() {
	w.touched = make(map[chat.ContactID]bool)
	w.background.post(func(ctx context.Context) {
		people, err := w.cfg.Chat.People(ctx)
		w.cfg.Do(func() { w.peopleLoaded(people, err) })
	})
	if w.talk != nil {
		w.loadTalk()
	}
}

// peopleLoaded takes a list of everybody. What events told since it was asked
// for is newer.
func (w *Window) peopleLoaded(people []chat.Summary, err error) {
	touched := w.touched
	w.touched = nil
	if err != nil {
		w.storeFailed(err)
		return
	}
	before := w.people
	w.people = make(map[chat.ContactID]*chat.Summary, len(people))
	for i := range people {
		if !touched[people[i].ID] {
			w.setPerson(&people[i])
		}
	}
	for id := range touched {
		if s := before[id]; s != nil {
			w.people[id] = s
		}
	}
	w.refresh()
	w.markRead()
}

// refresh shows people, header and title as they are now.
func (w *Window) refresh() {
	w.refreshPeople()
	w.showRight()
	if s := w.current(); s != nil {
		w.right.conv.header.show(s)
	}
}

func (w *Window) refreshPeople() {
	open := chat.ContactID(0)
	if w.talk != nil {
		open = w.talk.id
	}
	w.left.people.show(w.people, open)
	w.updateTitle()
}

func (w *Window) updateTitle() {
	unread := 0
	for _, s := range w.people {
		if !s.Blocked && !s.Muted(w.cfg.Now()) {
			unread += s.Unread
		}
	}
	title := w.words.Text("gui.title", map[string]any{"name": w.cfg.Self.Name()})
	if unread > 0 {
		title = w.words.Text("gui.title.unread", map[string]any{"count": unread, "title": title})
	}
	w.tellUnread()
	if w.win.Title() != title {
		w.win.SetTitle(title)
	}
}

// storeFailed tells that something could not be saved or read.
func (w *Window) storeFailed(err error) {
	w.cfg.Logger.Error("store", "err", err)
	w.left.warn(w.words.Text("gui.store-failed", map[string]any{"problem": err}))
}
