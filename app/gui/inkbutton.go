package gui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// inkButton is a disc of a colour to draw with. The chosen one has a ring.
type inkButton struct {
	widget.BaseWidget
	ink    color.NRGBA
	label  string // for screen readers
	tapped func()

	chosen, focused bool
}

func newInkButton(ink color.NRGBA, label string, tapped func()) *inkButton {
	b := &inkButton{ink: ink, label: label, tapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

func (b *inkButton) choose(chosen bool) {
	if b.chosen != chosen {
		b.chosen = chosen
		b.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (b *inkButton) Tapped(*fyne.PointEvent) { b.tapped() }

// Cursor implements desktop.Cursorable.
func (b *inkButton) Cursor() desktop.Cursor { return desktop.PointerCursor }

// FocusGained, FocusLost, TypedRune and TypedKey implement fyne.Focusable.
func (b *inkButton) FocusGained()     { b.focused = true; b.Refresh(); gotFocus(b) }
func (b *inkButton) FocusLost()       { b.focused = false; b.Refresh() }
func (b *inkButton) TypedRune(r rune) { passRune(b, r) }

func (b *inkButton) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.Tapped(nil)
	default:
		passKey(b, key)
	}
}

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (b *inkButton) AccessibilityLabel() string             { return b.label }
func (b *inkButton) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (b *inkButton) CreateRenderer() fyne.WidgetRenderer {
	ring, disc := canvas.NewCircle(nil), canvas.NewCircle(b.ink)
	ring.StrokeWidth, disc.StrokeWidth = 2, 1
	d := &drawing{objects: []fyne.CanvasObject{ring, disc}}
	d.layout = func(size fyne.Size) {
		place(ring, 1, 1, size.Width-2, size.Height-2)
		place(disc, 5, 5, size.Width-10, size.Height-10)
	}
	d.minSize = func() fyne.Size { return fyne.NewSquareSize(screenInkSize) }
	d.refresh = func() {
		ring.StrokeColor = colorFor(b, colorNone)
		switch {
		case b.focused:
			ring.StrokeColor = colorFor(b, theme.ColorNameForeground)
		case b.chosen:
			ring.StrokeColor = colorFor(b, theme.ColorNamePrimary)
		}
		disc.StrokeColor = colorFor(b, colorOffline)
		ring.Refresh()
		disc.Refresh()
	}
	d.refresh()
	return d
}
