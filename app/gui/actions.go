package gui

import (
	"context"

	"feihong/app/chat"
)

// send hands a text to the service. It leaves the input box at once, and comes
// back if it could not be saved.
func (w *Window) send(text string) {
	t := w.talk
	if t == nil {
		return
	}
	if w.editing() {
		w.sendEdit(t, text)
		return
	}
	w.right.conv.composer.setText("")
	w.draftIs(t.id, "")
	w.typing.stop()
	a := w.attached[t.id]
	if a != nil && (text == "" || w.answer() == nil) {
		w.offer(t, a, text)
		return
	}
	w.sendText(t, text)
	if a != nil { // a caption answers nothing: the text went before the files
		w.offer(t, a, "")
	}
}

// sendText sends a text, as a reply if that is what the input box is used for.
func (w *Window) sendText(t *talk, text string) {
	reply := w.answer()
	delete(w.answers, t.id)
	w.showAnswer()
	w.background.post(func(ctx context.Context) {
		m, err := w.write(ctx, t.id, text, reply)
		w.cfg.Do(func() {
			if err != nil {
				w.sendFailed(w.nowOf(t.id), text, reply, err)
				return
			}
			w.sent(t, m)
		})
	})
}

func (w *Window) write(ctx context.Context, to chat.ContactID, text string, reply *answering) (chat.Message, error) {
	if reply != nil {
		return w.cfg.Chat.Reply(ctx, to, text, reply.message.Ref())
	}
	return w.cfg.Chat.Send(ctx, to, text)
}

// sendFailed gives the user back what was written.
func (w *Window) sendFailed(id chat.ContactID, text string, reply *answering, err error) {
	w.cfg.Logger.Warn("send", "err", err)
	if w.people[id] == nil {
		return
	}
	if reply != nil && w.answers[id] == nil {
		reply.message.Contact = id
		w.answers[id] = reply
		w.showAnswer()
	}
	w.addToDraft(id, text)
	w.notSent(id, err)
}

// sent shows a message that was taken to be sent.
func (w *Window) sent(t *talk, m chat.Message) {
	if s := w.people[t.id]; s != nil {
		w.setLast(s.Contact, m)
	}
	if w.talk == t {
		if _, known := t.index(m.Seq); !known { // else events have told something newer
			w.addToTalk([]chat.Message{m}, 0)
		}
		w.right.conv.timeline.jump()
	}
	w.refreshPeople()
}

// draftChanged is called when the user has changed the text.
func (w *Window) draftChanged(text string) {
	if w.talk == nil {
		return
	}
	if w.editing() {
		w.answer().text = text
		return
	}
	w.draftIs(w.talk.id, text)
	if text == "" {
		w.typing.stop()
	} else {
		w.typing.typed(w.talk.id)
	}
}

func (w *Window) draftIs(id chat.ContactID, text string) {
	if s := w.people[id]; s != nil {
		s.Draft = text
	}
	w.written[id] = text
	w.saveDraft(id)
}

// draftOf is what the user has written to somebody and not sent.
func (w *Window) draftOf(id chat.ContactID) string {
	if draft, here := w.written[id]; here {
		return draft
	}
	if s := w.people[id]; s != nil {
		return s.Draft
	}
	return ""
}

// typeIntoComposer takes what was typed elsewhere in the window.
func (w *Window) typeIntoComposer(r rune) {
	if w.talk == nil || w.covered() || w.elsewhere() {
		return
	}
	w.focusComposer()
	w.right.conv.composer.entry.TypedRune(r)
}

// insertText writes into the input box of the open conversation, where the
// cursor is.
func (w *Window) insertText(text string) {
	w.right.conv.composer.insert(text)
	w.focusComposer()
}

// focusComposer gives the focus to the input box or, where the list is in front
// of it and nothing has the focus, to the list.
func (w *Window) focusComposer() {
	switch {
	case w.covered():
	case w.inTalk():
		w.win.Canvas().Focus(w.right.conv.composer.entry)
	case w.columns.one && w.left.Visible() && w.win.Canvas().Focused() == nil:
		w.left.toList()
	}
}

// sendAgain sends the text of a failed message as a new one. What is in the
// input box stays there, and the message where it is.
func (w *Window) sendAgain(m chat.Message) {
	t := w.talk
	if t == nil {
		return
	}
	w.background.post(func(ctx context.Context) {
		again, err := w.cfg.Chat.Send(ctx, m.Contact, m.Text)
		w.cfg.Do(func() {
			if err != nil {
				w.cfg.Logger.Warn("send again", "err", err)
				w.notSent(w.nowOf(t.id), err)
				return
			}
			w.sent(t, again)
		})
	})
}

func (w *Window) copy(text string) { w.cfg.App.Clipboard().SetContent(text) }

// current returns the person of the open conversation, or nil.
func (w *Window) current() *chat.Summary {
	if w.talk == nil {
		return nil
	}
	return w.people[w.talk.id]
}

// change runs a job whose failure the user must see. Its success comes back as
// an event.
func (w *Window) change(what string, job func(context.Context) error) {
	w.post(what, func(ctx context.Context) error {
		err := job(ctx)
		if err != nil {
			w.cfg.Do(func() { w.storeFailed(err) })
		}
		return err
	})
}
