package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// centredText is a text in lines that stand in the middle, broken as Chinese and
// Latin are. Its height follows from the width it is given.
type centredText struct {
	widget.BaseWidget
	text  string
	size  float32
	color fyne.ThemeColorName
	lines int // at most

	broken   []span // the lines at the width brokenAt; nil: not known
	brokenAt float32
}

func newCentredText(size float32, color fyne.ThemeColorName, lines int, text string) *centredText {
	t := &centredText{text: text, size: size, color: color, lines: lines}
	t.ExtendBaseWidget(t)
	return t
}

func (t *centredText) set(text string, color fyne.ThemeColorName) {
	if t.text != text || t.color != color {
		t.text, t.color = text, color
		t.Refresh()
	}
}

// wrapped returns the lines at a width. They are kept, because a layout asks
// for the same ones again and again.
func (t *centredText) wrapped(width float32) []span {
	if t.broken == nil || t.brokenAt != width {
		t.broken, t.brokenAt = t.balanced(width), width
	}
	return t.broken
}

// balanced breaks the text into lines that are all about as long: none is a
// word that is left over.
func (t *centredText) balanced(width float32) []span {
	at := func(width float32) []span {
		lines, _ := wrapText(t.text, max(width, 1), t.lines, func(s string) float32 { return measure(s, t.size) })
		return lines
	}
	lines := at(width)
	for low := width / 2; len(lines) > 1 && width-low > 1; {
		middle := (low + width) / 2
		if even := at(middle); len(even) == len(lines) && even[len(even)-1].end == lines[len(lines)-1].end {
			lines, width = even, middle
		} else {
			low = middle
		}
	}
	return lines
}

// CreateRenderer implements fyne.Widget.
func (t *centredText) CreateRenderer() fyne.WidgetRenderer {
	texts, objects := make([]*canvas.Text, t.lines), make([]fyne.CanvasObject, t.lines)
	for i := range texts {
		texts[i] = canvas.NewText("", nil)
		texts[i].Alignment, texts[i].TextSize = fyne.TextAlignCenter, t.size
		objects[i] = texts[i]
	}
	d := &drawing{objects: objects}
	d.minSize = func() fyne.Size {
		lines := 1
		if t.Size().Width > 0 {
			lines = max(len(t.wrapped(t.Size().Width)), 1)
		}
		return fyne.NewSize(0, float32(lines)*rowHeight(t.size))
	}
	d.layout = func(size fyne.Size) {
		lines, height := t.wrapped(size.Width), rowHeight(t.size)
		top := (size.Height - float32(len(lines))*height) / 2
		for i, text := range texts {
			text.Text = ""
			if i < len(lines) {
				text.Text = t.text[lines[i].start:lines[i].end]
			}
			place(text, 0, top+float32(i)*height, size.Width, height)
			text.Refresh()
		}
	}
	d.refresh = func() {
		t.broken = nil
		for _, text := range texts {
			text.Color = colorFor(t, t.color)
		}
		d.layout(t.Size())
	}
	d.refresh()
	return d
}
