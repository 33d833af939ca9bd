package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// jumpPill floats above the timeline while its end is out of sight: a round
// arrow, or a pill that says how many messages came in. A tap goes there.
type jumpPill struct {
	widget.BaseWidget
	text    string
	tapped  func()
	hovered bool
}

const pillHeight = 34

func newJumpPill(tapped func()) *jumpPill {
	p := &jumpPill{tapped: tapped}
	p.Hidden = true
	p.ExtendBaseWidget(p)
	return p
}

func (p *jumpPill) show(text string, visible bool) {
	if p.text == text && p.Hidden == !visible {
		return
	}
	p.text, p.Hidden = text, !visible
	p.Refresh()
}

// Tapped implements fyne.Tappable.
func (p *jumpPill) Tapped(*fyne.PointEvent) { p.tapped() }

// Cursor implements desktop.Cursorable.
func (p *jumpPill) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (p *jumpPill) MouseIn(*desktop.MouseEvent)    { p.hovered = true; p.Refresh() }
func (p *jumpPill) MouseMoved(*desktop.MouseEvent) {}
func (p *jumpPill) MouseOut()                      { p.hovered = false; p.Refresh() }

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (p *jumpPill) AccessibilityLabel() string             { return p.text }
func (p *jumpPill) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (p *jumpPill) CreateRenderer() fyne.WidgetRenderer {
	back, tint := canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	back.CornerRadius, tint.CornerRadius = pillHeight/2, pillHeight/2
	text := canvas.NewText("", nil)
	text.TextSize = smallSize
	image := newImage(colored(iconDown, theme.ColorNamePrimary))
	d := &drawing{objects: []fyne.CanvasObject{back, tint, image, text}}
	d.layout = func(size fyne.Size) {
		back.Resize(size)
		tint.Resize(size)
		place(image, (pillHeight-18)/2, (pillHeight-18)/2, 18, 18)
		place(text, pillHeight-4, 0, size.Width-pillHeight, size.Height)
	}
	d.minSize = func() fyne.Size {
		if p.text == "" {
			return fyne.NewSquareSize(pillHeight)
		}
		return fyne.NewSize(pillHeight+measure(p.text, smallSize)+10, pillHeight)
	}
	d.refresh = func() {
		fill, ink := colorPane, theme.ColorNamePrimary
		if p.text != "" {
			fill, ink = theme.ColorNamePrimary, theme.ColorNameForegroundOnPrimary
		}
		back.FillColor, tint.FillColor = colorFor(p, fill), colorFor(p, colorNone)
		back.StrokeColor, back.StrokeWidth = colorFor(p, colorLine), 1
		if p.hovered {
			tint.FillColor = colorFor(p, theme.ColorNameHover)
		}
		text.Text, text.Color = p.text, colorFor(p, ink)
		image.Resource = colored(iconDown, ink)
		for _, o := range d.objects {
			canvas.Refresh(o)
		}
		image.Refresh()
	}
	d.refresh()
	return d
}
