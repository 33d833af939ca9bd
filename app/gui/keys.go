package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"feihong/app/store/words"
)

// bindKeys makes the keyboard work wherever the focus is. A text field that
// has the focus gets every shortcut first and passes on what it does not need.
func (w *Window) bindKeys() {
	c := w.win.Canvas()
	w.commands = make(map[desktop.CustomShortcut]command)
	for _, command := range keymap() {
		for _, key := range command.keys {
			w.commands[key] = command
			c.AddShortcut(&key, func(s fyne.Shortcut) { w.shortcut(s) })
		}
	}
	c.SetOnTypedKey(w.typedKey)
	c.SetOnTypedRune(w.typeIntoComposer)
}

// shortcut does what a shortcut of the window stands for. It returns false for
// others.
func (w *Window) shortcut(shortcut fyne.Shortcut) bool {
	s, ok := shortcut.(*desktop.CustomShortcut)
	if !ok {
		return false
	}
	command, known := w.commands[*s]
	if !known || w.covered() && !command.above {
		return false
	}
	w.dismissTip()
	command.do(w)
	return true
}

// dismissTip takes away what explains something that a key may take away.
func (w *Window) dismissTip() {
	if l, ok := w.win.Canvas().Content().(*tipLayer); ok {
		l.dismiss()
	}
}

// openNeighbour opens the conversation before or after the open one. At the end
// of the list it goes back to that one, if something else is in front of it.
func (w *Window) openNeighbour(step int) {
	id, ok := w.left.people.neighbour(step)
	switch {
	case ok:
		w.Open(id)
	case w.talk != nil && w.elsewhere() && len(w.left.people.shown) > 0:
		w.Open(w.talk.id)
	}
}

// openUnread opens the next conversation with something unread, round the list.
func (w *Window) openUnread(step int) {
	if id, ok := w.left.people.unread(step); ok {
		w.Open(id)
	}
}

// openAt opens the conversation at a position of the list, from 0 on.
func (w *Window) openAt(position int) {
	if people := w.left.people.shown; position < len(people) {
		w.Open(people[position].ID)
	}
}

func (w *Window) focusFilter() { w.win.Canvas().Focus(w.left.filter) }

// escape closes what lies above the window, else clears the filter. It returns
// false if there was nothing to do.
func (w *Window) escape() bool {
	w.dismissTip()
	switch {
	case w.emoji != nil:
		w.emoji.close()
	case w.picker != nil: // may lie above a card
		w.picker.Dismiss()
	case w.modal != nil:
		w.modal.hide()
	case w.viewer != nil:
		w.closeViewer()
	case w.settings != nil:
		w.leaveSettings()
	case w.doctor != nil:
		w.leaveDoctor()
	case w.timeline.tools.asks() && w.right.Visible():
		w.timeline.tools.hide()
	case w.find.visible() && w.right.Visible():
		w.find.close()
	case w.timeline.marks() && w.right.Visible():
		w.timeline.mark(words.Query{})
	case w.answer() != nil && w.win.Canvas().Focused() == w.right.conv.composer.entry:
		w.endAnswer()
	case w.left.filter.Text != "" && w.left.Visible():
		w.left.filter.SetText("")
		w.focusComposer()
	case w.inTalk() && w.win.Canvas().Focused() != w.right.conv.composer.entry:
		w.focusComposer()
	case w.inTalk() && w.columns.one:
		w.showList()
	default:
		return false
	}
	return true
}
