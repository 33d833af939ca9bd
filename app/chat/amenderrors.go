package chat

import "fmt"

// AmendReason is why a message cannot be changed.
type AmendReason string

// The reasons.
const (
	AmendNotYours AmendReason = "not-yours" // somebody else wrote it
	AmendNoText   AmendReason = "no-text"   // it is of a kind that cannot be changed so
	AmendTooOld   AmendReason = "too-old"   // it was written more than MaxAmendAge ago
	AmendRecalled AmendReason = "recalled"  // it was taken back
)

var amendReasons = map[AmendReason]string{
	AmendNotYours: "only what you wrote yourself can be changed",
	AmendNoText:   "this message cannot be changed",
	AmendTooOld:   "this message is too old to be changed",
	AmendRecalled: "this message was taken back",
}

// AmendError is returned for a change that a message does not allow.
type AmendError struct{ Reason AmendReason }

func (e *AmendError) Error() string { return amendReasons[e.Reason] }

// UserText gives the translation.
func (e *AmendError) UserText() (string, map[string]any) {
	return "chat.amend." + string(e.Reason), nil
}

// OldProgramError is returned for what the program of somebody who is connected
// does not know.
type OldProgramError struct{ Name string }

func (e *OldProgramError) Error() string {
	return fmt.Sprintf("the program of %s is too old for that", e.Name)
}

// UserText gives the translation.
func (e *OldProgramError) UserText() (string, map[string]any) {
	return "chat.old-program", map[string]any{"name": e.Name}
}
