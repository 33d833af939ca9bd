package gui

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// leftPane shows who the user is, where they can be reached, and everybody
// else.
type leftPane struct {
	widget.BaseWidget
	words   *wording
	self    *selfBar
	address *addressBar
	filter  *guardedEntry
	people  *peopleList
	add     *dialogButton
	alert   *strip
	lonely  *emptyState // in place of the list, in one column without anybody

	crowd []fyne.CanvasObject // what is there for other people
	place *fyne.Container     // of lonely
}

type leftActions struct {
	open     func(chat.ContactID)
	jump     func(chat.Message)
	search   func(text string)
	menu     func(id chat.ContactID, at fyne.Position)
	folded   func(departments []string)
	newChat  func()
	selfMenu func()
	shortcut func(fyne.Shortcut) bool
	escape   func() bool
}

func newLeftPane(words *wording, self Self, folded []string, lonely *emptyState, later func(time.Duration, func()), act leftActions) *leftPane {
	p := &leftPane{
		words:   words,
		self:    newSelfBar(words, self.ID, act.selfMenu),
		address: newAddressBar(words, self.Port, false, later),
		filter:  newGuardedEntry(words, false, 256),
		add:     newDialogButton(words.Text("gui.people.new", nil), theme.ContentAddIcon(), act.newChat),
		alert:   newStrip(),
		lonely:  lonely,
	}
	p.people = newPeopleList(words, folded, peopleActions{
		open: act.open, jump: act.jump, menu: act.menu, folded: act.folded, typed: p.typed, escape: act.escape,
	})
	p.add.Importance, p.add.escape = widget.HighImportance, act.escape
	p.filter.Icon = colored(theme.SearchIcon(), colorMuted)
	p.filter.SetPlaceHolder(words.Text("gui.people.search", nil))
	p.filter.OnChanged = func(text string) {
		p.people.setFilter(text)
		act.search(text)
	}
	p.filter.shortcut, p.filter.escape = act.shortcut, act.escape
	p.filter.arrow = func(name fyne.KeyName) bool { return name == fyne.KeyDown && p.toList() }
	p.filter.submit = p.people.pressFirst
	p.place = container.NewStack(p.lonely)
	p.place.Hide()
	p.ExtendBaseWidget(p)
	return p
}

// typed takes what is typed while the list has the focus into the filter.
func (p *leftPane) typed(r rune) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(p.filter); c != nil {
		c.Focus(p.filter)
		p.filter.TypedRune(r)
	}
}

// toList gives the list the focus, if there is anybody in it.
func (p *leftPane) toList() bool {
	c := fyne.CurrentApp().Driver().CanvasForObject(p.people.list)
	if c == nil || len(p.people.entries) == 0 {
		return false
	}
	c.Focus(p.people.list)
	return true
}

// alone shows what to do without anybody in place of the list and all that is
// about others.
func (p *leftPane) alone(alone bool) {
	if p.crowd == nil {
		show(p.place, alone)
		return
	}
	changed := p.place.Visible() != alone
	show(p.place, alone)
	for _, o := range p.crowd {
		show(o, !alone)
	}
	if changed {
		p.Refresh()
	}
}

// warn shows a problem that concerns the whole program until it is dismissed.
func (p *leftPane) warn(text string) {
	p.alert.show(text, true, p.words.Text("gui.dismiss", nil), func() {
		p.alert.hide()
		p.Refresh()
	})
	p.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (p *leftPane) CreateRenderer() fyne.WidgetRenderer {
	address := padded(0, 8, 12, 12, newSurface(colorInfoBack, 10, padded(4, 4, 12, 4, p.address)))
	filter, footer := padded(0, 8, 12, 12, p.filter), padded(8, 12, 12, 12, p.add)
	header := column(0, p.alert, padded(8, 6, 8, 8, p.self), address, filter)
	content := newSurface(colorPane, 0, stacked(header, container.NewStack(p.people, p.place), footer))
	p.crowd = []fyne.CanvasObject{address, filter, p.people, footer}
	p.alone(p.place.Visible())
	return &drawing{
		objects: []fyne.CanvasObject{content},
		layout:  func(size fyne.Size) { content.Resize(size) },
		minSize: content.MinSize,
		refresh: func() {
			content.content.Resize(fyne.Size{})
			content.content.Resize(p.Size())
			content.Refresh()
		},
	}
}

// rightPane shows the open conversation, what to do without one, or the
// doctor's page in front of either.
type rightPane struct {
	widget.BaseWidget
	conv   *convPane
	empty  *emptyState
	doctor *doctorPage // nil until it is shown for the first time
	pages  *fyne.Container
}

func newRightPane(conv *convPane, empty *emptyState) *rightPane {
	p := &rightPane{conv: conv, empty: empty, pages: container.NewStack(conv, empty)}
	p.show(empty)
	p.ExtendBaseWidget(p)
	return p
}

// show brings one of the pages to the front.
func (p *rightPane) show(page fyne.CanvasObject) {
	for _, o := range p.pages.Objects {
		if o == page {
			o.Show()
		} else {
			o.Hide()
		}
	}
}

// showSettings puts another page of settings in the place of the last.
func (p *rightPane) showSettings(page *settingsPage) {
	p.pages.Objects = slices.DeleteFunc(p.pages.Objects, func(o fyne.CanvasObject) bool {
		_, last := o.(*settingsPage)
		return last
	})
	p.pages.Add(page)
}

// CreateRenderer implements fyne.Widget.
func (p *rightPane) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(newSurface(theme.ColorNameBackground, 0, p.pages))
}
