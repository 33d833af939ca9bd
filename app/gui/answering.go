package gui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
	"feihong/protocol"
)

// answering says what the input box is used for, other than writing something
// new: for a reply to a message, or for another text of one.
type answering struct {
	message chat.Message
	edits   bool
	text    string // that the message will get, as far as it is written; for edits
}

// changed says that there is something to lose.
func (a *answering) changed() bool {
	return a != nil && a.edits && strings.TrimSpace(a.text) != strings.TrimSpace(a.message.Text)
}

// beginReply lets the user answer a message of the open conversation.
func (w *Window) beginReply(m chat.Message) {
	if w.talk == nil || w.talk.id != m.Contact || m.Recalled {
		return
	}
	w.afterEdit(func() {
		w.answers[m.Contact] = &answering{message: m}
		w.showAnswer()
		w.focusComposer()
	})
}

// beginEdit puts the text of a message into the input box, for changing it. The
// draft that was there comes back at the end.
func (w *Window) beginEdit(m chat.Message) {
	if w.talk == nil || w.talk.id != m.Contact || !w.canEdit(m) {
		return
	}
	if w.editing() && w.answer().message.Ref() == m.Ref() {
		w.focusComposer()
		return
	}
	w.afterEdit(func() {
		w.answers[m.Contact] = &answering{message: m, edits: true, text: m.Text}
		w.typing.stop()
		w.showInput()
		w.focusComposer()
	})
}

// afterEdit goes on to something else when no edit is under way any more. What
// the user has changed is not thrown away without a question.
func (w *Window) afterEdit(next func()) {
	if !w.answer().changed() {
		w.endEdit()
		next()
		return
	}
	w.askFirst("gui.edit.discard-title", "gui.edit.discard", w.words.Text("gui.edit.discard-question", nil), func() {
		w.endEdit()
		next()
	})
}

// canEdit says that the text of a message is still the user's to change.
func (w *Window) canEdit(m chat.Message) bool {
	return m.Direction == chat.Out && m.Kind == chat.KindText && !m.Recalled && m.State != chat.Failed &&
		w.cfg.Now().Sub(m.Time) < chat.MaxAmendAge
}

// editLast begins to edit what the user wrote last, if that is what Up means:
// in an empty input box.
func (w *Window) editLast(key fyne.KeyName) bool {
	if key != fyne.KeyUp || w.talk == nil || w.answer() != nil || w.right.conv.composer.text() != "" {
		return false
	}
	for i := len(w.talk.messages) - 1; i >= 0; i-- {
		m := w.talk.messages[i]
		if m.Direction != chat.Out || m.Kind != chat.KindText || m.Recalled {
			continue
		}
		w.beginEdit(m)
		return w.editing()
	}
	return false
}

// answer is what the input box of the open conversation is used for; nil is
// something new.
func (w *Window) answer() *answering {
	if w.talk == nil {
		return nil
	}
	return w.answers[w.talk.id]
}

// editing says that the input box has no draft but the text of a message.
func (w *Window) editing() bool {
	a := w.answer()
	return a != nil && a.edits
}

// endAnswer makes the next message a new one again.
func (w *Window) endAnswer() {
	w.afterEdit(func() {
		if w.talk != nil {
			delete(w.answers, w.talk.id)
			w.showAnswer()
		}
		w.focusComposer()
	})
}

// endEdit leaves a message as it is, and takes up the draft again.
func (w *Window) endEdit() {
	if !w.editing() {
		return
	}
	delete(w.answers, w.talk.id)
	w.showInput()
}

// showInput puts into the input box what the user has written there: the new
// text of a message, or the draft.
func (w *Window) showInput() {
	composer, text := w.right.conv.composer, ""
	switch {
	case w.editing():
		text = w.answer().text
	case w.talk != nil:
		text = w.draftOf(w.talk.id)
	}
	composer.clearNotice()
	if composer.text() == text { // the cursor stays where it is
		composer.entry.beginAnew() // what was deleted elsewhere must not come back here
	} else {
		composer.setText(text)
	}
	w.showAnswer()
	w.showAttached()
}

// showAnswer shows above the input box what it is used for.
func (w *Window) showAnswer() {
	a, composer := w.answer(), w.right.conv.composer
	if a == nil {
		composer.showAnswer("", "", false)
		return
	}
	title := w.words.Text("gui.reply.own", nil)
	switch s := w.current(); {
	case a.edits:
		title = w.words.Text("gui.edit", nil)
	case a.message.Direction == chat.In && s != nil:
		title = w.words.Text("gui.reply", map[string]any{"name": s.DisplayName()})
	}
	composer.showAnswer(title, protocol.VisibleText(w.words.inBrief(&a.message)), a.edits)
}

// messageAmended follows a message that changed while it is being answered or
// edited. What it should have become is kept when it is no more.
func (w *Window) messageAmended(m chat.Message) {
	a := w.answers[m.Contact]
	if a == nil || a.message.Ref() != m.Ref() {
		return
	}
	open, kept := w.isOpen(m.Contact), ""
	if m.Recalled && a.changed() {
		kept = a.text
	}
	switch {
	case !m.Recalled:
		a.message = m
	case open && a.edits:
		w.endEdit()
	default:
		delete(w.answers, m.Contact)
	}
	w.addToDraft(m.Contact, kept)
	if open {
		w.showAnswer()
	}
}

// sendEdit gives the message that is being edited its new text.
func (w *Window) sendEdit(t *talk, text string) {
	m := w.answer().message
	w.endEdit()
	w.typing.stop()
	if text == m.Text {
		return
	}
	w.background.post(func(ctx context.Context) {
		edited, err := w.cfg.Chat.Edit(ctx, t.id, m.Ref(), text)
		w.cfg.Do(func() { w.edited(t, m, text, edited, err) })
	})
}

func (w *Window) edited(t *talk, m chat.Message, text string, edited chat.Message, err error) {
	if err == nil {
		if w.talk == t {
			w.addToTalk([]chat.Message{edited}, 0)
		}
		return
	}
	w.cfg.Logger.Warn("edit", "err", err)
	problem := w.words.Text("gui.edit.failed", map[string]any{"problem": err})
	id := w.nowOf(t.id)
	switch m.Contact = id; {
	case w.people[id] == nil:
	case w.answers[id] == nil && w.canEdit(m):
		w.answers[id] = &answering{message: m, edits: true, text: text}
		if w.isOpen(id) {
			w.showInput()
		}
	default:
		w.addToDraft(id, text)
	}
	w.warnAbout(id, problem)
}
