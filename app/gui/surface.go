package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// surface is a coloured, perhaps rounded ground with something on it. Unlike
// a bare rectangle it follows the theme when that changes.
type surface struct {
	widget.BaseWidget
	fill    fyne.ThemeColorName
	radius  float32
	content fyne.CanvasObject
}

func newSurface(fill fyne.ThemeColorName, radius float32, content fyne.CanvasObject) *surface {
	s := &surface{fill: fill, radius: radius, content: content}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer implements fyne.Widget.
func (s *surface) CreateRenderer() fyne.WidgetRenderer {
	back := canvas.NewRectangle(colorFor(s, s.fill))
	back.CornerRadius = s.radius
	d := &drawing{objects: []fyne.CanvasObject{back}}
	if s.content != nil {
		d.objects = append(d.objects, s.content)
	}
	d.layout = func(size fyne.Size) {
		back.Resize(size)
		if s.content != nil {
			s.content.Resize(size)
		}
	}
	d.minSize = func() fyne.Size {
		if s.content == nil {
			return fyne.Size{}
		}
		return s.content.MinSize()
	}
	d.refresh = func() {
		back.FillColor = colorFor(s, s.fill)
		back.Refresh()
		if s.content != nil {
			s.content.Refresh()
		}
	}
	return d
}
