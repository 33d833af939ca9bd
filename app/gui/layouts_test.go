package gui_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"feihong/app/gui"
)

// TestPaddingIsNoLessThanNothing: painters fail at objects of negative size.
func TestPaddingIsNoLessThanNothing(t *testing.T) {
	for size, want := range map[fyne.Size]fyne.Size{
		{}:                      {},
		{Width: 5, Height: 100}: {Width: 0, Height: 94},
		{Width: 20, Height: 20}: {Width: 13, Height: 14},
	} {
		inner := canvas.NewRectangle(nil)
		gui.Padded(2, 4, 3, 4, inner).Resize(size)
		if got := inner.Size(); got != want && !(want.IsZero() && got.Width == 0 && got.Height == 0) {
			t.Errorf("in %v there are %v, want %v", size, got, want)
		}
	}
}
