package gui

import (
	"time"

	"feihong/app/chat"
)

// attend calls the user for what came in, unless they are looking at it or
// asked not to be called.
func (w *Window) attend(b *batch) {
	if w.cfg.Attention == nil {
		return
	}
	added := b.added
	chosen := w.cfg.Preferences.Current()
	sound, flash := Sound(0), false
	called := make(map[chat.ContactID]bool)
	for i := len(added) - 1; i >= 0; i-- { // the newest of each person
		a := &added[i]
		if called[a.Contact.ID] || b.recalls(a.Message) || !w.callsFor(a) {
			continue
		}
		called[a.Contact.ID] = true
		flash = true
		if a.Message.Kind == chat.KindNudge {
			sound = SoundNudge
		}
		if chosen.Notify && !w.quiet(chosen) {
			w.cfg.Attention.Notify(w.notificationOf(a, chosen))
		}
	}
	if !flash {
		return
	}
	if chosen.Flash && !w.foreground {
		w.cfg.Attention.Flash(w.win)
	}
	if chosen.Sounds && !w.quiet(chosen) {
		w.cfg.Attention.Play(sound)
	}
}

// callsFor says whether a message is one to call the user for.
func (w *Window) callsFor(a *chat.MessageAdded) bool {
	if a.Message.Direction != chat.In || a.Message.State == chat.Read || a.Contact.Blocked {
		return false
	}
	if s := w.people[a.Contact.ID]; s != nil && s.Muted(w.cfg.Now()) {
		return false
	}
	looking := w.foreground && w.talk != nil && w.talk.id == a.Contact.ID && !w.elsewhere()
	return !looking || a.Message.Kind == chat.KindNudge
}

// quiet says that the user does not want to be disturbed: at this time of the
// day, or because they are busy.
func (w *Window) quiet(chosen Preferences) bool {
	if w.cfg.Presence != nil && w.cfg.Presence.Current().Status == chat.StatusBusy {
		return true
	}
	return quietAt(w.words.local(w.cfg.Now()), chosen.QuietFrom, chosen.QuietTo)
}

// quietAt says whether a time lies in the quiet hours, which may go over
// midnight.
func quietAt(now time.Time, from, to int) bool {
	minute := now.Hour()*60 + now.Minute()
	switch {
	case from == to:
		return false
	case from < to:
		return minute >= from && minute < to
	}
	return minute >= from || minute < to
}

func (w *Window) notificationOf(a *chat.MessageAdded, chosen Preferences) Notification {
	n := Notification{Conversation: a.Contact.ID, Title: a.Contact.DisplayName()}
	switch {
	case !chosen.NotifyText:
		n.Text = w.words.Text("gui.notify.hidden", nil)
	case a.Message.Kind == chat.KindNudge:
		n.Text = w.words.Text("gui.notify.nudge", nil)
	case a.Message.Kind == chat.KindFiles && a.Message.Text == "":
		n.Text = w.words.Text("gui.notify.files", map[string]any{"names": a.Message.Names})
	default:
		n.Text = a.Message.Text
	}
	return n
}

// unsay takes back the notification of a message that its writer has taken back.
func (w *Window) unsay(m chat.Message) {
	s := w.people[m.Contact]
	if w.cfg.Attention == nil || !m.Recalled || m.Direction != chat.In || s == nil || s.Last == nil || s.Last.Seq != m.Seq {
		return
	}
	w.cfg.Attention.Withdraw(m.Contact)
}

// tellUnread shows in the tray whether anything waits, and takes back the
// notifications of what does not any more.
func (w *Window) tellUnread() {
	waits := false
	for id, s := range w.people {
		if s.Unread == 0 {
			if w.waiting[id] && w.cfg.Attention != nil {
				w.cfg.Attention.Withdraw(id)
			}
			delete(w.waiting, id)
			continue
		}
		w.waiting[id] = true
		waits = waits || !s.Blocked && !s.Muted(w.cfg.Now())
	}
	if w.tray != nil {
		w.tray.show(waits)
	}
}

// OpenFromOutside shows the window with a conversation, because the user chose
// it elsewhere: in a notification, or in the tray. Like Raise it belongs on the
// user interface's goroutine.
func (w *Window) OpenFromOutside(id chat.ContactID) {
	w.Raise()
	if w.modal != nil {
		w.modal.hide()
	}
	w.Open(id)
}
