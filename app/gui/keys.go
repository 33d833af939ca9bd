package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// bindKeys makes the keyboard work wherever the focus is. A text field that
// has the focus gets every shortcut first and passes on what it does not need.
func (w *Window) bindKeys() {
	c := w.win.Canvas()
	for _, shortcut := range []desktop.CustomShortcut{
		{KeyName: fyne.KeyN, Modifier: fyne.KeyModifierShortcutDefault},
		{KeyName: fyne.KeyF, Modifier: fyne.KeyModifierShortcutDefault},
		{KeyName: fyne.KeyU, Modifier: fyne.KeyModifierShortcutDefault},
		{KeyName: fyne.KeyQ, Modifier: fyne.KeyModifierShortcutDefault},
		{KeyName: fyne.KeyUp, Modifier: fyne.KeyModifierAlt},
		{KeyName: fyne.KeyDown, Modifier: fyne.KeyModifierAlt},
		{KeyName: fyne.KeyTab, Modifier: fyne.KeyModifierControl},
		{KeyName: fyne.KeyTab, Modifier: fyne.KeyModifierControl | fyne.KeyModifierShift},
	} {
		c.AddShortcut(&shortcut, func(s fyne.Shortcut) { w.shortcut(s) })
	}
	c.SetOnTypedKey(func(key *fyne.KeyEvent) {
		if key.Name == fyne.KeyEscape {
			w.escape()
		}
	})
	c.SetOnTypedRune(w.typeIntoComposer)
}

// shortcut does what a shortcut of the window stands for. It returns false for
// others.
func (w *Window) shortcut(shortcut fyne.Shortcut) bool {
	s, ok := shortcut.(*desktop.CustomShortcut)
	if !ok || w.covered() && s.KeyName != fyne.KeyQ {
		return false
	}
	switch {
	case s.Modifier == fyne.KeyModifierShortcutDefault:
		return w.commandKey(s.KeyName)
	case s.Modifier == fyne.KeyModifierAlt && s.KeyName == fyne.KeyUp,
		s.Modifier == fyne.KeyModifierControl|fyne.KeyModifierShift && s.KeyName == fyne.KeyTab:
		w.openNeighbour(-1)
	case s.Modifier == fyne.KeyModifierAlt && s.KeyName == fyne.KeyDown,
		s.Modifier == fyne.KeyModifierControl && s.KeyName == fyne.KeyTab:
		w.openNeighbour(+1)
	default:
		return false
	}
	return true
}

func (w *Window) commandKey(name fyne.KeyName) bool {
	switch name {
	case fyne.KeyN:
		w.showNewChat()
	case fyne.KeyF:
		w.win.Canvas().Focus(w.left.filter)
	case fyne.KeyU:
		w.attachFiles()
	case fyne.KeyQ:
		w.cfg.OnQuit()
	case fyne.KeyTab:
		w.openNeighbour(+1)
	case fyne.KeyReturn, fyne.KeyEnter: // for hands used to programs that send so
		w.right.conv.composer.submit()
	default:
		return false
	}
	return true
}

func (w *Window) openNeighbour(step int) {
	if id, ok := w.left.people.neighbour(step); ok {
		w.Open(id)
	}
}

// escape closes what lies above the window, else clears the filter. It returns
// false if there was nothing to do.
func (w *Window) escape() bool {
	switch {
	case w.picker != nil: // may lie above a card
		w.picker.Dismiss()
	case w.modal != nil:
		w.modal.hide()
	case w.doctor != nil:
		w.leaveDoctor()
	case w.left.filter.Text != "":
		w.left.filter.SetText("")
		w.focusComposer()
	case w.talk != nil && w.win.Canvas().Focused() != w.right.conv.composer.entry:
		w.focusComposer()
	default:
		return false
	}
	return true
}
