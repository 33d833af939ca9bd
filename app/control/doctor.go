package control

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"feihong/app/chat"
	"feihong/protocol"
	"feihong/transport/doctor"
)

// DoctorRequest is the body of POST /v1/doctor.
type DoctorRequest struct {
	// Address is an address, with or without a port, or whom to reach; empty
	// for this machine.
	Address string `json:"address"`
	// Person is the ID of who should be there; empty for whoever Address
	// names, or anybody. Without an address their last one is examined.
	Person string `json:"person,omitempty"`
}

// DoctorLine is one line of the answer of POST /v1/doctor: a step when it is
// done, and at the end either the report or an error.
type DoctorLine struct {
	Step   *doctor.Step   `json:"step,omitempty"`
	Report *doctor.Report `json:"report,omitempty"`
	Error  *Error         `json:"error,omitempty"`
}

// doctor lets the doctor examine an address and tells each step at once.
func (h handler) doctor(w http.ResponseWriter, r *http.Request) {
	var request DoctorRequest
	if err := readBody(w, r, &request); err != nil {
		refuse(w, err)
		return
	}
	address, want, err := h.patient(r.Context(), request)
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	lines, flush := json.NewEncoder(w), http.NewResponseController(w)
	// Once the client has gone the context ends, and so does the examination.
	tell := func(line DoctorLine) {
		if lines.Encode(line) == nil {
			_ = flush.Flush() // as above
		}
	}
	report, err := h.Doctor(r.Context(), address, want, func(step doctor.Step) { tell(DoctorLine{Step: &step}) })
	if err != nil {
		tell(DoctorLine{Error: asError(err)})
		return
	}
	tell(DoctorLine{Report: &report})
}

// patient finds out which address is meant, and who should be there. What is
// neither an address nor somebody known is left as it is: the doctor says what
// is wrong with it.
func (h handler) patient(ctx context.Context, request DoctorRequest) (string, protocol.PeerID, error) {
	var want protocol.PeerID
	who := request.Address
	if request.Person != "" {
		var err error
		if want, err = protocol.ParsePeerID(request.Person); err != nil {
			return "", want, &Error{Code: CodeBadRequest, Message: fmt.Sprintf("person %q is no ID: %v", request.Person, err)}
		}
		who = cmp.Or(who, want.String())
	}
	if who == "" {
		return "", want, nil
	}
	_, _, err := h.CheckAddress(who)
	if _, isIP := bareIP(err); err == nil || isIP {
		return who, want, nil
	}
	contact, err := h.Chat.Find(ctx, who)
	var unknown *chat.UnknownError
	switch {
	case errors.As(err, &unknown) && request.Address != "":
		return who, want, nil
	case err != nil:
		return "", want, err
	case contact.Address == "":
		name := contact.DisplayName()
		return "", want, &Error{
			Code: CodeUnknown, Key: "control.no-address", Args: map[string]any{"name": name},
			Message: "no address of " + name + " is known yet; give the one that their window shows",
		}
	}
	if want.IsZero() {
		want = contact.Peer
	}
	return contact.Address, want, nil
}
