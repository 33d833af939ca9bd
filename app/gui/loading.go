package gui

import (
	"fyne.io/fyne/v2"

	"feihong/assets"
)

// LoadFonts begins to read the fonts, those of the system too, which takes
// about as long as opening a profile: the first text that is measured would
// wait for them. Until wait has returned nothing else may measure text or
// change the theme.
func LoadFonts(app fyne.App) (wait func()) {
	app.Settings().SetTheme(NewTheme(assets.FontSC))
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, bold := range []bool{false, true} { // the buttons are bold
			fyne.MeasureText("飞", textSize, fyne.TextStyle{Bold: bold})
		}
	}()
	return func() { <-done }
}
