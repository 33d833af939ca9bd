package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// toolBar is a row of small buttons that floats above other things.
type toolBar struct {
	widget.BaseWidget
	buttons []fyne.CanvasObject
	hover   func(entered bool)
}

func newToolBar(hover func(bool), buttons ...fyne.CanvasObject) *toolBar {
	b := &toolBar{buttons: buttons, hover: hover}
	b.ExtendBaseWidget(b)
	return b
}

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (b *toolBar) MouseIn(*desktop.MouseEvent)    { b.hover(true) }
func (b *toolBar) MouseMoved(*desktop.MouseEvent) {}
func (b *toolBar) MouseOut()                      { b.hover(false) }

// Tapped implements fyne.Tappable, so that nothing behind the bar is tapped.
func (b *toolBar) Tapped(*fyne.PointEvent) {}

// CreateRenderer implements fyne.Widget.
func (b *toolBar) CreateRenderer() fyne.WidgetRenderer {
	back := canvas.NewRectangle(nil)
	d := &drawing{objects: append([]fyne.CanvasObject{back}, b.buttons...)}
	d.layout = func(size fyne.Size) {
		back.CornerRadius = size.Height / 2
		back.Resize(size)
		x := float32(toolBarPad)
		for _, o := range b.buttons {
			least := o.MinSize()
			place(o, x, (size.Height-least.Height)/2, least.Width, least.Height)
			x += least.Width
		}
	}
	d.minSize = func() fyne.Size {
		size := fyne.NewSize(2*toolBarPad, 0)
		for _, o := range b.buttons {
			least := o.MinSize()
			size = fyne.NewSize(size.Width+least.Width, max(size.Height, least.Height+2*toolBarPad))
		}
		return size
	}
	d.refresh = func() {
		back.FillColor, back.StrokeColor, back.StrokeWidth = colorFor(b, colorPane), colorFor(b, colorLine), 1
		back.Refresh()
		refreshAll(b.buttons...)
	}
	d.refresh()
	return d
}

// emojiButton is a button with an emoji on it.
type emojiButton struct {
	widget.BaseWidget
	emoji            string
	chosen           bool
	tapped           func()
	hover            func(entered bool)
	pointed, focused bool
}

// Measures of the button.
const (
	emojiButtonSize = 34
	emojiOnButton   = 22
)

func newEmojiButton(emoji string, tapped func()) *emojiButton {
	b := &emojiButton{emoji: emoji, tapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

func (b *emojiButton) setChosen(chosen bool) {
	if b.chosen != chosen {
		b.chosen = chosen
		b.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (b *emojiButton) Tapped(*fyne.PointEvent) { b.tapped() }

// Cursor implements desktop.Cursorable.
func (b *emojiButton) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (b *emojiButton) MouseIn(*desktop.MouseEvent)    { b.point(true) }
func (b *emojiButton) MouseMoved(*desktop.MouseEvent) {}
func (b *emojiButton) MouseOut()                      { b.point(false) }

func (b *emojiButton) point(pointed bool) {
	b.pointed = pointed
	b.hover(pointed)
	b.Refresh()
}

// FocusGained, FocusLost, TypedRune and TypedKey implement fyne.Focusable.
func (b *emojiButton) FocusGained()   { b.focused = true; b.Refresh(); gotFocus(b) }
func (b *emojiButton) FocusLost()     { b.focused = false; b.Refresh() }
func (b *emojiButton) TypedRune(rune) {}

func (b *emojiButton) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.tapped()
	default:
		passKey(b, key)
	}
}

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (b *emojiButton) AccessibilityLabel() string             { return b.emoji }
func (b *emojiButton) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (b *emojiButton) CreateRenderer() fyne.WidgetRenderer {
	back, picture := canvas.NewCircle(nil), newEmojiPicture(b.emoji)
	d := &drawing{objects: []fyne.CanvasObject{back, picture}}
	d.layout = func(size fyne.Size) {
		place(back, 1, 1, size.Width-2, size.Height-2)
		place(picture, (size.Width-emojiOnButton)/2, (size.Height-emojiOnButton)/2, emojiOnButton, emojiOnButton)
	}
	d.minSize = func() fyne.Size { return fyne.NewSquareSize(emojiButtonSize) }
	d.refresh = func() {
		fill := colorNone
		switch {
		case b.focused:
			fill = theme.ColorNameFocus
		case b.chosen:
			fill = colorRowOpen
		case b.pointed:
			fill = theme.ColorNameHover
		}
		back.FillColor = colorFor(b, fill)
		back.StrokeWidth = 0
		if b.chosen {
			back.StrokeColor, back.StrokeWidth = colorFor(b, theme.ColorNamePrimary), 1
		}
		back.Refresh()
		picture.Refresh()
	}
	d.refresh()
	return d
}
