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
	closed func()
}

// openModal shows a card with a title, something in it and buttons below.
func (w *Window) openModal(title string, width float32, content fyne.CanvasObject, closed func(), buttons ...fyne.CanvasObject) *modal {
	if w.modal != nil {
		w.modal.hide()
	}
	head := newShrinkingLine(18, theme.ColorNameForeground, title)
	head.strong = true
	foot := row(8, layout.NewSpacer())
	for _, button := range buttons {
		if b, ok := button.(*dialogButton); ok {
			b.escape = w.escape
		}
		foot.Add(button)
	}
	card := padded(16, 12, 20, 20, column(14, head, content, foot))
	m := &modal{window: w, closed: closed}
	m.popup = widget.NewModalPopUp(fixedWidth(width, card), w.win.Canvas())
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

// open says that the card is still on the screen.
func (m *modal) open() bool { return m.window.modal == m }

// showMenuAt opens a menu at a place in the window.
func showMenuAt(c fyne.Canvas, at fyne.Position, items []*fyne.MenuItem) {
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), c, at)
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
	b.Text, b.Icon, b.OnTapped = text, icon, tapped
	b.ExtendBaseWidget(b)
	return b
}

// TypedKey implements fyne.Focusable. A button that has the focus gets Escape
// before the window does.
func (b *dialogButton) TypedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyEscape && b.escape != nil && b.escape() {
		return
	}
	b.Button.TypedKey(key)
}

// MinSize implements fyne.CanvasObject.
func (b *dialogButton) MinSize() fyne.Size {
	return b.Button.MinSize().Max(fyne.NewSize(dialogButtonWidth, 0))
}
