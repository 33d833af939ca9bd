package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/emoji"
)

// emojiPart is a heading and the emoji below it.
type emojiPart struct {
	title string
	emoji []*emoji.Emoji
}

// emojiSheet shows emoji in parts and rows, one of them marked. Only those in
// sight are drawn: a picture takes a millisecond.
type emojiSheet struct {
	widget.BaseWidget
	parts  []emojiPart
	cells  []emojiCell
	starts []float32 // where the parts begin
	total  float32
	top    float32 // what is in sight, from there …
	seen   float32 // … so far down
	marked int     // among cells; -1 is none
	across int     // how many stand beside each other

	chosen func(*emoji.Emoji)
	onMark func(*emoji.Emoji) // nil: none is marked
	draw   *emojiDrawing
}

type emojiCell struct {
	emoji  *emoji.Emoji
	column int
	y      float32
}

// Measures of the sheet.
const (
	emojiColumns = 9
	emojiCellW   = 40
	emojiCellH   = 40
	emojiHeading = 28
	emojiSize    = 26
)

func newEmojiSheet(chosen, onMark func(*emoji.Emoji)) *emojiSheet {
	s := &emojiSheet{chosen: chosen, onMark: onMark, marked: -1, across: emojiColumns}
	s.ExtendBaseWidget(s)
	return s
}

// show puts other emoji on the sheet and marks the first.
func (s *emojiSheet) show(parts []emojiPart) {
	s.parts, s.cells, s.starts, s.total = nil, nil, nil, 0
	for _, part := range parts {
		if len(part.emoji) > 0 {
			s.add(part)
		}
	}
	s.mark(min(0, len(s.cells)-1))
	s.Refresh()
}

// fit lets as many stand beside each other as a width has room for.
func (s *emojiSheet) fit(width float32) {
	across := min(max(int(width/emojiCellW), 1), emojiColumns)
	if across == s.across {
		return
	}
	marked := s.marked
	s.across = across
	s.show(s.parts)
	if marked >= 0 {
		s.mark(marked)
	}
}

func (s *emojiSheet) add(part emojiPart) {
	s.parts, s.starts = append(s.parts, part), append(s.starts, s.total)
	s.total += emojiHeading
	for i, e := range part.emoji {
		s.cells = append(s.cells, emojiCell{emoji: e, column: i % s.across, y: s.total + float32(i/s.across)*emojiCellH})
	}
	s.total += float32((len(part.emoji)+s.across-1)/s.across) * emojiCellH
}

// look says which part of the sheet is in sight.
func (s *emojiSheet) look(top, height float32) {
	s.top, s.seen = top, height
	s.Refresh()
}

// mark marks a cell; -1 is none.
func (s *emojiSheet) mark(cell int) {
	s.marked = cell
	if cell < 0 {
		s.onMark(nil)
	} else {
		s.onMark(s.cells[cell].emoji)
	}
	if s.draw != nil {
		s.draw.showMark()
	}
}

// current returns the marked emoji, nil if none is.
func (s *emojiSheet) current() *emoji.Emoji {
	if s.marked < 0 {
		return nil
	}
	return s.cells[s.marked].emoji
}

// move moves the mark as an arrow key says.
func (s *emojiSheet) move(key fyne.KeyName) {
	switch to := s.marked; {
	case to < 0:
	case key == fyne.KeyLeft:
		s.mark(max(to-1, 0))
	case key == fyne.KeyRight:
		s.mark(min(to+1, len(s.cells)-1))
	case key == fyne.KeyUp:
		s.mark(s.otherRow(-1))
	case key == fyne.KeyDown:
		s.mark(s.otherRow(+1))
	}
}

// otherRow finds the cell above or below the marked one, or the last one there
// if the row is shorter.
func (s *emojiSheet) otherRow(step int) int {
	from, found := s.cells[s.marked], -1
	for i := s.marked + step; i >= 0 && i < len(s.cells); i += step {
		cell := s.cells[i]
		switch {
		case cell.y == from.y:
			continue
		case found >= 0 && cell.y != s.cells[found].y:
			return found
		case found < 0 || abs(cell.column-from.column) < abs(s.cells[found].column-from.column):
			found = i
		}
	}
	if found < 0 {
		return s.marked
	}
	return found
}

func abs(n int) int { return max(n, -n) }

// cellAt returns the cell at a position, -1 if there is none.
func (s *emojiSheet) cellAt(p fyne.Position) int {
	for i, cell := range s.cells {
		x := float32(cell.column) * emojiCellW
		if p.Y >= cell.y && p.Y < cell.y+emojiCellH && p.X >= x && p.X < x+emojiCellW {
			return i
		}
	}
	return -1
}

// Tapped implements fyne.Tappable.
func (s *emojiSheet) Tapped(event *fyne.PointEvent) {
	if cell := s.cellAt(event.Position); cell >= 0 {
		s.mark(cell)
		s.chosen(s.cells[cell].emoji)
	}
}

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (s *emojiSheet) MouseIn(event *desktop.MouseEvent) { s.MouseMoved(event) }
func (s *emojiSheet) MouseMoved(event *desktop.MouseEvent) {
	if cell := s.cellAt(event.Position); cell >= 0 && cell != s.marked {
		s.mark(cell)
	}
}
func (s *emojiSheet) MouseOut() {}

// CreateRenderer implements fyne.Widget.
func (s *emojiSheet) CreateRenderer() fyne.WidgetRenderer {
	s.draw = &emojiDrawing{sheet: s, mark: canvas.NewRectangle(nil)}
	s.draw.mark.CornerRadius = 8
	s.draw.Refresh()
	return s.draw
}

// emojiDrawing renders an emojiSheet.
type emojiDrawing struct {
	sheet   *emojiSheet
	mark    *canvas.Rectangle
	titles  pool[*canvas.Text]
	cells   pool[*emojiPicture]
	objects []fyne.CanvasObject
}

// Destroy implements fyne.WidgetRenderer.
func (d *emojiDrawing) Destroy() {}

// Layout implements fyne.WidgetRenderer.
func (d *emojiDrawing) Layout(fyne.Size) {}

// MinSize implements fyne.WidgetRenderer.
func (d *emojiDrawing) MinSize() fyne.Size {
	return fyne.NewSize(float32(d.sheet.across)*emojiCellW, d.sheet.total)
}

// Objects implements fyne.WidgetRenderer.
func (d *emojiDrawing) Objects() []fyne.CanvasObject { return d.objects }

// Refresh implements fyne.WidgetRenderer.
func (d *emojiDrawing) Refresh() {
	d.objects = append(d.objects[:0], d.mark)
	d.showTitles()
	d.showCells()
	d.showMark()
	canvas.Refresh(d.sheet)
}

func (d *emojiDrawing) inSight(y, height float32) bool {
	return y+height > d.sheet.top && y < d.sheet.top+d.sheet.seen
}

func (d *emojiDrawing) showTitles() {
	s := d.sheet
	d.titles.used = 0
	for i, part := range s.parts {
		if !d.inSight(s.starts[i], emojiHeading) {
			continue
		}
		title := d.titles.next(newText)
		title.Text, title.TextSize, title.Color = part.title, smallSize, colorFor(s, colorMuted)
		place(title, 6, s.starts[i]+6, emojiColumns*emojiCellW-12, lineHeight(smallSize))
		title.Refresh()
		d.objects = append(d.objects, title)
	}
}

func (d *emojiDrawing) showCells() {
	d.cells.used = 0
	for _, cell := range d.sheet.cells {
		if !d.inSight(cell.y, emojiCellH) {
			continue
		}
		picture := d.cells.next(func() *emojiPicture { return newEmojiPicture("") })
		picture.set(cell.emoji.Text)
		place(picture, float32(cell.column)*emojiCellW+(emojiCellW-emojiSize)/2, cell.y+(emojiCellH-emojiSize)/2, emojiSize, emojiSize)
		d.objects = append(d.objects, picture)
	}
}

func (d *emojiDrawing) showMark() {
	s := d.sheet
	d.mark.Hidden = s.marked < 0
	if s.marked >= 0 {
		cell := s.cells[s.marked]
		place(d.mark, float32(cell.column)*emojiCellW+1, cell.y+1, emojiCellW-2, emojiCellH-2)
	}
	d.mark.FillColor = colorFor(s, theme.ColorNameFocus)
	d.mark.Refresh()
}
