package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// modal is a card above the dimmed window. There is at most one; Escape closes
// it.
type modal struct {
	window *Window
	popup  *widget.PopUp
	body   *container.Scroll
	inner  *container.Scroll // a list within the body that scrolls by itself; may be nil
	wish   float32           // the height of inner, if there is room
	closed func()
}

// openModal shows a card with a title, something in it and buttons below.
func (w *Window) openModal(title string, width float32, content fyne.CanvasObject, closed func(), buttons ...fyne.CanvasObject) *modal {
	if w.modal != nil {
		w.modal.hide()
	}
	head := newShrinkingLine(18, theme.ColorNameForeground, title)
	head.strong = true
	foot := container.New(&wrapping{gap: 8, trailing: true})
	for _, button := range buttons {
		if b, ok := button.(*dialogButton); ok {
			b.escape = w.escape
		}
		foot.Add(button)
	}
	m := &modal{window: w, closed: closed, body: container.NewVScroll(padded(modalRim, modalRim, modalRim, modalRim, content))}
	card := container.New(&modalLayout{modal: m, canvas: w.win.Canvas(), width: width}, head, m.body, foot)
	m.popup = widget.NewModalPopUp(card, w.win.Canvas())
	w.modal = m
	m.popup.Show()
	return m
}

// fit gives the card the size that its content needs now, and keeps it in the
// middle of the window.
func (m *modal) fit() {
	m.popup.Resize(m.popup.MinSize())
	window, card := m.popup.Canvas.Size(), m.popup.Size()
	m.popup.Move(fyne.NewPos(max((window.Width-card.Width)/2, 0), max((window.Height-card.Height)/2, 0)))
	m.popup.Refresh()
}

// scrollsBy makes a list within the body scroll by itself, lower than it is now
// where there is no room.
func (m *modal) scrollsBy(inner *container.Scroll) {
	m.inner, m.wish = inner, inner.MinSize().Height
	m.fit()
}

// scrolls are what can be scrolled, the innermost first.
func (m *modal) scrolls() []*container.Scroll { return []*container.Scroll{m.inner, m.body} }

func (m *modal) hide() {
	if m.window.modal != m {
		return
	}
	m.window.modal = nil
	m.popup.Hide()
	if m.closed != nil {
		m.closed()
	}
	m.window.focusComposer()
}

// covered says that something lies above the window and takes the keys.
func (w *Window) covered() bool {
	return w.modal != nil || w.picker != nil || w.viewer != nil || w.emoji != nil
}

// modalLayout gives a card its width and the height that it needs, as far as the
// window has room. What does not fit between title and buttons is scrolled to.
type modalLayout struct {
	modal  *modal
	canvas fyne.Canvas
	width  float32 // if there is room
}

// Measures of a card.
const (
	modalEdge   = 12 // to the edge of the window
	modalTop    = 16
	modalBottom = 12
	modalSide   = 20
	modalGap    = 14
	modalRim    = 3   // around the body, where the focus shows
	modalInner  = 116 // a list within the body does not get lower
)

// parts returns how wide the card is, and how high its three parts are at that.
func (l *modalLayout) parts(o []fyne.CanvasObject) (width float32, heights [3]float32) {
	width = min(l.width, l.canvas.Size().Width-2*modalEdge)
	if inner := l.modal.inner; inner != nil {
		inner.SetMinSize(fyne.NewSize(0, l.modal.wish))
		defer func() {
			over := sumOf(heights) + modalAround - l.most()
			if over <= 0 {
				return
			}
			less := min(over, max(l.modal.wish-modalInner, 0))
			inner.SetMinSize(fyne.NewSize(0, l.modal.wish-less))
			heights[1] -= less
		}()
	}
	for i, part := range []fyne.CanvasObject{o[0], o[1].(*container.Scroll).Content, o[2]} {
		inside := width - 2*modalSide
		if i == 1 {
			inside += 2 * modalRim
		}
		part.Resize(fyne.NewSize(inside, part.MinSize().Height)) // wraps its text
		heights[i] = part.MinSize().Height
	}
	return width, heights
}

// Layout implements fyne.Layout.
func (l *modalLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	_, heights := l.parts(o)
	inside := size.Width - 2*modalSide
	body := max(size.Height-modalAround-heights[0]-heights[2], 0) // with its rim
	place(o[0], modalSide, modalTop, inside, heights[0])
	place(o[1], modalSide-modalRim, modalTop+heights[0]+modalGap-modalRim, inside+2*modalRim, body)
	place(o[2], modalSide, size.Height-modalBottom-heights[2], inside, heights[2])
}

// MinSize implements fyne.Layout.
func (l *modalLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	width, heights := l.parts(o)
	return fyne.NewSize(width, min(sumOf(heights)+modalAround, l.most()))
}

// modalAround is the height around the three parts. The rim of the body lies in
// the gaps.
const modalAround = modalTop + modalBottom + 2*modalGap - 2*modalRim

// most is how high a card can be.
func (l *modalLayout) most() float32 { return l.canvas.Size().Height - 2*modalEdge }

func sumOf(heights [3]float32) float32 { return heights[0] + heights[1] + heights[2] }

// open says that the card is still on the screen.
func (m *modal) open() bool { return m.window.modal == m }

// showMenuAt opens a menu at a place in the window.
func showMenuAt(c fyne.Canvas, at fyne.Position, items []*fyne.MenuItem) {
	widget.ShowPopUpMenuAtPosition(menuOf(items), c, at)
}

// menuOf makes a menu with its dots as the toolkit can draw them.
func menuOf(items []*fyne.MenuItem) *fyne.Menu {
	for _, item := range items {
		item.Label = dotted(item.Label)
		if item.ChildMenu != nil {
			item.ChildMenu = menuOf(item.ChildMenu.Items)
		}
	}
	return fyne.NewMenu("", items...)
}

// field puts a caption above an object.
func field(caption string, o fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(4), newTextLine(smallSize, colorMuted, caption), o)
}

// dialogButton is a button that is wide enough to be hit, however short its
// text is.
type dialogButton struct {
	widget.Button
	escape func() bool // true if something was done
}

const dialogButtonWidth = 84

func newDialogButton(text string, icon fyne.Resource, tapped func()) *dialogButton {
	b := &dialogButton{}
	b.Text, b.Icon, b.OnTapped = dotted(text), icon, tapped
	b.ExtendBaseWidget(b)
	return b
}

// TypedKey implements fyne.Focusable. A button that has the focus gets Escape
// before the window does.
func (b *dialogButton) TypedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyEscape && b.escape != nil && b.escape() {
		return
	}
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		b.press()
	default:
		passKey(b, key)
	}
}

// press taps the button and leaves it the focus, which the toolkit takes away, if
// it is still there and nothing else got it.
func (b *dialogButton) press() {
	c := fyne.CurrentApp().Driver().CanvasForObject(b)
	if c == nil {
		return
	}
	above := c.Overlays().Top()
	b.Tapped(nil)
	if c.Focused() == nil && c.Overlays().Top() == above && b.Visible() && !b.Disabled() {
		c.Focus(b)
	}
}

// FocusGained implements fyne.Focusable.
func (b *dialogButton) FocusGained() {
	b.Button.FocusGained()
	gotFocus(b)
}

// MinSize implements fyne.CanvasObject.
func (b *dialogButton) MinSize() fyne.Size {
	return b.Button.MinSize().Max(fyne.NewSize(dialogButtonWidth, 0))
}
