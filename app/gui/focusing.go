package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// gotFocus tells the window that a widget has the focus, so that it is brought
// into sight.
func gotFocus(o fyne.CanvasObject) {
	if l := tipLayerOf(o); l != nil && l.focused != nil {
		l.focused(o)
	}
}

// passKey hands a key that the widget with the focus has no use for to the
// window.
func passKey(o fyne.CanvasObject, key *fyne.KeyEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(key)
	}
}

// passRune hands what is typed on a button to the window. The blank is what
// pressed the button.
func passRune(o fyne.CanvasObject, r rune) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil && c.OnTypedRune() != nil && r != ' ' {
		c.OnTypedRune()(r)
	}
}

// typedKey takes the keys that nothing else took.
func (w *Window) typedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyEscape {
		w.escape()
		return
	}
	for _, scroll := range w.scrolls() {
		if scrollByKey(scroll, key.Name) {
			return
		}
	}
}

// scrolls are what can be scrolled of that which is in front, the innermost
// first.
func (w *Window) scrolls() []*container.Scroll {
	switch {
	case w.modal != nil:
		return w.modal.scrolls()
	case w.settings != nil:
		return []*container.Scroll{w.settings.scroll}
	case w.doctor != nil:
		return []*container.Scroll{w.right.doctor.scroll}
	}
	if w.talk != nil {
		return []*container.Scroll{w.timeline.scroll}
	}
	return []*container.Scroll{w.right.empty.scroll, w.left.lonely.scroll}
}

// revealFocus scrolls to what has the focus.
func (w *Window) revealFocus(o fyne.CanvasObject) {
	for _, scroll := range w.scrolls() {
		if scroll != nil && moves(o, scroll) {
			scrollTo(scroll, o)
		}
	}
}

// moves says that an object lies in a scroll: it goes along with the content.
// The toolkit has no way from an object to what it lies in.
func moves(o fyne.CanvasObject, scroll *container.Scroll) bool {
	driver := fyne.CurrentApp().Driver()
	before, at := driver.AbsolutePositionForObject(o), scroll.Content.Position()
	scroll.Content.Move(at.AddXY(0, 1))
	after := driver.AbsolutePositionForObject(o)
	scroll.Content.Move(at)
	return before != after
}

// revealMargin is what is seen above and below of what has the focus.
const revealMargin = 12

func scrollTo(scroll *container.Scroll, o fyne.CanvasObject) {
	driver := fyne.CurrentApp().Driver()
	top := driver.AbsolutePositionForObject(o).Y - driver.AbsolutePositionForObject(scroll.Content).Y - revealMargin
	bottom := top + o.Size().Height + 2*revealMargin
	offset, height := scroll.Offset.Y, scroll.Size().Height
	if bottom > offset+height {
		offset = bottom - height
	}
	if top < offset {
		offset = top
	}
	offset = max(min(offset, scroll.Content.Size().Height-height), 0)
	if offset != scroll.Offset.Y {
		scroll.ScrollToOffset(fyne.NewPos(0, offset))
	}
}

// keyStep is how far an arrow scrolls.
const keyStep = 48

// scrollByKey scrolls as far as a key means. It returns false for other keys,
// and if there is nothing to scroll.
func scrollByKey(scroll *container.Scroll, key fyne.KeyName) bool {
	if scroll == nil || scroll.Content.Size().Height <= scroll.Size().Height {
		return false
	}
	page := max(scroll.Size().Height-keyStep, keyStep)
	by, known := map[fyne.KeyName]float32{
		fyne.KeyUp: -keyStep, fyne.KeyDown: keyStep, fyne.KeyPageUp: -page, fyne.KeyPageDown: page,
		fyne.KeyHome: -scroll.Content.Size().Height, fyne.KeyEnd: scroll.Content.Size().Height,
	}[key]
	if !known {
		return false
	}
	most := scroll.Content.Size().Height - scroll.Size().Height
	scroll.ScrollToOffset(fyne.NewPos(0, max(min(scroll.Offset.Y+by, most), 0)))
	return true
}
