package gui

import (
	"time"

	"fyne.io/fyne/v2"
)

// fieldCaret is whether the caret of a textField is to be seen. It blinks for
// a while after the last key, and then stays: a window that is left alone need
// not be drawn.
type fieldCaret struct {
	lit     bool
	beats   int       // since it was touched
	touched time.Time // last
	waiting bool      // for the next beat
}

const (
	caretBeat  = 530 * time.Millisecond
	caretBeats = 30
)

// touchCaret shows the caret, and begins to blink if the field has the focus.
func (f *textField) touchCaret() {
	c := &f.caret
	c.lit, c.beats, c.touched = true, 0, f.words.now()
	if !f.focused || c.waiting || f.later == nil || !fyne.CurrentApp().Settings().ShowAnimations() {
		return
	}
	c.waiting = true
	f.later(caretBeat, f.blink)
}

func (f *textField) blink() {
	c := &f.caret
	c.waiting = false
	if !f.focused {
		return
	}
	// While somebody writes, the caret does not go.
	c.lit = !c.lit || f.words.now().Sub(c.touched) < caretBeat
	c.beats++
	if c.beats >= caretBeats {
		c.lit = true
	} else {
		c.waiting = true
		f.later(caretBeat, f.blink)
	}
	f.view.drawCaret(f.rowHeight(), f.padding())
}
