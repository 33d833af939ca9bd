package gui_test

import "testing"

// Tab goes from control to control and past all texts, which can be selected
// with the mouse all the same.
func TestTabPassesTexts(t *testing.T) {
	s := settingsScreen(t, "en", standardPreferences())
	texts := s.PressTexts()
	if texts == 0 {
		t.Fatal("no text of the page takes the focus when it is pressed")
	}
	s.Canvas().Unfocus()
	stops := make(map[any]bool)
	for range 100 {
		s.Canvas().FocusNext()
		stops[s.Canvas().Focused()] = true
		if s.TextFocused() {
			t.Fatal("Tab stops at a text")
		}
	}
	if len(stops) < 10 {
		t.Errorf("Tab stops at %d places only", len(stops))
	}
}
