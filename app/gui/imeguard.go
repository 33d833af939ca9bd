package gui

import (
	"time"

	"fyne.io/fyne/v2"
)

// imeGuard tells keys that belong to a running input-method composition from
// keys that belong to the text field.
//
// On X11 and macOS the window system reports the keys of a composition to the
// program as well: the Return that ends "nihao" would send the message before
// 你好 is in it, and Backspace in the composition would delete committed text.
// What gives a composition away is a letter key whose character does not
// come. In plain typing the character follows the key within a few
// milliseconds, so that several keys without their characters are a composition
// even if a busy window sees all of them at once.
type imeGuard struct {
	now     func() time.Time
	pending int       // letter keys whose character has not come
	first   time.Time // when the first of them was pressed
}

const (
	// composingAfter is how long a character may take to follow its key.
	composingAfter = 40 * time.Millisecond
	// composingKeys is how many letters without a character are a composition.
	composingKeys = 3
)

// key notes a key press and says whether the composition takes it.
func (g *imeGuard) key(name fyne.KeyName) (swallow bool) {
	if isLetter(name) {
		if g.pending == 0 {
			g.first = g.now()
		}
		g.pending++
		return false
	}
	if !g.composing() {
		return false
	}
	switch name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyEscape:
		g.pending = 0
		return true
	case fyne.KeyBackspace:
		g.pending--
		return true
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyUp, fyne.KeyDown, fyne.KeyHome, fyne.KeyEnd,
		fyne.KeyPageUp, fyne.KeyPageDown, fyne.KeyDelete, fyne.KeyTab:
		return true
	}
	return false
}

// reset notes that a character came, or that the focus went.
func (g *imeGuard) reset() { g.pending = 0 }

func (g *imeGuard) composing() bool {
	return g.pending >= composingKeys || g.pending > 0 && g.now().Sub(g.first) > composingAfter
}

func isLetter(name fyne.KeyName) bool {
	return len(name) == 1 && name[0] >= 'A' && name[0] <= 'Z'
}
