package gui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// peopleList is the left pane's list: everybody known, the most recent
// conversation first, or those that match a filter. Only rows in sight exist,
// and a row is drawn again only if it shows something else.
type peopleList struct {
	widget.BaseWidget
	words   *wording
	sorted  []ranked
	entries []entry
	shown   []*chat.Summary // the people of entries
	filter  string
	open    chat.ContactID
	list    *widget.List
	bound   map[int]*peopleRow // rows that the list has filled, by entry
	heads   []int              // entries that are headings
	empty   *widget.Label

	onOpen func(chat.ContactID)
}

func newPeopleList(words *wording, onOpen func(chat.ContactID)) *peopleList {
	p := &peopleList{words: words, onOpen: onOpen, bound: make(map[int]*peopleRow)}
	p.list = widget.NewList(
		func() int { return len(p.entries) },
		func() fyne.CanvasObject { return newPeopleRow() },
		func(i widget.ListItemID, o fyne.CanvasObject) { p.fill(i, o.(*peopleRow)) },
	)
	p.list.HideSeparators = true
	// The open row is marked by the row itself: it moves when a message comes.
	p.list.OnSelected = func(i widget.ListItemID) {
		p.list.UnselectAll()
		if i < len(p.entries) && p.entries[i].person != nil {
			p.onOpen(p.entries[i].person.ID)
		}
	}
	p.empty = widget.NewLabel("")
	p.empty.Wrapping, p.empty.Alignment, p.empty.Importance = fyne.TextWrapWord, fyne.TextAlignCenter, widget.LowImportance
	p.empty.Hide()
	p.ExtendBaseWidget(p)
	return p
}

// show sets the people and which of their conversations is open.
func (p *peopleList) show(people map[chat.ContactID]*chat.Summary, open chat.ContactID) {
	p.sorted = inOrder(people)
	before := p.open
	p.open = open
	p.apply(before)
}

// setFilter shows only those about whom all words of the filter are known.
func (p *peopleList) setFilter(filter string) {
	p.filter = filter
	p.apply(p.open)
}

// apply brings the rows up to date. before is whose conversation was open.
func (p *peopleList) apply(before chat.ContactID) {
	old := p.entries
	p.entries = entriesOf(p.sorted, newFilter(p.filter, p.words))
	p.shown = p.shown[:0]
	for i := range p.entries {
		if s := p.entries[i].person; s != nil {
			p.shown = append(p.shown, s)
		}
	}
	p.showEmpty()
	if !slices.EqualFunc(old, p.entries, func(a, b entry) bool { return a.sits(&b) }) {
		p.rebuild()
		return
	}
	for i, row := range p.bound {
		id := p.entries[i].seen.ID
		moved := before != p.open && id != 0 && (id == before || id == p.open)
		if moved || !p.entries[i].same(&old[i]) {
			row.show(&p.entries[i], p.open, p.words)
		}
	}
}

// fill puts an entry into a row of the list.
func (p *peopleList) fill(i int, row *peopleRow) {
	if i >= len(p.entries) {
		return
	}
	if p.bound[row.at] == row {
		delete(p.bound, row.at)
	}
	row.at, p.bound[i] = i, row
	row.show(&p.entries[i], p.open, p.words)
}

// rebuild fills all rows anew, after entries came, went or moved. The list does
// so by itself whenever the height of an entry changes.
func (p *peopleList) rebuild() {
	clear(p.bound)
	old := p.heads
	p.heads = nil
	for i := range p.entries {
		if p.entries[i].person == nil {
			p.heads = append(p.heads, i)
		}
	}
	same := slices.Equal(old, p.heads)
	for _, i := range old {
		if !slices.Contains(p.heads, i) {
			p.list.SetItemHeight(i, personRowHeight)
		}
	}
	for _, i := range p.heads {
		p.list.SetItemHeight(i, headingHeight)
	}
	if same {
		p.list.Refresh()
	}
}

// redraw shows anew what changes with time alone.
func (p *peopleList) redraw() { p.list.Refresh() }

func (p *peopleList) showEmpty() {
	text := ""
	switch {
	case len(p.sorted) == 0:
		text = p.words.Text("gui.people.none", nil)
	case len(p.entries) == 0:
		text = p.words.Text("gui.people.no-match", map[string]any{"filter": p.filter})
	}
	p.empty.Hidden = text == ""
	if p.empty.Text != text {
		p.empty.SetText(text)
	}
}

// neighbour returns who stands before (-1) or after (+1) the open
// conversation; without one, the first.
func (p *peopleList) neighbour(step int) (chat.ContactID, bool) {
	if len(p.shown) == 0 {
		return 0, false
	}
	at := p.openAt()
	if at < 0 {
		return p.shown[0].ID, true
	}
	next := at + step
	if next < 0 || next >= len(p.shown) {
		return 0, false
	}
	return p.shown[next].ID, true
}

// unread returns the next who wrote something unread, after (+1) or before (-1)
// the open conversation and round the list.
func (p *peopleList) unread(step int) (chat.ContactID, bool) {
	count, at := len(p.shown), p.openAt()
	if at < 0 && step < 0 {
		at = 0
	}
	for i := range count {
		s := p.shown[((at+step*(i+1))%count+count)%count]
		if s.Unread > 0 && !s.Blocked && s.ID != p.open {
			return s.ID, true
		}
	}
	return 0, false
}

// openAt is where the open conversation stands among the people, -1 if it does
// not.
func (p *peopleList) openAt() int {
	return slices.IndexFunc(p.shown, func(s *chat.Summary) bool { return s.ID == p.open })
}

// reveal scrolls to a person.
func (p *peopleList) reveal(id chat.ContactID) {
	at := slices.IndexFunc(p.entries, func(e entry) bool { return e.person != nil && e.person.ID == id })
	if at >= 0 {
		p.list.ScrollTo(at)
	}
}

// first returns the person at the top.
func (p *peopleList) first() (chat.ContactID, bool) {
	if len(p.shown) == 0 {
		return 0, false
	}
	return p.shown[0].ID, true
}

// personAt returns whose row is at a position in the window.
func (p *peopleList) personAt(at fyne.Position) (chat.ContactID, bool) {
	driver := fyne.CurrentApp().Driver()
	if !within(at, driver.AbsolutePositionForObject(p), p.Size()) {
		return 0, false
	}
	for i, row := range p.bound {
		if i < len(p.entries) && p.entries[i].person != nil && driver.CanvasForObject(row) != nil &&
			within(at, driver.AbsolutePositionForObject(row), row.Size()) {
			return p.entries[i].person.ID, true
		}
	}
	return 0, false
}

func within(at, corner fyne.Position, size fyne.Size) bool {
	return at.X >= corner.X && at.Y >= corner.Y && at.X < corner.X+size.Width && at.Y < corner.Y+size.Height
}

// CreateRenderer implements fyne.Widget.
func (p *peopleList) CreateRenderer() fyne.WidgetRenderer {
	calm := &recolored{
		names: map[fyne.ThemeColorName]fyne.ThemeColorName{
			theme.ColorNameHover:     colorRowHover,
			theme.ColorNameSelection: colorNone,
			theme.ColorNameShadow:    colorNone,
		},
		sizes: map[fyne.ThemeSizeName]float32{theme.SizeNamePadding: 2},
	}
	list := container.NewThemeOverride(p.list, calm)
	empty := padded(24, 0, 16, 16, p.empty)
	return widget.NewSimpleRenderer(container.NewStack(list, container.NewVBox(empty)))
}
