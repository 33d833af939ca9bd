package chat

import (
	"context"
	"errors"
	"time"
)

// MaxAmendAge is how long after writing a message it can be edited or recalled.
// Both times are those of the writer's clock.
const MaxAmendAge = 48 * time.Hour

// MaxReactionBytes bounds the emoji of a reaction.
const MaxReactionBytes = 64

// Policy is what the user lets others know, and how long is remembered.
type Policy struct {
	Receipts bool // tell others that their messages were read
	Typing   bool // tell others that the user is typing
	KeepDays int  // messages older than that are deleted; 0: none are
}

var errNotYet = errors.New("chat: not built yet")

// Reply writes a text that answers a message of the same conversation. It is
// Send otherwise.
func (s *Service) Reply(ctx context.Context, to ContactID, text string, answers Ref) (Message, error) {
	return Message{}, errNotYet
}

// Edit replaces the text of a message that the user wrote, here and at the
// other person. It returns the message as it is now.
func (s *Service) Edit(ctx context.Context, contact ContactID, ref Ref, text string) (Message, error) {
	return Message{}, errNotYet
}

// Recall takes back what the user wrote, here and at the other person; an offer
// of files is cancelled. It returns the message as it is now.
func (s *Service) Recall(ctx context.Context, contact ContactID, ref Ref) (Message, error) {
	return Message{}, errNotYet
}

// React puts the user's emoji to a message, or takes it back with "". It
// returns the message as it is now.
func (s *Service) React(ctx context.Context, contact ContactID, ref Ref, emoji string) (Message, error) {
	return Message{}, errNotYet
}

// Nudge asks somebody for attention.
func (s *Service) Nudge(ctx context.Context, to ContactID) (Message, error) {
	return Message{}, errNotYet
}

// MessageAt returns a message of a conversation, ErrNoMessage if it is not there.
func (s *Service) MessageAt(ctx context.Context, contact ContactID, ref Ref) (Message, error) {
	return Message{}, errNotYet
}

// SetPinned keeps a conversation on top of the list.
func (s *Service) SetPinned(ctx context.Context, id ContactID, pinned bool) error { return errNotYet }

// SetMuted silences somebody until a moment; a zero time ends it.
func (s *Service) SetMuted(ctx context.Context, id ContactID, until time.Time) error {
	return errNotYet
}

// SetVerified says that the two people have compared their codes, or not.
func (s *Service) SetVerified(ctx context.Context, id ContactID, verified bool) error {
	return errNotYet
}

// Clear deletes the messages and the transfers that are over, of one
// conversation. What is still to be delivered stays.
func (s *Service) Clear(ctx context.Context, id ContactID) error { return errNotYet }

// Picture returns the picture that somebody shows, nil if they show none. It
// came from outside and was not decoded.
func (s *Service) Picture(ctx context.Context, id ContactID) ([]byte, error) {
	return nil, errNotYet
}

// SetOwnPicture shows others a PNG or JPEG of at most protocol.MaxPictureBytes,
// nil for none: those with whom there is a session now, others when there is
// one.
func (s *Service) SetOwnPicture(data []byte) error { return errNotYet }

// SetPolicy changes what others get to know from now on.
func (s *Service) SetPolicy(p Policy) {}
