package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

func testDrafts(t *testing.T, f *fixture) {
	f.people(1, 2)
	f.commit(chat.Batch{Drafts: []chat.Draft{{Contact: 1, Text: "半句"}, {Contact: 2, Text: "b"}}})
	f.commit(chat.Batch{Drafts: []chat.Draft{{Contact: 1, Text: "半句话"}, {Contact: 2}}})
	o := f.overview()
	if len(o) != 1 || o[1].Draft != "半句话" || o[1].Last != nil || o[1].Unread != 0 {
		t.Errorf("Overview: %+v", o)
	}
}

func testOverview(t *testing.T, f *fixture) {
	f.people(1, 2, 3)
	m := f.add(f.message(1, chat.In, "a"), f.message(2, chat.Out, "b"), f.message(1, chat.Out, "c"), f.message(1, chat.In, "d"))
	read := f.message(2, chat.In, "read at once")
	read.State = chat.Read
	last := f.add(read)[0]
	o := f.overview()
	if len(o) != 2 || o[1].Unread != 2 || o[2].Unread != 0 {
		t.Fatalf("Overview: %+v", o)
	}
	f.same("newest of 1", []chat.Message{*o[1].Last}, m[3:])
	f.same("newest of 2", []chat.Message{*o[2].Last}, []chat.Message{last})
}

func testOutbox(t *testing.T, f *fixture) {
	f.people(1, 2, 3)
	m := f.add(f.message(1, chat.Out, "a"), f.message(2, chat.Out, "b"), f.message(1, chat.In, "c"),
		f.message(1, chat.Out, "d"), f.message(1, chat.Out, "e"), f.message(3, chat.Out, "f"))
	f.commit(chat.Batch{States: []chat.StateChange{
		{Contact: 1, ID: m[3].ID, State: chat.Sent}, {Contact: 3, ID: m[5].ID, State: chat.Failed},
	}})
	m[3].State = chat.Sent
	f.same("all", f.outbox(1, 0, 10), []chat.Message{m[0], m[3], m[4]})
	f.same("first two", f.outbox(1, 0, 2), []chat.Message{m[0], m[3]})
	f.same("after the first", f.outbox(1, m[0].Seq, 10), []chat.Message{m[3], m[4]})
	f.same("failed", f.outbox(3, 0, 10), nil)
	if ids := f.outboxContacts(); !slices.Equal(slices.Sorted(slices.Values(ids)), []chat.ContactID{1, 2}) {
		t.Errorf("OutboxContacts: %v", ids)
	}
	f.commit(chat.Batch{States: []chat.StateChange{
		{Contact: 1, ID: m[0].ID, State: chat.Delivered}, {Contact: 2, ID: m[1].ID, State: chat.Read},
	}})
	f.same("after a receipt", f.outbox(1, 0, 10), m[3:5])
	if ids := f.outboxContacts(); !slices.Equal(ids, []chat.ContactID{1}) {
		t.Errorf("OutboxContacts after receipts: %v", ids)
	}
}

func testMessage(t *testing.T, f *fixture) {
	f.people(1, 2)
	m := f.add(f.message(1, chat.In, "a"), f.message(2, chat.Out, "b"))
	for _, want := range m {
		got, err := f.Message(t.Context(), want.Direction, want.ID)
		if err != nil {
			t.Fatal(err)
		}
		f.same("Message", []chat.Message{got}, []chat.Message{want})
		_, err = f.Message(t.Context(), 1-want.Direction, want.ID)
		if !errors.Is(err, chat.ErrNoMessage) {
			t.Errorf("other direction: %v", err)
		}
	}
	if _, err := f.Message(t.Context(), chat.In, protocol.MessageID{1}); !errors.Is(err, chat.ErrNoMessage) {
		t.Errorf("unknown: %v", err)
	}
}

func testHistoryLimits(t *testing.T, f *fixture) {
	f.people(1, 2)
	var all []chat.Message
	for i := range 10 {
		all = append(all, f.message(1, chat.Direction(i%2), fmt.Sprint(i)))
	}
	all = f.add(all...)
	other := f.add(f.message(2, chat.In, "other"))
	seq := func(i int) int64 { return all[i].Seq }
	tests := []struct {
		name string
		q    chat.HistoryQuery
		want []chat.Message
	}{
		{"all", chat.HistoryQuery{Contact: 1}, all},
		{"everybody", chat.HistoryQuery{}, append(slices.Clone(all), other...)},
		{"newest", chat.HistoryQuery{Contact: 1, Limit: 3}, all[7:]},
		{"before", chat.HistoryQuery{Contact: 1, Before: seq(5), Limit: 2}, all[3:5]},
		{"before everything", chat.HistoryQuery{Contact: 1, Before: seq(0), Limit: 2}, nil},
		{"after", chat.HistoryQuery{Contact: 1, After: seq(5), Limit: 2}, all[6:8]},
		{"after everything", chat.HistoryQuery{Contact: 1, After: seq(9)}, nil},
		{"after without limit", chat.HistoryQuery{Contact: 1, After: seq(5)}, all[6:]},
		{"between", chat.HistoryQuery{Contact: 1, After: seq(2), Before: seq(7), Limit: 2}, all[5:7]},
		{"since", chat.HistoryQuery{Contact: 1, Since: all[6].Time}, all[6:]},
		{"since, a moment later", chat.HistoryQuery{Contact: 1, Since: all[6].Time.Add(time.Microsecond)}, all[7:]},
		{"since and before", chat.HistoryQuery{Contact: 1, Since: all[6].Time, Before: seq(9), Limit: 1}, all[8:9]},
		{"since and after", chat.HistoryQuery{Contact: 1, Since: all[6].Time, After: seq(2), Limit: 1}, all[6:7]},
		{"nobody", chat.HistoryQuery{Contact: 9}, nil},
	}
	for _, tt := range tests {
		f.same(tt.name, f.history(tt.q), tt.want)
	}
}

func testSearch(t *testing.T, f *fixture) {
	f.people(1, 2)
	texts := []string{
		"今天晚上一起吃火锅吧", "明天早上开会 Hello", "hello world 晚上", "会议改到晚上八点", "他说 shell 好用", "晚", "hell",
	}
	for i, text := range texts {
		f.add(f.message(chat.ContactID(1+i%2), chat.In, text))
	}
	tests := []struct {
		search  string
		contact chat.ContactID
		want    []int
	}{
		{"晚", 0, []int{0, 2, 3, 5}},
		{"晚上", 0, []int{0, 2, 3}},
		{"晚上一起", 0, []int{0}},
		{"上晚", 0, nil},
		{"火锅吧", 0, []int{0}},
		{"晚上 hello", 0, []int{2}},
		{"HELL", 0, []int{1, 2, 6}},
		{"h", 0, []int{1, 2, 6}},
		{"hello", 0, []int{1, 2}},
		{"ello", 0, nil},
		{"晚上", 2, []int{3}},
		{"hello", 2, []int{1}},
		{"晚上", 9, nil},
		{"   ", 1, []int{0, 2, 4, 6}},
	}
	for _, tt := range tests {
		var got []int
		for _, m := range f.history(chat.HistoryQuery{Search: tt.search, Contact: tt.contact}) {
			got = append(got, slices.Index(texts, m.Text))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("search %q with contact %d: %v, want %v", tt.search, tt.contact, got, tt.want)
		}
	}
}

func testSearchLimits(t *testing.T, f *fixture) {
	f.people(1)
	var hits []chat.Message
	for i := range 10 {
		hits = append(hits, f.add(f.message(1, chat.In, "找到"), f.message(1, chat.In, fmt.Sprint("不是 ", i)))[0])
	}
	q := chat.HistoryQuery{Search: "找到", Limit: 2}
	f.same("newest", f.history(q), hits[8:])
	q.Before = hits[8].Seq
	f.same("before", f.history(q), hits[6:8])
	q.Before, q.After = 0, hits[2].Seq
	f.same("after", f.history(q), hits[3:5])
	q.Before = hits[6].Seq
	f.same("between", f.history(q), hits[4:6])
	q.Before, q.After, q.Since = 0, 0, hits[9].Time
	f.same("since", f.history(q), hits[9:])
}

func testMerge(t *testing.T, f *fixture) {
	f.people(1, 2, 3)
	shared := f.message(1, chat.In, "两边都有")
	copied := shared
	copied.Contact = 2
	m := f.add(f.message(1, chat.Out, "来自甲"), shared, copied, f.message(2, chat.In, "属于乙"), f.message(1, chat.In, "最后一条"))
	f.commit(chat.Batch{Drafts: []chat.Draft{{Contact: 1, Text: "draft"}, {Contact: 3, Text: "three"}}})
	f.commit(chat.Batch{Merges: []chat.Merge{{From: 1, Into: 2}}})
	m[0].Contact, m[4].Contact = 2, 2
	want := []chat.Message{m[0], m[2], m[3], m[4]}
	f.same("History", f.history(chat.HistoryQuery{}), want)
	f.same("History of From", f.history(chat.HistoryQuery{Contact: 1}), nil)
	f.same("Outbox", f.outbox(2, 0, 10), m[:1])
	f.same("search in Into", f.history(chat.HistoryQuery{Contact: 2, Search: "来自"}), m[:1])
	f.same("search in From", f.history(chat.HistoryQuery{Contact: 1, Search: "来自"}), nil)
	f.same("search for the dropped", f.history(chat.HistoryQuery{Search: "两边"}), m[2:3])
	o := f.overview()
	if len(o) != 2 || o[2].Unread != 3 || o[2].Draft != "draft" || o[2].Last.ID != m[4].ID {
		t.Errorf("Overview: %+v", o)
	}
	f.commit(chat.Batch{Merges: []chat.Merge{{From: 2, Into: 3}}})
	if o := f.overview(); len(o) != 1 || o[3].Draft != "three\ndraft" || o[3].Unread != 3 {
		t.Errorf("Overview after the second merge: %+v", o)
	}
	if contacts, _ := f.Contacts(t.Context()); len(contacts) != 1 || contacts[0].ID != 3 {
		t.Errorf("Contacts: %+v", contacts)
	}
}

func testMergeNothing(t *testing.T, f *fixture) {
	f.people(1, 2)
	m := f.add(f.message(1, chat.In, "stays"))
	f.commit(chat.Batch{Merges: []chat.Merge{{From: 1, Into: 1}, {From: 9, Into: 1}, {From: 9, Into: 8}, {From: 2, Into: 1}}})
	f.same("History", f.history(chat.HistoryQuery{Contact: 1}), m)
	if _, err := f.Commit(t.Context(), chat.Batch{Merges: []chat.Merge{{From: 1, Into: 9}}}); err == nil {
		t.Error("a merge into nobody was accepted")
	}
	f.same("History", f.history(chat.HistoryQuery{Contact: 1}), m)
	if o := f.overview(); len(o) != 1 || o[1].Unread != 1 {
		t.Errorf("Overview: %+v", o)
	}
}

func testRemovals(t *testing.T, f *fixture) {
	f.people(1, 2, 3)
	m := f.add(f.message(1, chat.In, "这条留下"))
	f.add(f.message(2, chat.Out, "这条删除"), f.message(2, chat.In, "this goes too"))
	f.commit(chat.Batch{
		Drafts:   []chat.Draft{{Contact: 1, Text: "stays"}, {Contact: 2, Text: "goes"}},
		Removals: []chat.ContactID{2, 9, 2},
	})
	contacts, err := f.Contacts(t.Context())
	if err != nil || len(contacts) != 2 || contacts[0].ID != 1 || contacts[1].ID != 3 {
		t.Errorf("Contacts: %+v, %v", contacts, err)
	}
	f.same("History", f.history(chat.HistoryQuery{}), m)
	f.same("search", f.history(chat.HistoryQuery{Search: "这条"}), m)
	f.same("Outbox", f.outbox(2, 0, 10), nil)
	if o := f.overview(); len(o) != 1 || o[1].Draft != "stays" {
		t.Errorf("Overview: %+v", o)
	}
	f.people(2) // may come again
	if o := f.overview(); len(o) != 1 {
		t.Errorf("Overview: %+v", o)
	}
}

func testSeqNeverReused(t *testing.T, f *fixture) {
	f.people(1, 2)
	m := f.message(1, chat.In, "twice")
	again := m
	again.Contact = 2
	last := f.add(m, again)[1].Seq
	f.commit(chat.Batch{Merges: []chat.Merge{{From: 2, Into: 1}}}) // drops the last one
	if next := f.add(f.message(1, chat.In, "next"))[0].Seq; next <= last {
		t.Errorf("number %d was given again", next)
	}
}
