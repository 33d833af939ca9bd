package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// quote is what a message answers, as it can be shown.
type quote struct {
	name string // of who wrote it
	text string // the beginning of it, or why it is not there
}

// quoteBlock shows above a text what it answers. A tap leads there.
type quoteBlock struct {
	widget.BaseWidget
	name, text *textLine
	tapped     func()
}

const quotePad = 5

func newQuoteBlock() *quoteBlock {
	q := &quoteBlock{
		name: newShrinkingLine(smallSize, theme.ColorNameForeground, ""),
		text: newShrinkingLine(smallSize, colorMuted, ""),
	}
	q.name.strong = true
	q.ExtendBaseWidget(q)
	return q
}

// quoteBlockHeight is how high every quote is.
func quoteBlockHeight() float32 { return 2*lineHeight(smallSize) + 2*quotePad }

// show sets what is quoted. ink is the colour of second-rank text here.
func (q *quoteBlock) show(what quote, ink fyne.ThemeColorName) {
	q.name.set(what.name, theme.ColorNameForeground, true)
	q.text.set(what.text, ink, false)
}

// Tapped implements fyne.Tappable.
func (q *quoteBlock) Tapped(*fyne.PointEvent) {
	if q.tapped != nil {
		q.tapped()
	}
}

// Cursor implements desktop.Cursorable.
func (q *quoteBlock) Cursor() desktop.Cursor { return desktop.PointerCursor }

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (q *quoteBlock) AccessibilityLabel() string             { return q.name.text + ": " + q.text.text }
func (q *quoteBlock) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (q *quoteBlock) CreateRenderer() fyne.WidgetRenderer {
	const bar = 3
	back, edge := canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	back.CornerRadius = 6
	edge.CornerRadius = bar / 2.0
	d := &drawing{objects: []fyne.CanvasObject{back, edge, q.name, q.text}}
	d.layout = func(size fyne.Size) {
		back.Resize(size)
		place(edge, 4, quotePad, bar, max(size.Height-2*quotePad, 0))
		left, height := float32(4+bar+6), lineHeight(smallSize)
		room := max(size.Width-left-6, 0)
		place(q.name, left, quotePad, room, height)
		place(q.text, left, quotePad+height, room, height)
	}
	d.refresh = func() {
		back.FillColor, edge.FillColor = colorFor(q, colorPill), colorFor(q, theme.ColorNamePrimary)
		refreshAll(back, edge, q.name, q.text)
	}
	d.refresh()
	return d
}
