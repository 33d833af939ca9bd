package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// swatch is one accent to choose: a disc in its colour, with a mark if it is
// the chosen one.
type swatch struct {
	widget.BaseWidget
	accent accent
	label  string
	chosen bool
	tapped func()

	hovered, focused bool
}

const swatchSide = 34

func newSwatch(a accent, label string, chosen bool, tapped func()) *swatch {
	s := &swatch{accent: a, label: label, chosen: chosen, tapped: tapped}
	s.ExtendBaseWidget(s)
	return s
}

// Tapped implements fyne.Tappable.
func (s *swatch) Tapped(*fyne.PointEvent) { s.tapped() }

// Cursor implements desktop.Cursorable.
func (s *swatch) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (s *swatch) MouseIn(*desktop.MouseEvent) {
	s.hovered = true
	s.Refresh()
	showTip(s, s.label)
}
func (s *swatch) MouseMoved(*desktop.MouseEvent) {}
func (s *swatch) MouseOut()                      { s.hovered = false; s.Refresh(); hideTip(s) }

// FocusGained, FocusLost, TypedRune and TypedKey implement fyne.Focusable.
func (s *swatch) FocusGained()     { s.focused = true; s.Refresh(); gotFocus(s) }
func (s *swatch) FocusLost()       { s.focused = false; s.Refresh() }
func (s *swatch) TypedRune(r rune) { passRune(s, r) }

func (s *swatch) TypedKey(key *fyne.KeyEvent) {
	c := fyne.CurrentApp().Driver().CanvasForObject(s)
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		s.Tapped(nil)
	case fyne.KeyRight:
		c.FocusNext()
	case fyne.KeyLeft:
		c.FocusPrevious()
	default:
		passKey(s, key)
	}
}

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (s *swatch) AccessibilityLabel() string             { return s.label }
func (s *swatch) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (s *swatch) CreateRenderer() fyne.WidgetRenderer {
	disc, ring := canvas.NewCircle(nil), canvas.NewCircle(nil)
	mark := newImage(theme.ConfirmIcon())
	d := &drawing{objects: []fyne.CanvasObject{ring, disc, mark}}
	d.minSize = func() fyne.Size { return fyne.NewSquareSize(swatchSide) }
	d.layout = func(size fyne.Size) {
		place(ring, 1, 1, swatchSide-2, swatchSide-2)
		place(disc, 5, 5, swatchSide-10, swatchSide-10)
		place(mark, 10, 10, swatchSide-20, swatchSide-20)
	}
	d.refresh = func() {
		dark := isDark(s)
		disc.FillColor = s.accent.color(dark)
		ring.FillColor = colorFor(s, colorNone)
		ring.StrokeWidth = 0
		switch {
		case s.focused:
			ring.StrokeColor, ring.StrokeWidth = colorFor(s, theme.ColorNameForeground), 2
		case s.chosen:
			ring.StrokeColor, ring.StrokeWidth = s.accent.color(dark), 2
		case s.hovered:
			ring.FillColor = colorFor(s, theme.ColorNameHover)
		}
		mark.Hidden = !s.chosen
		mark.Resource = colored(theme.ConfirmIcon(), colorPane)
		for _, o := range d.objects {
			o.Refresh()
		}
	}
	d.refresh()
	return d
}

// isDark tells whether a widget is seen in the dark variant.
func isDark(w interface{ Theme() fyne.Theme }) bool {
	ground, _, _, _ := colorFor(w, theme.ColorNameBackground).RGBA()
	return ground < 0x8000
}
