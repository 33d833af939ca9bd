// Command emptywindow opens a window with nothing in it: what the toolkit alone
// costs, for comparison with ours.
package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

func main() {
	window := app.NewWithID("im.feihong.emptywindow").NewWindow("empty")
	window.SetContent(widget.NewLabel("empty"))
	window.Resize(fyne.NewSize(980, 680))
	window.ShowAndRun()
}
