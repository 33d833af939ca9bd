package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Input to a bodyText: the mouse selects, Ctrl+C copies, and whatever else is
// typed belongs to the input box.

var (
	_ fyne.Draggable         = (*bodyText)(nil)
	_ fyne.DoubleTappable    = (*bodyText)(nil)
	_ fyne.SecondaryTappable = (*bodyText)(nil)
	_ fyne.Focusable         = (*bodyText)(nil)
	_ fyne.Disableable       = (*bodyText)(nil)
	_ fyne.Shortcutable      = (*bodyText)(nil)
	_ desktop.Mouseable      = (*bodyText)(nil)
	_ desktop.Cursorable     = (*bodyText)(nil)
)

// Cursor implements desktop.Cursorable.
func (b *bodyText) Cursor() desktop.Cursor {
	if b.over != nil {
		return desktop.PointerCursor
	}
	return desktop.TextCursor
}

// MouseDown implements desktop.Mouseable: it begins a selection, or with Shift
// extends the one there is.
func (b *bodyText) MouseDown(event *desktop.MouseEvent) {
	if event.Button != desktop.MouseButtonPrimary {
		return
	}
	if b.onSelect != nil {
		b.onSelect(b)
	}
	b.pressed = b.linkAt(event.Position)
	b.caret = b.textAt(event.Position)
	if event.Modifier&fyne.KeyModifierShift == 0 {
		b.anchor = b.caret
	}
	b.selecting = true
	b.focus()
	b.refreshGrounds()
}

// MouseUp implements desktop.Mouseable: it follows a link, if the button went
// down on it and nothing was selected meanwhile.
func (b *bodyText) MouseUp(event *desktop.MouseEvent) {
	pressed := b.pressed
	b.selecting, b.pressed = false, nil
	if pressed != nil && b.anchor == b.caret && b.linkAt(event.Position) == pressed && b.onLink != nil {
		b.onLink(b.text[pressed.start:pressed.end], pressed.link)
	}
}

// Dragged implements fyne.Draggable.
func (b *bodyText) Dragged(event *fyne.DragEvent) {
	caret := b.textAt(event.Position)
	if caret != b.caret {
		b.caret = caret
		b.refreshGrounds()
	}
}

// DragEnd implements fyne.Draggable.
func (b *bodyText) DragEnd() { b.selecting = false }

// DoubleTapped selects a word.
func (b *bodyText) DoubleTapped(event *fyne.PointEvent) {
	b.anchor, b.caret = b.wordAt(b.textAt(event.Position))
	b.focus()
	b.refreshGrounds()
}

// TappedSecondary implements fyne.SecondaryTappable.
func (b *bodyText) TappedSecondary(event *fyne.PointEvent) {
	if b.onMenu != nil {
		b.onMenu(event.AbsolutePosition)
	}
}

// FocusGained, FocusLost and TypedKey implement fyne.Focusable. The selection
// outlives the focus, for the menu to copy it.
func (b *bodyText) FocusGained()            {}
func (b *bodyText) FocusLost()              { b.focused = false }
func (b *bodyText) TypedKey(*fyne.KeyEvent) {}

// Disabled, Enable and Disable implement fyne.Disableable. A text takes the
// focus when it is pressed; Tab, which passes what is disabled, would stop at
// every sentence of the window without anything to be seen of it.
func (b *bodyText) Disabled() bool { return !b.focused }
func (b *bodyText) Enable()        {}
func (b *bodyText) Disable()       {}

// TypedRune hands what is typed to whoever can use it.
func (b *bodyText) TypedRune(r rune) {
	if b.onTyped != nil {
		b.onTyped(r)
	}
}

// TypedShortcut implements fyne.Shortcutable.
func (b *bodyText) TypedShortcut(shortcut fyne.Shortcut) {
	switch shortcut.(type) {
	case *fyne.ShortcutCopy:
		b.copySelection()
	case *fyne.ShortcutSelectAll:
		b.anchor, b.caret = 0, len(b.text)
		b.refreshGrounds()
	default:
		if b.onKey != nil {
			b.onKey(shortcut)
		}
	}
}

func (b *bodyText) copySelection() {
	if text := b.selected(); text != "" {
		fyne.CurrentApp().Clipboard().SetContent(text)
	}
}

func (b *bodyText) focus() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(b); c != nil {
		b.focused = true
		c.Focus(b)
	}
}
