package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/assets"
	"feihong/assets/translations"
)

// ShowFailure opens a small window that says why the program cannot start.
// The app ends when it is closed.
func ShowFailure(app fyne.App, words *translations.Catalog, err error) {
	app.Settings().SetTheme(NewTheme(assets.FontSC))
	window := app.NewWindow(words.Text("gui.failure.title", nil))
	window.SetIcon(fyne.NewStaticResource("feihong.png", assets.Icon))
	reason := widget.NewLabel(words.Error(err))
	reason.Wrapping = fyne.TextWrapWord
	reason.Selectable = true
	sign := container.NewVBox(widget.NewIcon(theme.ErrorIcon()))
	button := widget.NewButton(words.Text("gui.failure.close", nil), window.Close)
	button.Importance = widget.HighImportance
	buttons := container.NewHBox(layout.NewSpacer(), button)
	window.SetContent(container.NewPadded(container.NewBorder(nil, buttons, sign, nil, reason)))
	window.Resize(fyne.NewSize(480, 200))
	window.CenterOnScreen()
	window.SetMaster()
	window.Show()
}
