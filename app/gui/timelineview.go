package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// timelineView is the whole conversation as the scroller sees it. It holds
// widgets for the rows in sight only, and uses them again for others.
type timelineView struct {
	widget.BaseWidget
	timeline *timeline
	shown    map[rowID]fyne.CanvasObject
	objects  []fyne.CanvasObject
	bubbles  []*bubble   // not in use
	cards    []*fileCard // not in use
	dividers []*divider  // not in use
	theme    fyne.Theme  // as the rows were drawn last
	variant  fyne.ThemeVariant

	tint    *canvas.Rectangle // behind a message that the user was led to
	ring    *canvas.Rectangle // around the message that has the focus
	focused bool
	current int64 // the message that has the focus or had it last, 0 for none
	marked  map[*bodyText]markedAs
}

// markedAs is in which text which search was marked.
type markedAs struct {
	text     string
	lines    int
	searches int
}

// rowID tells rows apart whatever is added above them.
type rowID struct {
	kind rowKind
	seq  int64
}

// overdraw is how far above and below the sight rows are kept ready.
const overdraw = 120

func newTimelineView(t *timeline) *timelineView {
	v := &timelineView{
		timeline: t,
		shown:    make(map[rowID]fyne.CanvasObject),
		marked:   make(map[*bodyText]markedAs),
		tint:     canvas.NewRectangle(nil),
		ring:     canvas.NewRectangle(nil),
	}
	v.ring.StrokeWidth, v.ring.CornerRadius = 2, bubbleRadius+ringGap
	v.tint.CornerRadius = 4
	v.ExtendBaseWidget(v)
	return v
}

// forget drops all rows, because another conversation is shown.
func (v *timelineView) forget() {
	for id, o := range v.shown {
		v.recycle(id, o)
	}
	v.objects = nil
}

func (v *timelineView) recycle(id rowID, o fyne.CanvasObject) {
	delete(v.shown, id)
	switch o := o.(type) {
	case *bubble:
		v.bubbles = append(v.bubbles, o)
	case *fileCard:
		o.loseFocus()
		o.leavePicture()
		v.cards = append(v.cards, o)
	case *divider:
		v.dividers = append(v.dividers, o)
	}
}

// place puts the rows in sight where they belong.
func (v *timelineView) place() {
	t := v.timeline
	table, height := &t.table, t.scroll.Size().Height
	if t.width == 0 || height == 0 {
		return
	}
	shift := max(height-table.total, 0) // a short conversation stands at the bottom
	top := t.offset() - shift - overdraw
	from, to := table.visible(top, top+height+2*overdraw)
	wanted := make(map[rowID]bool, to-from)
	for _, row := range table.rows[from:to] {
		wanted[rowID{row.kind, table.messages[row.index].Seq}] = true
	}
	for id, o := range v.shown {
		if !wanted[id] {
			v.recycle(id, o)
		}
	}
	v.objects = make([]fyne.CanvasObject, 0, to-from+2)
	v.tint.Hidden, v.ring.Hidden = true, true
	v.objects = append(v.objects, v.tint)
	for _, row := range table.rows[from:to] {
		o := v.bind(row)
		place(o, 0, row.y+shift, t.width, row.height)
		v.objects = append(v.objects, o)
		if o, ok := o.(messageRow); ok {
			v.point(table.messages[row.index].Seq, o)
		}
	}
	v.objects = append(v.objects, v.ring)
	canvas.Refresh(v)
}

// ringGap is how far the ring keeps off the bubble.
const ringGap = 3

// point shows that a message is where the user was led to, or has the focus.
func (v *timelineView) point(seq int64, o messageRow) {
	at, size := o.Position(), o.Size()
	if seq == v.timeline.flashed {
		v.tint.Hidden, v.tint.FillColor = false, colorFor(v, colorFlash)
		place(v.tint, 4, at.Y-4, size.Width-8, size.Height+8)
	}
	if seq == v.current && v.focused {
		x, width, height := o.frame()
		v.ring.Hidden, v.ring.StrokeColor = false, colorFor(v, theme.ColorNamePrimary)
		place(v.ring, at.X+x-ringGap, at.Y-ringGap, width+2*ringGap, height+2*ringGap)
	}
}

// bind returns the widget that shows a row, up to date.
func (v *timelineView) bind(row timelineRow) fyne.CanvasObject {
	table := &v.timeline.table
	m := table.messages[row.index]
	id := rowID{row.kind, m.Seq}
	if row.kind != rowMessage {
		d, ok := v.shown[id].(*divider)
		if !ok {
			d = v.spareDivider()
			v.shown[id] = d
		}
		if accented := row.kind == rowUnread; d.text != row.text || d.accented != accented {
			d.show(row.text, accented)
		}
		return d
	}
	if isCard(&m) {
		return v.bindCard(row, id)
	}
	b, ok := v.shown[id].(*bubble)
	if !ok {
		b = v.spareBubble()
		v.shown[id] = b
	}
	if shape := table.shape(row.index); b.message != m || b.shape != shape || b.group != row.group {
		b.show(m, shape, row.group, table.words, func() { v.timeline.expand(m.Seq) })
	}
	v.mark(b.body)
	return b
}

// maxMarks bounds how many words are marked in one text.
const maxMarks = 100

// mark marks what is searched for in the part of a text that is shown.
func (v *timelineView) mark(b *bodyText) {
	as, t := markedAs{b.text, len(b.lines), v.timeline.searches}, v.timeline
	if v.marked[b] == as {
		return
	}
	v.marked[b] = as
	var found []span
	if n := len(b.lines); n > 0 && !t.search.Empty() {
		for _, s := range t.search.Find(b.text[:b.lines[n-1].end], maxMarks) {
			found = append(found, span{s.Start, s.End})
		}
	}
	b.mark(found)
}

// bindCard returns the card that shows an offer, up to date.
func (v *timelineView) bindCard(row timelineRow, id rowID) *fileCard {
	table := &v.timeline.table
	m := table.messages[row.index]
	c, ok := v.shown[id].(*fileCard)
	if !ok {
		c = v.spareCard()
		v.shown[id] = c
	}
	// A card that was out of sight waits for its picture no more, also if it was
	// of this very message.
	if shape := table.card(row.index); !ok || c.message != m || c.shape != shape || c.group != row.group {
		c.show(m, shape, row.group, table.words, func() { v.timeline.expand(m.Seq) })
	}
	v.mark(c.caption)
	return c
}

// rebind brings the widget of a row up to date, if the row is in sight.
func (v *timelineView) rebind(row timelineRow) {
	if id := (rowID{row.kind, v.timeline.table.messages[row.index].Seq}); v.shown[id] != nil {
		v.bind(row)
	}
}

func (v *timelineView) spareCard() *fileCard {
	if n := len(v.cards); n > 0 {
		c := v.cards[n-1]
		v.cards = v.cards[:n-1]
		c.caption.clearSelection()
		c.state.clearSelection()
		return c
	}
	t := v.timeline
	c := newFileCard(t.table.words.now)
	c.act = func(action fileAction) { t.onCard(c.message.ID, action) }
	c.menu = func(at fyne.Position) { t.hooks.menu(c.message, c, at) }
	c.hover = func(entered bool) { t.pointed(c, entered) }
	c.reactions.react = func(emoji string) { t.hooks.react(c.message, emoji) }
	c.pictures, c.unshowable, c.measured = t.pictures, t.unshowable, t.measured
	c.explain = func(m *chat.Message) []string { return t.table.words.progress(m, t.hooks.name(m.Contact)) }
	c.view = func() { t.onView(c.message) }
	for _, text := range []*bodyText{c.caption, c.state} {
		text.onSelect = t.selects
		text.onTyped = func(r rune) { t.onTyped(r) }
		text.onKey = func(shortcut fyne.Shortcut) bool { return t.onKey(shortcut) }
		text.onMenu = func(at fyne.Position) { t.hooks.menu(c.message, c, at) }
	}
	return c
}

func (v *timelineView) spareDivider() *divider {
	if n := len(v.dividers); n > 0 {
		d := v.dividers[n-1]
		v.dividers = v.dividers[:n-1]
		return d
	}
	return newDivider()
}

func (v *timelineView) spareBubble() *bubble {
	if n := len(v.bubbles); n > 0 {
		b := v.bubbles[n-1]
		v.bubbles = v.bubbles[:n-1]
		b.body.clearSelection()
		return b
	}
	t := v.timeline
	b := newBubble(t.hooks)
	b.hover = func(entered bool) { t.pointed(b, entered) }
	for _, text := range []*bodyText{b.body, b.reason} {
		text.onSelect = t.selects
		text.onTyped = func(r rune) { t.onTyped(r) }
		text.onKey = func(shortcut fyne.Shortcut) bool { return t.onKey(shortcut) }
		text.onMenu = func(at fyne.Position) { t.hooks.menu(b.message, b, at) }
	}
	return b
}

// CreateRenderer implements fyne.Widget.
func (v *timelineView) CreateRenderer() fyne.WidgetRenderer { return &viewDrawing{view: v} }

type viewDrawing struct{ view *timelineView }

// Destroy implements fyne.WidgetRenderer.
func (d *viewDrawing) Destroy() {}

// Layout implements fyne.WidgetRenderer.
func (d *viewDrawing) Layout(fyne.Size) { d.view.place() }

// MinSize implements fyne.WidgetRenderer.
func (d *viewDrawing) MinSize() fyne.Size { return fyne.NewSize(0, d.view.timeline.table.total) }

// Objects implements fyne.WidgetRenderer.
func (d *viewDrawing) Objects() []fyne.CanvasObject { return d.view.objects }

// Refresh implements fyne.WidgetRenderer. Rows are drawn again only when the
// theme changed; their contents are brought up to date by place.
func (d *viewDrawing) Refresh() {
	v := d.view
	v.place()
	settings := fyne.CurrentApp().Settings()
	theme, variant := settings.Theme(), settings.ThemeVariant()
	if v.theme == theme && v.variant == variant {
		return
	}
	v.theme, v.variant = theme, variant
	for _, o := range v.objects {
		o.Refresh()
		switch o := o.(type) {
		case *bubble:
			o.restyle()
		case *fileCard:
			refreshAll(o.link.line, o.reactions)
		}
	}
}
