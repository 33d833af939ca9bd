package control

import (
	"context"
	"encoding/json"
	"net/http"

	"feihong/app/chat"
	"feihong/protocol"
)

// TransferLine is one line of the answer of GET /v1/files/{id}?follow=true: the
// transfer as it is then, or at the end an error.
type TransferLine struct {
	Transfer *Transfer `json:"transfer,omitempty"`
	Error    *Error    `json:"error,omitempty"`
}

// stream tells of a transfer, line by line, until it is over.
func (h handler) stream(w http.ResponseWriter, r *http.Request, id protocol.MessageID) {
	events := h.Chat.Subscribe()
	defer events.Close()
	w.Header().Set("Content-Type", "application/x-ndjson")
	lines, flush := json.NewEncoder(w), http.NewResponseController(w)
	tell := func(line TransferLine) error {
		if err := lines.Encode(line); err != nil {
			return err
		}
		return flush.Flush()
	}
	err := h.follow(r.Context(), id, events.Events(), func(t Transfer) error { return tell(TransferLine{Transfer: &t}) })
	if err != nil {
		_ = tell(TransferLine{Error: asError(err)}) // the client may have gone: nobody to tell
	}
}

// follow tells each how a transfer is, now and whenever that changes, until it
// is over (nil), ctx or the profile ends, or each fails. The events must have
// begun before.
func (h handler) follow(ctx context.Context, id protocol.MessageID, events <-chan chat.Event, each func(Transfer) error) error {
	f := &follower{handler: h, id: id}
	if err := f.look(ctx); err != nil {
		return err
	}
	for {
		if err := each(transferWith(f.transfer, f.with)); err != nil || f.transfer.Final() {
			return err
		}
		if err := f.await(ctx, events); err != nil {
			return err
		}
	}
}

// follower knows how one transfer is, and who is at its other end.
type follower struct {
	handler
	id       protocol.MessageID
	transfer chat.Transfer
	with     chat.Summary
}

// look asks for all of it.
func (f *follower) look(ctx context.Context) error {
	var err error
	if f.transfer, err = f.Files.Transfer(ctx, f.id); err != nil {
		return err
	}
	people, err := f.everybody(ctx)
	f.with = people[f.transfer.Contact]
	return err
}

// await returns when something has changed.
func (f *follower) await(ctx context.Context, events <-chan chat.Event) error {
	for {
		select {
		case e, open := <-events:
			if !open {
				return chat.ErrClosed
			}
			if changed, err := f.take(ctx, e); changed || err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// take learns from an event, if it is about this transfer.
func (f *follower) take(ctx context.Context, e chat.Event) (changed bool, err error) {
	switch e := e.(type) {
	case chat.TransferChanged:
		if changed = e.Transfer.ID == f.id; changed {
			f.transfer, f.with.Contact = e.Transfer, e.Contact
		}
	case chat.TransferProgress:
		if changed = e.Transfer.ID == f.id; changed {
			f.transfer = e.Transfer
		}
	case chat.ContactChanged:
		if changed = e.Summary.ID == f.transfer.Contact; changed {
			f.with = e.Summary
		}
	case chat.ContactMerged, chat.Lagged:
		return true, f.look(ctx)
	}
	return changed, nil
}
