package storetest

import (
	"slices"
	"testing"

	"feihong/app/chat"
)

// testRecalledOffer: what was taken back is in no transfer either, be it put
// before, together with the recall, or afterwards.
func testRecalledOffer(t *testing.T, f *fixture) {
	f.people(1, 2)
	put := func(contact chat.ContactID, direction chat.Direction) (chat.Message, chat.Transfer) {
		offer := f.message(contact, direction, "look at this")
		offer.Kind, offer.Names = chat.KindFiles, "secret.pdf"
		transfer := f.transfer(contact, chat.TransferOffered)
		transfer.ID, transfer.Direction, transfer.Text, transfer.Preview = offer.ID, direction, offer.Text, []byte("picture")
		transfer.Paths = []string{"/home/me/secret.pdf"}
		transfer.Tops, transfer.MoreTops, transfer.Files, transfer.Detail = []chat.Top{{Name: "secret.pdf"}}, 3, 4, "secret.pdf"
		return f.add(offer)[0], transfer
	}
	check := func(what string, want chat.Transfer) {
		t.Helper()
		got, err := f.Transfer(t.Context(), want.ID)
		if err != nil {
			t.Fatal(err)
		}
		f.sameTransfers(what, []chat.Transfer{got}, want)
	}
	forgotten := func(transfer chat.Transfer) chat.Transfer {
		transfer.Tops, transfer.MoreTops, transfer.Text, transfer.Detail, transfer.Preview = nil, 0, "", "", nil
		if transfer.Direction == chat.Out {
			transfer.Paths = nil // those of what has arrived stay
		}
		return transfer
	}
	for _, direction := range []chat.Direction{chat.In, chat.Out} {
		offer, transfer := put(1, direction)
		f.commit(chat.Batch{Transfers: []chat.Transfer{transfer}})
		f.add(f.amendment(chat.KindEdit, offer, "x"), f.amendment(chat.KindReaction, offer, "👍"))
		check("before", transfer)
		f.add(f.amendment(chat.KindRecall, offer, ""))
		check("recalled", forgotten(transfer))
		transfer.State = chat.TransferCancelled
		f.commit(chat.Batch{Transfers: []chat.Transfer{transfer}})
		check("put afterwards", forgotten(transfer))

		offer, transfer = put(1, direction)
		f.commit(chat.Batch{Messages: []chat.Message{f.amendment(chat.KindRecall, offer, "")}, Transfers: []chat.Transfer{transfer}})
		check("together", forgotten(transfer))
	}
	_, transfer := put(2, chat.In) // the ID of somebody else's offer
	twin, _ := put(1, chat.In)
	twin.ID = transfer.ID
	f.add(twin)
	f.commit(chat.Batch{Transfers: []chat.Transfer{transfer}, Messages: []chat.Message{f.amendment(chat.KindRecall, twin, "")}})
	check("somebody else's", transfer)
}

// testKeptAmendments: however many there are, few are kept.
func testKeptAmendments(t *testing.T, f *fixture) {
	f.people(1, 2)
	m := f.add(f.message(1, chat.In, "a"), f.message(1, chat.In, "b"), f.message(2, chat.In, "c"))
	waiting := f.add(other(f.amendment(chat.KindReaction, m[0], "👀")), f.amendment(chat.KindReaction, m[2], "❤️"), f.amendment(chat.KindEdit, m[0], "a2"))
	var flood []chat.Message
	for i := range chat.KeptAmendments + 10 {
		flood = append(flood, f.amendment(chat.KindReaction, m[i%2], []string{"👍", "😀", ""}[i%3]))
	}
	kept := f.add(flood[:len(flood)-5]...)[5:]
	kept = append(kept, f.add(flood[len(flood)-5:]...)...)
	found := f.history(chat.HistoryQuery{Contact: 1, Kinds: []chat.Kind{chat.KindReaction}})
	f.same("what is kept", found, append(waiting[:1:1], kept[5:]...))
	f.same("what waits", f.outbox(1, 0, 10), waiting[:1])
	for _, contact := range []chat.ContactID{1, 2} {
		n := len(f.history(chat.HistoryQuery{Contact: contact, Kinds: []chat.Kind{chat.KindEdit, chat.KindReaction}}))
		if want := []int{0, chat.KeptAmendments + 2, 1}[contact]; n != want {
			t.Errorf("%d amendments of %d, want %d", n, contact, want)
		}
	}
	last := flood[len(flood)-1]
	if done := f.commit(chat.Batch{Messages: []chat.Message{last, flood[len(flood)-chat.KeptAmendments]}}); done.Seq[0]+done.Seq[1] != 0 {
		t.Errorf("taken twice: %v", done.Seq)
	}
	f.commit(chat.Batch{States: []chat.StateChange{{Contact: 1, ID: waiting[0].ID, State: chat.Delivered}}})
	f.add(f.amendment(chat.KindReaction, m[0], "✅"))
	if found = f.history(chat.HistoryQuery{Contact: 1, Kinds: []chat.Kind{chat.KindReaction}}); len(found) != chat.KeptAmendments {
		t.Errorf("%d are kept in the end", len(found))
	}
}

// testEditsWithoutText: what the other person has written is kept once.
func testEditsWithoutText(t *testing.T, f *fixture) {
	f.people(1)
	m := f.add(f.message(1, chat.In, "theirs"), f.message(1, chat.Out, "mine"))
	f.add(f.amendment(chat.KindEdit, m[0], "theirs, edited"), f.amendment(chat.KindEdit, m[1], "mine, edited"))
	edits := f.history(chat.HistoryQuery{Kinds: []chat.Kind{chat.KindEdit}})
	if len(edits) != 2 || edits[0].Text != "" || edits[1].Text != "mine, edited" {
		t.Errorf("edits: %v", outline(edits))
	}
	texts := f.history(chat.HistoryQuery{})
	if texts[0].Text != "theirs, edited" || texts[1].Text != "mine, edited" {
		t.Errorf("texts: %v", outline(texts))
	}
}

// testExpireInSteps: however much is too old, a commit does not take long.
func testExpireInSteps(t *testing.T, f *fixture) {
	f.people(1)
	var batch chat.Batch
	for i := range 2*chat.ExpireStep + chat.ExpireStep/2 {
		m := f.message(1, chat.In, "old")
		m.State = chat.Read
		if i%1000 == 0 { // is passed, and stays
			m.State = chat.Delivered
		}
		batch.Messages = append(batch.Messages, m)
	}
	over := f.transfer(1, chat.TransferRejected)
	over.Confirmed = true
	batch.Transfers = []chat.Transfer{over}
	f.commit(batch)
	now := f.message(1, chat.In, "new")
	f.add(now)
	left := len(batch.Messages) + 1
	step := chat.Batch{Expire: now.Time}
	for i := range 3 {
		done := f.commit(step)
		remaining := len(f.history(chat.HistoryQuery{}))
		if deleted := left - remaining; deleted > chat.ExpireStep || deleted < chat.ExpireStep/2-10 {
			t.Errorf("step %d deletes %d messages", i, deleted)
		}
		last := i == 2
		if (done.ExpiredUpTo == 0) != last || done.ExpiredUpTo <= step.ExpireAfter && !last {
			t.Fatalf("step %d looks at those up to %d", i, done.ExpiredUpTo)
		}
		if n := len(f.transfers(chat.TransferQuery{})); (n == 0) != last {
			t.Errorf("%d transfers after step %d", n, i)
		}
		left, step.ExpireAfter = remaining, done.ExpiredUpTo
	}
	if o := f.overview()[1]; left != 6 || o.Unread != 6 || o.Last.Text != "new" {
		t.Errorf("%d are left, %+v", left, o)
	}
}

func testPathsInUse(t *testing.T, f *fixture) {
	f.people(1)
	put := func(state chat.TransferState, paths ...string) chat.Message {
		offer := f.message(1, chat.Out, "")
		transfer := f.transfer(1, state)
		offer.Kind, offer.ID, offer.State = chat.KindFiles, transfer.ID, chat.Delivered
		transfer.Direction, transfer.Paths, transfer.Confirmed = chat.Out, paths, true
		done := f.commit(chat.Batch{Messages: []chat.Message{offer}, Transfers: []chat.Transfer{transfer}})
		offer.Seq = done.Seq[0]
		return offer
	}
	check := func(what string, want ...string) {
		t.Helper()
		got, err := f.PathsInUse(t.Context(), "/pictures/")
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v; want %q", what, got, err, want)
		}
	}
	check("nothing yet")
	put(chat.TransferDone, "/p/pictures/图 <1> \"2\" %_.png", "/p/other/a.png")
	recalled := put(chat.TransferCancelled, "/p/pictures/b.png")
	put(chat.TransferOffered, "/p/pictures/c.png", "/P/Pictures/D.png")
	put(chat.TransferFailed, "/P/Pictures/D.png")
	put(chat.TransferRejected)
	check("all", "/P/Pictures/D.png", "/p/pictures/b.png", "/p/pictures/c.png", "/p/pictures/图 <1> \"2\" %_.png")
	f.add(f.amendment(chat.KindRecall, recalled, ""))
	check("recalled", "/P/Pictures/D.png", "/p/pictures/c.png", "/p/pictures/图 <1> \"2\" %_.png")
	f.commit(chat.Batch{Clears: []chat.ContactID{1}})
	check("cleared", "/P/Pictures/D.png", "/p/pictures/c.png")
	f.commit(chat.Batch{Removals: []chat.ContactID{1}})
	check("removed")
}
