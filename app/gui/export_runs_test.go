package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
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
