package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// bodyDrawing renders a bodyText: behind, rectangles for code, for words that
// were searched for and for the selection; before them a canvas text for each
// piece of a line, pictures of emoji, and a line under each link.
type bodyDrawing struct {
	body     *bodyText
	grounds  []*canvas.Rectangle
	used     int // of the grounds
	texts    pool[*canvas.Text]
	at       []fyne.Position // of the texts
	pictures pool[*emojiPicture]
	lines    []*canvas.Rectangle
	all      []fyne.CanvasObject
}

// Destroy implements fyne.WidgetRenderer.
func (d *bodyDrawing) Destroy() {}

// Layout implements fyne.WidgetRenderer.
func (d *bodyDrawing) Layout(size fyne.Size) {
	height := rowHeight(d.body.size)
	for i, text := range d.texts.all() {
		placeOnLine(text, d.body.size, d.at[i].X, d.at[i].Y, max(size.Width-d.at[i].X, 0), height)
	}
	d.layoutGrounds()
}

// MinSize implements fyne.WidgetRenderer. The widget is given the size that
// was measured when its lines were found.
func (d *bodyDrawing) MinSize() fyne.Size { return fyne.Size{} }

// Objects implements fyne.WidgetRenderer.
func (d *bodyDrawing) Objects() []fyne.CanvasObject { return d.all }

// Refresh implements fyne.WidgetRenderer.
func (d *bodyDrawing) Refresh() {
	b, under := d.body, 0
	d.texts.used, d.pictures.used, d.at = 0, 0, d.at[:0]
	for i, line := range b.lines {
		at := fyne.NewPos(b.indent(line), b.tops[i])
		for _, piece := range b.pieces(line.start, line.end) {
			start := at.X
			d.showPiece(&piece, at)
			if at.X += b.pieceWidth(piece); piece.part != nil && piece.part.look == lookLink {
				d.underline(under, start, at.Y+rowHeight(b.size)-2, at.X-start)
				under++
			}
		}
	}
	d.lines = d.lines[:under]
	d.Layout(b.Size())
}

// showPiece shows a piece of a line at a position.
func (d *bodyDrawing) showPiece(p *piece, at fyne.Position) {
	runs, size := d.body.runsOf(p)
	before, _ := p.room()
	at.X += before
	for _, r := range runs {
		if r.way == asEmoji {
			d.showEmoji(r, at)
		} else {
			d.showText(p, r, size, at)
		}
		at.X += runWidth(d.body.text, r, size)
	}
}

func (d *bodyDrawing) showText(p *piece, r run, size float32, at fyne.Position) {
	b, text := d.body, d.texts.next(newText)
	d.at = append(d.at, at)
	text.Text, text.TextSize, text.FontSource = shownText(b.text[r.start:r.end]), size, r.face()
	text.TextStyle.Monospace = r.way == asCode
	color := b.color
	if p.part != nil && p.part.look == lookLink {
		color = theme.ColorNameHyperlink
	}
	text.Color = colorFor(b, color)
	text.Refresh()
}

func newText() *canvas.Text { return canvas.NewText("", nil) }

func (d *bodyDrawing) showEmoji(r run, at fyne.Position) {
	b := d.body
	picture := d.pictures.next(func() *emojiPicture { return newEmojiPicture("") })
	picture.set(b.text[r.start:r.end])
	side := emojiSide * b.size
	place(picture, at.X, at.Y+(rowHeight(b.size)-side)/2, runWidth(b.text, r, b.size), side)
}

func (d *bodyDrawing) underline(i int, x, y, width float32) {
	if i == len(d.lines) {
		d.lines = append(d.lines, canvas.NewRectangle(nil))
	}
	d.lines[i].FillColor = colorFor(d.body, theme.ColorNameHyperlink)
	place(d.lines[i], x, y, width, 1)
	d.lines[i].Refresh()
}

// layoutGrounds places what lies behind the letters.
func (d *bodyDrawing) layoutGrounds() {
	b := d.body
	d.used = 0
	d.layoutCode()
	for _, found := range b.found {
		d.highlight(found.start, found.end, colorMark)
	}
	from, to := b.selection()
	d.highlight(from, to, colorSelectText)
	d.grounds = d.grounds[:d.used]

	d.all = d.all[:0]
	for _, ground := range d.grounds {
		d.all = append(d.all, ground)
	}
	for _, text := range d.texts.all() {
		d.all = append(d.all, text)
	}
	for _, picture := range d.pictures.all() {
		d.all = append(d.all, picture)
	}
	for _, line := range d.lines {
		d.all = append(d.all, line)
	}
	canvas.Refresh(b)
}

// codeInset is how much lower than its line the ground of code within it is.
const codeInset = 1

func (d *bodyDrawing) layoutCode() {
	b := d.body
	if len(b.parts) == 0 {
		return
	}
	row := rowHeight(b.size)
	for i := 0; i < len(b.lines); i++ {
		if first := i; b.inBlock(b.lines[i]) {
			for i+1 < len(b.lines) && b.inBlock(b.lines[i+1]) {
				i++
			}
			d.ground(colorCode, 8, 0, b.tops[first]-codePad, b.Size().Width, b.tops[i]-b.tops[first]+row+2*codePad)
			continue
		}
		x := float32(0)
		for _, piece := range b.pieces(b.lines[i].start, b.lines[i].end) {
			width := b.pieceWidth(piece)
			if piece.mono() {
				before, after := piece.room()
				left, right := x+before/3, x+width-after/3
				d.ground(colorCode, 4, left, b.tops[i]+codeInset, right-left, row-2*codeInset)
			}
			x += width
		}
	}
}

// highlight puts a colour behind bytes of the text.
func (d *bodyDrawing) highlight(from, to int, color fyne.ThemeColorName) {
	b := d.body
	row := rowHeight(b.size)
	for i, line := range b.lines {
		first, last := max(from, line.start), min(to, line.end)
		if first >= last {
			continue
		}
		left := b.width(line.start, first)
		d.ground(color, 2, b.indent(line)+left, b.tops[i], b.width(line.start, last)-left, row)
	}
}

func (d *bodyDrawing) ground(color fyne.ThemeColorName, radius, x, y, width, height float32) {
	if d.used == len(d.grounds) {
		d.grounds = append(d.grounds, canvas.NewRectangle(nil))
	}
	ground := d.grounds[d.used]
	d.used++
	ground.FillColor, ground.CornerRadius = colorFor(d.body, color), radius
	place(ground, x, y, width, height)
	ground.Refresh()
}
