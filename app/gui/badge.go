package gui

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// badge is a pill with the number of unread messages. It has no size while
// there are none.
type badge struct {
	widget.BaseWidget
	count int
	quiet bool // of somebody muted: it does not call
}

const badgeHeight = 18

func newBadge() *badge {
	b := &badge{}
	b.ExtendBaseWidget(b)
	return b
}

func (b *badge) set(count int, quiet bool) {
	if b.count != count || b.quiet != quiet {
		b.count, b.quiet = count, quiet
		b.Refresh()
	}
}

// text keeps the pill small: beyond 99 the exact number helps nobody.
func (b *badge) text() string {
	switch {
	case b.count <= 0:
		return ""
	case b.count > 99:
		return "99+"
	}
	return strconv.Itoa(b.count)
}

// CreateRenderer implements fyne.Widget.
func (b *badge) CreateRenderer() fyne.WidgetRenderer {
	back := canvas.NewRectangle(nil)
	back.CornerRadius = badgeHeight / 2
	text := canvas.NewText(b.text(), nil)
	text.Alignment, text.TextSize = fyne.TextAlignCenter, 11
	d := &drawing{objects: []fyne.CanvasObject{back, text}}
	d.minSize = func() fyne.Size {
		if b.count <= 0 {
			return fyne.Size{}
		}
		return fyne.NewSize(max(measure(b.text(), 11)+10, badgeHeight), badgeHeight)
	}
	d.layout = func(size fyne.Size) {
		y := (size.Height - badgeHeight) / 2
		place(back, 0, y, size.Width, badgeHeight)
		place(text, 0, y, size.Width, badgeHeight)
	}
	d.refresh = func() {
		back.Hidden, text.Hidden = b.count <= 0, b.count <= 0
		fill, ink := theme.ColorNamePrimary, theme.ColorNameForegroundOnPrimary
		if b.quiet {
			fill, ink = colorMuted, colorPane
		}
		back.FillColor = colorFor(b, fill)
		text.Text, text.Color = b.text(), colorFor(b, ink)
		d.layout(b.Size())
		back.Refresh()
		text.Refresh()
	}
	d.refresh()
	return d
}
