package storetest

import (
	"encoding/hex"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/protocol"
)

// transfer makes a transfer of the next second.
func (f *fixture) transfer(contact chat.ContactID, state chat.TransferState) chat.Transfer {
	f.tick++
	id := uuid.Must(uuid.NewV7())
	return chat.Transfer{
		ID: id, Contact: contact, State: state, Left: -1,
		Token: [32]byte(slices.Concat(id[:], id[:])), Manifest: [32]byte{1}, ManifestBytes: 1,
		Created: start.Add(time.Duration(f.tick) * time.Second),
	}
}

func (f *fixture) transfers(q chat.TransferQuery) []chat.Transfer {
	f.t.Helper()
	found, err := f.Transfers(f.t.Context(), q)
	if err != nil {
		f.t.Fatalf("Transfers(%+v): %v", q, err)
	}
	return found
}

// sameTransfers compares lists of transfers; times by the moment they stand for.
func (f *fixture) sameTransfers(what string, got []chat.Transfer, want ...chat.Transfer) {
	f.t.Helper()
	if len(got) != len(want) {
		f.t.Fatalf("%s: %d transfers, want %d", what, len(got), len(want))
	}
	for i := range got {
		if a, b := unified(got[i]), unified(want[i]); !reflect.DeepEqual(a, b) {
			f.t.Fatalf("%s:\n got %+v\nwant %+v", what, a, b)
		}
	}
}

func unified(t chat.Transfer) chat.Transfer {
	for _, moment := range []*time.Time{&t.Created, &t.Updated, &t.Finished} {
		if !moment.IsZero() {
			*moment = moment.UTC()
		}
	}
	if len(t.Receipt) == 0 {
		t.Receipt = nil
	}
	if len(t.Preview) == 0 {
		t.Preview = nil
	}
	if len(t.Paths) == 0 {
		t.Paths = nil
	}
	if len(t.Tops) == 0 {
		t.Tops = nil
	}
	return t
}

func testTransfers(t *testing.T, f *fixture) {
	f.people(1, 2)
	full := f.transfer(2, chat.TransferStalled)
	full.Direction = chat.Out
	full.Tops = []chat.Top{{Name: "报告 'x\".pdf", Bytes: 1 << 40}, {Name: "照片", Folder: true, Files: 3, Bytes: 5}, {Name: "a.exe", Executable: true}}
	full.MoreTops, full.Files, full.Folders, full.Executables, full.Bytes, full.Text = 7, 200_000, 4, 5, 1<<50, "看\n这个"
	full.Done, full.FilesDone, full.PausedHere, full.PausedThere = 1<<49, 6, true, true
	full.Reason, full.Detail, full.Failures, full.Skipped = "disk-full", "a b", 8, 9
	full.Folder, full.Paths = `C:\下载`, []string{"/a/b", "/c \n"}
	full.Updated, full.Finished = start.Add(time.Hour), start.Add(2*time.Hour)
	full.Receipt, full.Retry, full.Confirmed = []byte{0, 1, 255}, uuid.New(), true
	full.Preview = []byte{255, 0}
	plain := f.transfer(1, chat.TransferOffered)
	f.commit(chat.Batch{Transfers: []chat.Transfer{full, plain}})
	f.sameTransfers("all", f.transfers(chat.TransferQuery{}), plain, full)

	moving := full
	moving.Current, moving.Rate, moving.Left = "now", 5, time.Minute
	f.commit(chat.Batch{Transfers: []chat.Transfer{moving}})
	f.sameTransfers("what belongs to the moment", f.transfers(chat.TransferQuery{Contact: 2}), full)

	changed := full
	changed.State, changed.Receipt, changed.Paths, changed.PausedHere = chat.TransferDone, nil, nil, false
	changed.Preview = nil
	changed.Contact, changed.Finished = 1, time.Time{}
	f.commit(chat.Batch{Transfers: []chat.Transfer{changed}})
	got, err := f.Transfer(t.Context(), full.ID)
	if err != nil {
		t.Fatal(err)
	}
	f.sameTransfers("replaced", []chat.Transfer{got}, changed)
	if _, err := f.Transfer(t.Context(), protocol.MessageID{9}); !errors.Is(err, chat.ErrNoTransfer) {
		t.Errorf("unknown: %v", err)
	}
	stranger := f.transfer(99, chat.TransferOffered)
	if _, err := f.Commit(t.Context(), chat.Batch{Transfers: []chat.Transfer{plain, stranger}}); err == nil {
		t.Error("a transfer with an unknown contact was accepted")
	}
	f.sameTransfers("after that", f.transfers(chat.TransferQuery{}), plain, changed)
}

func testTransferQueries(t *testing.T, f *fixture) {
	f.people(1, 2)
	var all []chat.Transfer // newest first
	for i, state := range []chat.TransferState{
		chat.TransferOffered, chat.TransferAccepted, chat.TransferRunning, chat.TransferPaused, chat.TransferStalled,
		chat.TransferFinishing, chat.TransferDone, chat.TransferRejected, chat.TransferCancelled, chat.TransferFailed,
	} {
		one := f.transfer(chat.ContactID(1+i%2), state)
		one.Confirmed = i%4 == 0
		all = append([]chat.Transfer{one}, all...)
	}
	f.commit(chat.Batch{Transfers: all})
	only := func(keep func(chat.Transfer) bool) []chat.Transfer {
		return slices.DeleteFunc(slices.Clone(all), func(t chat.Transfer) bool { return !keep(t) })
	}
	one := all[3]
	digits := hex.EncodeToString(one.ID[:])
	tests := []struct {
		name string
		q    chat.TransferQuery
		want []chat.Transfer
	}{
		{"all", chat.TransferQuery{}, all},
		{"limit", chat.TransferQuery{Limit: 3}, all[:3]},
		{"contact", chat.TransferQuery{Contact: 2}, only(func(t chat.Transfer) bool { return t.Contact == 2 })},
		{"open", chat.TransferQuery{Open: true}, only(func(t chat.Transfer) bool { return !t.Final() })},
		{"unsettled", chat.TransferQuery{Unsettled: true}, only(func(t chat.Transfer) bool { return !t.Final() || !t.Confirmed })},
		{"open with one", chat.TransferQuery{Open: true, Unsettled: true, Contact: 1, Limit: 2},
			only(func(t chat.Transfer) bool { return !t.Final() && t.Contact == 1 })[:2]},
		{"whole ID", chat.TransferQuery{Match: digits}, []chat.Transfer{one}},
		{"end of the ID", chat.TransferQuery{Match: digits[20:]}, []chat.Transfer{one}},
		{"beginning of what is listed", chat.TransferQuery{Match: digits[24:29]}, []chat.Transfer{one}},
		{"beginning of the ID", chat.TransferQuery{Match: digits[:26]}, []chat.Transfer{one}},
		{"middle of the ID", chat.TransferQuery{Match: digits[14:30]}, nil},
		{"longer than an ID", chat.TransferQuery{Match: digits + "0"}, nil},
		{"no digits", chat.TransferQuery{Match: "%"}, nil},
		{"token", chat.TransferQuery{Token: one.Token}, []chat.Transfer{one}},
		{"token of somebody else", chat.TransferQuery{Token: one.Token, Contact: 3 - one.Contact}, nil},
		{"another token", chat.TransferQuery{Token: [32]byte{1}}, nil},
	}
	for _, tt := range tests {
		f.sameTransfers(tt.name, f.transfers(tt.q), tt.want...)
	}
}

func testTransfersMove(t *testing.T, f *fixture) {
	f.people(1, 2, 3)
	a, b, c := f.transfer(1, chat.TransferOffered), f.transfer(2, chat.TransferDone), f.transfer(3, chat.TransferRunning)
	f.commit(chat.Batch{Transfers: []chat.Transfer{a, b, c}})
	f.commit(chat.Batch{Merges: []chat.Merge{{From: 1, Into: 2}}})
	a.Contact = 2
	f.sameTransfers("merged", f.transfers(chat.TransferQuery{Contact: 2}), b, a)
	f.commit(chat.Batch{Removals: []chat.ContactID{2}})
	f.sameTransfers("removed", f.transfers(chat.TransferQuery{}), c)
	f.commit(chat.Batch{Contacts: []chat.Contact{{ID: 4}}, Transfers: []chat.Transfer{f.transfer(4, chat.TransferOffered)}, Removals: []chat.ContactID{4}})
	f.sameTransfers("removed at once", f.transfers(chat.TransferQuery{}), c)
}

func testSearchNames(t *testing.T, f *fixture) {
	f.people(1, 2)
	offer := f.message(1, chat.In, "看看这个")
	offer.Kind, offer.Names = chat.KindFiles, "年度报告.pdf\nphotos"
	m := f.add(offer, f.message(1, chat.In, "报告呢"), f.message(2, chat.In, "photo"))
	for search, want := range map[string][]chat.Message{
		"报告": m[:2], "photos": m[:1], "photo": {m[0], m[2]}, "看看": m[:1], "看看 报告": m[:1], "个年": nil, "年度 呢": nil,
	} {
		f.same("search "+search, f.history(chat.HistoryQuery{Search: search}), want)
	}
	f.commit(chat.Batch{Merges: []chat.Merge{{From: 1, Into: 2}}})
	m[0].Contact = 2
	f.same("after a merge", f.history(chat.HistoryQuery{Contact: 2, Search: "年度"}), m[:1])
}
