package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
	"github.com/rivo/uniseg"
)

// bodyText shows a wrapped text whose lines were found by wrapText, and lets
// the user select and copy. The lines are for the eye only: a copy has the
// line breaks that the writer typed and no others.
type bodyText struct {
	widget.BaseWidget
	text  string
	lines []span
	size  float32
	color fyne.ThemeColorName

	// The selection runs between two bytes of text, in either order.
	anchor, caret int
	selecting     bool // the button is down

	onSelect func(*bodyText)             // a selection begins here
	onMenu   func(at fyne.Position)      // the secondary button, in the window's coordinates
	onTyped  func(rune)                  // typed while the text has the focus
	onKey    func(sh fyne.Shortcut) bool // shortcuts that are not about the selection

	draw *bodyDrawing
}

func newBodyText(size float32, color fyne.ThemeColorName) *bodyText {
	b := &bodyText{size: size, color: color}
	b.ExtendBaseWidget(b)
	return b
}

// show sets text and lines.
func (b *bodyText) show(text string, lines []span, color fyne.ThemeColorName) {
	if b.text != text {
		b.anchor, b.caret, b.selecting = 0, 0, false
	}
	b.text, b.lines, b.color = text, lines, color
	b.Refresh()
}

// rowHeight is the distance between two lines: airy enough for Chinese.
func rowHeight(size float32) float32 { return lineHeight(size) + 2 }

// selected returns the selected part of the text.
func (b *bodyText) selected() string {
	from, to := b.selection()
	return b.text[from:to]
}

func (b *bodyText) selection() (from, to int) {
	return min(b.anchor, b.caret), max(b.anchor, b.caret)
}

func (b *bodyText) clearSelection() {
	if b.anchor != b.caret {
		b.caret = b.anchor
		b.refreshSelection()
	}
}

// textAt returns the byte of the text that is shown at a position.
func (b *bodyText) textAt(p fyne.Position) int {
	if len(b.lines) == 0 {
		return 0
	}
	line := b.lines[min(max(int(p.Y/rowHeight(b.size)), 0), len(b.lines)-1)]
	x, state, rest := float32(0), -1, b.text[line.start:line.end]
	for at := line.start; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		next := measure(shownText(b.text[line.start:at+len(cluster)]), b.size)
		if p.X < (x+next)/2 {
			return at
		}
		x, at = next, at+len(cluster)
	}
	return line.end
}

// wordAt returns the bytes of the word around a byte.
func (b *bodyText) wordAt(at int) (from, to int) {
	state, rest := -1, b.text
	for from = 0; rest != ""; from = to {
		var word string
		word, rest, state = uniseg.FirstWordInString(rest, state)
		if to = from + len(word); at < to {
			return from, to
		}
	}
	return from, len(b.text)
}

func (b *bodyText) refreshSelection() {
	if b.draw != nil {
		b.draw.layoutSelection()
	}
}

// CreateRenderer implements fyne.Widget.
func (b *bodyText) CreateRenderer() fyne.WidgetRenderer {
	b.draw = &bodyDrawing{body: b}
	b.draw.Refresh()
	return b.draw
}

// bodyDrawing renders a bodyText: behind, a rectangle for each selected line;
// before them a canvas text for each line.
type bodyDrawing struct {
	body  *bodyText
	marks []*canvas.Rectangle
	texts []*canvas.Text
	all   []fyne.CanvasObject
}

// Destroy implements fyne.WidgetRenderer.
func (d *bodyDrawing) Destroy() {}

// Layout implements fyne.WidgetRenderer.
func (d *bodyDrawing) Layout(size fyne.Size) {
	height := rowHeight(d.body.size)
	for i, text := range d.texts {
		place(text, 0, float32(i)*height, size.Width, height)
	}
	d.layoutSelection()
}

// MinSize implements fyne.WidgetRenderer. The widget is given the size that
// was measured when its lines were found.
func (d *bodyDrawing) MinSize() fyne.Size { return fyne.Size{} }

// Objects implements fyne.WidgetRenderer.
func (d *bodyDrawing) Objects() []fyne.CanvasObject { return d.all }

// Refresh implements fyne.WidgetRenderer.
func (d *bodyDrawing) Refresh() {
	b := d.body
	if len(d.texts) > len(b.lines) {
		d.texts = d.texts[:len(b.lines)]
	}
	for len(d.texts) < len(b.lines) {
		d.texts = append(d.texts, canvas.NewText("", nil))
	}
	for i, line := range b.lines {
		text := d.texts[i]
		text.Text, text.TextSize = shownText(b.text[line.start:line.end]), b.size
		text.Color = colorFor(b, b.color)
		text.Refresh()
	}
	d.Layout(b.Size())
}

func (d *bodyDrawing) layoutSelection() {
	b, used := d.body, 0
	from, to := b.selection()
	for i, line := range b.lines {
		first, last := max(from, line.start), min(to, line.end)
		if first >= last {
			continue
		}
		if used == len(d.marks) {
			d.marks = append(d.marks, canvas.NewRectangle(nil))
		}
		mark := d.marks[used]
		used++
		left := measure(shownText(b.text[line.start:first]), b.size)
		right := measure(shownText(b.text[line.start:last]), b.size)
		mark.FillColor, mark.CornerRadius = colorFor(b, colorSelectText), 2
		place(mark, left, float32(i)*rowHeight(b.size), right-left, rowHeight(b.size))
		mark.Refresh()
	}
	d.marks = d.marks[:used]
	d.all = d.all[:0]
	for _, mark := range d.marks {
		d.all = append(d.all, mark)
	}
	for _, text := range d.texts {
		d.all = append(d.all, text)
	}
	canvas.Refresh(b)
}

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (b *bodyText) AccessibilityLabel() string             { return b.text }
func (b *bodyText) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }
