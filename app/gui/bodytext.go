package gui

import (
	"net/url"
	"sort"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
	"github.com/rivo/uniseg"
)

// bodyText shows a wrapped text whose lines were found before, and lets the
// user select and copy. The lines are for the eye only: a copy has the line
// breaks that the writer typed and no others.
type bodyText struct {
	widget.BaseWidget
	content
	lines []span
	tops  []float32 // of the lines, and where the last one ends
	color fyne.ThemeColorName
	found []span // words that were searched for

	// The selection runs between two bytes of text, in either order.
	anchor, caret int
	selecting     bool // the button is down
	focused       bool
	pressed       *part // the link on which it went down
	over          *part // the link under the pointer

	onSelect func(*bodyText)             // a selection begins here
	onMenu   func(at fyne.Position)      // the secondary button, in the window's coordinates
	onTyped  func(rune)                  // typed while the text has the focus
	onKey    func(sh fyne.Shortcut) bool // shortcuts that are not about the selection
	onLink   func(shown string, link *url.URL)

	draw *bodyDrawing
}

func newBodyText(size float32, color fyne.ThemeColorName) *bodyText {
	b := &bodyText{content: content{size: size}, color: color}
	b.ExtendBaseWidget(b)
	return b
}

// show sets a plain text and its lines.
func (b *bodyText) show(text string, lines []span, color fyne.ThemeColorName) {
	b.showContent(&content{text: text, size: b.size}, lines, color)
}

// showContent sets a text with what is in it, and its lines.
func (b *bodyText) showContent(c *content, lines []span, color fyne.ThemeColorName) {
	if b.text != c.text {
		b.anchor, b.caret, b.selecting = 0, 0, false
		b.found = nil
	}
	b.content, b.lines, b.tops, b.color, b.pressed, b.over = *c, lines, c.tops(lines), color, nil, nil
	b.Refresh()
}

// mark puts a colour behind words that were searched for; nil takes it away.
func (b *bodyText) mark(found []span) {
	if len(b.found) == 0 && len(found) == 0 {
		return
	}
	b.found = found
	b.refreshGrounds()
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
		b.refreshGrounds()
	}
}

// textAt returns the byte of the text that is shown at a position.
func (b *bodyText) textAt(p fyne.Position) int {
	if len(b.lines) == 0 {
		return 0
	}
	line := b.lines[b.lineAt(p)]
	x := float32(0)
	p.X -= b.indent(line)
	for at := line.start; at < line.end; {
		end := min(at+clusterBytes(b.text[at:line.end]), line.end)
		next := b.width(line.start, end)
		if p.X < (x+next)/2 {
			return at
		}
		x, at = next, end
	}
	return line.end
}

func (b *bodyText) lineAt(p fyne.Position) int {
	below := sort.Search(len(b.lines), func(i int) bool { return b.tops[i] > p.Y })
	return max(below-1, 0)
}

// linkAt returns the link that is shown at a position, or nil.
func (b *bodyText) linkAt(p fyne.Position) *part {
	if len(b.parts) == 0 || len(b.lines) == 0 || p.Y < 0 || p.Y >= b.tops[len(b.lines)] {
		return nil
	}
	line, x := b.lines[b.lineAt(p)], float32(0)
	for _, piece := range b.pieces(line.start, line.end) {
		next := x + b.pieceWidth(piece)
		if p.X >= x && p.X < next {
			if piece.part != nil && piece.part.look == lookLink {
				return piece.part
			}
			return nil
		}
		x = next
	}
	return nil
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

func (b *bodyText) refreshGrounds() {
	if b.draw != nil {
		b.draw.layoutGrounds()
	}
}

// CreateRenderer implements fyne.Widget.
func (b *bodyText) CreateRenderer() fyne.WidgetRenderer {
	b.draw = &bodyDrawing{body: b}
	b.draw.Refresh()
	return b.draw
}

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (b *bodyText) AccessibilityLabel() string             { return b.text }
func (b *bodyText) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }
