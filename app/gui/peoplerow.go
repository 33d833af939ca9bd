package gui

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// peopleRow is one row of the list of people: a person, or the heading above a
// section. The list uses its rows again and again for one or the other.
type peopleRow struct {
	widget.BaseWidget
	list    *peopleList
	at      int  // the entry it shows
	cursor  bool // the keyboard is here
	person  *personRow
	heading *sectionHeading
	hit     *hitRow
	redo    func() // draws the ring; nil before there is a renderer
}

func newPeopleRow(list *peopleList) *peopleRow {
	r := &peopleRow{list: list, person: newPersonRow(), heading: newSectionHeading(), hit: newHitRow()}
	r.hit.face.faces = list.faces
	r.hit.Hide()
	r.person.avatar.faces = list.faces
	r.heading.Hide()
	r.ExtendBaseWidget(r)
	return r
}

func (r *peopleRow) show(e *entry, open chat.ContactID, cursor bool, words *wording) {
	if r.cursor != cursor {
		r.cursor = cursor
		if r.redo != nil {
			r.redo()
		}
	}
	setShown(r.heading, e.head())
	setShown(r.hit, e.hit != nil)
	setShown(r.person, e.person != nil)
	switch {
	case e.hit != nil:
		r.hit.show(hit{person: e.whose, message: e.hit}, r.list.hits.marked, false, words, func() { r.list.press(r.at) })
	case e.person != nil:
		r.showPerson(e, open, words)
	default:
		r.heading.show(e.title(words), e)
	}
}

// title is the text of a heading.
func (e *entry) title(words *wording) string {
	count := strconv.Itoa(e.count)
	if e.more {
		count += "+"
	}
	return words.Text(e.section.heading(), map[string]any{"count": count, "online": e.online, "name": e.folder})
}

func (r *peopleRow) showPerson(e *entry, open chat.ContactID, words *wording) {
	shown := e.person
	if e.section == sectionFolder { // which department it is, is told above
		inside := *e.person
		inside.Department, shown = "", &inside
	}
	r.person.show(shown, shown.ID == open, words)
}

// Tapped implements fyne.Tappable.
func (r *peopleRow) Tapped(*fyne.PointEvent) { r.list.press(r.at) }

// TappedSecondary implements fyne.SecondaryTappable.
func (r *peopleRow) TappedSecondary(at *fyne.PointEvent) {
	if e := r.list.entries; r.at < len(e) && e[r.at].person != nil {
		r.list.act.menu(e[r.at].person.ID, at.AbsolutePosition)
	}
}

// CreateRenderer implements fyne.Widget.
func (r *peopleRow) CreateRenderer() fyne.WidgetRenderer {
	ring := canvas.NewRectangle(nil)
	ring.CornerRadius, ring.StrokeWidth = 10, 2
	r.redo = func() {
		ring.Hidden = !r.cursor
		ring.FillColor, ring.StrokeColor = colorFor(r, colorNone), colorFor(r, theme.ColorNamePrimary)
		ring.Refresh()
	}
	r.redo()
	return &drawing{
		objects: []fyne.CanvasObject{r.person, r.heading, r.hit, ring},
		layout: func(size fyne.Size) {
			r.person.Resize(size)
			r.heading.Resize(size)
			place(r.hit, rowMargin, 0, max(size.Width-2*rowMargin, 0), size.Height)
			place(ring, rowMargin, 0, max(size.Width-2*rowMargin, 0), size.Height)
		},
		minSize: r.person.MinSize,
		refresh: func() {
			refreshAll(r.person, r.heading, r.hit)
			r.redo()
		},
	}
}

// sectionHeading is the line above a section. It covers the colour with which
// the list answers the pointer where there is nothing to press: a folder has an
// arrow instead, and opens and closes.
type sectionHeading struct {
	widget.BaseWidget
	line   *textLine
	folder bool
	closed bool
	redo   func() // draws what show may have changed; nil before there is a renderer
}

// headingHeight is the height of a section's heading.
const headingHeight = 32

func newSectionHeading() *sectionHeading {
	h := &sectionHeading{line: newShrinkingLine(smallSize, colorMuted, "")}
	h.ExtendBaseWidget(h)
	return h
}

func (h *sectionHeading) show(text string, e *entry) {
	h.line.set(text, colorMuted, false)
	h.folder, h.closed = e.folder != "", e.folded
	if h.redo != nil {
		h.redo()
	}
}

// CreateRenderer implements fyne.Widget.
func (h *sectionHeading) CreateRenderer() fyne.WidgetRenderer {
	const side = 16
	ground := newSurface(colorPane, 0, nil)
	arrow := newImage(nil)
	layout := func(size fyne.Size) {
		ground.Resize(size)
		height, x := lineHeight(smallSize), float32(2*rowMargin)
		top := size.Height - height - 4
		if h.folder {
			top, x = (size.Height-height)/2, x+side+2
			place(arrow, 2*rowMargin-2, (size.Height-side)/2, side, side)
		}
		place(h.line, x, top, size.Width-2*rowMargin-x, height)
	}
	h.redo = func() {
		arrow.Hidden, ground.Hidden = !h.folder, h.folder
		icon := theme.MenuDropDownIcon()
		if h.closed {
			icon = theme.MenuExpandIcon()
		}
		arrow.Resource = colored(icon, colorMuted)
		layout(h.Size())
		arrow.Refresh()
	}
	h.redo()
	return &drawing{
		objects: []fyne.CanvasObject{ground, arrow, h.line},
		layout:  layout,
		minSize: func() fyne.Size { return fyne.NewSize(180, headingHeight) },
		refresh: func() {
			refreshAll(ground, h.line)
			h.redo()
		},
	}
}
