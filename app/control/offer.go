package control

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path/filepath"
	"strings"

	"feihong/protocol"
)

// maxOfferBytes bounds the body of a request that offers files: paths in so far
// as a command line takes them.
const maxOfferBytes = 8 << 20

// OfferRequest is the body of POST /v1/files.
type OfferRequest struct {
	To    string   `json:"to"`             // as in SendRequest
	Paths []string `json:"paths"`          // absolute, of files and folders
	Text  string   `json:"text,omitempty"` // a few words to them
	// Wait is how long to wait until the transfer is over, as 10s or 5m;
	// empty: not at all.
	Wait string `json:"wait,omitempty"`
}

// OfferResponse is the answer of POST /v1/files.
type OfferResponse struct {
	Transfer
	Warnings []*Error `json:"warnings,omitempty"` // about the address
}

// BadPathError marks an error as one about a path that the user named.
type BadPathError struct{ Err error }

func (e *BadPathError) Error() string { return e.Err.Error() }
func (e *BadPathError) Unwrap() error { return e.Err }

// offer offers files and folders to somebody and, if asked to, waits until they
// are there.
func (h handler) offer(w http.ResponseWriter, r *http.Request) {
	var request OfferRequest
	if err := readBodyUpTo(maxOfferBytes, w, r, &request); err != nil {
		refuse(w, err)
		return
	}
	wait, err := parseWait(request.Wait)
	if err == nil {
		err = checkOffer(request)
	}
	if err != nil {
		refuse(w, err)
		return
	}
	contact, warnings, err := h.recipient(r.Context(), request.To)
	if err != nil {
		refuse(w, err)
		return
	}
	events := h.Chat.Subscribe() // before the offer, so that nothing is missed
	defer events.Close()
	t, err := h.Files.Offer(r.Context(), contact.ID, request.Paths, request.Text)
	if err != nil {
		refuse(w, aboutPaths(err))
		return
	}
	response := OfferResponse{Transfer: transferOf(t, contact), Warnings: doubts(warnings)}
	if wait > 0 {
		begin(w) // as for a text
		ctx, cancel := context.WithTimeout(r.Context(), wait)
		defer cancel()
		// How far it has come is all there is to be told.
		_ = h.follow(ctx, t.ID, events.Events(), func(now Transfer) error {
			response.Transfer = now
			return nil
		})
	}
	answer(w, response)
}

func checkOffer(request OfferRequest) error {
	if len(request.Paths) == 0 {
		return &Error{Code: CodeBadRequest, Message: "paths: give the files and folders to offer"}
	}
	for _, path := range request.Paths {
		if !filepath.IsAbs(path) {
			return notAbsolute("paths", path)
		}
	}
	if request.Text == "" {
		return nil
	}
	return protocol.CheckText(protocol.VisibleText(request.Text))
}

func notAbsolute(field, path string) error {
	return &Error{Code: CodeBadPath, Message: fmt.Sprintf("%s: %q is not an absolute path", field, path)}
}

// walkTexts begins the keys of what is said about files that cannot be sent.
const walkTexts = "files.walk."

// aboutPaths marks errors that say what is wrong with a file of the user's.
func aboutPaths(err error) error {
	key := ""
	var told translatable
	if errors.As(err, &told) {
		key, _ = told.UserText()
	}
	if strings.HasPrefix(key, walkTexts) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrInvalid) {
		return &BadPathError{Err: err}
	}
	return err
}

// doubts are warnings about an address.
func doubts(warnings []error) []*Error {
	var list []*Error
	for _, warning := range warnings {
		w := *asError(warning)
		w.Code = CodeDoubtful
		list = append(list, &w)
	}
	return list
}
