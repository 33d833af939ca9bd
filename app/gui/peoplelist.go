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
	reader  *pinyinReader
	people  map[chat.ContactID]*chat.Summary
	sorted  []ranked
	hits    hitsOf
	entries []entry
	shown   []*chat.Summary // the people of entries
	filter  string
	folded  []string // departments whose folders are closed
	open    chat.ContactID
	list    *keyedList
	bound   map[int]*peopleRow // rows that the list has filled, by entry
	heads   []int              // entries that are headings
	empty   *widget.Label

	act   peopleActions
	faces *faceBook
}

// peopleActions are what the list asks the window to do.
type peopleActions struct {
	open   func(chat.ContactID)
	jump   func(chat.Message)
	menu   func(id chat.ContactID, at fyne.Position)
	folded func(departments []string)
	typed  func(rune)
	escape func() bool
}

func newPeopleList(words *wording, folded []string, act peopleActions) *peopleList {
	p := &peopleList{words: words, reader: newPinyinReader(), folded: folded, act: act, bound: make(map[int]*peopleRow)}
	p.list = &keyedList{
		moved: p.cursorMoved, begin: p.cursorBegins, skips: p.idle, press: p.press, fold: p.fold, menu: p.openMenu,
		typed: act.typed, escape: act.escape,
	}
	p.list.Length = func() int { return len(p.entries) }
	p.list.CreateItem = func() fyne.CanvasObject { return newPeopleRow(p) }
	p.list.UpdateItem = func(i widget.ListItemID, o fyne.CanvasObject) { p.fill(i, o.(*peopleRow)) }
	p.list.HideSeparators = true
	p.list.ExtendBaseWidget(p.list)
	p.empty = widget.NewLabel("")
	p.empty.Wrapping, p.empty.Alignment, p.empty.Importance = fyne.TextWrapWord, fyne.TextAlignCenter, widget.LowImportance
	p.empty.Hide()
	p.ExtendBaseWidget(p)
	return p
}

// show sets the people and which of their conversations is open.
func (p *peopleList) show(people map[chat.ContactID]*chat.Summary, open chat.ContactID) {
	p.people, p.sorted = people, inOrder(people, p.reader)
	before := p.open
	p.open = open
	p.apply(before)
}

// matching returns those about whom all words of a text are known, in the order
// of the list.
func (p *peopleList) matching(text string) []*chat.Summary {
	var found []*chat.Summary
	filter := newFilter(text, p.words, p.reader)
	for _, r := range p.sorted {
		if filter.takes(r.person) {
			found = append(found, r.person)
		}
	}
	return found
}

// setFilter shows only those about whom all words of the filter are known.
func (p *peopleList) setFilter(filter string) {
	p.filter = filter
	p.apply(p.open)
}

// apply brings the rows up to date. before is whose conversation was open.
func (p *peopleList) apply(before chat.ContactID) {
	old := p.entries
	p.entries = p.withHits(entriesOf(p.sorted, newFilter(p.filter, p.words, p.reader), p.folded))
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
			p.draw(row, i)
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
	p.draw(row, i)
}

func (p *peopleList) draw(row *peopleRow, i int) {
	row.show(&p.entries[i], p.open, p.list.focused && p.list.cursor == i, p.words)
}

// rebuild fills all rows anew, after entries came, went or moved. The list does
// so by itself whenever the height of an entry changes.
func (p *peopleList) rebuild() {
	clear(p.bound)
	old := p.heads
	p.heads = nil
	for i := range p.entries {
		if p.entries[i].head() {
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
