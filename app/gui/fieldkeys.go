package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Keys in a textField, but for those with Ctrl and the like: they come as
// shortcuts.

var _ desktop.Keyable = (*textField)(nil)

// KeyDown and KeyUp implement desktop.Keyable.
func (f *textField) KeyDown(key *fyne.KeyEvent) { f.shift = f.shift || isShift(key.Name) }
func (f *textField) KeyUp(key *fyne.KeyEvent)   { f.shift = f.shift && !isShift(key.Name) }

// AcceptsTab implements fyne.Tabbable: Tab moves the focus.
func (f *textField) AcceptsTab() bool { return false }

// FocusGained implements fyne.Focusable.
func (f *textField) FocusGained() {
	f.focused = true
	f.touchCaret()
	f.recolor()
	f.view.draw()
}

// FocusLost implements fyne.Focusable.
func (f *textField) FocusLost() {
	f.guard.reset()
	f.focused, f.shift = false, false
	f.recolor()
	f.view.draw()
}

// TypedRune implements fyne.Focusable.
func (f *textField) TypedRune(r rune) {
	f.guard.reset()
	typed := fieldInput(string(r))
	if len(f.body.text)-len(f.body.selected())+len(typed) <= f.limit+limitSlack {
		f.replaceSelection(typed, true)
	}
}

// TypedKey implements fyne.Focusable.
func (f *textField) TypedKey(key *fyne.KeyEvent) {
	if f.guard.key(key.Name) || f.handsOn(key.Name) {
		return
	}
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		f.enter(f.shift || f.swapped())
	case fyne.KeyBackspace:
		f.erase(clusterBefore(f.body.text, f.body.cursor), true)
	case fyne.KeyDelete:
		f.erase(clusterAfter(f.body.text, f.body.cursor), true)
	default:
		f.moveBy(key.Name, f.shift)
	}
}

// handsOn gives keys to the window that mean more to it than to the text.
func (f *textField) handsOn(name fyne.KeyName) bool {
	switch name {
	case fyne.KeyEscape:
		return f.escape != nil && f.escape()
	case fyne.KeyUp, fyne.KeyDown:
		return f.arrow != nil && !f.shift && f.arrow(name)
	case fyne.KeyPageUp, fyne.KeyPageDown:
		return f.page != nil && !f.shift && f.page(name)
	}
	return false
}

func (f *textField) swapped() bool { return f.sendsWithCtrl != nil && f.sendsWithCtrl() }

// enter submits or breaks the line.
func (f *textField) enter(breaks bool) {
	if breaks || f.submit == nil {
		f.TypedRune('\n')
	} else {
		f.submit()
	}
}

// erase deletes what is selected, or else from the cursor to a place.
func (f *textField) erase(to int, typed bool) {
	from, end := f.body.selection()
	if from < end {
		f.replace(from, end, "", false)
		return
	}
	f.replace(min(from, to), max(from, to), "", typed)
}

// moveBy moves the cursor as a key does.
func (f *textField) moveBy(name fyne.KeyName, extend bool) {
	text, cursor := f.body.text, f.body.cursor
	from, to := f.body.selection()
	collapses := from < to && !extend
	switch name {
	case fyne.KeyLeft:
		if !collapses {
			from = clusterBefore(text, cursor)
		}
		f.move(from, false, extend)
	case fyne.KeyRight:
		if !collapses {
			to = clusterAfter(text, cursor)
		}
		f.move(to, false, extend)
	case fyne.KeyHome:
		f.move(f.rows.rows[f.cursorRow()].start, false, extend)
	case fyne.KeyEnd:
		row := f.rows.rows[f.cursorRow()]
		f.move(row.stop(), !row.isLast(text) && !row.hard, extend)
	case fyne.KeyUp:
		f.moveRows(-1, extend)
	case fyne.KeyDown:
		f.moveRows(+1, extend)
	case fyne.KeyPageUp:
		f.moveRows(-f.pageRows(), extend)
	case fyne.KeyPageDown:
		f.moveRows(f.pageRows(), extend)
	}
}

// move puts the cursor somewhere; before says that this is the end of the upper
// of two rows.
func (f *textField) move(to int, before, extend bool) {
	f.body.move(to, extend)
	f.before, f.keeping = before, false
	f.show()
}

// moveRows moves the cursor up or down and keeps it below or above where it
// began. Beyond the first row is the beginning, beyond the last one the end.
func (f *textField) moveRows(by int, extend bool) {
	at, text := f.cursorRow(), f.body.text
	goal := f.goal
	if !f.keeping {
		goal = f.rows.x(text, at, f.body.cursor)
	}
	last := len(f.rows.rows) - 1
	switch {
	case by < 0 && at == 0:
		f.move(0, false, extend)
	case by > 0 && at == last:
		f.move(len(text), false, extend)
	default:
		to, before := f.rows.nearest(text, min(max(at+by, 0), last), goal)
		f.move(to, before, extend)
	}
	f.goal, f.keeping = goal, true
}

// pageRows is how far PageUp and PageDown go.
func (f *textField) pageRows() int { return max(f.rowsInSight()-1, 1) }
