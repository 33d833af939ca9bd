// Package storetest is the contract of chat.Store as tests, so that every
// implementation runs the same ones: Run checks each promise by itself, and
// Compare drives two implementations with random batches.
package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/protocol"
)

// Run runs the contract. open returns a new, empty store, which the tests do
// not close.
func Run(t *testing.T, open func(t *testing.T) chat.Store) {
	tests := []struct {
		name string
		test func(*testing.T, *fixture)
	}{
		{"Empty", testEmpty},
		{"Contacts", testContacts},
		{"Messages", testMessages},
		{"Duplicates", testDuplicates},
		{"LargeBatch", testLargeBatch},
		{"AllOrNothing", testAllOrNothing},
		{"OrderOfFields", testOrderOfFields},
		{"States", testStates},
		{"TimesOfStates", testTimesOfStates},
		{"ReadUpTo", testReadUpTo},
		{"Drafts", testDrafts},
		{"Overview", testOverview},
		{"Outbox", testOutbox},
		{"Message", testMessage},
		{"HistoryLimits", testHistoryLimits},
		{"Search", testSearch},
		{"SearchLimits", testSearchLimits},
		{"Merge", testMerge},
		{"MergeNothing", testMergeNothing},
		{"Removals", testRemovals},
		{"Transfers", testTransfers},
		{"TransferQueries", testTransferQueries},
		{"PathsInUse", testPathsInUse},
		{"TransfersMove", testTransfersMove},
		{"SearchNames", testSearchNames},
		{"SeqNeverReused", testSeqNeverReused},
		{"Amendments", testAmendments},
		{"AmendmentsTogether", testAmendmentsTogether},
		{"AmendmentsTravel", testAmendmentsTravel},
		{"AmendmentsOfSomethingElse", testAmendmentsOfSomethingElse},
		{"RecallLeavesNoText", testRecallLeavesNoText},
		{"RecalledOffer", testRecalledOffer},
		{"KeptAmendments", testKeptAmendments},
		{"EditsWithoutText", testEditsWithoutText},
		{"References", testReferences},
		{"SearchFollows", testSearchFollows},
		{"Filters", testFilters},
		{"Clears", testClears},
		{"Expire", testExpire},
		{"ExpireInSteps", testExpireInSteps},
		{"ClearsKeepOffers", testClearsKeepOffers},
		{"Pictures", testPictures},
		{"EndedContext", testEndedContext},
		{"Concurrency", testConcurrency},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.test(t, &fixture{Store: open(t), t: t})
		})
	}
}

// fixture is a store whose methods end the test when they fail.
type fixture struct {
	chat.Store
	t    *testing.T
	tick int64
}

// start is when the first message of every test was written.
var start = time.UnixMilli(1_700_000_000_000)

// message makes a message of the next second.
func (f *fixture) message(contact chat.ContactID, direction chat.Direction, text string) chat.Message {
	f.tick++
	m := chat.Message{
		ID: uuid.Must(uuid.NewV7()), Contact: contact, Direction: direction, State: chat.Queued,
		Kind: chat.KindText, Text: text, Time: start.Add(time.Duration(f.tick) * time.Second),
	}
	if direction == chat.In {
		m.State = chat.Delivered
	}
	return m
}

func (f *fixture) commit(batch chat.Batch) chat.Committed {
	f.t.Helper()
	done, err := f.Commit(f.t.Context(), batch)
	if err != nil {
		f.t.Fatalf("Commit: %v", err)
	}
	return done
}

// people commits contacts with the given IDs.
func (f *fixture) people(ids ...chat.ContactID) {
	f.t.Helper()
	var batch chat.Batch
	for _, id := range ids {
		batch.Contacts = append(batch.Contacts, chat.Contact{
			ID: id, Name: fmt.Sprint("person ", id), Created: start, Peer: protocol.PeerID{byte(id), 1},
		})
	}
	f.commit(batch)
}

// add commits messages and returns them as they are stored.
func (f *fixture) add(messages ...chat.Message) []chat.Message {
	f.t.Helper()
	done := f.commit(chat.Batch{Messages: messages})
	stored := slices.Clone(messages)
	for i := range stored {
		if stored[i].Seq = done.Seq[i]; stored[i].Seq == 0 {
			f.t.Fatalf("message %d was not inserted", i)
		}
	}
	return stored
}

func (f *fixture) history(q chat.HistoryQuery) []chat.Message {
	f.t.Helper()
	found, err := f.History(f.t.Context(), q)
	if err != nil {
		f.t.Fatalf("History(%+v): %v", q, err)
	}
	return found
}

func (f *fixture) overview() map[chat.ContactID]chat.Overview {
	f.t.Helper()
	overview, err := f.Overview(f.t.Context())
	if err != nil {
		f.t.Fatalf("Overview: %v", err)
	}
	return overview
}

func (f *fixture) outbox(contact chat.ContactID, after int64, limit int) []chat.Message {
	f.t.Helper()
	found, err := f.Outbox(f.t.Context(), contact, after, limit)
	if err != nil {
		f.t.Fatalf("Outbox: %v", err)
	}
	return found
}

func (f *fixture) outboxContacts() []chat.ContactID {
	f.t.Helper()
	found, err := f.OutboxContacts(f.t.Context())
	if err != nil {
		f.t.Fatalf("OutboxContacts: %v", err)
	}
	return found
}

// same compares lists of messages; times by the moment they stand for.
func (f *fixture) same(what string, got, want []chat.Message) {
	f.t.Helper()
	if !slices.EqualFunc(got, want, equal) {
		f.t.Fatalf("%s:\n got %v\nwant %v", what, outline(got), outline(want))
	}
}

func equal(a, b chat.Message) bool {
	for _, times := range [][2]*time.Time{
		{&a.Time, &b.Time}, {&a.Edited, &b.Edited}, {&a.Sent, &b.Sent}, {&a.Delivered, &b.Delivered}, {&a.Read, &b.Read},
	} {
		if !times[0].Equal(*times[1]) {
			return false
		}
		*times[0], *times[1] = time.Time{}, time.Time{}
	}
	return a == b
}

func outline(list []chat.Message) (lines []string) {
	for _, m := range list {
		line := fmt.Sprintf("%d:%d %v %v %v %q %q %s", m.Seq, m.Contact, m.Direction, m.State, m.Kind, m.Text, m.Names, m.Reason)
		if !m.ReplyTo.IsZero() || !m.Target.IsZero() {
			line += fmt.Sprintf(" reply to %v, target %v", m.ReplyTo, m.Target)
		}
		if !m.Edited.IsZero() || m.Recalled || m.Reactions != [2]string{} {
			line += fmt.Sprintf(" edited %d, recalled %v, %q", m.Edited.UnixMilli(), m.Recalled, m.Reactions)
		}
		for i, at := range []time.Time{m.Sent, m.Delivered, m.Read} {
			if !at.IsZero() {
				line += fmt.Sprintf(" %v %d", chat.Sent+chat.State(i), at.UnixMilli())
			}
		}
		lines = append(lines, line)
	}
	return lines
}

func testEmpty(t *testing.T, f *fixture) {
	f.commit(chat.Batch{})
	contacts, err := f.Contacts(t.Context())
	if err != nil || len(contacts) != 0 {
		t.Errorf("Contacts: %v, %v", contacts, err)
	}
	if o := f.overview(); len(o) != 0 {
		t.Errorf("Overview: %v", o)
	}
	f.same("History", f.history(chat.HistoryQuery{}), nil)
	f.same("History with a search", f.history(chat.HistoryQuery{Search: "好"}), nil)
	f.same("Outbox", f.outbox(1, 0, 10), nil)
	if ids := f.outboxContacts(); len(ids) != 0 {
		t.Errorf("OutboxContacts: %v", ids)
	}
}

func testContacts(t *testing.T, f *fixture) {
	second := chat.Contact{ID: 2, Address: "10.0.0.2:4000"} // pending, never seen
	first := chat.Contact{
		ID: 1, Peer: protocol.PeerID{1, 2, 3}, Name: "张三", Department: "财务部", Host: "zhang-pc",
		Remark: "老张", Address: "[fe80::1]:80",
		Verified: true, Blocked: true, Proven: true, Namesake: true, AutoAccept: 1 << 40,
		Pinned: true, MutedUntil: chat.Forever, Picture: "0a0b", Created: start, LastSeen: start.Add(time.Hour),
	}
	f.commit(chat.Batch{Contacts: []chat.Contact{second, first}})
	f.checkContacts(first, second)

	f.add(f.message(1, chat.In, "stays"))
	first.Name, first.Blocked, first.LastSeen = "张三丰", false, time.Time{}
	first.Department, first.Host, first.AutoAccept = "", "zhang-mac", -1
	first.Pinned, first.MutedUntil, first.Picture = false, time.Time{}, ""
	second.Pinned, second.MutedUntil, second.Picture = true, start.Add(time.Minute), "0c"
	second.Peer, second.LastSeen, second.Department = protocol.PeerID{9}, start, "二楼 'quoted'"
	f.commit(chat.Batch{Contacts: []chat.Contact{first, second}})
	f.checkContacts(first, second)
	if n := len(f.history(chat.HistoryQuery{Contact: 1})); n != 1 {
		t.Errorf("%d messages after the contact was replaced", n)
	}
}

func (f *fixture) checkContacts(want ...chat.Contact) {
	f.t.Helper()
	got, err := f.Contacts(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	same := slices.EqualFunc(got, want, func(a, b chat.Contact) bool {
		for _, times := range [][2]*time.Time{{&a.Created, &b.Created}, {&a.LastSeen, &b.LastSeen}, {&a.MutedUntil, &b.MutedUntil}} {
			if !times[0].Equal(*times[1]) || times[0].IsZero() != times[1].IsZero() {
				return false
			}
			*times[0], *times[1] = time.Time{}, time.Time{}
		}
		return a == b
	})
	if !same {
		f.t.Fatalf("Contacts:\n got %+v\nwant %+v", got, want)
	}
}

func testEndedContext(t *testing.T, f *fixture) {
	f.people(1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Commit(ctx, chat.Batch{Messages: []chat.Message{f.message(1, chat.In, "never")}}); err == nil {
		t.Error("Commit with an ended context succeeded")
	}
	if _, err := f.History(ctx, chat.HistoryQuery{}); err == nil {
		t.Error("History with an ended context succeeded")
	}
	f.same("History", f.history(chat.HistoryQuery{}), nil)
	f.add(f.message(1, chat.In, "afterwards"))
}
