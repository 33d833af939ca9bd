package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// selfBar shows the user's own name and what others see of their presence. It
// is a button: behind it is the menu with which the user changes that.
type selfBar struct {
	widget.BaseWidget
	words  *wording
	id     string
	avatar *avatar
	name   *textLine
	status *textLine
	arrow  *canvas.Image
	tapped func()
	redo   func() // colours the ground; nil before there is a renderer

	hovered, focused bool
}

// selfBarHeight is the height of the ground that answers the pointer.
const selfBarHeight = 52

func newSelfBar(words *wording, id string, tapped func()) *selfBar {
	b := &selfBar{
		words:  words,
		id:     id,
		avatar: newAvatar(38),
		name:   newShrinkingLine(titleSize, theme.ColorNameForeground, ""),
		status: newShrinkingLine(smallSize, colorMuted, ""),
		arrow:  newImage(colored(theme.MenuDropDownIcon(), colorMuted)),
		tapped: tapped,
	}
	b.name.strong = true
	b.ExtendBaseWidget(b)
	return b
}

// show tells who the user is, and in what presence; nil stands for one that
// cannot be changed.
func (b *selfBar) show(name string, p *Presence) {
	b.name.setText(name)
	status, shape := "", dotNone
	if p != nil {
		status, shape = b.words.ownStatus(*p), dotOf(p.Status)
		if p.Idle {
			shape = dotAway
		}
	}
	b.status.setText(status)
	b.avatar.show(name, b.id, shape)
	b.Refresh()
}

// Tapped implements fyne.Tappable.
func (b *selfBar) Tapped(*fyne.PointEvent) {
	if b.tapped != nil {
		b.tapped()
	}
}

// Cursor implements desktop.Cursorable.
func (b *selfBar) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (b *selfBar) MouseIn(*desktop.MouseEvent)    { b.hovered = true; b.recolor() }
func (b *selfBar) MouseMoved(*desktop.MouseEvent) {}
func (b *selfBar) MouseOut()                      { b.hovered = false; b.recolor() }

// FocusGained, FocusLost, TypedRune and TypedKey implement fyne.Focusable.
func (b *selfBar) FocusGained()     { b.focused = true; b.recolor(); gotFocus(b) }
func (b *selfBar) FocusLost()       { b.focused = false; b.recolor() }
func (b *selfBar) TypedRune(r rune) { passRune(b, r) }

func (b *selfBar) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown:
		b.Tapped(nil)
	default:
		passKey(b, key)
	}
}

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (b *selfBar) AccessibilityLabel() string             { return joined(b.name.text, b.status.text) }
func (b *selfBar) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (b *selfBar) recolor() {
	if b.redo != nil {
		b.redo()
	}
}

// CreateRenderer implements fyne.Widget.
func (b *selfBar) CreateRenderer() fyne.WidgetRenderer {
	ground := canvas.NewRectangle(nil)
	ground.CornerRadius = 10
	d := &drawing{objects: []fyne.CanvasObject{ground, b.avatar, b.name, b.status, b.arrow}}
	d.minSize = func() fyne.Size { return fyne.NewSize(160, selfBarHeight) }
	d.layout = func(size fyne.Size) {
		ground.Resize(size)
		b.layout(size)
	}
	b.redo = func() {
		fill, behind := colorNone, colorPane
		if b.focused || b.hovered {
			fill, behind = colorRowHover, colorRowHover
		}
		if b.focused {
			fill, behind = colorRowOpen, colorRowOpen
		}
		b.avatar.on(behind)
		ground.FillColor = colorFor(b, fill)
		ground.Refresh()
	}
	d.refresh = func() {
		b.layout(b.Size())
		refreshAll(b.avatar, b.name, b.status, b.arrow)
		b.redo()
	}
	d.refresh()
	return d
}

func (b *selfBar) layout(size fyne.Size) {
	const side, left, arrow = 38, 8, 20
	place(b.avatar, left, (size.Height-side)/2, side, side)
	place(b.arrow, size.Width-left-arrow, (size.Height-arrow)/2, arrow, arrow)
	x := float32(left + side + 12)
	width := max(size.Width-x-left-arrow-6, 0)
	nameHeight, statusHeight := lineHeight(titleSize), lineHeight(smallSize)
	if b.status.text == "" {
		place(b.name, x, (size.Height-nameHeight)/2, width, nameHeight)
		place(b.status, x, size.Height, width, 0)
		return
	}
	top := (size.Height - nameHeight - statusHeight - 1) / 2
	place(b.name, x, top, width, nameHeight)
	place(b.status, x, top+nameHeight+1, width, statusHeight)
}
