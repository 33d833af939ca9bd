package storetest

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"feihong/app/chat"
)

func testFilters(t *testing.T, f *fixture) {
	f.people(1, 2)
	var batch []chat.Message
	for i := range 24 {
		m := f.message(chat.ContactID(1+i%2), chat.Direction(i/2%2), "好 word")
		m.Kind = []chat.Kind{chat.KindText, chat.KindFiles, chat.KindNudge}[i/4%3]
		if m.Kind == chat.KindFiles {
			m.Text, m.Names = "", "好.pdf\nword"
		}
		batch = append(batch, m)
	}
	all := f.add(batch...)
	f.add(f.amendment(chat.KindReaction, all[0], "好"))
	all[0].Reactions[all[0].Direction] = "好"
	in, out := chat.In, chat.Out
	kinds := func(list ...chat.Kind) []chat.Kind { return list }
	tests := []struct {
		name string
		q    chat.HistoryQuery
		keep func(chat.Message) bool
	}{
		{"files", chat.HistoryQuery{Kinds: kinds(chat.KindFiles)}, func(m chat.Message) bool { return m.Kind == chat.KindFiles }},
		{"no kinds", chat.HistoryQuery{Kinds: kinds()}, func(chat.Message) bool { return true }},
		{"texts with somebody", chat.HistoryQuery{Contact: 2, Kinds: kinds(chat.KindText)},
			func(m chat.Message) bool { return m.Contact == 2 && m.Kind == chat.KindText }},
		{"two kinds", chat.HistoryQuery{Kinds: kinds(chat.KindNudge, chat.KindText, chat.KindNudge)},
			func(m chat.Message) bool { return m.Kind != chat.KindFiles }},
		{"incoming", chat.HistoryQuery{From: &in}, func(m chat.Message) bool { return m.Direction == chat.In }},
		{"outgoing files with somebody", chat.HistoryQuery{Contact: 1, From: &out, Kinds: kinds(chat.KindFiles)},
			func(m chat.Message) bool {
				return m.Contact == 1 && m.Direction == chat.Out && m.Kind == chat.KindFiles
			}},
		{"until", chat.HistoryQuery{Until: all[9].Time}, func(m chat.Message) bool { return m.Seq < all[9].Seq }},
		{"since and until", chat.HistoryQuery{Since: all[3].Time, Until: all[9].Time.Add(time.Nanosecond)},
			func(m chat.Message) bool { return m.Seq >= all[3].Seq && m.Seq <= all[9].Seq }},
		{"until before since", chat.HistoryQuery{Since: all[9].Time, Until: all[3].Time}, func(chat.Message) bool { return false }},
		{"days later", chat.HistoryQuery{Since: start.Add(72 * time.Hour)}, func(chat.Message) bool { return false }},
		{"days before", chat.HistoryQuery{Until: start.Add(-72 * time.Hour)}, func(chat.Message) bool { return false }},
		{"everything of long", chat.HistoryQuery{Since: start.Add(-72 * time.Hour), Until: chat.Forever}, func(chat.Message) bool { return true }},
	}
	for _, tt := range tests {
		want := slices.DeleteFunc(slices.Clone(all), func(m chat.Message) bool { return !tt.keep(m) })
		for _, search := range []string{"", "好", "wo 好"} {
			q := tt.q
			q.Search = search
			f.same(tt.name+" "+search, f.history(q), want)
			q.Limit = 3
			f.same(tt.name+", newest "+search, f.history(q), want[max(0, len(want)-3):])
			q.After = 1
			rest := slices.DeleteFunc(slices.Clone(want), func(m chat.Message) bool { return m.Seq <= 1 })
			f.same(tt.name+", oldest "+search, f.history(q), rest[:min(len(rest), 3)])
			q.After = -1
			f.same(tt.name+", from the beginning "+search, f.history(q), want[:min(len(want), 3)])
		}
	}
}

func testClears(t *testing.T, f *fixture) {
	f.people(1, 2)
	failed := f.message(1, chat.Out, "failed")
	failed.State = chat.Failed
	m := f.add(f.message(1, chat.In, "unread"), f.message(1, chat.Out, "waits"), f.message(2, chat.In, "other"),
		f.message(1, chat.Out, "delivered"), failed)
	f.commit(chat.Batch{States: []chat.StateChange{{Contact: 1, ID: m[3].ID, State: chat.Delivered}}})
	edit := f.add(f.amendment(chat.KindEdit, m[3], "waits too"), other(f.amendment(chat.KindReaction, m[1], "👍")))[0]
	m[1].Reactions[chat.In] = "👍"
	f.commit(chat.Batch{Clears: []chat.ContactID{1, 99}, Drafts: []chat.Draft{{Contact: 1, Text: "stays"}}})
	f.same("History", f.history(chat.HistoryQuery{}), m[1:3])
	f.same("Outbox", f.outbox(1, 0, 10), []chat.Message{m[1], edit})
	o := f.overview()
	if o[1].Unread != 0 || o[1].Draft != "stays" || o[1].Last.ID != m[1].ID || o[2].Unread != 1 {
		t.Errorf("Overview: %+v", o)
	}
	f.commit(chat.Batch{States: []chat.StateChange{
		{Contact: 1, ID: m[1].ID, State: chat.Delivered}, {Contact: 1, ID: edit.ID, State: chat.Delivered},
	}})
	f.commit(chat.Batch{Clears: []chat.ContactID{1}, Drafts: []chat.Draft{{Contact: 1}}})
	if o := f.overview(); len(o) != 1 {
		t.Errorf("Overview when empty: %+v", o)
	}
	f.same("amendments", f.history(chat.HistoryQuery{Contact: 1, Kinds: []chat.Kind{chat.KindEdit, chat.KindReaction}}), nil)
	again := f.add(m[0])[0]
	if o := f.overview()[1]; o.Unread != 1 || o.Last.Seq != again.Seq || again.Seq <= edit.Seq {
		t.Errorf("Overview of what comes next: %+v", o)
	}
	if read := f.commit(chat.Batch{ReadUpTo: []chat.ReadMark{{Contact: 1, UpTo: again.Seq}}}).Read[1]; len(read) != 1 {
		t.Errorf("read %v", read)
	}
}

func testExpire(t *testing.T, f *fixture) {
	f.people(1, 2)
	m := f.add(f.message(1, chat.In, "a"), f.message(1, chat.Out, "waits"), f.message(2, chat.In, "b"),
		f.message(1, chat.In, "c"), f.message(2, chat.In, "d"))
	late := f.message(2, chat.In, "written long ago, came late")
	late.Time = start.Add(-50 * time.Hour)
	late = f.add(late)[0]
	transfers := []chat.Transfer{f.transfer(1, chat.TransferDone), f.transfer(1, chat.TransferRunning), f.transfer(1, chat.TransferFailed)}
	transfers[0].Confirmed = true
	f.commit(chat.Batch{Transfers: transfers})
	f.commit(chat.Batch{})
	f.same("nothing to expire", f.history(chat.HistoryQuery{}), append(slices.Clone(m), late))

	f.commit(chat.Batch{ReadUpTo: []chat.ReadMark{{Contact: 1, UpTo: m[4].Seq}, {Contact: 2, UpTo: m[4].Seq}}})
	for i := range m {
		if m[i].Direction == chat.In {
			m[i].State = chat.Read
		}
	}
	f.commit(chat.Batch{Expire: m[3].Time})
	f.same("History", f.history(chat.HistoryQuery{}), []chat.Message{m[1], m[3], m[4], late})
	if o := f.overview(); o[1].Unread != 0 || o[2].Unread != 1 || o[2].Last.ID != late.ID {
		t.Errorf("Overview: %+v", o)
	}
	f.sameTransfers("all transfers", f.transfers(chat.TransferQuery{}), transfers[2], transfers[1], transfers[0])
	f.commit(chat.Batch{Expire: start.Add(time.Hour)})
	f.same("what waits and what is unread", f.history(chat.HistoryQuery{}), []chat.Message{m[1], late})
	f.sameTransfers("open transfers", f.transfers(chat.TransferQuery{}), transfers[2], transfers[1])
	o := f.overview()
	if len(o) != 2 || o[1].Unread != 0 || o[1].Last.ID != m[1].ID || o[2].Unread != 1 {
		t.Errorf("Overview: %+v", o)
	}
}

// testClearsKeepOffers: the message that offers files stays as long as there
// is something to do for the transfer.
func testClearsKeepOffers(t *testing.T, f *fixture) {
	f.people(1, 2)
	var batch chat.Batch
	for i, state := range []chat.TransferState{chat.TransferOffered, chat.TransferStalled, chat.TransferCancelled, chat.TransferDone, chat.TransferRejected} {
		one := f.transfer(1, state)
		one.Confirmed = i >= 3
		m := f.message(1, chat.In, "")
		m.ID, m.Kind, m.Time = one.ID, chat.KindFiles, one.Created
		batch.Messages, batch.Transfers = append(batch.Messages, m), append(batch.Transfers, one)
	}
	impostor := f.message(2, chat.In, "with the ID of a transfer of somebody else")
	impostor.ID, impostor.Kind = batch.Transfers[0].ID, chat.KindFiles
	text := f.message(1, chat.Out, "with the ID of a transfer")
	text.ID, text.State = batch.Transfers[0].ID, chat.Read
	batch.Messages = append(batch.Messages, impostor, text)
	f.commit(batch)
	f.commit(chat.Batch{ReadUpTo: []chat.ReadMark{{Contact: 2, UpTo: 1000}}})
	f.commit(chat.Batch{Clears: []chat.ContactID{1}, Expire: start.Add(time.Hour)})
	var ids []any
	for _, m := range f.history(chat.HistoryQuery{}) {
		ids = append(ids, m.ID)
	}
	if len(ids) != 3 || ids[0] != batch.Messages[0].ID || ids[2] != batch.Messages[2].ID {
		t.Errorf("messages left: %v", ids)
	}
	kept := slices.Clone(batch.Transfers[:3])
	slices.Reverse(kept)
	f.sameTransfers("transfers left", f.transfers(chat.TransferQuery{}), kept...)
}

func testPictures(t *testing.T, f *fixture) {
	f.people(1, 2, 3)
	is := func(what string, contact chat.ContactID, want []byte) {
		t.Helper()
		got, err := f.Picture(t.Context(), contact)
		if err != nil || !bytes.Equal(got, want) || (got == nil) != (want == nil) {
			t.Errorf("%s: picture of %d is %v, %v", what, contact, got, err)
		}
	}
	a, b := []byte{1, 0, 255}, bytes.Repeat([]byte("b"), 24<<10)
	is("at first", 1, nil)
	f.commit(chat.Batch{Pictures: []chat.Picture{{Contact: 1, Data: a}, {Contact: 2, Data: a}, {Contact: 3, Data: b}}})
	f.commit(chat.Batch{Pictures: []chat.Picture{{Contact: 2, Data: b}}})
	is("given", 1, a)
	is("replaced", 2, b)
	f.commit(chat.Batch{Merges: []chat.Merge{{From: 1, Into: 2}}, Removals: []chat.ContactID{3}})
	is("merged", 1, nil)
	is("merged into", 2, b)
	is("removed with the contact", 3, nil)
	f.commit(chat.Batch{Pictures: []chat.Picture{{Contact: 2}, {Contact: 99, Data: []byte{}}}})
	is("removed", 2, nil)
	if _, err := f.Commit(t.Context(), chat.Batch{Pictures: []chat.Picture{{Contact: 99, Data: a}}}); err == nil {
		t.Error("a picture of an unknown contact was accepted")
	}
	is("nobody", 99, nil)
}
