package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// iconButton is a round button with an icon and no frame. It can be reached
// and pressed with the keyboard.
type iconButton struct {
	widget.BaseWidget
	icon     fyne.Resource
	color    fyne.ThemeColorName
	fill     fyne.ThemeColorName
	diameter float32
	label    string // for screen readers, and beside the pointer
	tapped   func()
	hover    func(entered bool) // the pointer came or went; may be nil

	hovered, focused, disabled bool
}

func newIconButton(icon fyne.Resource, label string, diameter float32, tapped func()) *iconButton {
	b := &iconButton{icon: icon, label: label, diameter: diameter, tapped: tapped, color: colorMuted, fill: colorNone}
	b.ExtendBaseWidget(b)
	return b
}

// accented makes the button the most visible one around.
func (b *iconButton) accented() *iconButton {
	b.color, b.fill = theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary
	return b
}

func (b *iconButton) setIcon(icon fyne.Resource, color fyne.ThemeColorName) {
	b.icon, b.color = icon, color
	b.Refresh()
}

// Enable, Disable and Disabled implement fyne.Disableable.
func (b *iconButton) Enable()        { b.setDisabled(false) }
func (b *iconButton) Disable()       { b.setDisabled(true) }
func (b *iconButton) Disabled() bool { return b.disabled }

func (b *iconButton) setDisabled(disabled bool) {
	if b.disabled != disabled {
		b.disabled = disabled
		b.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (b *iconButton) Tapped(*fyne.PointEvent) {
	if !b.disabled && b.tapped != nil {
		hideTip(b)
		b.tapped()
	}
}

// Cursor implements desktop.Cursorable.
func (b *iconButton) Cursor() desktop.Cursor {
	if b.disabled {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
// The label explains the button.
func (b *iconButton) MouseIn(*desktop.MouseEvent) {
	b.hovered = true
	b.Refresh()
	showTip(b, b.label)
	if b.hover != nil {
		b.hover(true)
	}
}

func (b *iconButton) MouseMoved(*desktop.MouseEvent) {}

func (b *iconButton) MouseOut() {
	b.hovered = false
	b.Refresh()
	hideTip(b)
	if b.hover != nil {
		b.hover(false)
	}
}

// FocusGained, FocusLost, TypedRune and TypedKey implement fyne.Focusable.
func (b *iconButton) FocusGained()     { b.focused = true; b.Refresh(); gotFocus(b) }
func (b *iconButton) FocusLost()       { b.focused = false; b.Refresh() }
func (b *iconButton) TypedRune(r rune) { passRune(b, r) }

func (b *iconButton) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.Tapped(nil)
	default:
		passKey(b, key)
	}
}

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (b *iconButton) AccessibilityLabel() string             { return b.label }
func (b *iconButton) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (b *iconButton) CreateRenderer() fyne.WidgetRenderer {
	back, tint := canvas.NewCircle(colorFor(b, b.fill)), canvas.NewCircle(colorFor(b, colorNone))
	image := newImage(colored(b.icon, b.color))
	d := &drawing{objects: []fyne.CanvasObject{back, tint, image}}
	d.layout = func(size fyne.Size) {
		side := min(size.Width, size.Height, b.diameter)
		x, y := (size.Width-side)/2, (size.Height-side)/2
		place(back, x, y, side, side)
		place(tint, x, y, side, side)
		inner := side * 0.56
		place(image, (size.Width-inner)/2, (size.Height-inner)/2, inner, inner)
	}
	d.minSize = func() fyne.Size { return fyne.NewSquareSize(b.diameter) }
	d.refresh = func() {
		fill, ink := b.fill, b.color
		if b.disabled {
			ink = theme.ColorNameDisabled
			if fill != colorNone {
				fill = theme.ColorNameDisabledButton
			}
		}
		back.FillColor = colorFor(b, fill)
		tint.FillColor = colorFor(b, b.tint())
		image.Resource = colored(b.icon, ink)
		back.Refresh()
		tint.Refresh()
		image.Refresh()
	}
	d.refresh()
	return d
}

func (b *iconButton) tint() fyne.ThemeColorName {
	switch {
	case b.disabled:
		return colorNone
	case b.focused:
		return theme.ColorNameFocus
	case b.hovered:
		return theme.ColorNameHover
	}
	return colorNone
}
