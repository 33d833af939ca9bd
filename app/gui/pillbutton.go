package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// pillButton is a small flat button with a text, for cards. It can be reached
// and pressed with the keyboard.
type pillButton struct {
	widget.BaseWidget
	text   string
	accent bool // the most visible one
	tapped func()

	hovered, focused bool
}

const (
	cardPillHeight = 30
	pillPadX       = 13
)

func newPillButton() *pillButton {
	b := &pillButton{}
	b.ExtendBaseWidget(b)
	return b
}

// show sets what the button says.
func (b *pillButton) show(text string, accent bool) {
	if b.text != text || b.accent != accent {
		b.text, b.accent = text, accent
		b.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (b *pillButton) Tapped(*fyne.PointEvent) {
	if b.tapped != nil {
		b.tapped()
	}
}

// Cursor implements desktop.Cursorable.
func (b *pillButton) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (b *pillButton) MouseIn(*desktop.MouseEvent)    { b.hovered = true; b.Refresh() }
func (b *pillButton) MouseMoved(*desktop.MouseEvent) {}
func (b *pillButton) MouseOut()                      { b.hovered = false; b.Refresh() }

// FocusGained, FocusLost, TypedRune and TypedKey implement fyne.Focusable.
func (b *pillButton) FocusGained()     { b.focused = true; b.Refresh(); gotFocus(b) }
func (b *pillButton) FocusLost()       { b.focused = false; b.Refresh() }
func (b *pillButton) TypedRune(r rune) { passRune(b, r) }

func (b *pillButton) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.Tapped(nil)
	default:
		passKey(b, key)
	}
}

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (b *pillButton) AccessibilityLabel() string             { return b.text }
func (b *pillButton) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (b *pillButton) CreateRenderer() fyne.WidgetRenderer {
	back, tint := canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	back.CornerRadius, tint.CornerRadius = cardPillHeight/2, cardPillHeight/2
	text := newTextLine(smallSize, theme.ColorNameForeground, "")
	text.align = fyne.TextAlignCenter
	d := &drawing{objects: []fyne.CanvasObject{back, tint, text}}
	d.layout = func(size fyne.Size) {
		back.Resize(size)
		tint.Resize(size)
		text.Resize(size)
	}
	d.minSize = func() fyne.Size {
		return fyne.NewSize(lineWidth(b.text, smallSize)+2*pillPadX, cardPillHeight)
	}
	d.refresh = func() {
		fill, ink := colorPill, theme.ColorNameForeground
		if b.accent {
			fill, ink = theme.ColorNamePrimary, theme.ColorNameForegroundOnPrimary
		}
		tinted := colorNone
		switch {
		case b.focused:
			tinted = theme.ColorNameFocus
		case b.hovered:
			tinted = theme.ColorNameHover
		}
		back.FillColor, tint.FillColor = colorFor(b, fill), colorFor(b, tinted)
		back.StrokeWidth = 0
		if b.focused {
			back.StrokeColor, back.StrokeWidth = colorFor(b, theme.ColorNameForeground), 1.5
		}
		text.text, text.color = b.text, ink
		back.Refresh()
		tint.Refresh()
		text.Refresh()
	}
	d.refresh()
	return d
}
