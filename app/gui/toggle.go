package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// toggle is a switch that is on or off. It tells so by the place of its knob
// and by a mark, not by colour alone.
type toggle struct {
	widget.BaseWidget
	label   string // for screen readers
	on      bool
	changed func(on bool)

	hovered, focused bool
}

const (
	toggleWidth  = 42
	toggleHeight = 24
	toggleEdge   = 3 // around the track, where the focus shows
)

func newToggle(label string, on bool, changed func(on bool)) *toggle {
	t := &toggle{label: label, on: on, changed: changed}
	t.ExtendBaseWidget(t)
	return t
}

// Tapped implements fyne.Tappable.
func (t *toggle) Tapped(*fyne.PointEvent) {
	t.on = !t.on
	t.Refresh()
	t.changed(t.on)
}

// Cursor implements desktop.Cursorable.
func (t *toggle) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (t *toggle) MouseIn(*desktop.MouseEvent)    { t.hovered = true; t.Refresh() }
func (t *toggle) MouseMoved(*desktop.MouseEvent) {}
func (t *toggle) MouseOut()                      { t.hovered = false; t.Refresh() }

// FocusGained, FocusLost, TypedRune and TypedKey implement fyne.Focusable.
func (t *toggle) FocusGained()     { t.focused = true; t.Refresh(); gotFocus(t) }
func (t *toggle) FocusLost()       { t.focused = false; t.Refresh() }
func (t *toggle) TypedRune(r rune) { passRune(t, r) }

func (t *toggle) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		t.Tapped(nil)
	case fyne.KeyLeft, fyne.KeyRight:
		if t.on != (key.Name == fyne.KeyRight) {
			t.Tapped(nil)
		}
	default:
		passKey(t, key)
	}
}

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (t *toggle) AccessibilityLabel() string             { return t.label }
func (t *toggle) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (t *toggle) CreateRenderer() fyne.WidgetRenderer {
	ring, track := canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	ring.CornerRadius, track.CornerRadius = toggleHeight/2+toggleEdge, toggleHeight/2
	knob, mark := canvas.NewCircle(nil), newImage(theme.ConfirmIcon())
	d := &drawing{objects: []fyne.CanvasObject{ring, track, knob, mark}}
	d.minSize = func() fyne.Size { return fyne.NewSize(toggleWidth+2*toggleEdge, toggleHeight+2*toggleEdge) }
	d.layout = func(size fyne.Size) {
		y := (size.Height - toggleHeight) / 2
		place(ring, 0, y-toggleEdge, toggleWidth+2*toggleEdge, toggleHeight+2*toggleEdge)
		place(track, toggleEdge, y, toggleWidth, toggleHeight)
		const side, gap = toggleHeight - 6, 3
		x := float32(toggleEdge + gap)
		if t.on {
			x = toggleEdge + toggleWidth - gap - side
		}
		place(knob, x, y+gap, side, side)
		place(mark, x+3, y+gap+3, side-6, side-6)
	}
	d.refresh = func() {
		fill, ball := colorOffline, colorPane
		if t.on {
			fill, ball = theme.ColorNamePrimary, theme.ColorNameForegroundOnPrimary
		}
		ring.FillColor = colorFor(t, colorNone)
		ring.StrokeWidth = 0
		switch {
		case t.focused:
			ring.StrokeColor, ring.StrokeWidth = colorFor(t, theme.ColorNamePrimary), 2
		case t.hovered:
			ring.FillColor = colorFor(t, theme.ColorNameHover)
		}
		track.FillColor, knob.FillColor = colorFor(t, fill), colorFor(t, ball)
		mark.Resource, mark.Hidden = colored(theme.ConfirmIcon(), theme.ColorNamePrimary), !t.on
		d.layout(t.Size())
		for _, o := range d.objects {
			o.Refresh()
		}
	}
	d.refresh()
	return d
}
