package gui

import (
	"net/url"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
	"feihong/protocol"
)

// timeline shows the messages of one conversation. It stays at the end while
// the user reads there; anywhere else it stays where it is, whatever is added
// above or below.
//
// It is a scroller over a timelineView, which draws only the rows in sight.
// The list widget of the toolkit is not used: every row of it can be pressed,
// takes the focus from the input box and is tinted, and its heights are kept by
// index, which makes adding older messages on top expensive.
type timeline struct {
	widget.BaseWidget
	table  rowTable
	view   *timelineView
	scroll *container.Scroll
	pill   *jumpPill

	follow   bool // the end is in sight and shall stay so
	fresh    int  // messages that came while it was not
	settling bool // the offset is being set by the program
	width    float32

	onOlder  func() // the user came close to the beginning
	onBottom func() // the user came to the end
	onMenu   func(chat.Message, *bubble, fyne.Position)
	onCard   func(protocol.MessageID, fileAction)
	onFiles  func(m chat.Message, selected string, at fyne.Position) // the menu of a card
	onView   func(chat.Message)                                      // a picture in full
	pictures *pictureShelf
	onTyped  func(rune)
	onKey    func(fyne.Shortcut) bool
	onLink   func(shown string, link *url.URL)
	selected *bodyText
}

const (
	nearTop    = 320 // from here on older messages are asked for
	nearBottom = 24  // this close counts as the end
)

func newTimeline(words *wording, book *transferBook, describe describer) *timeline {
	t := &timeline{follow: true, table: rowTable{words: words, book: book, describe: describe, expanded: make(map[int64]bool)}}
	t.view = newTimelineView(t)
	t.scroll = container.NewVScroll(t.view)
	t.scroll.OnScrolled = func(fyne.Position) { t.scrolled() }
	t.pill = newJumpPill(t.jump)
	t.ExtendBaseWidget(t)
	return t
}

// open shows another conversation, at its end or, if something is unread, at
// the first unread message.
func (t *timeline) open(messages []chat.Message, unreadFrom int64) {
	t.table.expanded = make(map[int64]bool)
	t.table.shapes, t.table.cards = nil, nil
	t.table.messages, t.table.unreadFrom = messages, unreadFrom
	t.follow, t.fresh, t.selected = true, 0, nil
	t.view.forget()
	t.rebuild()
	t.restore(anchor{follow: true})
	t.showUnread()
}

// showUnread scrolls up to where the unread messages begin, if that is above
// what is in sight.
func (t *timeline) showUnread() {
	at := t.table.find(rowUnread, t.table.unreadFrom)
	if at < 0 {
		return
	}
	if top := t.table.rows[at].y - edgeGap; top < t.offset() {
		t.follow = false
		t.scrollTo(top)
	}
}

// update shows a changed list of messages of the same conversation. fresh is
// how many of them just came in.
func (t *timeline) update(messages []chat.Message, fresh int) {
	anchor := t.anchor()
	t.table.messages = messages
	t.rebuild()
	t.restore(anchor)
	if !t.follow {
		t.fresh += fresh
	}
	t.updatePill()
}

// transferred shows the card of a transfer as it is now. Nothing else moves,
// unless the card needs another height.
func (t *timeline) transferred(id protocol.MessageID) {
	at := t.table.offer(id)
	if at < 0 {
		return
	}
	row := t.table.rows[at]
	if t.table.card(row.index).bubbleHeight != row.height {
		anchor := t.anchor()
		t.rebuild()
		t.restore(anchor)
		return
	}
	t.view.rebind(row)
}

// unshowable shows a file that is no picture after all as any other.
func (t *timeline) unshowable(m chat.Message) {
	if page := t.table.book.of(m); page != nil && !page.unshowable {
		page.unshowable = true
		page.version++
		t.transferred(m.ID)
	}
}

// jump goes to the end.
func (t *timeline) jump() {
	t.follow = true
	t.restore(anchor{follow: true})
	t.reachedEnd()
}

// atEnd says that the newest message is in sight.
func (t *timeline) atEnd() bool { return t.follow }

// anchor is what the user looks at: the end, or a message and where its top is.
type anchor struct {
	follow bool
	seq    int64
	delta  float32
}

func (t *timeline) anchor() anchor {
	row := t.table.firstMessage(t.offset())
	if t.follow || row < 0 {
		return anchor{follow: true}
	}
	found := t.table.rows[row]
	return anchor{seq: t.table.messages[found.index].Seq, delta: t.offset() - found.y}
}

func (t *timeline) rebuild() {
	if t.width > 0 { // before the first layout every height would be wrong
		t.table.build(t.width)
	}
}

func (t *timeline) restore(a anchor) {
	t.settling = true
	t.scroll.Refresh() // the height of the content has changed
	t.settling = false
	if !a.follow {
		if row := t.table.find(rowMessage, a.seq); row >= 0 {
			t.scrollTo(t.table.rows[row].y + a.delta)
			return
		}
	}
	t.scrollTo(t.table.total - t.scroll.Size().Height)
}

func (t *timeline) scrollTo(y float32) {
	t.settling = true
	t.scroll.ScrollToOffset(fyne.NewPos(0, max(y, 0)))
	t.settling = false
	t.view.place()
	t.updatePill()
	t.askOlder()
}

func (t *timeline) offset() float32 { return t.scroll.Offset.Y }

// scrolled is called for every move, by the user or not.
func (t *timeline) scrolled() {
	t.view.place()
	if t.settling {
		return
	}
	follow := t.offset() >= t.table.total-t.scroll.Size().Height-nearBottom
	if follow != t.follow {
		t.follow = follow
		if follow {
			t.reachedEnd()
		}
	}
	t.updatePill()
	t.askOlder()
}

func (t *timeline) reachedEnd() {
	t.fresh = 0
	t.updatePill()
	if t.onBottom != nil {
		t.onBottom()
	}
}

func (t *timeline) askOlder() {
	if t.onOlder != nil && t.width > 0 && len(t.table.rows) > 0 && t.offset() < nearTop {
		t.onOlder()
	}
}

func (t *timeline) updatePill() {
	text := ""
	if t.fresh > 0 {
		text = t.table.words.Text("gui.timeline.new", map[string]any{"count": t.fresh})
	}
	t.pill.show(text, !t.follow)
	t.placePill(t.Size())
}

// expand shows the whole of a folded message.
func (t *timeline) expand(seq int64) {
	anchor := t.anchor()
	if anchor.follow { // stay at the message, not at the end
		if row := t.table.find(rowMessage, seq); row >= 0 {
			anchor.follow, anchor.seq, anchor.delta = false, seq, t.offset()-t.table.rows[row].y
			t.follow = false
		}
	}
	t.table.expanded[seq] = true
	t.rebuild()
	t.restore(anchor)
}

// selects keeps one selection in the whole timeline.
func (t *timeline) selects(b *bodyText) {
	if t.selected != nil && t.selected != b {
		t.selected.clearSelection()
	}
	t.selected = b
}

// CreateRenderer implements fyne.Widget.
func (t *timeline) CreateRenderer() fyne.WidgetRenderer {
	quiet := &recolored{names: map[fyne.ThemeColorName]fyne.ThemeColorName{theme.ColorNameShadow: colorNone}}
	scroll := container.NewThemeOverride(t.scroll, quiet)
	return &drawing{
		objects: []fyne.CanvasObject{scroll, t.pill},
		layout: func(size fyne.Size) {
			anchor := t.anchor()
			scroll.Resize(size)
			if size.Width != t.width {
				t.width = size.Width
				t.rebuild()
			}
			t.restore(anchor)
			t.placePill(size)
		},
		minSize: func() fyne.Size { return fyne.NewSize(200, 120) },
		refresh: func() { scroll.Refresh() },
	}
}

func (t *timeline) placePill(size fyne.Size) {
	min := t.pill.MinSize()
	place(t.pill, size.Width-min.Width-timelineMargin, size.Height-min.Height-edgeGap, min.Width, min.Height)
}
