package chat

import (
	"fmt"
	"time"

	"feihong/protocol"
)

// Direction says who wrote a message.
type Direction uint8

const (
	In  Direction = 0 // written by the contact
	Out Direction = 1 // written here
)

// String gives the word used by the command line and the control interface.
func (d Direction) String() string {
	if d == Out {
		return "out"
	}
	return "in"
}

// State is how far a message has come. An outgoing message only ever moves
// forward: queued, sent, delivered, read; or it ends in failed. An incoming
// one is delivered when it is on disk here, and read when it was shown.
// The numbers are stored: append, never renumber.
type State uint8

const (
	Queued    State = 1 // on disk here, not yet handed to a session
	Sent      State = 2 // handed to a session, not yet acknowledged
	Delivered State = 3 // on disk at the receiver
	Read      State = 4 // shown to the receiver
	Failed    State = 5 // refused for good; Message.Reason says why
)

var stateNames = [...]string{Queued: "queued", Sent: "sent", Delivered: "delivered", Read: "read", Failed: "failed"}

// String gives the word used by the command line and the control interface.
func (s State) String() string {
	if s < Queued || s > Failed {
		return fmt.Sprintf("state(%d)", uint8(s))
	}
	return stateNames[s]
}

// Final says that nothing more has to be sent for the message.
func (s State) Final() bool { return s >= Delivered }

// Kind is what a message carries. The numbers are stored: append only.
type Kind uint8

// The kinds.
const (
	KindText  Kind = 1 // plain text
	KindFiles Kind = 2 // an offer of files; a Transfer has the same ID, and Text is the caption, which may be empty
	// KindNudge asks for attention; it has no text.
	KindNudge Kind = 3
	// The amendments change the message that Target names. They travel and are
	// acknowledged as messages are, but History and Overview leave them out:
	// what they say shows in the message itself.
	KindEdit     Kind = 4 // Text replaces that of the writer's own message
	KindRecall   Kind = 5 // takes the writer's own message back
	KindReaction Kind = 6 // Text is one emoji, or "" for taking it back
)

// Amendment says that a message of this kind changes another one.
func (k Kind) Amendment() bool { return k >= KindEdit && k <= KindReaction }

// String gives the word used by the command line and the control interface.
func (k Kind) String() string {
	switch k {
	case KindText:
		return "text"
	case KindFiles:
		return "files"
	case KindNudge:
		return "nudge"
	case KindEdit:
		return "edit"
	case KindRecall:
		return "recall"
	case KindReaction:
		return "reaction"
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// Ref names the message.
func (m *Message) Ref() Ref { return Ref{Direction: m.Direction, ID: m.ID} }

// size is how much text a message holds, in bytes.
func (m *Message) size() int { return len(m.Text) + len(m.Names) }

// Ref names a message within one conversation.
type Ref struct {
	Direction Direction // as seen from here: Out is what the user wrote
	ID        protocol.MessageID
}

// IsZero says that nothing is named.
func (r Ref) IsZero() bool { return r.ID == protocol.MessageID{} }

// Message is one message of one conversation. It can be compared with ==.
type Message struct {
	// Seq orders messages within a profile: the order in which they were
	// committed. The store assigns it; zero means not stored yet.
	Seq       int64
	ID        protocol.MessageID // chosen by the writer, unique per contact and direction
	Contact   ContactID
	Direction Direction
	State     State
	Kind      Kind
	Text      string
	// Names are those of the first files and folders of an offer, safe to
	// show, a line each; empty for other kinds. They are found as Text is.
	Names  string
	Time   time.Time // the writer's clock, millisecond precision
	Reason string    // why it failed, a stable code; empty unless State is Failed

	// When the news came that an outgoing message is this far, by the clock of
	// this machine, with millisecond precision; zero if unknown, and for what
	// was received.
	Sent, Delivered, Read time.Time

	ReplyTo Ref // what a text answers; zero if nothing
	Target  Ref // what an amendment changes; zero for other kinds

	// What amendments have made of the message.
	Edited   time.Time // when the writer changed Text last; zero if never
	Recalled bool      // taken back: Text is empty
	// Reactions are the emoji of both people, "" for none: Reactions[Out] is
	// the user's own.
	Reactions [2]string
}

// Apply moves an outgoing message forward and tells if that had effect: no step
// leads back, and what was delivered cannot fail.
func (c *StateChange) Apply(m *Message) bool {
	if c.State <= m.State || c.State > Failed || c.State == Failed && m.State.Final() {
		return false
	}
	m.State = c.State
	note := func(at *time.Time, news time.Time) {
		if at.IsZero() {
			*at = news
		}
	}
	note(&m.Sent, c.Sent)
	switch c.State {
	case Sent:
		note(&m.Sent, c.At)
	case Delivered:
		note(&m.Delivered, c.At)
	case Read: // so it is delivered too
		note(&m.Delivered, c.At)
		note(&m.Read, c.At)
	case Failed:
		m.Reason = c.Reason
	}
	return true
}
