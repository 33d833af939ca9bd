package gui

import (
	"maps"
	"slices"
	"sort"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

// rowKind is what a row of the timeline shows.
type rowKind uint8

const (
	rowMessage rowKind = iota
	rowDay
	rowUnread
)

// timelineRow is one row: a message or a divider, and where it is.
type timelineRow struct {
	kind   rowKind
	index  int // of the message shown, or of the one below the divider
	group  grouping
	text   string // of a divider
	y      float32
	height float32
}

// Distances between rows.
const (
	groupGap   = 2
	bubbleGap  = 10
	dividerGap = 8
	edgeGap    = 12
)

// groupWithin is how close two messages of one writer are for looking like
// one.
const groupWithin = 3 * time.Minute

// rowTable places messages and dividers below one another. All heights are
// measured before anything is drawn, so the end of the conversation is where
// it says it is.
type rowTable struct {
	words      *wording
	messages   []chat.Message
	unreadFrom int64 // Seq of the first unread message, or 0
	expanded   map[int64]bool

	book     *transferBook
	describe describer

	rows   []timelineRow
	total  float32
	shapes map[int64]measuredBubble // by Seq
	cards  map[int64]measuredCard   // likewise
	width  float32                  // of text, for which the shapes were measured
	inner  float32                  // of cards, likewise
	lead   []int                    // rows that the table had before each message; where to go on building
}

// measuredBubble is the shape of a message of text as it was last needed.
type measuredBubble struct {
	key   shapeKey
	shape *bubbleLayout
}

// measuredCard is the shape of a card as it was last needed.
type measuredCard struct {
	key   cardKey
	shape *cardLayout
}

type cardKey struct {
	state    chat.State
	expanded bool
	version  int // of the transfer
}

// build lays out the rows for a width of the conversation, from the message at
// an index on: those before are as they were. Shapes that were measured before
// are used again.
func (t *rowTable) build(width float32, from int) {
	if text := textWidthFor(width); text != t.width || t.shapes == nil {
		t.width, t.shapes, from = text, make(map[int64]measuredBubble), 0
	}
	if inner := cardWidth(width); inner != t.inner || t.cards == nil {
		t.inner, t.cards, from = inner, make(map[int64]measuredCard), 0
	}
	t.prune()
	from = t.cut(from)
	for i := from; i < len(t.messages); i++ {
		t.lead = append(t.lead, len(t.rows))
		m := &t.messages[i]
		divided := i == 0 || !t.sameDay(t.messages[i-1].Time, m.Time)
		if divided {
			t.add(timelineRow{kind: rowDay, index: i, text: t.words.day(m.Time), height: dividerHeight}, dividerGap)
		}
		if t.beginsUnread(i) {
			divided = true
			t.add(timelineRow{kind: rowUnread, index: i, text: t.words.Text("gui.timeline.unread", nil), height: dividerHeight}, dividerGap)
		}
		t.addMessage(i, divided)
	}
	t.total += edgeGap
}

// cut takes away the rows from the message at an index on, and returns the
// index from which they have to be built.
func (t *rowTable) cut(from int) int {
	from = min(from, len(t.lead), len(t.messages))
	rows := 0
	if from > 0 {
		rows = len(t.rows)
		if from < len(t.lead) {
			rows = t.lead[from]
		}
	}
	t.rows, t.lead, t.total = t.rows[:rows], t.lead[:from], edgeGap
	if rows > 0 {
		last := &t.rows[rows-1]
		last.group.joinsBelow = false
		t.total = last.y + last.height
	}
	return from
}

// prune forgets the shapes of messages that are no longer loaded, once they are
// many.
func (t *rowTable) prune() {
	const spare = 256
	if len(t.shapes)+len(t.cards) <= 2*len(t.messages)+spare {
		return
	}
	loaded := make(map[int64]bool, len(t.messages))
	for i := range t.messages {
		loaded[t.messages[i].Seq] = true
	}
	maps.DeleteFunc(t.shapes, func(seq int64, _ measuredBubble) bool { return !loaded[seq] })
	maps.DeleteFunc(t.cards, func(seq int64, _ measuredCard) bool { return !loaded[seq] })
}

func (t *rowTable) beginsUnread(i int) bool {
	return t.unreadFrom > 0 && t.messages[i].Seq >= t.unreadFrom && (i == 0 || t.messages[i-1].Seq < t.unreadFrom)
}

func (t *rowTable) addMessage(i int, divided bool) {
	above := !divided && t.joined(i-1, i)
	gap := float32(bubbleGap)
	if above {
		gap = groupGap
	}
	if above {
		t.rows[len(t.rows)-1].group.joinsBelow = true
	}
	t.add(timelineRow{kind: rowMessage, index: i, group: grouping{joinsAbove: above}, height: t.height(i)}, gap)
}

func (t *rowTable) add(row timelineRow, gap float32) {
	row.y = t.total + gap
	t.rows = append(t.rows, row)
	t.total = row.y + row.height
}

// height returns how high a message is.
func (t *rowTable) height(i int) float32 {
	if isCard(&t.messages[i]) {
		return t.card(i).height(&t.messages[i])
	}
	return t.shape(i).height
}

// card returns the measured shape of an offer of files, as it is now.
func (t *rowTable) card(i int) *cardLayout {
	m := t.messages[i]
	page := t.book.of(m)
	key := cardKey{state: m.State, expanded: t.expanded[m.Seq]}
	var transfer *chat.Transfer
	if page != nil {
		key.version, transfer = page.version, &page.transfer
	}
	found, ok := t.cards[m.Seq]
	if !ok || found.key != key {
		facts := t.describe.facts(m, transfer)
		if page != nil && !page.unshowable {
			facts.showPicture(transfer, t.book.pixels)
		}
		if t.book.retried[m.ID] {
			facts.buttons = slices.DeleteFunc(facts.buttons, func(a fileAction) bool { return a == fileAgain })
		}
		found = measuredCard{key, measureCard(m, facts, t.inner, key.expanded, t.words)}
		t.cards[m.Seq] = found
	}
	return found.shape
}

// shape returns the measured shape of a message of text.
func (t *rowTable) shape(i int) *bubbleLayout {
	m := &t.messages[i]
	key := shapeKeyOf(m, t.expanded[m.Seq])
	found, ok := t.shapes[m.Seq]
	if !ok || found.key != key {
		found = measuredBubble{key, measureBubble(*m, t.width, key.expanded, t.words)}
		t.shapes[m.Seq] = found
	}
	return found.shape
}

// remeasure forgets all shapes.
func (t *rowTable) remeasure() { t.shapes, t.cards = nil, nil }

func (t *rowTable) sameDay(a, b time.Time) bool {
	if a.Equal(b) {
		return true
	}
	ay, am, ad := t.words.local(a).Date()
	by, bm, bd := t.words.local(b).Date()
	return ad == bd && am == bm && ay == by
}

func (t *rowTable) joined(i, j int) bool {
	a, b := &t.messages[i], &t.messages[j]
	apart := b.Time.Sub(a.Time)
	if a.Kind != chat.KindText || b.Kind != chat.KindText || a.Recalled || b.Recalled {
		return false // cards and remarks stand for themselves
	}
	return a.Direction == b.Direction && apart < groupWithin && apart > -groupWithin
}

// visible returns the rows that touch the stretch from top to bottom.
func (t *rowTable) visible(top, bottom float32) (from, to int) {
	from = sort.Search(len(t.rows), func(i int) bool { return t.rows[i].y+t.rows[i].height >= top })
	to = from + sort.Search(len(t.rows)-from, func(i int) bool { return t.rows[from+i].y > bottom })
	return from, to
}

// firstMessage returns the first message row that reaches below top, or -1.
func (t *rowTable) firstMessage(top float32) int {
	from, _ := t.visible(top, top)
	for ; from < len(t.rows); from++ {
		if t.rows[from].kind == rowMessage {
			return from
		}
	}
	return -1
}

// offer returns the row of the message that offers a transfer, or -1.
func (t *rowTable) offer(id protocol.MessageID) int {
	for i := range t.lead {
		if m := &t.messages[i]; isCard(m) && m.ID == id {
			return t.rowOf(rowMessage, i)
		}
	}
	return -1
}

// find returns the row of a message by its Seq, or -1.
func (t *rowTable) find(kind rowKind, seq int64) int {
	i := sort.Search(len(t.messages), func(i int) bool { return t.messages[i].Seq >= seq })
	if i == len(t.messages) || t.messages[i].Seq != seq {
		return -1
	}
	return t.rowOf(kind, i)
}

// rowOf returns the row of the message at an index, or -1.
func (t *rowTable) rowOf(kind rowKind, i int) int {
	if i >= len(t.lead) {
		return -1
	}
	for row := t.lead[i]; row < len(t.rows) && t.rows[row].index == i; row++ {
		if t.rows[row].kind == kind {
			return row
		}
	}
	return -1
}

// nearest returns the row of the message with a Seq or, if that is not there,
// of the one after it, or of the last; -1 if there is none.
func (t *rowTable) nearest(seq int64) int {
	i := sort.Search(len(t.messages), func(i int) bool { return t.messages[i].Seq >= seq })
	return t.rowOf(rowMessage, max(min(i, len(t.lead)-1), 0))
}
