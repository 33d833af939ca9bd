package gui

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"feihong/app/chat"
)

// dial does what the address asks for, away from the user interface: it
// connects, or without a port looks who is there.
func (d *newChat) dial() {
	if d.address == "" || d.cancel != nil || d.connect.Disabled() {
		return
	}
	address, w := d.address, d.window
	if !hasPort(address) {
		d.work(w.words.Text("gui.new.looking", map[string]any{"address": address}), func(ctx context.Context) func() {
			found, err := w.cfg.Locate(ctx, address)
			return func() { d.located(found, err) }
		})
		return
	}
	d.work(w.words.Text("gui.new.dialing", map[string]any{"address": address}), func(ctx context.Context) func() {
		contact, err := w.cfg.Chat.Connect(ctx, address)
		return func() { d.dialled(contact, err) }
	})
}

// work runs a task that ends with the dialog, and then shows what it returns.
func (d *newChat) work(what string, task func(context.Context) func()) {
	d.clear()
	d.busy(true)
	d.say(what, colorMuted)
	stopped, cancel := context.WithCancel(context.Background())
	d.cancel = cancel
	w := d.window
	w.background.start(func(ctx context.Context) {
		ctx, end := context.WithCancel(ctx)
		defer end()
		defer context.AfterFunc(stopped, end)()
		w.cfg.Do(task(ctx))
	})
}

func (d *newChat) dialled(contact chat.Contact, err error) {
	w := d.window
	if contact.ID != 0 && w.people[contact.ID] == nil {
		w.setPerson(&chat.Summary{Contact: contact, Problem: err})
		w.refreshPeople()
	}
	if !d.modal.open() {
		if err != nil {
			d.discard(contact.ID)
		}
		return
	}
	d.stop()
	d.busy(false)
	if err == nil {
		d.hide()
		w.Open(contact.ID)
		return
	}
	if errors.Is(err, context.Canceled) {
		return
	}
	if contact.Pending() && contact.ID != 0 {
		d.pending = contact.ID
		d.keep.Show()
		d.hint.set(w.words.Text("gui.new.keep-hint", nil), colorMuted)
		d.hint.Show()
	}
	d.failed(w.words.Error(err))
}

// failed tells what went wrong, and offers to find out why and to try again.
func (d *newChat) failed(problem string) {
	d.why.Hidden = d.window.cfg.Doctor == nil
	d.connect.SetText(d.window.words.Text("gui.new.again", nil))
	d.say(problem, theme.ColorNameError)
	d.window.win.Canvas().Focus(d.entry)
}

// located goes on with whom a machine told of.
func (d *newChat) located(found []chat.Sighting, err error) {
	if !d.modal.open() {
		return
	}
	d.stop()
	d.busy(false)
	words := d.window.words
	switch {
	case errors.Is(err, context.Canceled):
	case err != nil:
		d.failed(words.Error(err))
	case len(found) == 0:
		d.hint.set(words.Text("gui.new.nobody-hint", map[string]any{"address": d.address}), colorMuted)
		d.hint.Show()
		d.failed(words.Text("gui.new.nobody", map[string]any{"address": d.address}))
	case len(found) == 1:
		d.choose(found[0])
	default:
		d.offer(found)
	}
}

// offer lets the user pick one of several people on a machine.
func (d *newChat) offer(found []chat.Sighting) {
	list := newChoiceList(found, d.choose, d.hide)
	d.choices.Objects = []fyne.CanvasObject{list}
	d.modal.scrollsBy(list.scroll)
	d.choices.Show()
	d.connect.Hide()
	words := d.window.words
	d.say(words.Text("gui.new.several", map[string]any{"address": d.address, "count": len(found)}), theme.ColorNameForeground)
	d.window.win.Canvas().Focus(list.rows[0])
}

// choose opens the conversation with somebody found.
func (d *newChat) choose(who chat.Sighting) {
	if d.cancel != nil {
		return
	}
	w := d.window
	d.work(w.words.Text("gui.new.opening", map[string]any{"name": nameOf(who)}), func(ctx context.Context) func() {
		contact, err := w.cfg.Chat.Known(ctx, who)
		return func() { d.known(contact, err) }
	})
}

func (d *newChat) known(contact chat.Contact, err error) {
	w := d.window
	if err == nil && w.people[contact.ID] == nil {
		w.setPerson(&chat.Summary{Contact: contact})
		w.refreshPeople()
	}
	if !d.modal.open() {
		return
	}
	d.stop()
	d.busy(false)
	d.connect.Show()
	if err != nil {
		d.failed(w.words.Error(err))
		return
	}
	d.hide()
	w.Open(contact.ID)
}
