package gui

import (
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
	shapes map[shapeKey]*bubbleLayout
	cards  map[int64]measuredCard // by Seq
	width  float32                // of text, for which the shapes were measured
	inner  float32                // of cards, likewise
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

type shapeKey struct {
	seq      int64
	failed   bool
	expanded bool
}

// build lays out all rows for a width of the conversation. Shapes that were
// measured before are used again.
func (t *rowTable) build(width float32) {
	if text := textWidthFor(width); text != t.width || t.shapes == nil {
		t.width, t.shapes = text, make(map[shapeKey]*bubbleLayout)
	}
	if inner := cardWidth(width); inner != t.inner || t.cards == nil {
		t.inner, t.cards = inner, make(map[int64]measuredCard)
	}
	t.rows, t.total = t.rows[:0], edgeGap
	unreadShown := false
	for i := range t.messages {
		m := &t.messages[i]
		divided := i == 0 || !t.sameDay(t.messages[i-1].Time, m.Time)
		if divided {
			t.add(timelineRow{kind: rowDay, index: i, text: t.words.day(m.Time), height: dividerHeight}, dividerGap)
		}
		if !unreadShown && t.unreadFrom > 0 && m.Seq >= t.unreadFrom {
			unreadShown, divided = true, true
			t.add(timelineRow{kind: rowUnread, index: i, text: t.words.Text("gui.timeline.unread", nil), height: dividerHeight}, dividerGap)
		}
		t.addMessage(i, divided)
	}
	t.total += edgeGap
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
	if t.messages[i].Kind == chat.KindFiles {
		return t.card(i).bubbleHeight
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
			facts.showPicture(transfer)
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
	m := t.messages[i]
	key := shapeKey{m.Seq, m.State == chat.Failed, t.expanded[m.Seq]}
	shape, ok := t.shapes[key]
	if !ok {
		shape = measureBubble(m, t.width, key.expanded, t.words)
		t.shapes[key] = shape
	}
	return shape
}

func (t *rowTable) sameDay(a, b time.Time) bool {
	return midnight(t.words.local(a)).Equal(midnight(t.words.local(b)))
}

func (t *rowTable) joined(i, j int) bool {
	a, b := &t.messages[i], &t.messages[j]
	apart := b.Time.Sub(a.Time)
	if a.Kind == chat.KindFiles || b.Kind == chat.KindFiles {
		return false // a card stands for itself
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
	for i := range t.rows {
		m := &t.messages[t.rows[i].index]
		if t.rows[i].kind == rowMessage && m.Kind == chat.KindFiles && m.ID == id {
			return i
		}
	}
	return -1
}

// find returns the row of a message by its Seq, or -1.
func (t *rowTable) find(kind rowKind, seq int64) int {
	for i := range t.rows {
		if t.rows[i].kind == kind && t.messages[t.rows[i].index].Seq == seq {
			return i
		}
	}
	return -1
}

// mergeMessages returns the messages of both lists in order, each once and in
// the state that is furthest on.
func mergeMessages(old, add []chat.Message) []chat.Message {
	bySeq := make(map[int64]int, len(old)+len(add))
	merged := make([]chat.Message, 0, len(old)+len(add))
	for _, list := range [][]chat.Message{old, add} {
		for _, m := range list {
			at, known := bySeq[m.Seq]
			switch {
			case !known:
				bySeq[m.Seq] = len(merged)
				merged = append(merged, m)
			case m.State >= merged[at].State:
				merged[at] = m
			}
		}
	}
	sort.Slice(merged, func(i, j int) bool { return merged[i].Seq < merged[j].Seq })
	return merged
}
