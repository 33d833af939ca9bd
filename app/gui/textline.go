package gui

import (
	"math"
	"sort"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// textLine is one line of plain text that follows the theme. If it may shrink
// it takes any width and cuts what does not fit, with an ellipsis.
type textLine struct {
	widget.BaseWidget
	text   string
	color  fyne.ThemeColorName
	size   float32
	strong bool
	shrink bool
	brief  string // what a line that may shrink shows where the text has no room
	align  fyne.TextAlign
}

// strongOffset is about how far the second drawing of strong text is shifted.
// The embedded typeface has one weight; this is what makes it look heavier.
const strongOffset = 0.55

// strongShift is strongOffset in whole pixels, at least one: text is drawn at
// whole pixels, so that with less the two drawings may fall on each other.
func strongShift(o fyne.CanvasObject) float32 {
	scale := float32(1)
	if c := fyne.CurrentApp().Driver().CanvasForObject(o); c != nil && c.Scale() > 0 {
		scale = c.Scale()
	}
	return max(float32(math.Round(float64(strongOffset*scale))), 1) / scale
}

// maxLineRunes bounds what one line measures, whatever it is given.
const maxLineRunes = 240

func newTextLine(size float32, color fyne.ThemeColorName, text string) *textLine {
	l := &textLine{size: size, color: color, text: oneLine(text)}
	l.ExtendBaseWidget(l)
	return l
}

func newShrinkingLine(size float32, color fyne.ThemeColorName, text string) *textLine {
	l := newTextLine(size, color, text)
	l.shrink = true
	return l
}

func (l *textLine) set(text string, color fyne.ThemeColorName, strong bool) {
	text = oneLine(text)
	if l.text == text && l.color == color && l.strong == strong {
		return
	}
	l.text, l.color, l.strong = text, color, strong
	l.Refresh()
}

func (l *textLine) setText(text string) { l.set(text, l.color, l.strong) }

// fullWidth is how wide the whole text is.
func (l *textLine) fullWidth() float32 {
	width := lineWidth(l.text, l.size)
	if l.strong {
		width++
	}
	return width
}

// fitted is what of the text is shown in a width.
func (l *textLine) fitted(width float32) string {
	if !l.shrink {
		return l.text
	}
	text := l.text
	if l.brief != "" && lineWidth(text, l.size) > width {
		text = l.brief
	}
	return ellipsize(text, width, func(s string) float32 { return lineWidth(s, l.size) })
}

// CreateRenderer implements fyne.Widget.
func (l *textLine) CreateRenderer() fyne.WidgetRenderer {
	d := &lineDrawing{line: l}
	d.Refresh()
	return d
}

// measure returns the width of a piece of one line.
func measure(s string, size float32) float32 {
	return fyne.MeasureText(s, size, fyne.TextStyle{}).Width
}

// measureMono is measure for letters of equal width.
func measureMono(s string, size float32) float32 {
	return fyne.MeasureText(s, size, fyne.TextStyle{Monospace: true}).Width
}

// lineHeight is the height of a line in the typeface, with Latin and Chinese.
func lineHeight(size float32) float32 {
	return fyne.MeasureText("Ág国", size, fyne.TextStyle{}).Height
}

// oneLine makes text fit for a line: line breaks and tabs become spaces, and
// what is far too long is cut.
func oneLine(text string) string {
	runes := 0
	for i := range text {
		if runes++; runes > maxLineRunes {
			text = text[:i]
			break
		}
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
}

// ellipsize cuts text so that it is at most width wide.
func ellipsize(text string, width float32, measure func(string) float32) string {
	if text == "" || measure(text) <= width {
		return text
	}
	runes := []rune(text)
	fits := sort.Search(len(runes), func(n int) bool {
		return measure(string(runes[:n+1])+"…") > width
	})
	return strings.TrimRight(string(runes[:fits]), " ") + "…"
}
