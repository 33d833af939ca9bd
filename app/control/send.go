package control

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

// send keeps a text for somebody and, if asked to, waits for its delivery.
func (h handler) send(w http.ResponseWriter, r *http.Request) {
	var request SendRequest
	if err := readBody(w, r, &request); err != nil {
		refuse(w, err)
		return
	}
	wait, err := parseWait(request.Wait)
	if err != nil {
		refuse(w, err)
		return
	}
	contact, m, warnings, err := h.keep(r.Context(), request)
	if err != nil {
		refuse(w, err)
		return
	}
	response := SendResponse{To: personOf(contact)}
	if wait > 0 {
		begin(w) // tells a client who gives up during the wait that the text is kept
		var problem error
		ctx, cancel := context.WithTimeout(r.Context(), wait)
		m, problem = h.Chat.Await(ctx, m)
		cancel()
		now := h.lookUp(r.Context(), contact)
		response.To = personOf(now.Contact)
		response.Problem = waitProblem(m, problem, now)
	}
	response.ID, response.State, response.Reason = m.ID.String(), m.State.String(), m.Reason
	response.Warnings = doubts(warnings)
	answer(w, response)
}

// begin sends the head of an answer that is going to be good.
func begin(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	_ = http.NewResponseController(w).Flush() // the client has gone: nobody to tell
}

// keep queues the text. A text that is refused makes no contact.
func (h handler) keep(ctx context.Context, request SendRequest) (chat.Contact, chat.Message, []error, error) {
	if err := protocol.CheckText(protocol.VisibleText(request.Text)); err != nil {
		return chat.Contact{}, chat.Message{}, nil, err
	}
	contact, warnings, err := h.recipient(ctx, request.To)
	if err != nil {
		return contact, chat.Message{}, nil, err
	}
	// Not given up halfway: the client is told for certain whether it is kept.
	ctx = context.WithoutCancel(ctx)
	if request.ReplyTo == "" {
		m, err := h.Chat.Send(ctx, contact.ID, request.Text)
		return contact, m, warnings, err
	}
	answers, err := h.answered(ctx, contact.ID, request.ReplyTo)
	if err != nil {
		return contact, chat.Message{}, warnings, err
	}
	m, err := h.Chat.Reply(ctx, contact.ID, request.Text, answers)
	return contact, m, warnings, err
}

// recipient is for texts: an address where nobody is known becomes a contact,
// and at one without a port people are looked for. An IP address is never
// taken for a name, which anybody may give themself.
func (h handler) recipient(ctx context.Context, who string) (chat.Contact, []error, error) {
	address, warnings, err := h.CheckAddress(who)
	if err == nil {
		contact, _, err := h.Chat.ContactAt(ctx, address)
		return contact, warnings, err
	}
	bare, isIP := bareIP(err)
	if isIP {
		if h.Locate == nil {
			return chat.Contact{}, nil, err
		}
		contact, err := h.personAt(ctx, bare)
		return contact, nil, err
	}
	contact, notFound := h.Chat.Find(ctx, who)
	var unknown *chat.UnknownError
	if !errors.As(notFound, &unknown) {
		return contact, nil, notFound
	}
	if bare != nil && h.Locate != nil {
		contact, err := h.personAt(ctx, bare)
		var nowhere *HostError
		if !errors.As(err, &nowhere) {
			return contact, nil, err
		}
	}
	if looksLikeAddress(who) {
		return contact, nil, err
	}
	return contact, nil, notFound
}

// lookUp gives a contact as they are now: what was an address only may have
// got a name, or have turned out to be somebody known.
func (h handler) lookUp(ctx context.Context, c chat.Contact) chat.Summary {
	found := chat.Summary{Contact: c}
	all, err := h.Chat.People(ctx)
	if err != nil {
		return found
	}
	for _, s := range all {
		if s.ID == c.ID {
			return s
		}
		if c.Pending() && s.Address == c.Address {
			found = s
		}
	}
	return found
}

// waitProblem says why a wait ended without delivery. What is known of the
// recipient tells more than that the time is over, or that the text had failed
// before the wait began.
func waitProblem(m chat.Message, problem error, to chat.Summary) *Error {
	late := problem == context.DeadlineExceeded // itself: a failed dial may wrap it
	if late || m.State == chat.Failed {
		problem = cmp.Or(to.Problem, problem)
	}
	switch {
	case problem == nil:
		return nil
	case problem != context.DeadlineExceeded:
		return asError(problem)
	case to.Online:
		return &Error{Code: CodeTimeout, Key: "control.timeout", Message: "nobody has confirmed it in time"}
	}
	name := map[string]any{"name": to.DisplayName()}
	if to.Address == "" {
		return &Error{
			Code: CodeOffline, Key: "control.offline-no-address", Args: name,
			Message: to.DisplayName() + " is not connected, and their address is not known; they get it when they come online",
		}
	}
	return &Error{Code: CodeOffline, Key: "control.offline", Args: name, Message: to.DisplayName() + " is not connected"}
}

func parseWait(wait string) (time.Duration, error) {
	if wait == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(wait)
	if err != nil || d < 0 {
		return 0, &Error{Code: CodeBadRequest, Message: fmt.Sprintf("wait %q: give a duration such as 10s", wait)}
	}
	return d, nil
}
