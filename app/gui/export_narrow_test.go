package gui

import "fyne.io/fyne/v2"

// OneColumn says that the window is too narrow for list and conversation.
func (w *Window) OneColumn() bool { return w.columns.one }

// InFront says which panes are seen.
func (w *Window) InFront() (list, right bool) { return w.left.Visible(), w.right.Visible() }

// BackButton returns the arrow above the conversation.
func (w *Window) BackButton() *iconButton { return w.right.conv.header.back }

// FindVisible says that the bar for finding in the conversation is there.
func (w *Window) FindVisible() bool { return w.find.visible() }

// Lonely says that the way out of being alone stands in place of the list.
func (w *Window) Lonely() bool { return w.left.place.Visible() && !w.left.people.Visible() }

// TypeKey types a key where the focus is, else in the window.
func (w *Window) TypeKey(name fyne.KeyName) {
	key := &fyne.KeyEvent{Name: name}
	if focused := w.win.Canvas().Focused(); focused != nil {
		focused.TypedKey(key)
		return
	}
	w.win.Canvas().OnTypedKey()(key)
}
