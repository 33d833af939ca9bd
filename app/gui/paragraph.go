package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// paragraph is a wrapped, selectable text without the space that a label has
// around it. Its height follows from the width it is given.
type paragraph struct {
	widget.BaseWidget
	body *bodyText
	text string
}

// paragraphLines bounds what a paragraph shows: it is for sentences.
const paragraphLines = 12

func newParagraph(size float32, color fyne.ThemeColorName, text string) *paragraph {
	p := &paragraph{body: newBodyText(size, color), text: text}
	p.ExtendBaseWidget(p)
	return p
}

func (p *paragraph) set(text string, color fyne.ThemeColorName) {
	p.text, p.body.color = text, color
	p.wrap(p.Size().Width)
	p.Refresh()
}

func (p *paragraph) wrap(width float32) {
	size := p.body.size
	lines, _ := wrapText(p.text, max(width, 1), paragraphLines, func(s string) float32 { return lineWidth(s, size) })
	p.body.show(p.text, lines, p.body.color)
}

// Resize wraps the text anew.
func (p *paragraph) Resize(size fyne.Size) {
	if size.Width != p.Size().Width {
		p.wrap(size.Width)
	}
	p.BaseWidget.Resize(size)
}

// CreateRenderer implements fyne.Widget.
func (p *paragraph) CreateRenderer() fyne.WidgetRenderer {
	return &drawing{
		objects: []fyne.CanvasObject{p.body},
		layout:  func(size fyne.Size) { p.body.Resize(size) },
		minSize: func() fyne.Size {
			lines := 1
			if p.Size().Width > 0 {
				lines = max(len(p.body.lines), 1)
			}
			return fyne.NewSize(0, float32(lines)*rowHeight(p.body.size))
		},
		refresh: func() { p.body.Refresh() },
	}
}
