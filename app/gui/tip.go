package gui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// tipLayer is the content of the window with room above it for a few lines that
// explain what the pointer rests on. They are no overlay: they take neither the
// focus nor the pointer.
type tipLayer struct {
	widget.BaseWidget
	content fyne.CanvasObject
	later   func(time.Duration, func())
	focused func(fyne.CanvasObject) // something got the focus; may be nil

	text  string            // a line, or several
	owner fyne.CanvasObject // nil: there is nothing to explain
	at    fyne.Position     // what is explained, in the window
	size  fyne.Size
	shown bool
	turn  int // of the pointer: what was asked for before the last is not shown
	redo  func()
}

// tipDelay is how long the pointer rests before something is explained.
const tipDelay = 600 * time.Millisecond

func newTipLayer(content fyne.CanvasObject, later func(time.Duration, func())) *tipLayer {
	l := &tipLayer{content: content, later: later}
	l.ExtendBaseWidget(l)
	return l
}

// showTip explains a widget if the pointer rests on it for a moment.
func showTip(owner fyne.CanvasObject, text string) {
	showTipAt(owner, fyne.Position{}, owner.Size(), text)
}

// showTipAt explains a part of a widget, a line for each text.
func showTipAt(owner fyne.CanvasObject, at fyne.Position, size fyne.Size, lines ...string) {
	driver := fyne.CurrentApp().Driver()
	if l := tipLayerOf(owner); l != nil {
		flat := make([]string, 0, maxTipLines)
		for _, line := range lines[:min(len(lines), maxTipLines)] {
			flat = append(flat, oneLine(line))
		}
		l.ask(owner, driver.AbsolutePositionForObject(owner).Add(at), size, strings.Join(flat, "\n"))
	}
}

// hideTip takes the explanation of a widget away.
func hideTip(owner fyne.CanvasObject) {
	if l := tipLayerOf(owner); l != nil && l.owner == owner {
		l.dismiss()
	}
}

// dismiss takes away whatever is explained: it may be gone, and the pointer has
// not moved.
func (l *tipLayer) dismiss() { l.ask(nil, fyne.Position{}, fyne.Size{}, "") }

func tipLayerOf(o fyne.CanvasObject) *tipLayer {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil {
		return nil
	}
	l, _ := c.Content().(*tipLayer)
	return l
}

func (l *tipLayer) ask(owner fyne.CanvasObject, at fyne.Position, size fyne.Size, text string) {
	if l.owner == owner && l.at == at && l.text == text {
		return
	}
	l.turn++
	l.owner, l.at, l.size, l.text = owner, at, size, text
	if l.shown {
		l.shown = false
		l.place()
	}
	if text == "" || owner == nil {
		return
	}
	turn := l.turn
	l.later(tipDelay, func() {
		if l.turn == turn && owner.Visible() {
			l.shown = true
			l.place()
		}
	})
}

func (l *tipLayer) place() {
	if l.redo != nil {
		l.redo()
	}
}

// Distances of a tip.
const (
	tipPadX = 9
	tipPadY = 5
	tipGap  = 6 // from what it explains
	tipEdge = 8 // from the edge of the window

	maxTipLines = 6
)

// CreateRenderer implements fyne.Widget.
func (l *tipLayer) CreateRenderer() fyne.WidgetRenderer {
	back := canvas.NewRectangle(nil)
	back.CornerRadius = 6
	d := &drawing{objects: []fyne.CanvasObject{l.content, back}}
	texts := make([]*canvas.Text, maxTipLines)
	for i := range texts {
		texts[i] = canvas.NewText("", nil)
		texts[i].TextSize = smallSize
		d.objects = append(d.objects, texts[i])
	}
	l.redo = func() {
		back.Hidden = !l.shown
		lines := strings.Split(l.text, "\n")
		wide, line := float32(0), lineHeight(smallSize)
		for i, text := range texts {
			if text.Hidden = !l.shown || i >= len(lines); !text.Hidden {
				room := l.Size().Width - 2*tipEdge - 2*tipPadX
				text.Text = ellipsize(lines[i], room, func(s string) float32 { return measure(s, smallSize) })
				text.Color = colorFor(l, colorOnTip)
				wide = max(wide, measure(text.Text, smallSize))
			}
		}
		if l.shown {
			back.FillColor = colorFor(l, colorTip)
			size := fyne.NewSize(wide+2*tipPadX, float32(len(lines))*line+2*tipPadY)
			at := l.tipAt(size)
			place(back, at.X, at.Y, size.Width, size.Height)
			for i, text := range texts {
				place(text, at.X+tipPadX, at.Y+tipPadY+float32(i)*line, wide, line)
			}
		}
		back.Refresh()
		for _, text := range texts {
			text.Refresh()
		}
	}
	d.layout = func(size fyne.Size) {
		l.content.Resize(size)
		l.dismiss()
		l.redo()
	}
	d.minSize = l.content.MinSize
	d.refresh = func() {
		l.content.Refresh()
		l.redo()
	}
	return d
}

// tipAt returns where an explanation of a size stands: below what it explains,
// or above it if there is no room.
func (l *tipLayer) tipAt(size fyne.Size) fyne.Position {
	x := l.at.X + (l.size.Width-size.Width)/2
	x = max(min(x, l.Size().Width-size.Width-tipEdge), tipEdge)
	y := l.at.Y + l.size.Height + tipGap
	if y+size.Height > l.Size().Height-tipEdge {
		y = max(l.at.Y-tipGap-size.Height, tipEdge)
	}
	return fyne.NewPos(x, y)
}
