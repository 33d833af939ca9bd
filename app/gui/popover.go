package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// popover is a card above the window, near what it belongs to. It covers the
// whole window, without dimming it, so that a tap beside the card closes it.
type popover struct {
	widget.BaseWidget
	card   fyne.CanvasObject
	near   fyne.CanvasObject
	size   fyne.Size // of the card
	canvas fyne.Canvas
	closed func()
}

// showPopover shows a card above an object, or below it if there is no room.
func showPopover(near, card fyne.CanvasObject, size fyne.Size, closed func()) *popover {
	c := fyne.CurrentApp().Driver().CanvasForObject(near)
	if c == nil {
		return nil
	}
	p := &popover{card: card, near: near, size: size, canvas: c, closed: closed}
	p.ExtendBaseWidget(p)
	p.Resize(c.Size())
	c.Overlays().Add(p)
	return p
}

func (p *popover) close() {
	p.canvas.Overlays().Remove(p)
	p.closed()
}

// Tapped and TappedSecondary are for what is not taken by the card.
func (p *popover) Tapped(*fyne.PointEvent)          { p.close() }
func (p *popover) TappedSecondary(*fyne.PointEvent) { p.close() }

// popoverGap is the space between the card and what it belongs to.
const popoverGap = 6

// frame finds the place of the card in a window of a size.
func (p *popover) frame(window fyne.Size) (fyne.Position, fyne.Size) {
	const margin = 8
	size := p.size.Min(window.SubtractWidthHeight(2*margin, 2*margin)).Max(fyne.NewSize(1, 1))
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.near)
	y := at.Y - size.Height - popoverGap
	if y < margin {
		y = at.Y + p.near.Size().Height + popoverGap
	}
	return fyne.NewPos(
		max(min(at.X, window.Width-size.Width-margin), margin),
		max(min(y, window.Height-size.Height-margin), margin)), size
}

// CreateRenderer implements fyne.Widget.
func (p *popover) CreateRenderer() fyne.WidgetRenderer {
	ground := canvas.NewRectangle(nil)
	ground.CornerRadius, ground.StrokeWidth = 12, 1
	ground.Shadow.BlurRadius, ground.Shadow.Offset = 12, fyne.NewPos(0, 3)
	shield := newTapShield()
	d := &drawing{objects: []fyne.CanvasObject{shield, ground, p.card}}
	d.layout = func(size fyne.Size) {
		at, card := p.frame(size)
		for _, o := range d.objects {
			place(o, at.X, at.Y, card.Width, card.Height)
		}
	}
	d.refresh = func() {
		ground.FillColor, ground.StrokeColor = colorFor(p, theme.ColorNameOverlayBackground), colorFor(p, colorLine)
		ground.Shadow.Color = colorFor(p, theme.ColorNameShadow)
		d.layout(p.Size())
		refreshAll(ground, p.card)
	}
	d.refresh()
	return d
}

// tapShield lies behind a card and takes the taps that the card leaves.
type tapShield struct{ widget.BaseWidget }

func newTapShield() *tapShield {
	s := &tapShield{}
	s.ExtendBaseWidget(s)
	return s
}

// Tapped and TappedSecondary implement fyne.Tappable and fyne.SecondaryTappable.
func (s *tapShield) Tapped(*fyne.PointEvent)          {}
func (s *tapShield) TappedSecondary(*fyne.PointEvent) {}

// CreateRenderer implements fyne.Widget.
func (s *tapShield) CreateRenderer() fyne.WidgetRenderer { return &drawing{} }
