package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// presenceDot is a small mark for a status, with an edge in the colour of what
// lies behind it, so that it stands off the avatar that it overlaps.
type presenceDot struct {
	widget.BaseWidget
	shape    dot
	edge     fyne.ThemeColorName
	diameter float32 // without the edge
}

// dotEdge is how wide the edge around the mark is.
const dotEdge = 2

func newPresenceDot(diameter float32, edge fyne.ThemeColorName) *presenceDot {
	d := &presenceDot{diameter: diameter, edge: edge}
	d.ExtendBaseWidget(d)
	return d
}

func (p *presenceDot) show(shape dot) {
	if p.shape != shape {
		p.shape = shape
		p.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (p *presenceDot) CreateRenderer() fyne.WidgetRenderer {
	edge, disc, hole := canvas.NewCircle(nil), canvas.NewCircle(nil), canvas.NewCircle(nil)
	bar := canvas.NewRectangle(nil)
	d := &drawing{objects: []fyne.CanvasObject{edge, disc, hole, bar}}
	d.layout = func(fyne.Size) {
		place(edge, 0, 0, p.diameter+2*dotEdge, p.diameter+2*dotEdge)
		place(disc, dotEdge, dotEdge, p.diameter, p.diameter)
		width, height := p.diameter*0.56, max(p.diameter*0.2, 2)
		bar.CornerRadius = height / 2
		place(bar, dotEdge+(p.diameter-width)/2, dotEdge+(p.diameter-height)/2, width, height)
		if p.shape == dotOffline {
			inner := p.diameter - 4
			place(hole, dotEdge+2, dotEdge+2, inner, inner)
			return
		}
		bite := p.diameter * 0.68 // leaves a crescent
		place(hole, dotEdge-p.diameter*0.1, dotEdge-p.diameter*0.1, bite, bite)
	}
	d.minSize = func() fyne.Size { return fyne.NewSquareSize(p.diameter + 2*dotEdge) }
	d.refresh = func() {
		ground, ink := colorFor(p, p.edge), colorFor(p, p.shape.color())
		edge.FillColor, disc.FillColor, hole.FillColor, bar.FillColor = ground, ink, ground, ground
		edge.Hidden, disc.Hidden = p.shape == dotNone, p.shape == dotNone
		hole.Hidden = p.shape != dotOffline && p.shape != dotAway
		bar.Hidden = p.shape != dotBusy
		d.layout(p.Size())
		for _, o := range d.objects {
			canvas.Refresh(o)
		}
	}
	d.refresh()
	return d
}
