package gui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// fieldView is the whole text of a textField as the scroller sees it. It has
// objects for the rows in sight only: behind, rectangles for the selection;
// then a canvas text for each row; before them the caret.
type fieldView struct {
	widget.BaseWidget
	field   *textField
	hint    *canvas.Text // the placeholder
	caret   *canvas.Rectangle
	grounds []*canvas.Rectangle
	texts   []*canvas.Text
	objects []fyne.CanvasObject
}

func newFieldView(f *textField) *fieldView {
	v := &fieldView{field: f, hint: canvas.NewText("", nil), caret: canvas.NewRectangle(nil)}
	v.caret.Hide()
	v.objects = []fyne.CanvasObject{v.hint, v.caret}
	v.ExtendBaseWidget(v)
	return v
}

const (
	caretWidth = 1
	// breakWidth is how wide a selected line break is.
	breakWidth = 4
)

// fit tells the scroller how high the text is now.
func (v *fieldView) fit() {
	s := v.field.scroll
	if high := s.Size().Height; high > 0 && v.Size().Height != max(v.MinSize().Height, high) {
		s.Refresh()
	}
}

// draw brings what is in sight up to date. Only what changes is drawn again.
func (v *fieldView) draw() {
	f := v.field
	size := f.scroll.Size()
	if size.Height <= 0 {
		return
	}
	row, pad := f.rowHeight(), f.padding()
	first := max(int((f.scroll.Offset.Y-pad)/row), 0)
	v.reserve(int(size.Height/row) + 2)
	for i := range v.texts {
		v.drawRow(first+i, row, pad)
	}
	v.drawHint(row, pad)
	v.drawCaret(row, pad)
}

// reserve makes objects for so many rows.
func (v *fieldView) reserve(rows int) {
	if len(v.texts) >= rows {
		return
	}
	for len(v.texts) < rows {
		ground, text := canvas.NewRectangle(nil), canvas.NewText("", nil)
		ground.Hide()
		text.Hide()
		v.grounds, v.texts = append(v.grounds, ground), append(v.texts, text)
	}
	v.objects = v.objects[:0]
	for _, ground := range v.grounds {
		v.objects = append(v.objects, ground)
	}
	for _, text := range v.texts {
		v.objects = append(v.objects, text)
	}
	v.objects = append(v.objects, v.hint, v.caret)
	v.recolor()
	canvas.Refresh(v)
}

// drawRow draws a row with the objects that are always those of this row while
// it is in sight.
func (v *fieldView) drawRow(at int, row, pad float32) {
	f := v.field
	ground, text := v.grounds[at%len(v.grounds)], v.texts[at%len(v.texts)]
	if at >= len(f.rows.rows) {
		ground.Hide()
		text.Hide()
		return
	}
	r, y := f.rows.rows[at], pad+float32(at)*row
	shown := fieldShown(f.body.text[r.start:r.solid])
	if text.Text != shown {
		text.Text = shown
		text.Refresh()
	}
	setShown(text, shown != "")
	moveTo(text, pad, y, v.Size().Width-2*pad, row)

	from, to := f.body.selection()
	from, to = max(from, r.start), min(to, r.next)
	setShown(ground, from < to)
	if from >= to {
		return
	}
	left, right := f.rows.x(f.body.text, at, from), f.rows.x(f.body.text, at, min(to, r.stop()))
	if to > r.stop() {
		right += breakWidth
	}
	moveTo(ground, pad+left, y, right-left, row)
}

func (v *fieldView) drawHint(row, pad float32) {
	f := v.field
	setShown(v.hint, f.body.text == "")
	if f.body.text != "" {
		return
	}
	width, size := v.Size().Width-2*pad, f.textSize()
	shown := ellipsize(oneLine(f.placeholder), width, func(s string) float32 { return measure(s, size) })
	if v.hint.Text != shown {
		v.hint.Text = shown
		v.hint.Refresh()
	}
	moveTo(v.hint, pad, pad, width, row)
}

func (v *fieldView) drawCaret(row, pad float32) {
	f := v.field
	setShown(v.caret, f.focused && f.caret.lit)
	at := f.cursorRow()
	moveTo(v.caret, pad+f.rows.x(f.body.text, at, f.body.cursor), pad+float32(at)*row, caretWidth, row)
}

// moveTo is place, but nothing is drawn again if there is nothing to do.
func moveTo(o fyne.CanvasObject, x, y, width, height float32) {
	if at := fyne.NewPos(x, y); o.Position() != at {
		o.Move(at)
	}
	if size := fyne.NewSize(width, height); o.Size() != size {
		o.Resize(size)
	}
}

// recolor gives all objects the colours and the size of the theme.
func (v *fieldView) recolor() {
	f := v.field
	size := f.textSize()
	for i, text := range v.texts {
		recolorText(text, colorFor(f, theme.ColorNameForeground), size)
		recolorRectangle(v.grounds[i], colorFor(f, theme.ColorNameSelection))
	}
	recolorText(v.hint, colorFor(f, theme.ColorNamePlaceHolder), size)
	recolorRectangle(v.caret, colorFor(f, theme.ColorNamePrimary))
}

func recolorText(text *canvas.Text, color color.Color, size float32) {
	if text.Color != color || text.TextSize != size {
		text.Color, text.TextSize = color, size
		text.Refresh()
	}
}

func recolorRectangle(r *canvas.Rectangle, color color.Color) {
	if r.FillColor != color {
		r.FillColor = color
		r.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (v *fieldView) CreateRenderer() fyne.WidgetRenderer {
	v.recolor()
	return &fieldDrawing{v}
}

// fieldDrawing renders a fieldView.
type fieldDrawing struct{ view *fieldView }

func (d *fieldDrawing) Destroy()                     {}
func (d *fieldDrawing) Objects() []fyne.CanvasObject { return d.view.objects }
func (d *fieldDrawing) Layout(fyne.Size)             { d.view.draw() }
func (d *fieldDrawing) MinSize() fyne.Size {
	f := d.view.field
	return fyne.NewSize(0, float32(len(f.rows.rows))*f.rowHeight()+2*f.padding())
}
func (d *fieldDrawing) Refresh() {
	d.view.recolor()
	d.view.draw()
}
