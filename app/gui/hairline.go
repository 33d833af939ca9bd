package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// hairline is a line of one unit between two panes, hardly darker than they.
type hairline struct{ widget.BaseWidget }

func newHairline() *hairline {
	h := &hairline{}
	h.ExtendBaseWidget(h)
	return h
}

// CreateRenderer implements fyne.Widget.
func (h *hairline) CreateRenderer() fyne.WidgetRenderer {
	line := canvas.NewRectangle(colorFor(h, colorLine))
	return &drawing{
		objects: []fyne.CanvasObject{line},
		layout:  func(size fyne.Size) { line.Resize(size) },
		minSize: func() fyne.Size { return fyne.NewSquareSize(1) },
		refresh: func() {
			line.FillColor = colorFor(h, colorLine)
			line.Refresh()
		},
	}
}
