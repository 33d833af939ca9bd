package storetest

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"feihong/app/chat"
	"feihong/protocol"
)

// Compare commits the same random batches to two implementations and checks
// that they give the same answers. open returns a new, empty store, which is
// closed afterwards.
func Compare(t *testing.T, openA, openB func(t *testing.T) chat.Store) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := openA(t), openB(t)
		defer a.Close()
		defer b.Close()
		c := comparison{t: rt, a: a, b: b}
		c.commit(everybody())
		for range rapid.IntRange(1, 8).Draw(rt, "batches") {
			c.commit(drawBatch(rt))
		}
		c.contacts()
		c.overviews()
		for contact := chat.ContactID(0); contact <= maxContact; contact++ {
			c.outboxes(contact)
		}
		for range 10 {
			c.histories(drawQuery(rt))
			c.transfers(drawTransferQuery(rt))
		}
	})
}

// Few of everything, so that batches meet each other.
const (
	maxContact = 4
	maxID      = 12
	maxSeq     = 40
)

var alphabet = []rune("你好吗 ab")

// everybody makes all contacts, lest most batches be refused.
func everybody() (batch chat.Batch) {
	for id := chat.ContactID(1); id <= maxContact; id++ {
		batch.Contacts = append(batch.Contacts, chat.Contact{ID: id})
	}
	return batch
}

func drawBatch(t *rapid.T) chat.Batch {
	contact := rapid.Map(rapid.Int64Range(1, maxContact), func(n int64) chat.ContactID { return chat.ContactID(n) })
	known := rapid.SliceOfN(contact, 0, 3)
	id := rapid.Map(rapid.ByteRange(1, maxID), func(n byte) protocol.MessageID { return protocol.MessageID{n} })
	state := rapid.Map(rapid.Uint8Range(1, 5), func(n uint8) chat.State { return chat.State(n) })
	text := rapid.StringOfN(rapid.SampledFrom(alphabet), 0, 6, -1)

	var batch chat.Batch
	for _, n := range known.Draw(t, "contacts") {
		batch.Contacts = append(batch.Contacts, chat.Contact{
			ID: n, Name: text.Draw(t, "name"), Department: text.Draw(t, "department"), Host: text.Draw(t, "host"),
		})
	}
	if rapid.IntRange(0, 4).Draw(t, "merging") == 0 {
		batch.Merges = []chat.Merge{{From: contact.Draw(t, "from"), Into: contact.Draw(t, "into")}}
	}
	direction := rapid.Map(rapid.Uint8Range(0, 1), func(n uint8) chat.Direction { return chat.Direction(n) })
	kind := rapid.SampledFrom([]chat.Kind{
		chat.KindText, chat.KindText, chat.KindText, chat.KindFiles, chat.KindNudge, chat.KindEdit, chat.KindRecall, chat.KindReaction,
	})
	for range rapid.IntRange(0, 15).Draw(t, "messages") {
		m := chat.Message{
			ID: id.Draw(t, "id"), Contact: contact.Draw(t, "contact"),
			Direction: direction.Draw(t, "direction"), State: state.Draw(t, "state"), Kind: kind.Draw(t, "kind"),
			Text: text.Draw(t, "text"), Names: text.Draw(t, "names"), Time: moment(t, "written"),
		}
		if m.Kind.Amendment() {
			m.Target = chat.Ref{Direction: direction.Draw(t, "direction of the target"), ID: id.Draw(t, "target")}
		}
		batch.Messages = append(batch.Messages, m)
	}
	for range rapid.IntRange(0, 4).Draw(t, "transfers") {
		batch.Transfers = append(batch.Transfers, chat.Transfer{
			ID: id.Draw(t, "id"), Contact: contact.Draw(t, "contact"), Text: text.Draw(t, "text"), Left: -1,
			State:     rapid.SampledFrom([]chat.TransferState{chat.TransferOffered, chat.TransferPaused, chat.TransferDone}).Draw(t, "state"),
			Direction: direction.Draw(t, "direction"), Created: moment(t, "created"), Confirmed: rapid.Bool().Draw(t, "confirmed"),
		})
	}
	for range rapid.IntRange(0, 5).Draw(t, "changes") {
		batch.States = append(batch.States, chat.StateChange{
			Contact: contact.Draw(t, "contact"), ID: id.Draw(t, "id"), State: state.Draw(t, "state"), Reason: text.Draw(t, "reason"),
			At: maybe(t, "at"), Sent: maybe(t, "sent"),
		})
	}
	for range rapid.IntRange(0, 2).Draw(t, "marks") {
		batch.ReadUpTo = append(batch.ReadUpTo, chat.ReadMark{Contact: contact.Draw(t, "contact"), UpTo: rapid.Int64Range(0, maxSeq).Draw(t, "up to")})
	}
	for range rapid.IntRange(0, 2).Draw(t, "drafts") {
		batch.Drafts = append(batch.Drafts, chat.Draft{Contact: contact.Draw(t, "contact"), Text: text.Draw(t, "draft")})
	}
	if rapid.IntRange(0, 4).Draw(t, "removing") == 0 {
		batch.Removals = known.Draw(t, "removals")
	}
	if rapid.IntRange(0, 4).Draw(t, "clearing") == 0 {
		batch.Clears = known.Draw(t, "clears")
	}
	if rapid.IntRange(0, 4).Draw(t, "expiring") == 0 {
		batch.Expire = moment(t, "expiry")
	}
	return batch
}

// moment draws one of a few, on three days.
func moment(t *rapid.T, label string) time.Time {
	return start.Add(time.Duration(rapid.IntRange(0, 8).Draw(t, label)) * 6 * time.Hour)
}

// maybe draws a moment or none.
func maybe(t *rapid.T, label string) time.Time {
	if rapid.Bool().Draw(t, "has "+label) {
		return moment(t, label)
	}
	return time.Time{}
}

func drawQuery(t *rapid.T) chat.HistoryQuery {
	q := chat.HistoryQuery{
		Contact: chat.ContactID(rapid.Int64Range(0, maxContact).Draw(t, "contact")),
		Search:  rapid.StringOfN(rapid.SampledFrom(alphabet), 0, 4, -1).Draw(t, "search"),
		Limit:   rapid.IntRange(0, 5).Draw(t, "limit"),
		Before:  rapid.Int64Range(0, maxSeq).Draw(t, "before"),
		After:   rapid.Int64Range(-1, maxSeq).Draw(t, "after"),
	}
	if rapid.Bool().Draw(t, "has a beginning") {
		q.Since = moment(t, "since")
	}
	if rapid.Bool().Draw(t, "has an end") {
		q.Until = moment(t, "until")
	}
	if rapid.Bool().Draw(t, "of one person") {
		q.From = new(chat.Direction(rapid.Uint8Range(0, 1).Draw(t, "from")))
	}
	if rapid.Bool().Draw(t, "of some kinds") {
		q.Kinds = rapid.SliceOfN(rapid.SampledFrom([]chat.Kind{1, 2, 3, 4, 5, 6}), 0, 3).Draw(t, "kinds")
	}
	return q
}

func drawTransferQuery(t *rapid.T) chat.TransferQuery {
	return chat.TransferQuery{
		Contact:   chat.ContactID(rapid.Int64Range(0, maxContact).Draw(t, "contact")),
		Open:      rapid.Bool().Draw(t, "open"),
		Unsettled: rapid.Bool().Draw(t, "unsettled"),
		Match:     rapid.SampledFrom([]string{"", "0", "01", "0c00", "00"}).Draw(t, "match"),
		Limit:     rapid.IntRange(0, 5).Draw(t, "limit"),
	}
}

type comparison struct {
	t    *rapid.T
	a, b chat.Store
}

// check ends the test if the answers differ.
func (c comparison) check(what string, a, b any, errA, errB error) {
	c.t.Helper()
	if (errA == nil) != (errB == nil) {
		c.t.Fatalf("%s: errors %v and %v", what, errA, errB)
	}
	if !reflect.DeepEqual(a, b) {
		c.t.Fatalf("%s:\n%+v\n%+v", what, a, b)
	}
}

func (c comparison) commit(batch chat.Batch) {
	a, errA := c.a.Commit(c.t.Context(), batch)
	b, errB := c.b.Commit(c.t.Context(), batch)
	for _, done := range []*chat.Committed{&a, &b} {
		if len(done.Read) == 0 {
			done.Read = nil
		}
	}
	amendedA, amendedB := outline(a.Amended), outline(b.Amended)
	a.Amended, b.Amended = nil, nil
	c.check(fmt.Sprintf("Commit(%+v)", batch), a, b, errA, errB)
	c.check(fmt.Sprintf("Amended by Commit(%+v)", batch), amendedA, amendedB, nil, nil)
}

func (c comparison) contacts() {
	a, errA := c.a.Contacts(c.t.Context())
	b, errB := c.b.Contacts(c.t.Context())
	c.check("Contacts", slices.Clip(a), slices.Clip(b), errA, errB)
}

func (c comparison) overviews() {
	a, errA := c.a.Overview(c.t.Context())
	b, errB := c.b.Overview(c.t.Context())
	c.check("contacts of Overview", slices.Sorted(maps.Keys(a)), slices.Sorted(maps.Keys(b)), errA, errB)
	for id, one := range a {
		other := b[id]
		c.check("newest message", newest(one), newest(other), nil, nil)
		one.Last, other.Last = nil, nil
		c.check("Overview", one, other, nil, nil)
	}
}

func newest(o chat.Overview) []string {
	if o.Last == nil {
		return nil
	}
	return outline([]chat.Message{*o.Last})
}

func (c comparison) outboxes(contact chat.ContactID) {
	a, errA := c.a.Outbox(c.t.Context(), contact, 0, 5)
	b, errB := c.b.Outbox(c.t.Context(), contact, 0, 5)
	c.check(fmt.Sprint("Outbox of ", contact), outline(a), outline(b), errA, errB)
}

func (c comparison) histories(q chat.HistoryQuery) {
	a, errA := c.a.History(c.t.Context(), q)
	b, errB := c.b.History(c.t.Context(), q)
	c.check(fmt.Sprintf("History(%+v)", q), outline(a), outline(b), errA, errB)
}

func (c comparison) transfers(q chat.TransferQuery) {
	a, errA := c.a.Transfers(c.t.Context(), q)
	b, errB := c.b.Transfers(c.t.Context(), q)
	c.check(fmt.Sprintf("Transfers(%+v)", q), outlineTransfers(a), outlineTransfers(b), errA, errB)
}

func outlineTransfers(list []chat.Transfer) (lines []string) {
	for _, t := range list {
		lines = append(lines, fmt.Sprintf("%x %d %v %q %v", t.ID[:2], t.Contact, t.State, t.Text, t.Confirmed))
	}
	return lines
}
