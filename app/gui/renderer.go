package gui

import "fyne.io/fyne/v2"

// drawing is the renderer of the widgets of this package: what they draw, and
// three of their methods. A nil function does nothing.
type drawing struct {
	objects []fyne.CanvasObject
	layout  func(fyne.Size)
	minSize func() fyne.Size
	refresh func()
}

func (d *drawing) Destroy() {}

func (d *drawing) Layout(size fyne.Size) {
	if d.layout != nil {
		d.layout(size)
	}
}

func (d *drawing) MinSize() fyne.Size {
	if d.minSize == nil {
		return fyne.Size{}
	}
	return d.minSize()
}

func (d *drawing) Objects() []fyne.CanvasObject { return d.objects }

func (d *drawing) Refresh() {
	if d.refresh != nil {
		d.refresh()
	}
}

// place moves and resizes an object in one go. Before its first layout a widget
// has no room for the margins around what is in it; there is no less than
// nothing, though: painters fail at that.
func place(o fyne.CanvasObject, x, y, width, height float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(max(width, 0), max(height, 0)))
}

// refreshAll passes a refresh on to the widgets inside a widget, which matters
// when the theme changes.
func refreshAll(objects ...fyne.CanvasObject) {
	for _, o := range objects {
		o.Refresh()
	}
}
