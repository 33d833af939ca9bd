package gui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"feihong/assets/translations"
)

// ScreenEditor marks a picture of the screen.
type ScreenEditor struct{ *screenEditor }

// NewScreenEditor makes one without a window.
func NewScreenEditor(lang string, screen *image.RGBA, done func(*image.RGBA)) ScreenEditor {
	return ScreenEditor{newScreenEditor(&wording{Catalog: translations.New(lang)}, screen, done)}
}

// ScreenEditor returns that of the window, nothing if none is open.
func (w *Window) ScreenEditor() (ScreenEditor, bool) {
	return ScreenEditor{w.shot}, w.shot != nil
}

// TakeScreenshot begins, with this window on the screen or without.
func (w *Window) TakeScreenshot()       { w.takeScreenshot() }
func (w *Window) TakeScreenshotBehind() { w.takeScreenshotBehind() }

// Drag moves the pointer with its button down.
func (e ScreenEditor) Drag(from, to fyne.Position) {
	e.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: from}})
	for _, share := range []float32{0.3, 1} {
		at := from.AddXY((to.X-from.X)*share, (to.Y-from.Y)*share)
		e.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at}})
	}
	e.DragEnd()
}

// Tap taps a place, Type types.
func (e ScreenEditor) Tap(at fyne.Position) { e.Tapped(&fyne.PointEvent{Position: at}) }

func (e ScreenEditor) Type(text string) {
	for _, r := range text {
		e.TypedRune(r)
	}
}

// Press presses a key.
func (e ScreenEditor) Press(name fyne.KeyName) { e.TypedKey(&fyne.KeyEvent{Name: name}) }

// Use takes a tool by its number on the bar, Color a colour by its place.
func (e ScreenEditor) Use(number int)          { e.bar.tools[number-1].Tapped(nil) }
func (e ScreenEditor) Color(at int)            { e.bar.inks[at].Tapped(nil) }
func (e ScreenEditor) Undo()                   { e.bar.undo.Tapped(nil) }
func (e ScreenEditor) Send()                   { e.bar.send.Tapped(nil) }
func (e ScreenEditor) Marks() int              { return len(e.marks) }
func (e ScreenEditor) Region() image.Rectangle { return e.region }

// BarInside says that all tools are in sight.
func (e ScreenEditor) BarInside() bool {
	at, size := e.bar.Position(), e.bar.Size()
	return at.X >= 0 && at.Y >= 0 && at.X+size.Width <= e.Size().Width && at.Y+size.Height <= e.Size().Height
}
