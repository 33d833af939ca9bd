package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/protocol"
)

// welcomeWidth is the width of the card with the first question.
const welcomeWidth = 400

// welcome asks somebody who starts the program for the first time what others
// shall call them. It is the only question: all else has a usual answer, and so
// has this one. Closing the card is taking it.
func (w *Window) welcome() {
	if w.covered() || w.cfg.Preferences.Current().Welcomed {
		return
	}
	words := w.words
	name := newCountedField(words, w.cfg.Self.Name(), words.Text("gui.welcome.example", nil), protocol.MaxNameRunes)
	taken := func() bool { return name.fits() && name.value() != "" }
	answer := func() {
		if taken() {
			w.welcomed(name.value())
		}
	}
	begin := newDialogButton(words.Text("gui.welcome.begin", nil), nil, answer)
	begin.Importance = widget.HighImportance
	name.entry.submit = answer
	name.entry.shortcut = w.shortcut
	name.entry.escape = func() bool { w.modal.hide(); return true }
	name.changed = func() {
		if taken() {
			begin.Enable()
		} else {
			begin.Disable()
		}
	}
	name.changed()

	icon := newProgramIcon(64)
	content := flow(12, container.NewCenter(icon),
		newParagraph(13, theme.ColorNameForeground, words.Text("gui.welcome.hint", nil)),
		name.under(words.Text("gui.welcome.name", nil)),
	)
	usual := w.cfg.Self.Name()
	w.openModal(words.Text("gui.welcome.title", nil), welcomeWidth, content, func() { w.answered(usual) }, begin)
	w.win.Canvas().Focus(name.entry)
	name.entry.TypedShortcut(&fyne.ShortcutSelectAll{}) // typing replaces it
}

// welcomed takes the answer and closes the card.
func (w *Window) welcomed(name string) {
	w.modal.closed = nil
	w.modal.hide()
	w.answered(name)
}

// answered keeps what others shall call the user, and that they were asked.
func (w *Window) answered(name string) {
	w.prefer(func(p *Preferences) { p.Name, p.Welcomed = name, true }, nil)
}
