package chat

import (
	"errors"
	"fmt"
)

// ErrNoContact is returned for a contact that does not exist, or no longer.
var ErrNoContact = errors.New("no such contact")

// ErrAnswered is returned for deleting an address at which somebody has
// answered: it is a person now, who may be blocked.
var ErrAnswered = errors.New("somebody has answered at this address")

// ErrTooManyContacts is returned when the profile is full of people.
var ErrTooManyContacts = fmt.Errorf("this profile already knows %d people, which is the limit", maxContacts)

// ErrNoTransfer is returned when there is no such transfer.
var ErrNoTransfer error = errNoTransfer{}

type errNoTransfer struct{}

func (errNoTransfer) Error() string { return "no such transfer" }

// UserText gives the translation.
func (errNoTransfer) UserText() (string, map[string]any) { return "chat.no-transfer", nil }

// ErrNoFiles is returned for offering files where the program was started
// without them.
var ErrNoFiles = errors.New("this program was started without files")

// ErrNothingToSend is returned for an offer of nothing.
var ErrNothingToSend error = errNothingToSend{}

type errNothingToSend struct{}

func (errNothingToSend) Error() string { return "nothing to send: give at least one file or folder" }

// UserText gives the translation.
func (errNothingToSend) UserText() (string, map[string]any) { return "chat.nothing-to-send", nil }

// ErrAskSender is returned for trying again what was received and is over.
var ErrAskSender error = errAskSender{}

type errAskSender struct{}

func (errAskSender) Error() string { return "only the sender can offer this again" }

// UserText gives the translation.
func (errAskSender) UserText() (string, map[string]any) { return "chat.ask-sender", nil }

// PathError is returned for a path that is not absolute.
type PathError struct{ Path string }

func (e *PathError) Error() string { return fmt.Sprintf("not an absolute path: %q", e.Path) }

// UserText gives the translation.
func (e *PathError) UserText() (string, map[string]any) {
	return "chat.path", map[string]any{"path": e.Path}
}

// TransferStateError is returned when a transfer is not in a state for what
// was to be done.
type TransferStateError struct {
	Action    string // accept, reject, pause, resume or cancel
	State     TransferState
	Direction Direction
	Name      string // of what is at the top of it, the first if there are several
}

func (e *TransferStateError) Error() string {
	if e.theirs() {
		return fmt.Sprintf("cannot %s %q: that is for the receiver to say", e.Action, e.Name)
	}
	return fmt.Sprintf("cannot %s %q: the transfer is %s", e.Action, e.Name, e.State)
}

// theirs says that the action is not the user's in any state.
func (e *TransferStateError) theirs() bool {
	return e.Direction == Out && (e.Action == "accept" || e.Action == "reject")
}

// UserText gives the translation.
func (e *TransferStateError) UserText() (string, map[string]any) {
	what := string(e.State)
	switch e.State {
	case TransferAccepted, TransferRunning, TransferPaused, TransferStalled:
		what = string(TransferAccepted)
	}
	if e.theirs() {
		what = "theirs"
	}
	return "chat.transfer-state." + what, map[string]any{"name": e.Name}
}

// AmbiguousTransferError is returned when several IDs begin or end with what
// the user typed.
type AmbiguousTransferError struct {
	Part       string
	Candidates []Transfer // at most ten
}

func (e *AmbiguousTransferError) Error() string {
	return fmt.Sprintf("several transfers have an ID that begins or ends with %q; give more of it", e.Part)
}

// UserText gives the translation.
func (e *AmbiguousTransferError) UserText() (string, map[string]any) {
	return "chat.ambiguous-transfer", map[string]any{"part": e.Part}
}

var errBlocked = errors.New("on the block list")

// BlockedError is returned for a text to somebody the user has blocked.
type BlockedError struct{ Name string }

func (e *BlockedError) Error() string {
	return fmt.Sprintf("you have blocked %s; unblock them to write to them", e.Name)
}

// UserText gives the translation.
func (e *BlockedError) UserText() (string, map[string]any) {
	return "chat.blocked", map[string]any{"name": e.Name}
}

// UnknownError is returned when nobody is called what the user typed.
type UnknownError struct {
	Who string
	// Candidates are people with a similar name or ID, at most ten.
	Candidates []Contact
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("nobody known is called %q; give a name, an ID or its first six characters, or an address such as 192.168.1.20:50000", e.Who)
}

// UserText gives the translation.
func (e *UnknownError) UserText() (string, map[string]any) {
	return "chat.unknown", map[string]any{"who": e.Who}
}

// AmbiguousError is returned when several people are called what the user
// typed.
type AmbiguousError struct {
	Who        string
	Candidates []Contact
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%d people are called %q; give an ID instead", len(e.Candidates), e.Who)
}

// UserText gives the translation.
func (e *AmbiguousError) UserText() (string, map[string]any) {
	return "chat.ambiguous", map[string]any{"who": e.Who, "count": len(e.Candidates)}
}
