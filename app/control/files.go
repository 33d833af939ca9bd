package control

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"

	"feihong/app/chat"
	"feihong/protocol"
)

// Files is what the interface needs of the chat service for files and folders.
// The methods wait for the disk, and are safe for concurrent use.
type Files interface {
	Offer(ctx context.Context, to chat.ContactID, paths []string, text string) (chat.Transfer, error)
	Accept(ctx context.Context, id protocol.MessageID, folder string) error
	Reject(ctx context.Context, id protocol.MessageID) error
	Pause(ctx context.Context, id protocol.MessageID) error
	Resume(ctx context.Context, id protocol.MessageID) error
	Cancel(ctx context.Context, id protocol.MessageID) error
	Again(ctx context.Context, id protocol.MessageID) (chat.Transfer, error)
	Transfers(ctx context.Context, query chat.TransferQuery) ([]chat.Transfer, error)
	Transfer(ctx context.Context, id protocol.MessageID) (chat.Transfer, error)
	FindTransfer(ctx context.Context, prefix string) (chat.Transfer, error)
	SetAutoAccept(ctx context.Context, contact chat.ContactID, limit int64) error
}

// routeFiles adds what there is about files and folders.
func (h handler) routeFiles(mux *http.ServeMux) {
	route := func(pattern string, serve http.HandlerFunc) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if h.Files == nil {
				refuse(w, noFiles())
				return
			}
			serve(w, r)
		})
	}
	route("GET /v1/files", h.transfers)
	route("POST /v1/files", h.offer)
	route("GET /v1/files/{id}", h.transfer)
	route("GET /v1/files/{id}/receipt", h.receipt)
	route("GET /v1/files/{id}/listing", h.listing)
	route("POST /v1/files/{id}/accept", h.accept)
	route("POST /v1/files/{id}/again", h.again)
	route("POST /v1/files/{id}/reject", h.change(Files.Reject))
	route("POST /v1/files/{id}/pause", h.change(Files.Pause))
	route("POST /v1/files/{id}/resume", h.change(Files.Resume))
	route("POST /v1/files/{id}/cancel", h.change(Files.Cancel))
	for _, name := range []string{"accept", "again", "reject", "pause", "resume", "cancel"} {
		mux.HandleFunc("/v1/files/{id}/"+name, func(w http.ResponseWriter, r *http.Request) { noMethod(w, r, "POST") })
	}
}

func noFiles() error {
	return &Error{Code: CodeBadRequest, Key: "control.no-files", Message: "this profile does not send or receive files"}
}

// transfers lists transfers, oldest first.
func (h handler) transfers(w http.ResponseWriter, r *http.Request) {
	query, err := h.transferQuery(r)
	if err != nil {
		refuse(w, err)
		return
	}
	found, err := h.newest(r.Context(), query)
	if err != nil {
		refuse(w, err)
		return
	}
	people, err := h.everybody(r.Context())
	if err != nil {
		refuse(w, err)
		return
	}
	list := make([]Transfer, 0, len(found))
	for _, t := range found {
		list = append(list, transferWith(t, people[t.Contact]))
	}
	answer(w, list)
}

func (h handler) transferQuery(r *http.Request) (chat.TransferQuery, error) {
	var query chat.TransferQuery
	limit, err := parseLimit(r.FormValue("limit"))
	if err != nil {
		return query, err
	}
	query.Limit = limit
	if open := r.FormValue("open"); open != "" {
		if query.Open, err = strconv.ParseBool(open); err != nil {
			return query, &Error{Code: CodeBadRequest, Message: fmt.Sprintf("open %q: give true or false", open)}
		}
	}
	if who := r.FormValue("peer"); who != "" {
		contact, err := h.find(r.Context(), who)
		if err != nil {
			return query, err
		}
		query.Contact = contact.ID
	}
	return query, nil
}

// newest gives the transfers of a query. What is not over is never left out for
// being old.
func (h handler) newest(ctx context.Context, query chat.TransferQuery) ([]chat.Transfer, error) {
	found, err := h.Files.Transfers(ctx, query)
	if err != nil {
		return nil, err
	}
	if query.Limit > 0 {
		open, err := h.Files.Transfers(ctx, chat.TransferQuery{Contact: query.Contact, Open: true})
		if err != nil {
			return nil, err
		}
		found = append(found, open...)
	}
	slices.SortStableFunc(found, func(a, b chat.Transfer) int {
		return cmp.Or(a.Created.Compare(b.Created), slices.Compare(a.ID[:], b.ID[:]))
	})
	return slices.CompactFunc(found, func(a, b chat.Transfer) bool { return a.ID == b.ID }), nil
}

func (h handler) everybody(ctx context.Context) (map[chat.ContactID]chat.Summary, error) {
	all, err := h.Chat.People(ctx)
	if err != nil {
		return nil, err
	}
	people := make(map[chat.ContactID]chat.Summary, len(all))
	for _, s := range all {
		people[s.ID] = s
	}
	return people, nil
}

// transfer tells of one transfer, or with follow=true goes on telling until it
// is over.
func (h handler) transfer(w http.ResponseWriter, r *http.Request) {
	t, err := h.findTransfer(r)
	if err != nil {
		refuse(w, err)
		return
	}
	if follow, _ := strconv.ParseBool(r.FormValue("follow")); follow {
		h.stream(w, r, t.ID)
		return
	}
	h.answerTransfer(w, r, t)
}

// findTransfer finds a transfer by its ID, or by enough of it. If that fits
// several, the error lists them.
func (h handler) findTransfer(r *http.Request) (chat.Transfer, error) {
	t, err := h.Files.FindTransfer(r.Context(), r.PathValue("id"))
	var several *chat.AmbiguousTransferError
	if !errors.As(err, &several) {
		return t, err
	}
	people, failed := h.everybody(r.Context())
	if failed != nil {
		return t, failed
	}
	refusal := asError(err)
	for _, candidate := range several.Candidates {
		refusal.Transfers = append(refusal.Transfers, transferWith(candidate, people[candidate.Contact]))
	}
	return t, refusal
}

func (h handler) answerTransfer(w http.ResponseWriter, r *http.Request, t chat.Transfer) {
	people, err := h.everybody(r.Context())
	if err != nil {
		refuse(w, err)
		return
	}
	answer(w, transferWith(t, people[t.Contact]))
}

// change does something with a transfer, and answers how it is then.
func (h handler) change(do func(f Files, ctx context.Context, id protocol.MessageID) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		t, err := h.findTransfer(r)
		if err == nil {
			err = do(h.Files, r.Context(), t.ID)
		}
		if err == nil {
			t, err = h.Files.Transfer(r.Context(), t.ID)
		}
		if err != nil {
			refuse(w, err)
			return
		}
		h.answerTransfer(w, r, t)
	}
}

// AcceptRequest is the body of POST /v1/files/{id}/accept.
type AcceptRequest struct {
	// Folder is an absolute path; empty for the folder in the settings. It is
	// made if it is not there.
	Folder string `json:"folder,omitempty"`
}

func (h handler) accept(w http.ResponseWriter, r *http.Request) {
	var request AcceptRequest
	if err := readBody(w, r, &request); err != nil {
		refuse(w, err)
		return
	}
	if request.Folder != "" && !filepath.IsAbs(request.Folder) {
		refuse(w, notAbsolute("folder", request.Folder))
		return
	}
	h.change(func(f Files, ctx context.Context, id protocol.MessageID) error {
		return aboutPaths(f.Accept(ctx, id, request.Folder))
	})(w, r)
}

// again offers the same once more, which is another transfer.
func (h handler) again(w http.ResponseWriter, r *http.Request) {
	t, err := h.findTransfer(r)
	if err == nil {
		t, err = h.Files.Again(r.Context(), t.ID)
	}
	if err != nil {
		refuse(w, aboutPaths(err))
		return
	}
	h.answerTransfer(w, r, t)
}

// PeerChange is the body of PUT /v1/peers: what is nil stays as it is.
type PeerChange struct {
	Who string `json:"who"` // name, ID, prefix of an ID, or address
	// AutoAccept is up to how many bytes files of this person are accepted
	// without asking: 0 for none, -1 for any number.
	AutoAccept *int64 `json:"auto_accept,omitempty"`
}

func (h handler) changePeer(w http.ResponseWriter, r *http.Request) {
	var change PeerChange
	if err := readBody(w, r, &change); err != nil {
		refuse(w, err)
		return
	}
	if change.AutoAccept == nil || *change.AutoAccept < -1 {
		refuse(w, &Error{Code: CodeBadRequest, Message: "auto_accept: give a number of bytes, 0 for none, -1 for any"})
		return
	}
	if h.Files == nil {
		refuse(w, noFiles())
		return
	}
	contact, err := h.find(r.Context(), change.Who)
	if err == nil {
		err = h.Files.SetAutoAccept(r.Context(), contact.ID, *change.AutoAccept)
	}
	if err != nil {
		refuse(w, err)
		return
	}
	answer(w, peerOf(h.lookUp(r.Context(), contact)))
}
