package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// peopleRow is one row of the list of people: a person, or the heading above a
// section. The list uses its rows again and again for one or the other.
type peopleRow struct {
	widget.BaseWidget
	at      int // the entry it shows
	person  *personRow
	heading *sectionHeading
}

func newPeopleRow() *peopleRow {
	r := &peopleRow{person: newPersonRow(), heading: newSectionHeading()}
	r.heading.Hide()
	r.ExtendBaseWidget(r)
	return r
}

func (r *peopleRow) show(e *entry, open chat.ContactID, words *wording) {
	if e.person == nil {
		r.heading.show(words.Text(e.section.heading(), map[string]any{"count": e.count}))
		r.heading.Show()
		r.person.Hide()
		return
	}
	r.person.show(e.person, e.person.ID == open, words)
	r.person.Show()
	r.heading.Hide()
}

// CreateRenderer implements fyne.Widget.
func (r *peopleRow) CreateRenderer() fyne.WidgetRenderer {
	return &drawing{
		objects: []fyne.CanvasObject{r.person, r.heading},
		layout: func(size fyne.Size) {
			r.person.Resize(size)
			r.heading.Resize(size)
		},
		minSize: r.person.MinSize,
		refresh: func() { refreshAll(r.person, r.heading) },
	}
}

// sectionHeading is the line above a section. It covers the colour with which
// the list answers the pointer, because there is nothing to press.
type sectionHeading struct {
	widget.BaseWidget
	line *textLine
}

// headingHeight is the height of a section's heading.
const headingHeight = 32

func newSectionHeading() *sectionHeading {
	h := &sectionHeading{line: newShrinkingLine(smallSize, colorMuted, "")}
	h.ExtendBaseWidget(h)
	return h
}

func (h *sectionHeading) show(text string) { h.line.set(text, colorMuted, false) }

// CreateRenderer implements fyne.Widget.
func (h *sectionHeading) CreateRenderer() fyne.WidgetRenderer {
	ground := newSurface(colorPane, 0, nil)
	return &drawing{
		objects: []fyne.CanvasObject{ground, h.line},
		layout: func(size fyne.Size) {
			ground.Resize(size)
			height := lineHeight(smallSize)
			place(h.line, 2*rowMargin, size.Height-height-4, size.Width-4*rowMargin, height)
		},
		minSize: func() fyne.Size { return fyne.NewSize(180, headingHeight) },
		refresh: func() { refreshAll(ground, h.line) },
	}
}
