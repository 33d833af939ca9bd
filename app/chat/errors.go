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
