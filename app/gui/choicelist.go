package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// choiceList offers people found on one machine. It scrolls if there are many.
type choiceList struct {
	widget.BaseWidget
	rows   []*choiceRow
	scroll *container.Scroll
}

// Limits of the list: rows that there are at most, and those seen at once.
const (
	maxChoices     = 64
	choicesInSight = 4
)

func newChoiceList(found []chat.Sighting, choose func(chat.Sighting), escape func()) *choiceList {
	l := &choiceList{}
	box := column(2)
	for _, who := range found[:min(len(found), maxChoices)] {
		row := newChoiceRow(who, func() { choose(who) })
		row.escape = escape
		l.rows = append(l.rows, row)
		box.Add(row)
	}
	l.scroll = container.NewVScroll(box)
	height := float32(min(len(l.rows), choicesInSight))*(choiceHeight+2) - 2
	if len(l.rows) > choicesInSight {
		height += choiceHeight / 2 // shows that there is more below
	}
	l.scroll.SetMinSize(fyne.NewSize(0, height))
	l.ExtendBaseWidget(l)
	return l
}

// CreateRenderer implements fyne.Widget.
func (l *choiceList) CreateRenderer() fyne.WidgetRenderer {
	return &drawing{
		objects: []fyne.CanvasObject{l.scroll},
		layout:  func(size fyne.Size) { l.scroll.Resize(size) },
		minSize: func() fyne.Size { return fyne.NewSize(0, l.scroll.MinSize().Height) },
	}
}

// choiceRow is one person to choose: who they are, and by what to tell them
// from others on the machine.
type choiceRow struct {
	widget.BaseWidget
	face   *avatar
	name   *textLine
	more   *textLine
	tapped func()
	escape func()
	check  *canvas.Image
	redo   func() // colours the ground; nil before there is a renderer

	hovered, hasFocus, chosen bool
}

const choiceHeight = 54

func newChoiceRow(who chat.Sighting, tapped func()) *choiceRow {
	r := newPersonChoice(nameOf(who), joined(who.Department, who.Peer.Short(), portOf(who)), tapped)
	r.face.show(nameOf(who), who.Peer.String(), dotOf(who.Status))
	return r
}

// newPersonChoice makes a row without a face.
func newPersonChoice(name, more string, tapped func()) *choiceRow {
	r := &choiceRow{
		face:   newAvatar(36),
		name:   newShrinkingLine(nameSize, theme.ColorNameForeground, name),
		more:   newShrinkingLine(smallSize, colorMuted, more),
		check:  newImage(nil),
		tapped: tapped,
	}
	r.more.Hidden = more == ""
	r.ExtendBaseWidget(r)
	return r
}

// setChosen marks a row of which several can be chosen.
func (r *choiceRow) setChosen(chosen bool) {
	r.chosen = chosen
	r.recolor()
}

// nameOf is the name to show of somebody found.
func nameOf(who chat.Sighting) string {
	if who.Name != "" {
		return who.Name
	}
	return who.Peer.Short()
}

// portOf is ":" and the port at which somebody found can be reached; "" if
// they told of none.
func portOf(who chat.Sighting) string {
	if len(who.Addresses) == 0 || !hasPort(who.Addresses[0]) {
		return ""
	}
	return who.Addresses[0][strings.LastIndexByte(who.Addresses[0], ':'):]
}

// Tapped implements fyne.Tappable.
func (r *choiceRow) Tapped(*fyne.PointEvent) { r.tapped() }

// Cursor implements desktop.Cursorable.
func (r *choiceRow) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn, MouseMoved and MouseOut implement desktop.Hoverable.
func (r *choiceRow) MouseIn(*desktop.MouseEvent)    { r.hovered = true; r.recolor() }
func (r *choiceRow) MouseMoved(*desktop.MouseEvent) {}
func (r *choiceRow) MouseOut()                      { r.hovered = false; r.recolor() }

// FocusGained, FocusLost, TypedRune and TypedKey implement fyne.Focusable.
func (r *choiceRow) FocusGained() {
	r.hasFocus = true
	r.recolor()
	gotFocus(r)
}

func (r *choiceRow) FocusLost()     { r.hasFocus = false; r.recolor() }
func (r *choiceRow) TypedRune(rune) {}

func (r *choiceRow) TypedKey(key *fyne.KeyEvent) {
	c := fyne.CurrentApp().Driver().CanvasForObject(r)
	switch key.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		r.tapped()
	case fyne.KeyEscape:
		r.escape()
	case fyne.KeyDown:
		c.FocusNext()
	case fyne.KeyUp:
		c.FocusPrevious()
	}
}

// AccessibilityLabel and AccessibilityRole implement fyne.Accessible.
func (r *choiceRow) AccessibilityLabel() string             { return joined(r.name.text, r.more.text) }
func (r *choiceRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (r *choiceRow) recolor() {
	if r.redo != nil {
		r.redo()
	}
}

// CreateRenderer implements fyne.Widget.
func (r *choiceRow) CreateRenderer() fyne.WidgetRenderer {
	ground := canvas.NewRectangle(nil)
	ground.CornerRadius = 10
	words := middle(column(1, r.name, r.more))
	content := padded(0, 0, 10, 10, between(12, middle(r.face), words, middle(r.check)))
	r.check.SetMinSize(fyne.NewSquareSize(20))
	d := &drawing{objects: []fyne.CanvasObject{ground, content}}
	d.minSize = func() fyne.Size { return fyne.NewSize(0, choiceHeight) }
	d.layout = func(size fyne.Size) {
		ground.Resize(size)
		content.Resize(size)
	}
	r.redo = func() {
		fill := colorField
		if r.hovered || r.hasFocus {
			fill = colorRowOpen
		}
		r.face.on(fill)
		r.check.Resource = nil
		if r.chosen {
			r.check.Resource = colored(iconCheck, theme.ColorNamePrimary)
		}
		r.check.Refresh()
		ground.FillColor = colorFor(r, fill)
		ground.Refresh()
	}
	d.refresh = func() {
		refreshAll(r.face, r.name, r.more)
		r.redo()
	}
	r.redo()
	return d
}
