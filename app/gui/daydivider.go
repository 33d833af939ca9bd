package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// divider is a pill in the middle of the timeline: the day of the messages
// below it, or, accented, where the unread ones begin.
type divider struct {
	widget.BaseWidget
	text     string
	accented bool
}

const dividerHeight = 22

func newDivider() *divider {
	d := &divider{}
	d.ExtendBaseWidget(d)
	return d
}

func (d *divider) show(text string, accented bool) {
	d.text, d.accented = text, accented
	d.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (d *divider) CreateRenderer() fyne.WidgetRenderer {
	back := canvas.NewRectangle(nil)
	back.CornerRadius = dividerHeight / 2
	text := canvas.NewText("", nil)
	text.Alignment, text.TextSize = fyne.TextAlignCenter, captionSize
	r := &drawing{objects: []fyne.CanvasObject{back, text}}
	r.layout = func(size fyne.Size) {
		width := measure(d.text, captionSize) + 24
		y := (size.Height - dividerHeight) / 2
		place(back, (size.Width-width)/2, y, width, dividerHeight)
		place(text, 0, y, size.Width, dividerHeight)
	}
	r.refresh = func() {
		fill, ink := colorInfoBack, colorMuted
		if d.accented {
			fill, ink = theme.ColorNamePrimary, theme.ColorNameForegroundOnPrimary
		}
		back.FillColor, text.Color, text.Text = colorFor(d, fill), colorFor(d, ink), d.text
		r.layout(d.Size())
		back.Refresh()
		text.Refresh()
	}
	r.refresh()
	return r
}
