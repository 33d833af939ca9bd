package control

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"feihong/app/export"
	"feihong/assets/translations"
)

// export writes a conversation as the body of the answer. A body that breaks
// off is incomplete.
func (h handler) export(w http.ResponseWriter, r *http.Request) {
	form, err := export.ParseForm(r.FormValue("form"))
	if err != nil {
		refuse(w, &Error{Code: CodeBadRequest, Message: err.Error()})
		return
	}
	contact, err := h.find(r.Context(), r.FormValue("with"))
	if err != nil {
		refuse(w, err)
		return
	}
	self := h.Self()
	body := &startedWriter{ResponseWriter: w}
	err = export.Write(r.Context(), body, form, h.Chat, export.Conversation{
		With: contact, Self: self.Name, SelfID: self.ID, Now: time.Now(), Words: translations.New(r.FormValue("lang")),
	})
	switch {
	case err == nil:
	case body.started:
		panic(http.ErrAbortHandler) // the client sees that something is missing
	default:
		refuse(w, err)
	}
}

// startedWriter knows whether it is too late for another answer.
type startedWriter struct {
	http.ResponseWriter
	started bool
}

func (w *startedWriter) Write(p []byte) (int, error) {
	if !w.started {
		w.started = true
		w.Header().Set("Content-Type", "application/octet-stream")
	}
	return w.ResponseWriter.Write(p)
}

// Export writes the conversation with somebody in a form of package export, in
// a language. When it fails, what was written is incomplete.
func (c *Client) Export(ctx context.Context, with, form, lang string, to io.Writer) error {
	query := url.Values{"with": {with}, "form": {form}, "lang": {lang}}
	response, err := c.request(ctx, http.MethodGet, "/v1/export?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // only read from
	if _, err := io.Copy(to, response.Body); err != nil {
		return fmt.Errorf("read the conversation: %w", err)
	}
	return nil
}
