package gui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// editorDrawing draws a screenEditor.
type editorDrawing struct {
	editor *screenEditor
	ground *canvas.Rectangle
	dim    [4]*canvas.Rectangle // around the region
	frame  *canvas.Rectangle
	shade  *canvas.Rectangle // behind hint and size
	size   *textLine
	caret  *canvas.Rectangle
	marks  []*canvas.Image
	drawn  []screenMark // as they are in marks
}

func newEditorDrawing(e *screenEditor) *editorDrawing {
	d := &editorDrawing{editor: e, ground: canvas.NewRectangle(nil), frame: canvas.NewRectangle(nil), shade: canvas.NewRectangle(nil),
		size: newTextLine(smallSize, colorOnShade, ""), caret: canvas.NewRectangle(nil)}
	d.size.align = fyne.TextAlignCenter
	d.shade.CornerRadius, d.frame.StrokeWidth = 8, 1.5
	for i := range d.dim {
		d.dim[i] = canvas.NewRectangle(nil)
	}
	d.Refresh()
	return d
}

// Destroy implements fyne.WidgetRenderer.
func (d *editorDrawing) Destroy() {}

// MinSize implements fyne.WidgetRenderer.
func (d *editorDrawing) MinSize() fyne.Size { return fyne.NewSize(320, 200) }

// Objects implements fyne.WidgetRenderer.
func (d *editorDrawing) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{d.ground}
	for _, tile := range d.editor.tiles {
		objects = append(objects, tile.image)
	}
	for _, m := range d.marks {
		objects = append(objects, m)
	}
	objects = append(objects, d.caret)
	for _, dim := range d.dim {
		objects = append(objects, dim)
	}
	return append(objects, d.frame, d.shade, d.size, d.editor.hint, d.editor.bar)
}

// Layout implements fyne.WidgetRenderer.
func (d *editorDrawing) Layout(size fyne.Size) {
	e := d.editor
	place(d.ground, 0, 0, size.Width, size.Height)
	for _, tile := range e.tiles {
		at, extent := e.onWindow(tile.at)
		place(tile.image, at.X, at.Y, extent.Width, extent.Height)
	}
	for i, m := range d.marks {
		at, extent := e.onWindow(d.drawn[i].bounds(e.faces).Intersect(e.screen.Rect))
		place(m, at.X, at.Y, extent.Width, extent.Height)
	}
	at, extent := e.onWindow(e.region)
	if e.region.Empty() {
		at, extent = fyne.Position{}, fyne.Size{}
	}
	right, bottom := at.X+extent.Width, at.Y+extent.Height
	place(d.dim[0], 0, 0, size.Width, at.Y)
	place(d.dim[1], 0, bottom, size.Width, max(size.Height-bottom, 0))
	place(d.dim[2], 0, at.Y, at.X, extent.Height)
	place(d.dim[3], right, at.Y, max(size.Width-right, 0), extent.Height)
	place(d.frame, at.X, at.Y, extent.Width, extent.Height)
	d.layoutWords(size, at, extent)
	d.layoutCaret()
}

// layoutWords sets the hint in the middle or, once there is a region, its size
// above it and the tools below it, wherever there is room.
func (d *editorDrawing) layoutWords(size fyne.Size, at fyne.Position, extent fyne.Size) {
	e, line := d.editor, lineHeight(textSize)
	wide := measure(e.hint.text, textSize) + 48
	place(d.shade, (size.Width-wide)/2, 40, wide, line+20)
	place(e.hint, (size.Width-wide)/2, 50, wide, line)
	bar := e.bar.MinSize()
	if e.region.Empty() {
		place(e.bar, (size.Width-bar.Width)/2, max(size.Height-bar.Height-40, 0), bar.Width, bar.Height)
		return
	}
	label := measure(d.size.text, smallSize) + 20
	y := at.Y - rowHeight(smallSize) - 8
	if y < 4 {
		y = at.Y + 6
	}
	x := min(at.X, max(size.Width-label-4, 0))
	place(d.shade, x, y, label, rowHeight(smallSize)+2)
	place(d.size, x, y+1, label, rowHeight(smallSize))
	below := at.Y + extent.Height + 10
	if below+bar.Height > size.Height-4 {
		below = max(at.Y-bar.Height-10, 0)
		if at.Y < bar.Height+14 {
			below = size.Height - bar.Height - 14
		}
	}
	place(e.bar, min(max(at.X+extent.Width-bar.Width, 4), max(size.Width-bar.Width-4, 0)), below, bar.Width, bar.Height)
}

// layoutCaret sets a line where the next letter will be.
func (d *editorDrawing) layoutCaret() {
	e := d.editor
	d.caret.Hidden = e.live == nil || e.live.tool != toolText
	if !d.caret.Hidden {
		at, extent := e.onWindow(e.live.bounds(e.faces).Inset(2))
		place(d.caret, at.X+extent.Width, at.Y, 2, extent.Height)
	}
}

// Refresh implements fyne.WidgetRenderer.
func (d *editorDrawing) Refresh() {
	e := d.editor
	chosen := !e.region.Empty()
	d.ground.FillColor = colorFor(e, colorViewer)
	for _, dim := range d.dim {
		dim.FillColor = colorFor(e, colorDim)
	}
	d.frame.FillColor, d.frame.StrokeColor = color.Transparent, colorFor(e, colorOnShade)
	d.frame.Hidden, d.size.Hidden = !chosen, !chosen
	e.hint.Hidden = chosen || len(e.marks) > 0 || e.live != nil
	d.shade.FillColor, d.shade.Hidden = colorFor(e, colorShade), !chosen && e.hint.Hidden
	d.size.setText(e.regionText())
	d.caret.FillColor = markInks[e.ink]
	d.drawMarks()
	d.Layout(e.Size())
	for _, o := range []fyne.CanvasObject{d.ground, d.frame, d.shade, d.size, d.caret, e.hint, e.bar} {
		o.Refresh()
	}
	for _, dim := range d.dim {
		dim.Refresh()
	}
	canvas.Refresh(e)
}

// drawMarks makes the pictures of marks that are new or have changed.
func (d *editorDrawing) drawMarks() {
	e := d.editor
	all := e.marks
	if e.live != nil && !e.live.empty() {
		all = append(all[:len(all):len(all)], e.live)
	}
	d.marks, d.drawn = d.marks[:min(len(d.marks), len(all))], d.drawn[:min(len(d.drawn), len(all))]
	for i, m := range all {
		if i < len(d.drawn) && d.drawn[i] == *m {
			continue
		}
		shown := &canvas.Image{Image: m.picture(e.screen, e.faces), FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest}
		if i < len(d.drawn) {
			d.marks[i], d.drawn[i] = shown, *m
			continue
		}
		d.marks, d.drawn = append(d.marks, shown), append(d.drawn, *m)
	}
}
