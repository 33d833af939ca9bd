package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"feihong/app/chat"
)

// What tests do on the page of settings.

// OpenSettings opens a section.
func (w *Window) OpenSettings(section int) { w.showSettingsAt(settingsSection(section)) }

// inSettings are the widgets of a kind in the open section, in their order.
func inSettings[T fyne.CanvasObject](w *Window) []T {
	var found []T
	var visit func(o fyne.CanvasObject)
	visit = func(o fyne.CanvasObject) {
		if wanted, ok := o.(T); ok {
			found = append(found, wanted)
			return
		}
		switch o := o.(type) {
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
	visit(w.settings.body)
	return found
}

func (w *Window) SettingsField(at int) *guardedEntry { return inSettings[*guardedEntry](w)[at] }
func (w *Window) TapToggle(at int)                   { inSettings[*toggle](w)[at].Tapped(nil) }
func (w *Window) ToggleOn(at int) bool               { return inSettings[*toggle](w)[at].on }
func (w *Window) TapSwatch(at int)                   { inSettings[*swatch](w)[at].Tapped(nil) }
func (w *Window) ChosenInSettings(at int) string     { return inSettings[*choice](w)[at].Selected }
func (w *Window) PressInSettings(text string)        { press(w.settings.body, text) }
func (w *Window) ChooseInSettings(at, index int) {
	inSettings[*choice](w)[at].SetSelectedIndex(index)
}

// IsVerified tells whether it is known that somebody is verified.
func (w *Window) IsVerified(id chat.ContactID) bool {
	return w.people[id] != nil && w.people[id].Verified
}

// PressTexts presses all texts of the open section, one after the other, and
// says how many took the focus.
func (w *Window) PressTexts() int {
	count := 0
	for _, p := range inSettings[*paragraph](w) {
		p.body.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary})
		if w.TextFocused() {
			count++
		}
	}
	return count
}

// TextFocused says whether a text has the focus.
func (w *Window) TextFocused() bool {
	_, text := w.Canvas().Focused().(*bodyText)
	return text
}
