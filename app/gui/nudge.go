package gui

import (
	"context"

	"feihong/app/chat"
)

// nudge asks somebody for attention.
func (w *Window) nudge(id chat.ContactID) {
	w.background.post(func(ctx context.Context) {
		m, err := w.cfg.Chat.Nudge(ctx, id)
		w.cfg.Do(func() { w.nudged(id, m, err) })
	})
}

// nudgeTalk nudges the person of the open conversation.
func (w *Window) nudgeTalk() {
	if w.talk != nil {
		w.nudge(w.talk.id)
	}
}

func (w *Window) nudged(id chat.ContactID, m chat.Message, err error) {
	open := w.talk != nil && w.talk.id == id
	if err != nil {
		w.cfg.Logger.Warn("nudge", "err", err)
	}
	switch {
	case err == nil && open:
		w.sent(w.talk, m)
	case err == nil: // an event tells
	case open:
		w.right.conv.composer.warn(w.words.Error(err))
	default:
		w.left.warn(w.words.Error(err))
	}
}
