package gui

import (
	"fyne.io/fyne/v2"

	"feihong/app/chat"
)

// The pills below the field of the search: what they say, and the menus in
// which the user chooses.

// maxOffered bounds how many people the menu offers.
const maxOffered = 24

func (c *searchCard) showChips() {
	words := c.window.words
	who := words.Text("gui.search.anybody", nil)
	if s := c.window.people[c.filter.contact]; s != nil {
		who = ellipsize(s.DisplayName(), 160, func(text string) float32 { return measure(text, smallSize) })
	}
	c.chips[0].show(who+" ▾", c.filter.contact != 0)
	c.chips[1].show(words.Text(c.filter.span.key(), nil)+" ▾", c.filter.span != spanAny)
	c.chips[2].show(words.Text(c.filter.kind.key(), nil)+" ▾", c.filter.kind != searchAll)
	setShown(c.days, c.filter.span == spanChosen)
	if c.modal != nil && c.modal.popup != nil {
		c.modal.popup.Content.Refresh()
	}
}

// limit changes the filter and looks again.
func (c *searchCard) limit(change func(*searchFilter)) {
	change(&c.filter)
	c.showChips()
	c.update()
	field := c.entry
	if c.filter.span == spanChosen && c.filter.from == "" {
		field = c.from
	}
	c.window.win.Canvas().Focus(field)
}

func (c *searchCard) menu(below *pillButton, items []*fyne.MenuItem) {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(below)
	showMenuAt(c.window.win.Canvas(), at.AddXY(0, below.Size().Height+2), items)
}

func (c *searchCard) chooseWho() {
	item := func(id chat.ContactID, name string) *fyne.MenuItem {
		i := fyne.NewMenuItem(name, func() { c.limit(func(f *searchFilter) { f.contact = id }) })
		i.Checked = c.filter.contact == id
		return i
	}
	items := []*fyne.MenuItem{item(0, c.window.words.Text("gui.search.anybody", nil))}
	if s := c.window.current(); s != nil {
		items = append(items, item(s.ID, oneLine(s.DisplayName())))
	}
	for _, s := range c.window.left.people.matching("") {
		if len(items) == maxOffered {
			break
		}
		if s.Last != nil && s != c.window.current() {
			items = append(items, item(s.ID, oneLine(s.DisplayName())))
		}
	}
	c.menu(c.chips[0], items)
}

func (c *searchCard) chooseWhen() {
	var items []*fyne.MenuItem
	for span := spanAny; span <= spanChosen; span++ {
		i := fyne.NewMenuItem(c.window.words.Text(span.key(), nil), func() { c.limit(func(f *searchFilter) { f.span = span }) })
		i.Checked = c.filter.span == span
		items = append(items, i)
	}
	c.menu(c.chips[1], items)
}

func (c *searchCard) chooseWhat() {
	var items []*fyne.MenuItem
	for kind := searchAll; kind <= searchLinks; kind++ {
		i := fyne.NewMenuItem(c.window.words.Text(kind.key(), nil), func() { c.limit(func(f *searchFilter) { f.kind = kind }) })
		i.Checked = c.filter.kind == kind
		items = append(items, i)
	}
	c.menu(c.chips[2], items)
}
