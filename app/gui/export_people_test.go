package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"feihong/app/chat"
)

// KeymapKeys returns every shortcut of the window.
func KeymapKeys() (all []desktop.CustomShortcut) {
	for _, command := range keymap() {
		all = append(all, command.keys...)
	}
	return all
}

// ReadsAs says whether typed letters are how a name is read.
func ReadsAs(name, typed string) bool { return newPinyinReader().finds(name, typed) }

// OrderOf is what a name is sorted by.
func OrderOf(name string) string { return newPinyinReader().order(name) }

func (w *Window) PeopleKeys() *keyedList { return w.left.people.list }

// PressPersonMenu chooses an item of somebody's menu, or of a menu in it.
func (w *Window) PressPersonMenu(id chat.ContactID, label string) bool {
	return pressItem(w.personItems(w.people[id]), label)
}

func pressItem(items []*fyne.MenuItem, label string) bool {
	for _, item := range items {
		if item.Label == label && !item.Disabled {
			item.Action()
			return true
		}
		if item.ChildMenu != nil && pressItem(item.ChildMenu.Items, label) {
			return true
		}
	}
	return false
}

// QRText is what the symbol in the dialog says.
func (w *Window) QRText() string {
	text := ""
	var visit func(o fyne.CanvasObject)
	visit = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *qrCode:
			text = o.text
		case *fyne.Container:
			for _, child := range o.Objects {
				visit(child)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				visit(child)
			}
		}
	}
	visit(w.modal.popup)
	return text
}

// CardSize is how large the dialog is.
func (w *Window) CardSize() fyne.Size { return w.modal.popup.Content.MinSize() }

// Focused is what has the keyboard.
func (w *Window) Focused() fyne.Focusable { return w.win.Canvas().Focused() }

// FocusedButton returns what the button of a card says that has the focus.
func (w *Window) FocusedButton() string {
	if b, ok := w.Focused().(*dialogButton); ok {
		return b.Text
	}
	return ""
}

// PressTile presses a tile of the page without a conversation by its keyboard.
func (w *Window) PressTile(text string) {
	for _, tile := range w.right.empty.tiles() {
		if tile := tile.(*actionTile); tile.text == text {
			tile.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		}
	}
}

// Isolate keeps text apart from the direction of what stands around it.
var Isolate = isolate
