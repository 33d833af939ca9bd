package gui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// photo is a small version of a picture, on a quiet ground until it is there.
// It can be pressed, also with the keyboard.
type photo struct {
	widget.BaseWidget
	picture *image.RGBA // nil until it is there
	label   string      // for screen readers
	tapped  func()
	menu    func(at fyne.Position)

	focused bool
}

const photoRadius = 9

func newPhoto() *photo {
	p := &photo{}
	p.ExtendBaseWidget(p)
	return p
}

func (p *photo) show(picture *image.RGBA) {
	if p.picture != picture {
		p.picture = picture
		p.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (p *photo) Tapped(*fyne.PointEvent) {
	if p.tapped != nil {
		p.tapped()
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (p *photo) TappedSecondary(event *fyne.PointEvent) {
	if p.menu != nil {
		p.menu(event.AbsolutePosition)
	}
}

// Cursor implements desktop.Cursorable.
func (p *photo) Cursor() desktop.Cursor {
	if p.tapped == nil {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// FocusGained, FocusLost, TypedRune and TypedKey implement fyne.Focusable.
func (p *photo) FocusGained()     { p.focused = true; p.Refresh(); gotFocus(p) }
func (p *photo) FocusLost()       { p.focused = false; p.Refresh() }
func (p *photo) TypedRune(r rune) { passRune(p, r) }

func (p *photo) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		p.Tapped(nil)
	default:
		passKey(p, key)
	}
}

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (p *photo) AccessibilityLabel() string             { return p.label }
func (p *photo) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (p *photo) CreateRenderer() fyne.WidgetRenderer {
	ground, ring := canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	ground.CornerRadius, ring.CornerRadius, ring.StrokeWidth = photoRadius, photoRadius, 2
	sign := newImage(iconPicture)
	// The size is nearly right already, and the usual method is too slow for
	// the goroutine that draws. A picture covers its place: what stands on it
	// must not hang over.
	shown := &canvas.Image{FillMode: canvas.ImageFillCover, ScaleMode: canvas.ImageScaleFastest, CornerRadius: photoRadius}
	d := &drawing{objects: []fyne.CanvasObject{ground, sign, shown, ring}}
	d.layout = func(size fyne.Size) {
		ground.Resize(size)
		ring.Resize(size)
		shown.Resize(size)
		side := min(size.Width, size.Height, 36)
		place(sign, (size.Width-side)/2, (size.Height-side)/2, side, side)
	}
	d.refresh = func() {
		ground.FillColor, ring.StrokeColor = colorFor(p, colorPill), colorFor(p, colorNone)
		if p.focused {
			ring.StrokeColor = colorFor(p, theme.ColorNamePrimary)
		}
		sign.Resource, sign.Hidden = colored(iconPicture, colorMuted), p.picture != nil
		shown.Hidden = p.picture == nil
		if p.picture != nil && shown.Image != p.picture {
			shown.Image = p.picture
			shown.Refresh()
		}
		for _, o := range []fyne.CanvasObject{ground, sign, ring} {
			o.Refresh()
		}
	}
	d.refresh()
	return d
}
