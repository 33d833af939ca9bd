package control_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/protocol"
)

// drawer is a control.Files that keeps transfers and moves nothing.
type drawer struct {
	mu       sync.Mutex
	all      []chat.Transfer
	asked    []string // what was done
	fails    error    // instead of doing anything
	listings map[protocol.MessageID]string
	over     chat.TransferState // of what is offered; "" is offered
}

// transferID is an ID that is the same in every run.
func transferID(n byte) protocol.MessageID {
	return uuid.UUID{1, 2, 3, 4, 5, 6, 0x70, 0, 0x80, 15: n}
}

func (d *drawer) note(what string, args ...any) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, strings.TrimSpace(what+" "+fmt.Sprintln(args...)))
	return d.fails
}

func (d *drawer) put(t chat.Transfer) chat.Transfer {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all = append(slices.DeleteFunc(d.all, func(o chat.Transfer) bool { return o.ID == t.ID }), t)
	return t
}

func (d *drawer) Offer(_ context.Context, to chat.ContactID, paths []string, text string) (chat.Transfer, error) {
	if err := d.note("offer", to, strings.Join(paths, " "), text); err != nil {
		return chat.Transfer{}, err
	}
	return d.put(chat.Transfer{
		ID: transferID(99), Contact: to, Direction: chat.Out, State: cmp.Or(d.over, chat.TransferOffered), Text: text, Paths: paths,
		Tops: []chat.Top{{Name: "new"}}, Files: 1, Bytes: 5, Created: time.Unix(99, 0).UTC(),
	}), nil
}

func (d *drawer) move(id protocol.MessageID, to chat.TransferState, what string, args ...any) error {
	if err := d.note(what, append([]any{id[15]}, args...)...); err != nil {
		return err
	}
	t, err := d.Transfer(context.Background(), id)
	if err == nil {
		t.State = to
		d.put(t)
	}
	return err
}

func (d *drawer) Accept(_ context.Context, id protocol.MessageID, folder string) error {
	return d.move(id, chat.TransferAccepted, "accept", folder)
}

func (d *drawer) Reject(_ context.Context, id protocol.MessageID) error {
	return d.move(id, chat.TransferRejected, "reject")
}

func (d *drawer) Pause(_ context.Context, id protocol.MessageID) error {
	return d.move(id, chat.TransferPaused, "pause")
}

func (d *drawer) Resume(_ context.Context, id protocol.MessageID) error {
	return d.move(id, chat.TransferAccepted, "resume")
}

func (d *drawer) Cancel(_ context.Context, id protocol.MessageID) error {
	return d.move(id, chat.TransferCancelled, "cancel")
}

func (d *drawer) Again(ctx context.Context, id protocol.MessageID) (chat.Transfer, error) {
	if err := d.note("again", id[15]); err != nil {
		return chat.Transfer{}, err
	}
	t, err := d.Transfer(ctx, id)
	if err != nil {
		return t, err
	}
	t.ID, t.State, t.Retry = transferID(100), chat.TransferOffered, id
	return d.put(t), nil
}

func (d *drawer) Transfers(_ context.Context, query chat.TransferQuery) ([]chat.Transfer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var found []chat.Transfer
	for _, t := range slices.Backward(d.all) {
		if (query.Contact == 0 || t.Contact == query.Contact) && (!query.Open || !t.Final()) && (query.Limit == 0 || len(found) < query.Limit) {
			found = append(found, t)
		}
	}
	return found, d.fails
}

func (d *drawer) Transfer(_ context.Context, id protocol.MessageID) (chat.Transfer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, t := range d.all {
		if t.ID == id {
			return t, nil
		}
	}
	return chat.Transfer{}, chat.ErrNoTransfer
}

func (d *drawer) FindTransfer(_ context.Context, prefix string) (chat.Transfer, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var found []chat.Transfer
	for _, t := range d.all {
		if len(prefix) >= 4 && (strings.HasSuffix(t.ID.String(), prefix) || strings.HasPrefix(t.ID.String(), prefix)) {
			found = append(found, t)
		}
	}
	switch len(found) {
	case 0:
		return chat.Transfer{}, chat.ErrNoTransfer
	case 1:
		return found[0], nil
	}
	return chat.Transfer{}, &chat.AmbiguousTransferError{Part: prefix, Candidates: found}
}

func (d *drawer) SetAutoAccept(_ context.Context, contact chat.ContactID, limit int64) error {
	return d.note("auto", contact, limit)
}

func (d *drawer) Listing(id protocol.MessageID) (io.ReadCloser, error) {
	text, ok := d.listings[id]
	switch {
	case text == unreadable:
		return nil, errors.New("the disk hums")
	case !ok:
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader([]byte(text))), nil
}

// unreadable is a listing that cannot be opened.
const unreadable = "unreadable"

// transfersAtFirst are there from the beginning.
func transfersAtFirst() []chat.Transfer {
	at := func(n int64) time.Time { return time.Unix(n, 0).UTC() }
	tops := func(names ...string) []chat.Top {
		var list []chat.Top
		for _, name := range names {
			list = append(list, chat.Top{Name: name})
		}
		return list
	}
	return []chat.Transfer{
		{
			ID: transferID(1), Contact: 1, Direction: chat.In, State: chat.TransferDone, Tops: tops("a.txt"), Files: 1, FilesDone: 1,
			Bytes: 10, Done: 10, Left: -1, Folder: "/in", Paths: []string{"/in/a (1).txt"}, Text: "here", Created: at(1), Finished: at(5),
		},
		{
			ID: transferID(2), Contact: 7, Direction: chat.Out, State: chat.TransferRunning, Tops: tops("b", "c"), MoreTops: 3, Files: 9, Folders: 2, Executables: 1,
			Bytes: 1000, Done: 400, FilesDone: 4, Current: "b/x", Rate: 200, Left: 3 * time.Second, Paths: []string{"/src/b", "/src/c"}, Created: at(2),
		},
		{
			ID: transferID(3), Contact: 1, Direction: chat.Out, State: chat.TransferFailed, Tops: tops("d"), Files: 1, Bytes: 1, Left: -1,
			Paths: []string{"/one/d", "/two/e"}, Reason: "source-changed", Detail: "d", Failures: 2, Created: at(3), Finished: at(4),
		},
		{
			ID: transferID(4), Contact: 1, Direction: chat.In, State: chat.TransferOffered, Tops: tops("f", "g"), Files: 2, Bytes: 1 << 40, Left: -1, Created: at(4),
		},
		{
			ID: transferID(5), Contact: 1, Direction: chat.In, State: chat.TransferPaused, Tops: tops("h", "i"), Files: 2, Bytes: 7, Done: 3, Left: time.Minute,
			Folder: "/in", Paths: []string{"/in/h"}, PausedThere: true, Created: at(5),
		},
	}
}
