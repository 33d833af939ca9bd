package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// keyedList is the toolkit's list with keys of its own: a cursor that is drawn
// as a ring by the rows themselves, Enter, and the key for menus.
type keyedList struct {
	widget.List
	cursor  int
	focused bool

	moved  func(before int) // the cursor, or the focus
	begin  func() int       // where the cursor stands when the focus comes
	skips  func(at int) bool
	press  func(at int)
	fold   func(at int, closed bool)
	menu   func(at int)
	typed  func(rune)
	escape func() bool
}

// FocusGained implements fyne.Focusable.
func (l *keyedList) FocusGained() {
	before := l.cursor
	l.focused, l.cursor = true, max(min(l.begin(), l.Length()-1), 0)
	if l.skips(l.cursor) {
		l.step(+1)
	}
	l.moved(before)
}

// FocusLost implements fyne.Focusable.
func (l *keyedList) FocusLost() {
	l.focused = false
	l.moved(l.cursor)
}

// TypedRune implements fyne.Focusable.
func (l *keyedList) TypedRune(r rune) { l.typed(r) }

// pageRows is how many rows PageUp and PageDown move by.
const pageRows = 8

// TypedKey implements fyne.Focusable.
func (l *keyedList) TypedKey(key *fyne.KeyEvent) {
	before := l.cursor
	switch key.Name {
	case fyne.KeyUp:
		l.step(-1)
	case fyne.KeyDown:
		l.step(+1)
	case fyne.KeyPageUp:
		l.leap(-pageRows)
	case fyne.KeyPageDown:
		l.leap(+pageRows)
	case fyne.KeyHome:
		l.leap(-l.Length())
	case fyne.KeyEnd:
		l.leap(+l.Length())
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		l.press(l.cursor)
		return
	case fyne.KeyLeft, fyne.KeyRight:
		l.fold(l.cursor, key.Name == fyne.KeyLeft)
		return
	case desktop.KeyMenu, fyne.KeyF10:
		l.menu(l.cursor)
		return
	case fyne.KeyEscape:
		l.escape()
		return
	}
	if l.cursor != before {
		l.ScrollTo(l.cursor)
		l.moved(before)
	}
}

// step moves the cursor to the next row where there is something to do.
func (l *keyedList) step(by int) {
	for at := l.cursor + by; at >= 0 && at < l.Length(); at += by {
		if !l.skips(at) {
			l.cursor = at
			return
		}
	}
}

// leap moves the cursor over many rows, as far as there are any.
func (l *keyedList) leap(by int) {
	before := l.cursor
	l.cursor = max(min(l.cursor+by, l.Length()-1), 0)
	on := 1
	if by < 0 {
		on = -1
	}
	for _, step := range []int{on, -on} {
		if l.skips(l.cursor) {
			l.step(step)
		}
	}
	if l.skips(l.cursor) {
		l.cursor = before
	}
}
