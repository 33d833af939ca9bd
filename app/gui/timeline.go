package gui

import (
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
	"feihong/app/store/words"
	"feihong/protocol"
)

// timeline shows the messages of one conversation, as many as are loaded. It
// stays at the end while the user reads there; anywhere else it stays where it
// is, whatever is added above or below.
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
	sticky *stickyDay

	below    bool // there are newer messages than those loaded
	follow   bool // the end of the conversation is in sight and shall stay so
	fresh    int  // messages that came while it was not
	settling bool // the offset is being set by the program
	width    float32
	goal     int64 // message to go to once there is a width
	flashed  int64 // message that is shown to the user, 0 for none
	flashes  int   // counts them
	day      string

	search   words.Query // marked in the texts
	searches int         // counts them

	later    func(time.Duration, func())
	onOlder  func() // the user came close to the beginning of what is loaded
	onNewer  func() // the user came close to its end, and there is more
	onLatest func() // the user wants to see the end, which is not loaded
	onFirst  func() // the user wants to see the very beginning
	onBottom func() // the user came to the end
	onLeave  func() // the user wants to write
	hooks    *messageHooks
	tools    *messageTools
	onCard   func(protocol.MessageID, fileAction)
	onView   func(chat.Message) // a picture in full
	pictures *pictureShelf
	onTyped  func(rune)
	onKey    func(fyne.Shortcut) bool
	// onMessageKey takes a key, or a character, for the message that has the
	// focus. It returns false if it means nothing there. Row is a *bubble or a
	// *fileCard.
	onMessageKey func(m chat.Message, row fyne.CanvasObject, key fyne.KeyName, r rune) bool
	selected     *bodyText
}

const (
	nearEdge   = 320 // from here on more messages are asked for
	nearBottom = 24  // this close counts as the end
)

func newTimeline(words *wording, book *transferBook, describe describer, hooks *messageHooks, later func(time.Duration, func())) *timeline {
	t := &timeline{follow: true, table: rowTable{words: words, book: book, describe: describe, expanded: make(map[int64]bool)}}
	t.hooks, t.tools = hooks, newMessageTools(words, hooks, later)
	t.view = newTimelineView(t)
	t.scroll = container.NewVScroll(t.view)
	t.scroll.OnScrolled = func(fyne.Position) { t.scrolled() }
	t.pill = newJumpPill(t.jump)
	t.sticky = newStickyDay(t)
	t.ExtendBaseWidget(t)
	return t
}

// open shows another conversation, at its end or, if something is unread, at
// the first unread message.
func (t *timeline) open(messages []chat.Message, unreadFrom int64) {
	t.reset(messages, unreadFrom, false)
	t.restore(anchor{follow: true})
	t.showUnread()
}

// openAround shows a stretch from the middle of a conversation, with one
// message in the middle of what is in sight. Below says that there are newer
// messages.
func (t *timeline) openAround(messages []chat.Message, seq int64, below bool) {
	t.reset(messages, 0, below)
	t.follow = false
	t.reveal(seq)
}

func (t *timeline) reset(messages []chat.Message, unreadFrom int64, below bool) {
	t.table.expanded = make(map[int64]bool)
	t.table.remeasure()
	t.table.messages, t.table.unreadFrom = messages, unreadFrom
	t.below, t.follow, t.fresh, t.selected, t.goal, t.flashed = below, true, 0, nil, 0, 0
	t.sticky.hide()
	t.view.forget()
	t.view.current = 0
	t.rebuild(0)
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

// endUnread takes away the divider above the messages that were new.
func (t *timeline) endUnread() {
	if t.table.unreadFrom == 0 {
		return
	}
	anchor := t.anchor()
	t.table.unreadFrom = 0
	t.rebuild(0)
	t.restore(anchor)
}

// update shows the messages of the same conversation after a change: those from
// an index on are not as they were. Below says that there are newer ones than
// these, fresh how many just came in.
func (t *timeline) update(messages []chat.Message, from int, below bool, fresh int) {
	anchor := t.anchor()
	t.table.messages, t.below = messages, below
	if below {
		t.follow, anchor.follow = false, false
	}
	t.rebuild(from)
	t.restore(anchor)
	t.missed(fresh)
}

// missed counts messages that came in where the user does not see them.
func (t *timeline) missed(fresh int) {
	if !t.follow {
		t.fresh += fresh
	}
	t.updatePill()
}

// transferred shows the card of a transfer as it is now. Nothing else moves,
// unless the card needs another height.
func (t *timeline) transferred(id protocol.MessageID) {
	if at := t.table.offer(id); at >= 0 {
		t.changed(at)
	}
}

// unshowable shows a file that is no picture after all as any other.
func (t *timeline) unshowable(m chat.Message) {
	if page := t.table.book.of(m); page != nil && !page.unshowable {
		page.unshowable = true
		page.version++
		t.transferred(m.ID)
	}
}

// measured gives pictures in a file the shape that they have.
func (t *timeline) measured(path string, size image.Point) {
	for _, id := range t.table.book.measured(path, size) {
		t.transferred(id)
	}
}

// changed shows a row as it is now. What is below its upper edge stays where
// it is, if that edge is out of sight.
func (t *timeline) changed(at int) {
	row := t.table.rows[at]
	height := t.table.height(row.index)
	if height == row.height {
		t.view.rebind(row)
		return
	}
	anchor := t.anchor()
	if anchor.seq == t.table.messages[row.index].Seq && anchor.delta > 0 {
		anchor.delta += height - row.height
	}
	t.rebuild(row.index)
	t.restore(anchor)
}

// dayIs names the days anew after midnight.
func (t *timeline) dayIs(day string) {
	if t.day == day {
		return
	}
	begun := t.day != ""
	t.day = day
	if begun {
		anchor := t.anchor()
		t.rebuild(0)
		t.restore(anchor)
	}
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
	if row < 0 {
		return anchor{follow: true}
	}
	found := t.table.rows[row]
	return anchor{follow: t.follow, seq: t.table.messages[found.index].Seq, delta: t.offset() - found.y}
}

func (t *timeline) rebuild(from int) {
	if t.width > 0 { // before the first layout every height would be wrong
		t.table.build(t.width, from)
	}
}

func (t *timeline) restore(a anchor) {
	t.settling = true
	t.scroll.Refresh() // the height of the content has changed
	t.settling = false
	if !a.follow {
		if row := t.table.nearest(a.seq); row >= 0 {
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
	t.askMore()
}

func (t *timeline) offset() float32 { return t.scroll.Offset.Y }

// end is the offset at which the last of what is loaded is in sight.
func (t *timeline) end() float32 { return t.table.total - t.scroll.Size().Height }

// scrolled is called for every move, by the user or not.
func (t *timeline) scrolled() {
	t.tools.hide()
	t.view.place()
	if t.settling {
		return
	}
	t.sticky.scrolled()
	t.followEnd(!t.below && t.offset() >= t.end()-nearBottom)
	t.updatePill()
	t.askMore()
}

func (t *timeline) followEnd(follow bool) {
	if follow == t.follow {
		return
	}
	t.follow = follow
	if follow {
		t.reachedEnd()
	}
}

func (t *timeline) reachedEnd() {
	t.fresh = 0
	t.updatePill()
	if t.onBottom != nil {
		t.onBottom()
	}
}

func (t *timeline) askMore() {
	if t.width == 0 || len(t.table.rows) == 0 {
		return
	}
	if t.onOlder != nil && t.offset() < nearEdge {
		t.onOlder()
	}
	if t.onNewer != nil && t.below && t.offset() > t.end()-nearEdge {
		t.onNewer()
	}
}

// expand shows the whole of a folded message.
func (t *timeline) expand(seq int64) {
	anchor := t.anchor()
	if row := t.table.find(rowMessage, seq); anchor.follow && row >= 0 { // stay at the message, not at the end
		anchor.follow, anchor.seq, anchor.delta = false, seq, t.offset()-t.table.rows[row].y
		t.follow = false
	}
	t.table.expanded[seq] = true
	t.rebuild(0)
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
		objects: []fyne.CanvasObject{scroll, t.sticky.label, t.tools, t.pill},
		layout: func(size fyne.Size) {
			anchor := t.anchor()
			scroll.Resize(size)
			if t.tools.Size() != size {
				t.tools.hide() // the message is somewhere else now
				t.tools.Resize(size)
			}
			if size.Width != t.width {
				t.width = size.Width
				t.rebuild(0)
			}
			t.restore(anchor)
			if goal := t.goal; goal != 0 {
				t.reveal(goal)
			}
			t.placePill(size)
			place(t.sticky.label, 0, stickyTop, size.Width, dividerHeight)
		},
		minSize: func() fyne.Size { return fyne.NewSize(200, 120) },
		refresh: func() { scroll.Refresh() },
	}
}
