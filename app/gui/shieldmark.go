package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// shieldMark says that the user has compared the key of somebody, and explains
// so when the pointer rests on it.
type shieldMark struct {
	widget.BaseWidget
	side float32
	tip  string
}

func newShieldMark(side float32, tip string) *shieldMark {
	m := &shieldMark{side: side, tip: tip}
	m.ExtendBaseWidget(m)
	return m
}

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (m *shieldMark) MouseIn(*desktop.MouseEvent)    { showTip(m, m.tip) }
func (m *shieldMark) MouseMoved(*desktop.MouseEvent) {}
func (m *shieldMark) MouseOut()                      { hideTip(m) }

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (m *shieldMark) AccessibilityLabel() string             { return m.tip }
func (m *shieldMark) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (m *shieldMark) CreateRenderer() fyne.WidgetRenderer {
	image := newImage(colored(iconShield, theme.ColorNamePrimary))
	return &drawing{
		objects: []fyne.CanvasObject{image},
		layout: func(size fyne.Size) {
			place(image, (size.Width-m.side)/2, (size.Height-m.side)/2, m.side, m.side)
		},
		minSize: func() fyne.Size { return fyne.NewSquareSize(m.side) },
		refresh: func() { image.Refresh() },
	}
}

// markedLine is a line of text with a mark right behind it. The text is cut if
// there is no room for both.
type markedLine struct {
	line *textLine
	mark fyne.CanvasObject
}

// Layout implements fyne.Layout.
func (l markedLine) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	const gap = 5
	room := size.Width
	if l.mark.Visible() {
		room -= l.mark.MinSize().Width + gap
	}
	width := max(min(l.line.fullWidth(), room), 0)
	place(l.line, 0, 0, width, size.Height)
	place(l.mark, width+gap, 0, l.mark.MinSize().Width, size.Height)
}

// MinSize implements fyne.Layout.
func (l markedLine) MinSize([]fyne.CanvasObject) fyne.Size {
	return l.line.MinSize().Max(fyne.NewSize(0, l.mark.MinSize().Height))
}
