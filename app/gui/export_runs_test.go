package gui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"feihong/app/chat"
	"feihong/assets/translations"
)

// ShownLines returns the lines of something that draws a text in several parts;
// ok is false for anything else.
func ShownLines(o fyne.CanvasObject) (lines []string, ok bool) {
	switch o := o.(type) {
	case *emojiPicture:
		return []string{o.emoji}, true
	case *textLine:
		return []string{shownIn(o)}, true
	case *bodyText:
		for _, line := range o.lines {
			var text strings.Builder
			for _, p := range o.pieces(line.start, line.end) {
				text.WriteString(shownText(o.text[p.start:p.end]))
			}
			lines = append(lines, text.String())
		}
		return lines, true
	}
	return nil, false
}

// shownIn is what a line shows.
func shownIn(l *textLine) string { return test.WidgetRenderer(l).(*lineDrawing).shown }

// Runs cuts a text where it is drawn in another way: before an emoji stands e,
// before marks that are not Chinese l.
func Runs(text string) (runs []string) {
	for _, r := range runsIn(text, 0, len(text), false) {
		runs = append(runs, [...]string{asText: "", asEmoji: "e", asLatin: "l"}[r.way]+text[r.start:r.end])
	}
	return runs
}

// Box is where something is drawn.
type Box struct{ X, Y, Width, Height float32 }

// Body is how a text is drawn: the grounds of code, and the lines of other text
// without the empty space above and below their letters.
type Body struct {
	Width, Height  float32
	Grounds, Plain []Box
}

// ShowBody draws a text in lines of a width.
func ShowBody(text string, width float32) Body {
	c := readContent(text)
	lines, _ := c.wrap(width, 100)
	b := newBodyText(textSize, theme.ColorNameForeground)
	b.showContent(c, lines, theme.ColorNameForeground)
	shown := Body{Width: width, Height: b.tops[len(lines)]}
	b.Resize(fyne.NewSize(width, shown.Height))
	draw := test.WidgetRenderer(b).(*bodyDrawing)
	for _, ground := range draw.grounds {
		shown.Grounds = append(shown.Grounds, Box{ground.Position().X, ground.Position().Y, ground.Size().Width, ground.Size().Height})
	}
	for i, line := range lines {
		x := b.indent(line)
		for _, p := range b.pieces(line.start, line.end) {
			wide := b.pieceWidth(p)
			if !p.mono() {
				shown.Plain = append(shown.Plain, Box{x, b.tops[i] + 2, wide, rowHeight(textSize) - 4})
			}
			x += wide
		}
	}
	return shown
}

// Bare says whether a message has no bubble, how high the ground behind it is,
// and how high it is itself.
func Bare(text string) (bare bool, ground, whole float32) {
	words := &wording{Catalog: translations.New("en"), now: time.Now}
	m := chat.Message{Text: text, Time: time.Now()}
	shape := measureBubble(m, 300, false, words)
	b := newBubble(&messageHooks{})
	b.Resize(fyne.NewSize(600, shape.height))
	b.show(m, shape, grouping{}, words, nil)
	return shape.bare, test.WidgetRenderer(b).(*bubbleDrawing).back.Size().Height, shape.height
}
