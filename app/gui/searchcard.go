package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
	"feihong/app/store/words"
)

// searchCard is the search everywhere: a card with one field above what it
// finds, people first and then messages, and what the search is limited to. The
// arrows choose among the hits while the field has the focus, Enter goes there.
type searchCard struct {
	window *Window
	modal  *modal
	finder *finder
	filter searchFilter

	entry  *guardedEntry
	chips  [3]*pillButton // who, when, what
	days   *fyne.Container
	from   *guardedEntry
	to     *guardedEntry
	status *textLine
	list   *widget.List

	people   []*chat.Summary
	messages []chat.Message
	more     bool // there may be older messages
	hits     []hit
	at       int         // which of the hits is chosen
	asked    string      // the text that was searched for
	marked   words.Query // what is marked in the hits
}

// Limits of what is shown at once.
const (
	searchPage   = 40
	searchPeople = 6
)

// showSearch opens the search everywhere, limited to begin with.
func (w *Window) showSearch(filter searchFilter) {
	if w.covered() {
		return
	}
	c := &searchCard{window: w, finder: w.newFinder(), filter: filter}
	w.search = c
	c.build()
	c.update()
	w.win.Canvas().Focus(c.entry)
}

func (c *searchCard) build() {
	w := c.window
	c.entry = newGuardedEntry(w.words, false, findLimit)
	c.entry.Icon = colored(theme.SearchIcon(), colorMuted)
	c.entry.SetPlaceHolder(w.words.Text("gui.search.placeholder", nil))
	c.entry.OnChanged = func(string) { c.update() }
	c.entry.submit = func() { c.open(c.at) }
	c.entry.escape = func() bool { c.modal.hide(); return true }
	c.entry.arrow = c.arrow
	c.entry.page = c.arrow
	c.entry.shortcut = w.shortcut
	for i, tapped := range []func(){c.chooseWho, c.chooseWhen, c.chooseWhat} {
		c.chips[i] = newPillButton()
		c.chips[i].tapped = tapped
	}
	c.from, c.to = c.newDay(&c.filter.from), c.newDay(&c.filter.to)
	c.days = row(8, fixedWidth(120, c.from), middle(newTextLine(smallSize, colorMuted, "–")), fixedWidth(120, c.to))
	c.status = newShrinkingLine(smallSize, colorMuted, "")
	c.list = widget.NewList(
		func() int { return len(c.hits) },
		func() fyne.CanvasObject { return newHitRow() },
		func(i widget.ListItemID, o fyne.CanvasObject) { c.fill(i, o.(*hitRow)) },
	)
	c.list.HideSeparators = true
	calm := &recolored{
		names: map[fyne.ThemeColorName]fyne.ThemeColorName{theme.ColorNameHover: colorNone, theme.ColorNameSelection: colorNone, theme.ColorNameShadow: colorNone},
		sizes: map[fyne.ThemeSizeName]float32{theme.SizeNamePadding: 2},
	}
	head := column(8, c.entry, lineUp(6, c.chips[0], c.chips[1], c.chips[2], c.days))
	content := stacked(padded(0, 8, 0, 0, head), container.NewThemeOverride(c.list, calm), padded(6, 0, 10, 10, c.status))
	c.modal = &modal{window: w, closed: c.finder.stop}
	c.modal.popup = widget.NewModalPopUp(container.New(roomy{w.win.Canvas()}, padded(14, 10, 14, 14, content)), w.win.Canvas())
	w.modal = c.modal
	c.showChips()
	c.modal.popup.Show()
}

func (c *searchCard) newDay(into *string) *guardedEntry {
	e := newGuardedEntry(c.window.words, false, 32)
	e.SetPlaceHolder(c.window.cfg.Now().Format("2006-01-02"))
	e.OnChanged = func(text string) {
		*into = text
		c.update()
	}
	e.submit = func() { c.open(c.at) }
	e.shortcut = c.window.shortcut
	e.escape = c.entry.escape
	e.arrow = c.arrow
	return e
}

// update looks for what the field and the filters say now. What was found
// before stays until there is an answer.
func (c *searchCard) update() {
	w, text := c.window, strings.TrimSpace(c.entry.Text)
	c.people = c.findPeople(text)
	query, ok := c.filter.query(text, w.cfg.Now())
	if !ok || text == "" && c.filter.empty() {
		c.finder.stop()
		c.messages, c.more, c.asked, c.marked = nil, false, text, words.Query{}
		c.show(0)
		c.tell(ok)
		return
	}
	query.Limit = searchPage
	c.show(c.at)
	c.finder.find(query, func(page []chat.Message, more bool, err error) {
		c.messages, c.more, c.asked, c.marked = page, more && err == nil, text, words.Parse(query.Search)
		c.show(0)
		c.tell(true)
	})
}

// loadMore loads the next page of messages, if there is one.
func (c *searchCard) loadMore() {
	query, ok := c.filter.query(c.asked, c.window.cfg.Now())
	if !c.more || !ok || c.finder.busy() || len(c.messages) == 0 {
		return
	}
	query.Limit, query.Before = searchPage, c.messages[len(c.messages)-1].Seq
	c.finder.find(query, func(page []chat.Message, more bool, err error) {
		c.messages, c.more = append(c.messages, page...), more && err == nil
		c.show(c.at)
		c.tell(true)
	})
}

// findPeople returns whom the text names; without a text, with whom the user
// wrote last. A limit on messages leaves no people.
func (c *searchCard) findPeople(text string) []*chat.Summary {
	if !c.filter.empty() {
		return nil
	}
	var found []*chat.Summary
	for _, s := range c.window.left.people.matching(text) {
		if text == "" && s.Last == nil {
			continue
		}
		if found = append(found, s); len(found) == searchPeople {
			break
		}
	}
	return found
}

// show lists what was found, with one hit chosen.
func (c *searchCard) show(at int) {
	words := c.window.words
	c.hits = c.hits[:0]
	if len(c.people) > 0 {
		c.hits = append(c.hits, hit{heading: words.Text("gui.search.people", nil)})
		for _, s := range c.people {
			c.hits = append(c.hits, hit{person: s})
		}
	}
	if len(c.messages) > 0 {
		c.hits = append(c.hits, hit{heading: words.Text("gui.search.messages", nil)})
		for i := range c.messages {
			m := &c.messages[i]
			c.hits = append(c.hits, hit{person: c.window.people[m.Contact], message: m})
		}
	}
	for i := range c.hits {
		height := float32(hitHeight)
		if c.hits[i].heading != "" {
			height = hitHeadingHeight
		}
		c.list.SetItemHeight(i, height)
	}
	c.at = c.hitAt(at, +1)
	c.list.Refresh()
	if at == 0 {
		c.list.ScrollToTop()
	}
}

// hitAt returns the hit at a place, or the next one in a direction if that is a
// heading.
func (c *searchCard) hitAt(at, by int) int {
	at = max(min(at, len(c.hits)-1), 0)
	if at < len(c.hits) && c.hits[at].heading != "" {
		if at+by < 0 {
			by = 1
		}
		at = max(min(at+by, len(c.hits)-1), 0)
	}
	return at
}

func (c *searchCard) fill(i int, r *hitRow) {
	if i >= len(c.hits) {
		return
	}
	r.show(c.hits[i], c.marked, i == c.at, c.window.words, func() { c.open(i) })
	if i >= len(c.hits)-5 {
		c.loadMore()
	}
}

// arrow moves the choice.
func (c *searchCard) arrow(key fyne.KeyName) bool {
	by := map[fyne.KeyName]int{fyne.KeyUp: -1, fyne.KeyDown: 1, fyne.KeyPageUp: -6, fyne.KeyPageDown: 6}[key]
	before := c.at
	c.at = c.hitAt(c.at+by, by/max(by, -by))
	c.list.RefreshItem(before)
	c.list.RefreshItem(c.at)
	if c.at <= 1 {
		c.list.ScrollToTop()
	} else {
		c.list.ScrollTo(c.at)
	}
	return true
}

// open goes to a hit.
func (c *searchCard) open(at int) {
	if at >= len(c.hits) || c.hits[at].heading != "" {
		return
	}
	h := c.hits[at]
	c.modal.hide()
	switch {
	case h.message != nil:
		c.window.jumpTo(*h.message, c.asked)
	case h.person != nil:
		c.window.Open(h.person.ID)
	}
}

// tell says in words what was found.
func (c *searchCard) tell(readable bool) {
	key := "gui.search.keys"
	c.status.brief = ""
	switch {
	case !readable:
		key = "gui.search.bad-day"
	case len(c.hits) == 0 && (c.asked != "" || !c.filter.empty()):
		key = "gui.search.none"
	default:
		c.status.brief = c.window.words.Text("gui.search.keys-brief", nil)
	}
	c.status.setText(c.window.words.Text(key, nil))
}

// roomy gives a card most of the window.
type roomy struct{ canvas fyne.Canvas }

const (
	roomyWidth  = 680
	roomyHeight = 600
)

// Layout implements fyne.Layout.
func (r roomy) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		place(o, 0, 0, size.Width, size.Height)
	}
}

// MinSize implements fyne.Layout.
func (r roomy) MinSize([]fyne.CanvasObject) fyne.Size {
	window := r.canvas.Size()
	return fyne.NewSize(min(window.Width-2*modalEdge, roomyWidth), min(window.Height-2*modalEdge, roomyHeight))
}
