package storetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

func testMessages(t *testing.T, f *fixture) {
	f.people(1, 2)
	odd := f.message(2, chat.Out, "a\x00b 你好 👩‍👩‍👧 'quoted' \"x\" %_\n")
	odd.State, odd.Reason = chat.Failed, "too-long"
	stored := f.add(f.message(1, chat.In, "one"), odd, f.message(1, chat.Out, ""))
	if !slices.IsSortedFunc(stored, func(a, b chat.Message) int { return int(a.Seq - b.Seq) }) || stored[0].Seq < 1 {
		t.Errorf("numbers do not grow: %v", outline(stored))
	}
	later := f.add(f.message(1, chat.In, "later"))
	if later[0].Seq <= stored[2].Seq {
		t.Errorf("number %d after %d", later[0].Seq, stored[2].Seq)
	}
	f.same("History", f.history(chat.HistoryQuery{}), append(stored, later...))
}

func testDuplicates(t *testing.T, f *fixture) {
	f.people(1, 2)
	m := f.message(1, chat.In, "first")
	f.add(m)
	again, otherWay, otherContact, fresh := m, m, m, f.message(1, chat.In, "fresh")
	again.Text = "changed"
	otherWay.Direction, otherWay.State = chat.Out, chat.Queued
	otherContact.Contact = 2
	done := f.commit(chat.Batch{Messages: []chat.Message{again, otherWay, otherContact, fresh, otherWay, fresh}})
	for i, inserted := range []bool{false, true, true, true, false, false} {
		if inserted != (done.Seq[i] > 0) {
			t.Errorf("message %d: Seq %d", i, done.Seq[i])
		}
	}
	if done := f.commit(chat.Batch{Messages: []chat.Message{m, fresh}}); !slices.Equal(done.Seq, []int64{0, 0}) {
		t.Errorf("only duplicates: %v", done.Seq)
	}
	if found := f.history(chat.HistoryQuery{}); len(found) != 4 || found[0].Text != "first" {
		t.Errorf("History: %v", outline(found))
	}
	if o := f.overview(); o[1].Unread != 2 || o[2].Unread != 1 {
		t.Errorf("unread: %d and %d", o[1].Unread, o[2].Unread)
	}
}

func testLargeBatch(t *testing.T, f *fixture) {
	f.people(1, 2, 3)
	var batch chat.Batch
	for i := range 777 {
		batch.Messages = append(batch.Messages, f.message(chat.ContactID(1+i%3), chat.In, fmt.Sprint("number ", i)))
	}
	half := f.commit(chat.Batch{Messages: batch.Messages[100:600]})
	done := f.commit(batch)
	for i := range batch.Messages {
		if fresh := i < 100 || i >= 600; fresh != (done.Seq[i] > 0) {
			t.Fatalf("message %d: Seq %d", i, done.Seq[i])
		}
	}
	if n := len(f.history(chat.HistoryQuery{})); n != 777 {
		t.Errorf("%d messages", n)
	}
	at := f.history(chat.HistoryQuery{After: half.Seq[499], Limit: 1})
	if at[0].Text != "number 0" {
		t.Errorf("after the first half: %v", outline(at))
	}
	if o := f.overview()[1]; o.Unread != 259 {
		t.Errorf("%d unread", o.Unread)
	}
}

func testAllOrNothing(t *testing.T, f *fixture) {
	f.people(1)
	before := f.add(f.message(1, chat.Out, "before"))
	bad := chat.Batch{
		Contacts: []chat.Contact{{ID: 5, Name: "five"}},
		Messages: []chat.Message{f.message(1, chat.In, "good"), f.message(99, chat.In, "nobody's")},
		States:   []chat.StateChange{{Contact: 1, ID: before[0].ID, State: chat.Sent}},
		Drafts:   []chat.Draft{{Contact: 1, Text: "draft"}},
	}
	if _, err := f.Commit(t.Context(), bad); err == nil {
		t.Fatal("a message with an unknown contact was accepted")
	}
	if _, err := f.Commit(t.Context(), chat.Batch{Drafts: []chat.Draft{{Contact: 99, Text: "draft"}}}); err == nil {
		t.Fatal("a draft with an unknown contact was accepted")
	}
	f.same("History", f.history(chat.HistoryQuery{}), before)
	if o := f.overview(); len(o) != 1 || o[1].Draft != "" || o[1].Unread != 0 {
		t.Errorf("Overview: %+v", o)
	}
	if contacts, _ := f.Contacts(t.Context()); len(contacts) != 1 {
		t.Errorf("Contacts: %+v", contacts)
	}
	f.add(f.message(1, chat.In, "works again"))
}

func testOrderOfFields(t *testing.T, f *fixture) {
	out, in := f.message(2, chat.Out, "out"), f.message(2, chat.In, "in")
	done := f.commit(chat.Batch{
		Contacts: []chat.Contact{{ID: 1, Address: "a:1"}, {ID: 2, Name: "two"}},
		Merges:   []chat.Merge{{From: 1, Into: 2}},
		Messages: []chat.Message{out, in},
		States: []chat.StateChange{
			{Contact: 2, ID: out.ID, State: chat.Sent}, {Contact: 2, ID: out.ID, State: chat.Delivered},
		},
		ReadUpTo: []chat.ReadMark{{Contact: 2, UpTo: 1 << 40}},
		Drafts:   []chat.Draft{{Contact: 2, Text: "a"}, {Contact: 2, Text: "b"}},
	})
	if !slices.Equal(done.Changed, []bool{true, true}) || !slices.Equal(done.Read[2], []protocol.MessageID{in.ID}) {
		t.Errorf("Committed: %+v", done)
	}
	o := f.overview()
	if len(o) != 1 || o[2].Draft != "b" || o[2].Unread != 0 || o[2].Last.Text != "in" {
		t.Errorf("Overview: %+v", o)
	}
	if m := f.history(chat.HistoryQuery{}); m[0].State != chat.Delivered || m[1].State != chat.Read {
		t.Errorf("History: %v", outline(m))
	}
}

func testStates(t *testing.T, f *fixture) {
	f.people(1, 2)
	allowed := map[chat.State][]chat.State{
		chat.Queued:    {chat.Sent, chat.Delivered, chat.Read, chat.Failed},
		chat.Sent:      {chat.Delivered, chat.Read, chat.Failed},
		chat.Delivered: {chat.Read},
		chat.Read:      nil,
		chat.Failed:    nil,
	}
	for from, reachable := range allowed {
		for to := chat.State(0); to <= chat.Failed+1; to++ {
			m := f.message(1, chat.Out, fmt.Sprint(from, " to ", to))
			m.State = from
			m = f.add(m)[0]
			change := chat.StateChange{Contact: 1, ID: m.ID, State: to, Reason: "refused"}
			want := slices.Contains(reachable, to)
			if done := f.commit(chat.Batch{States: []chat.StateChange{change}}); done.Changed[0] != want {
				t.Errorf("from %v to %v: changed %v", from, to, done.Changed[0])
			}
			if want {
				m.State = to
			}
			if to == chat.Failed && want {
				m.Reason = "refused"
			}
			f.same(m.Text, f.history(chat.HistoryQuery{After: m.Seq - 1}), []chat.Message{m})
		}
	}
	in, out := f.message(1, chat.In, "in"), f.message(1, chat.Out, "out")
	f.add(in, out)
	done := f.commit(chat.Batch{States: []chat.StateChange{
		{Contact: 1, ID: in.ID, State: chat.Read},         // not outgoing
		{Contact: 2, ID: out.ID, State: chat.Read},        // somebody else's
		{Contact: 1, ID: protocol.MessageID{1}, State: 3}, // not there
		{Contact: 1, ID: out.ID, State: chat.Sent},
		{Contact: 1, ID: out.ID, State: chat.Sent}, // no step forward
	}})
	if !slices.Equal(done.Changed, []bool{false, false, false, true, false}) {
		t.Errorf("Changed: %v", done.Changed)
	}
}

func testTimesOfStates(t *testing.T, f *fixture) {
	f.people(1)
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	none := time.Time{}
	tests := []struct {
		name                  string
		steps                 []chat.StateChange
		sent, delivered, read time.Time
	}{
		{"not known", []chat.StateChange{{State: chat.Delivered}}, none, none, none},
		{"only sent", []chat.StateChange{{State: chat.Sent, At: at(1)}}, at(1), none, none},
		{"step by step", []chat.StateChange{
			{State: chat.Sent, At: at(1)}, {State: chat.Delivered, At: at(2), Sent: at(9)}, {State: chat.Read, At: at(3), Sent: at(9)},
		}, at(1), at(2), at(3)},
		{"delivered with when it was sent", []chat.StateChange{{State: chat.Delivered, At: at(2), Sent: at(1)}}, at(1), at(2), none},
		{"read at once", []chat.StateChange{{State: chat.Read, At: at(3), Sent: at(1)}}, at(1), at(3), at(3)},
		{"not a step forward", []chat.StateChange{{State: chat.Read, At: at(3)}, {State: chat.Delivered, At: at(4), Sent: at(2)}}, none, at(3), at(3)},
		{"failed", []chat.StateChange{{State: chat.Failed, At: at(3), Sent: at(1), Reason: "refused"}}, at(1), none, none},
	}
	for _, tt := range tests {
		m := f.message(1, chat.Out, tt.name)
		m.Sent, m.Delivered, m.Read = at(90), at(91), at(92) // come with states only
		m = f.add(m)[0]
		for _, step := range tt.steps {
			step.Contact, step.ID = 1, m.ID
			f.commit(chat.Batch{States: []chat.StateChange{step}})
		}
		got, err := f.MessageOf(t.Context(), 1, m.Ref())
		if err != nil || !got.Sent.Equal(tt.sent) || !got.Delivered.Equal(tt.delivered) || !got.Read.Equal(tt.read) {
			t.Errorf("%s: %v, %v", tt.name, outline([]chat.Message{got}), err)
		}
	}
}

func testReadUpTo(t *testing.T, f *fixture) {
	f.people(1, 2)
	m := f.add(f.message(1, chat.In, "a"), f.message(1, chat.Out, "b"), f.message(2, chat.In, "c"),
		f.message(1, chat.In, "d"), f.message(1, chat.In, "e"))
	read := func(upTo int64) []protocol.MessageID {
		return f.commit(chat.Batch{ReadUpTo: []chat.ReadMark{{Contact: 1, UpTo: upTo}}}).Read[1]
	}
	steps := []struct {
		upTo   int64
		want   []protocol.MessageID
		unread int
	}{
		{0, nil, 3},
		{m[3].Seq, []protocol.MessageID{m[0].ID, m[3].ID}, 1},
		{m[3].Seq, nil, 1},
		{m[4].Seq + 100, []protocol.MessageID{m[4].ID}, 0},
	}
	for _, step := range steps {
		if got := read(step.upTo); !slices.Equal(got, step.want) {
			t.Errorf("up to %d: read %v, want %v", step.upTo, got, step.want)
		}
		if o := f.overview(); o[1].Unread != step.unread || o[2].Unread != 1 {
			t.Errorf("up to %d: %d and %d unread", step.upTo, o[1].Unread, o[2].Unread)
		}
	}
	if got := f.history(chat.HistoryQuery{Contact: 1}); got[1].State != chat.Queued || got[0].State != chat.Read {
		t.Errorf("History: %v", outline(got))
	}
}

func testConcurrency(t *testing.T, f *fixture) {
	f.people(1, 2, 3, 4)
	var wg sync.WaitGroup
	for id := chat.ContactID(1); id <= 4; id++ {
		var batches []chat.Batch
		for i := range 25 {
			batches = append(batches, chat.Batch{Messages: []chat.Message{
				f.message(id, chat.In, fmt.Sprint(i)), f.message(id, chat.Out, fmt.Sprint(i)),
			}})
		}
		wg.Go(func() {
			for _, batch := range batches {
				if _, err := f.Commit(t.Context(), batch); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Go(func() {
			for range 25 {
				found, err := f.History(t.Context(), chat.HistoryQuery{Contact: id})
				if err != nil || len(found)%2 != 0 {
					t.Errorf("half a batch is seen: %d messages, %v", len(found), err)
				}
			}
		})
	}
	wg.Wait()
	if n := len(f.history(chat.HistoryQuery{})); n != 200 {
		t.Errorf("%d messages", n)
	}
}
