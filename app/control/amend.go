package control

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/protocol"
)

// MessageChange is the body of PUT /v1/messages/{id}: just one of these.
type MessageChange struct {
	Text     *string `json:"text,omitempty"`     // what the message says from now on
	Recalled bool    `json:"recalled,omitempty"` // take it back
	Reaction *string `json:"reaction,omitempty"` // the user's emoji, "" for none any more
}

// changes counts what is to be changed.
func (c MessageChange) changes() (n int) {
	for _, given := range []bool{c.Text != nil, c.Recalled, c.Reaction != nil} {
		if given {
			n++
		}
	}
	return n
}

// NudgeRequest is the body of POST /v1/nudge.
type NudgeRequest struct {
	To string `json:"to"` // as in SendRequest
}

// changeMessage edits, recalls or reacts to a message.
func (h handler) changeMessage(w http.ResponseWriter, r *http.Request) {
	var change MessageChange
	if err := readBody(w, r, &change); err != nil {
		refuse(w, err)
		return
	}
	if change.changes() != 1 {
		refuse(w, &Error{Code: CodeBadRequest, Message: "give just one of text, recalled and reaction"})
		return
	}
	id, err := parseMessageID(r.PathValue("id"))
	if err != nil {
		refuse(w, err)
		return
	}
	// Not given up halfway, as with texts.
	m, err := h.apply(context.WithoutCancel(r.Context()), id, change)
	if err != nil {
		refuse(w, err)
		return
	}
	answer(w, messageOf(m, h.writer(r.Context(), m)))
}

func (h handler) apply(ctx context.Context, id protocol.MessageID, change MessageChange) (chat.Message, error) {
	m, err := h.Chat.FindMessage(ctx, id)
	if err != nil {
		return m, err
	}
	switch {
	case change.Text != nil:
		return h.Chat.Edit(ctx, m.Contact, m.Ref(), *change.Text)
	case change.Recalled:
		return h.Chat.Recall(ctx, m.Contact, m.Ref())
	}
	return h.Chat.React(ctx, m.Contact, m.Ref(), *change.Reaction)
}

// writer is who wrote a message.
func (h handler) writer(ctx context.Context, m chat.Message) Person {
	if m.Direction == chat.Out {
		self := h.Self()
		return Person{ID: self.ID, Name: self.Name}
	}
	return personOf(h.lookUp(ctx, chat.Contact{ID: m.Contact}).Contact)
}

// parseMessageID reads an ID as it stands in answers.
func parseMessageID(id string) (protocol.MessageID, error) {
	parsed, err := uuid.Parse(id)
	if err != nil || len(id) != len(parsed.String()) {
		return protocol.MessageID{}, &Error{Code: CodeBadRequest, Key: "control.bad-message-id", Message: fmt.Sprintf("%q is not the ID of a message", id), Args: map[string]any{"value": id}}
	}
	return parsed, nil
}

// answered finds the message of a conversation that a text is to answer.
func (h handler) answered(ctx context.Context, contact chat.ContactID, id string) (chat.Ref, error) {
	parsed, err := parseMessageID(id)
	if err != nil {
		return chat.Ref{}, err
	}
	for _, direction := range []chat.Direction{chat.Out, chat.In} {
		ref := chat.Ref{Direction: direction, ID: parsed}
		if _, err := h.Chat.MessageAt(ctx, contact, ref); !errors.Is(err, chat.ErrNoMessage) {
			return ref, err
		}
	}
	return chat.Ref{}, chat.ErrNoMessage
}

// nudge asks somebody for attention.
func (h handler) nudge(w http.ResponseWriter, r *http.Request) {
	var request NudgeRequest
	if err := readBody(w, r, &request); err != nil {
		refuse(w, err)
		return
	}
	contact, err := h.find(r.Context(), request.To)
	if err != nil {
		refuse(w, err)
		return
	}
	m, err := h.Chat.Nudge(context.WithoutCancel(r.Context()), contact.ID)
	if err != nil {
		refuse(w, err)
		return
	}
	answer(w, SendResponse{ID: m.ID.String(), State: m.State.String(), To: personOf(contact)})
}
