package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
	"feihong/app/store/words"
)

// hit is one row of what a search found: a heading, a person, or a message and
// whose conversation it is of.
type hit struct {
	heading string
	person  *chat.Summary
	message *chat.Message
}

// hitRow shows a hit.
type hitRow struct {
	widget.BaseWidget
	face    *avatar
	name    *textLine
	when    *textLine
	line    *hitLine
	heading *textLine
	tapped  func()
	chosen  bool
	hovered bool
	redo    func() // colours the ground; nil before there is a renderer
}

const (
	hitHeight        = 54
	hitHeadingHeight = 28
)

func newHitRow() *hitRow {
	r := &hitRow{
		face:    newAvatar(34),
		name:    newShrinkingLine(textSize, theme.ColorNameForeground, ""),
		when:    newTextLine(captionSize, colorMuted, ""),
		line:    newHitLine(smallSize, colorMuted),
		heading: newShrinkingLine(smallSize, colorMuted, ""),
	}
	r.ExtendBaseWidget(r)
	return r
}

// show binds the row to a hit; rows are used again for others.
func (r *hitRow) show(h hit, search words.Query, chosen bool, words *wording, tapped func()) {
	r.tapped, r.chosen = tapped, chosen
	for _, o := range []fyne.CanvasObject{r.face, r.name, r.when, r.line} {
		setShown(o, h.heading == "")
	}
	setShown(r.heading, h.heading != "")
	r.heading.setText(h.heading)
	if h.person != nil {
		r.face.showPerson(h.person)
		r.name.setText(h.person.DisplayName())
	}
	when := ""
	switch {
	case h.message != nil:
		when = words.brief(h.message.Time)
		r.line.show(hitSentence(h.message, words), search)
	case h.person != nil:
		r.line.show(personSentence(h.person, words), search)
	}
	r.when.setText(when)
	r.recolor()
	r.Refresh()
}

// personSentence is what the row of a person says.
func personSentence(s *chat.Summary, words *wording) string {
	if text := joined(s.Department, s.Address); text != "" {
		return text
	}
	status, _ := words.statusWord(s.Status)
	if !s.Online {
		status = words.Text("gui.status.offline", nil)
	}
	return status
}

// hitSentence is what the row of a message says.
func hitSentence(m *chat.Message, words *wording) string {
	text := hitText(m)
	if m.Direction == chat.Out {
		return words.Text("gui.row.you", nil) + " " + text
	}
	return text
}

// setShown does nothing if there is nothing to do: each change has the window
// drawn again.
func setShown(o fyne.CanvasObject, shown bool) {
	switch {
	case shown == o.Visible():
	case shown:
		o.Show()
		canvas.Refresh(o)
	default:
		o.Hide()
	}
}

// Tapped implements fyne.Tappable.
func (r *hitRow) Tapped(*fyne.PointEvent) {
	if r.tapped != nil {
		r.tapped()
	}
}

// Cursor implements desktop.Cursorable.
func (r *hitRow) Cursor() desktop.Cursor {
	if r.heading.Visible() {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (r *hitRow) MouseIn(*desktop.MouseEvent)    { r.hovered = true; r.recolor() }
func (r *hitRow) MouseMoved(*desktop.MouseEvent) {}
func (r *hitRow) MouseOut()                      { r.hovered = false; r.recolor() }

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (r *hitRow) AccessibilityLabel() string             { return joined(r.name.text, r.line.text, r.when.text) }
func (r *hitRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (r *hitRow) recolor() {
	if r.redo != nil {
		r.redo()
	}
}

// CreateRenderer implements fyne.Widget.
func (r *hitRow) CreateRenderer() fyne.WidgetRenderer {
	ground := canvas.NewRectangle(nil)
	ground.CornerRadius = 8
	d := &drawing{objects: []fyne.CanvasObject{ground, r.face, r.name, r.when, r.line, r.heading}}
	d.minSize = func() fyne.Size { return fyne.NewSize(0, hitHeadingHeight) }
	d.layout = func(size fyne.Size) {
		const left = 10 + 34 + 10
		ground.Resize(size)
		place(r.heading, 10, 4, size.Width-20, size.Height-4)
		place(r.face, 10, (size.Height-34)/2, 34, 34)
		name, line := lineHeight(textSize), lineHeight(smallSize)
		top := (size.Height - name - line - 2) / 2
		when := r.when.MinSize().Width
		place(r.when, size.Width-10-when, top, when, name)
		place(r.name, left, top, max(size.Width-left-when-20, 0), name)
		place(r.line, left, top+name+2, max(size.Width-left-10, 0), line)
	}
	r.redo = func() {
		fill, behind := colorNone, theme.ColorNameOverlayBackground
		switch {
		case r.heading.Visible():
		case r.chosen:
			fill, behind = colorRowOpen, colorRowOpen
		case r.hovered:
			fill, behind = colorRowHover, colorRowHover
		}
		r.face.on(behind)
		ground.FillColor = colorFor(r, fill)
		ground.Refresh()
	}
	d.refresh = func() {
		refreshAll(r.face, r.name, r.when, r.line, r.heading)
		r.redo()
		d.layout(r.Size())
	}
	r.redo()
	return d
}
