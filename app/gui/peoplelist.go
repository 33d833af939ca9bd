package gui

import (
	"cmp"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// peopleList is the left pane's list: everybody known, the most recent
// conversation first, or those that match a filter.
type peopleList struct {
	widget.BaseWidget
	words  *wording
	all    []*chat.Summary
	shown  []*chat.Summary
	filter string
	open   chat.ContactID
	list   *widget.List
	empty  *widget.Label

	onOpen func(chat.ContactID)
}

func newPeopleList(words *wording, onOpen func(chat.ContactID)) *peopleList {
	p := &peopleList{words: words, onOpen: onOpen}
	p.list = widget.NewList(
		func() int { return len(p.shown) },
		func() fyne.CanvasObject { return newPersonRow() },
		func(i widget.ListItemID, o fyne.CanvasObject) {
			if i < len(p.shown) {
				o.(*personRow).show(p.shown[i], p.shown[i].ID == p.open, words)
			}
		},
	)
	p.list.HideSeparators = true
	// The open row is marked by the row itself: it moves when a message comes.
	p.list.OnSelected = func(i widget.ListItemID) {
		p.list.UnselectAll()
		if i < len(p.shown) {
			p.onOpen(p.shown[i].ID)
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
	p.all = p.all[:0]
	for _, s := range people {
		p.all = append(p.all, s)
	}
	slices.SortFunc(p.all, comparePeople)
	p.open = open
	p.apply()
}

// setFilter shows only those whose name or address contains the words.
func (p *peopleList) setFilter(filter string) {
	p.filter = strings.ToLower(strings.TrimSpace(filter))
	p.apply()
}

func (p *peopleList) apply() {
	p.shown = p.shown[:0]
	for _, s := range p.all {
		if matches(s, p.filter) {
			p.shown = append(p.shown, s)
		}
	}
	text := ""
	switch {
	case len(p.all) == 0:
		text = p.words.Text("gui.people.none", nil)
	case len(p.shown) == 0:
		text = p.words.Text("gui.people.no-match", map[string]any{"filter": p.filter})
	}
	p.empty.Hidden = text == ""
	if p.empty.Text != text {
		p.empty.SetText(text)
	}
	p.list.Refresh()
}

// neighbour returns who stands before (-1) or after (+1) the open
// conversation; without one, the first.
func (p *peopleList) neighbour(step int) (chat.ContactID, bool) {
	if len(p.shown) == 0 {
		return 0, false
	}
	at := slices.IndexFunc(p.shown, func(s *chat.Summary) bool { return s.ID == p.open })
	if at < 0 {
		return p.shown[0].ID, true
	}
	next := at + step
	if next < 0 || next >= len(p.shown) {
		return 0, false
	}
	return p.shown[next].ID, true
}

// reveal scrolls to a person.
func (p *peopleList) reveal(id chat.ContactID) {
	at := slices.IndexFunc(p.shown, func(s *chat.Summary) bool { return s.ID == id })
	if at >= 0 {
		p.list.ScrollTo(at)
	}
}

// comparePeople puts the newest conversation first. The order is that of
// arrival here, so that nobody's wrong clock holds the top. People without a
// conversation follow: those present first, by name. Blocked people are last.
func comparePeople(a, b *chat.Summary) int {
	return cmp.Or(
		compareBool(b.Blocked, a.Blocked),
		cmp.Compare(lastSeq(b), lastSeq(a)),
		compareBool(a.Online, b.Online),
		cmp.Compare(strings.ToLower(a.DisplayName()), strings.ToLower(b.DisplayName())),
		cmp.Compare(a.ID, b.ID),
	)
}

// compareBool sorts true before false.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func lastSeq(s *chat.Summary) int64 {
	if s.Last == nil {
		return 0
	}
	return s.Last.Seq
}

func matches(s *chat.Summary, filter string) bool {
	if filter == "" {
		return true
	}
	for _, text := range []string{s.Name, s.Remark, s.Address} {
		if strings.Contains(strings.ToLower(text), filter) {
			return true
		}
	}
	return false
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

// first returns the person at the top.
func (p *peopleList) first() (chat.ContactID, bool) {
	if len(p.shown) == 0 {
		return 0, false
	}
	return p.shown[0].ID, true
}
