package gui

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
	"feihong/app/store/words"
	"feihong/protocol"
)

// hitLine is one line out of a message in which a search is marked.
type hitLine struct {
	widget.BaseWidget
	size  float32
	color fyne.ThemeColorName
	text  string
	found []span
}

func newHitLine(size float32, color fyne.ThemeColorName) *hitLine {
	h := &hitLine{size: size, color: color}
	h.ExtendBaseWidget(h)
	return h
}

// Limits of what a line shows of a message, in characters.
const (
	hitBefore = 18  // before what was found
	hitLength = 160 // of all
	maxHits   = 20  // marks
)

// show shows the part of a text around the first word of a search.
func (h *hitLine) show(text string, search words.Query) {
	h.text, h.found = hitExcerpt(text, search)
	h.Refresh()
}

// hitExcerpt returns a line out of a text that begins shortly before the first
// word of a search, and where the words are in it.
func hitExcerpt(text string, search words.Query) (line string, found []span) {
	text = flat(protocol.VisibleText(text))
	first := search.Find(text, 1)
	start := 0
	if len(first) > 0 {
		start = back(text, first[0].Start, hitBefore)
	}
	line = forth(text[start:], hitLength)
	if start > 0 {
		line = "…" + line
	}
	for _, s := range search.Find(line, maxHits) {
		found = append(found, span{s.Start, s.End})
	}
	return line, found
}

// flat puts a text on one line.
func flat(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, text))
}

// back returns where a text begins so many characters before a byte; the
// beginning if that is close anyway.
func back(text string, at, runes int) int {
	for range runes {
		if at == 0 {
			return 0
		}
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	if at < runes {
		return 0
	}
	return at
}

// forth returns the beginning of a text, so many characters at most.
func forth(text string, runes int) string {
	for i := range text {
		if runes--; runes < 0 {
			return text[:i]
		}
	}
	return text
}

// hitText is what a search finds a message by.
func hitText(m *chat.Message) string {
	if m.Kind != chat.KindFiles {
		return m.Text
	}
	names := strings.ReplaceAll(m.Names, "\n", ", ")
	if m.Text == "" {
		return names
	}
	return names + " · " + m.Text
}

// CreateRenderer implements fyne.Widget.
func (h *hitLine) CreateRenderer() fyne.WidgetRenderer {
	text := canvas.NewText("", nil)
	marks := &fyne.Container{}
	d := &drawing{objects: []fyne.CanvasObject{marks, text}}
	d.minSize = func() fyne.Size { return fyne.NewSize(0, lineHeight(h.size)) }
	d.layout = func(size fyne.Size) {
		text.Text = ellipsize(h.text, size.Width, func(s string) float32 { return measure(s, h.size) })
		text.Resize(size)
		shown := len(strings.TrimSuffix(text.Text, "…"))
		if text.Text == h.text {
			shown = len(h.text)
		}
		marks.Objects = marks.Objects[:0]
		for _, s := range h.found {
			if s.end > shown {
				break
			}
			mark := canvas.NewRectangle(colorFor(h, colorMark))
			mark.CornerRadius = 2
			left := measure(h.text[:s.start], h.size)
			place(mark, left, 0, measure(h.text[:s.end], h.size)-left, size.Height)
			marks.Objects = append(marks.Objects, mark)
		}
	}
	d.refresh = func() {
		text.TextSize, text.Color = h.size, colorFor(h, h.color)
		if len(h.found) > 0 {
			text.Color = colorFor(h, theme.ColorNameForeground) // marks need the contrast
		}
		d.layout(h.Size())
		canvas.Refresh(h)
	}
	d.refresh()
	return d
}
