package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// lineDrawing renders a textLine: a canvas text for each run of it, or two if it
// is strong, and pictures of emoji.
type lineDrawing struct {
	line     *textLine
	shown    string // what is drawn of the text
	texts    pool[*canvas.Text]
	pictures pool[*emojiPicture]
	objects  []fyne.CanvasObject
}

// Destroy implements fyne.WidgetRenderer.
func (d *lineDrawing) Destroy() {}

// Objects implements fyne.WidgetRenderer.
func (d *lineDrawing) Objects() []fyne.CanvasObject { return d.objects }

// MinSize implements fyne.WidgetRenderer.
func (d *lineDrawing) MinSize() fyne.Size {
	l := d.line
	if l.shrink {
		return fyne.NewSize(0, lineHeight(l.size))
	}
	return fyne.NewSize(l.fullWidth(), lineHeight(l.size))
}

// Refresh implements fyne.WidgetRenderer.
func (d *lineDrawing) Refresh() {
	d.Layout(d.line.Size())
	ink := colorFor(d.line, d.line.color)
	for _, text := range d.texts.all() {
		text.Color = ink
		text.Refresh()
	}
	refreshAll(d.objects...)
}

// Layout implements fyne.WidgetRenderer.
func (d *lineDrawing) Layout(size fyne.Size) {
	l, before := d.line, len(d.objects)
	d.shown = l.fitted(size.Width)
	d.texts.used, d.pictures.used, d.objects = 0, 0, d.objects[:0]
	runs := runsIn(d.shown, 0, len(d.shown), false)
	x := float32(0)
	switch spare := size.Width - runsWidth(d.shown, runs, l.size); l.align {
	case fyne.TextAlignCenter:
		x = spare / 2
	case fyne.TextAlignTrailing:
		x = spare
	}
	for _, r := range runs {
		x += d.showRun(r, x, size.Height)
	}
	if len(d.objects) != before {
		canvas.Refresh(l)
	}
}

// showRun shows a run at a place in the line and returns its width.
func (d *lineDrawing) showRun(r run, x, height float32) float32 {
	l, width := d.line, runWidth(d.shown, r, d.line.size)
	if r.way == asEmoji {
		picture := d.pictures.next(func() *emojiPicture { return newEmojiPicture("") })
		picture.set(d.shown[r.start:r.end])
		side := emojiSide * l.size
		place(picture, x, (height-side)/2, width, side)
		d.objects = append(d.objects, picture)
		return width
	}
	d.showText(r, x, width, height)
	if l.strong {
		d.showText(r, x+strongShift(l), width, height)
	}
	return width
}

func (d *lineDrawing) showText(r run, x, width, height float32) {
	text, shown, size := d.texts.next(newText), shownText(d.shown[r.start:r.end]), d.line.size
	face := r.face()
	changed := text.Text != shown || text.TextSize != size || text.FontSource != face
	text.Text, text.TextSize, text.FontSource = shown, size, face
	if text.Color == nil || changed {
		text.Color = colorFor(d.line, d.line.color)
	}
	placeOnLine(text, size, x, 0, width, height)
	if changed {
		text.Refresh()
	}
	d.objects = append(d.objects, text)
}

// placeOnLine places a text in a line of texts of a size, so that its letters
// stand where the others do.
func placeOnLine(text *canvas.Text, size, x, y, width, height float32) {
	if text.TextStyle.Monospace || text.FontSource != nil || text.TextSize != size {
		y += (height-lineHeight(size))/2 + baseline(size) - baselineOf(text)
		height = text.MinSize().Height
	}
	place(text, x, y, width, height)
}

// baseline is how far below the top of a line letters stand.
func baseline(size float32) float32 {
	return baselineOf(&canvas.Text{Text: "Ág国", TextSize: size})
}

func baselineOf(text *canvas.Text) float32 {
	_, line := fyne.CurrentApp().Driver().RenderedTextSize(text.Text, text.TextSize, text.TextStyle, text.FontSource)
	return line
}
