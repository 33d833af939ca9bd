package protocol

import "github.com/google/uuid"

// Reference names a message of a conversation, as its sender sees it. The zero
// value names none.
type Reference struct {
	Own bool      // written by who sends the reference; else by who receives it
	ID  MessageID // of that message
}

// Edit replaces what a Text of the same writer says. It is delivered and
// answered as a Text is, and so are Recall, Reaction and Nudge. They are sent
// only to those whose Hello has FeatureAmend.
type Edit struct {
	ID     MessageID // of this message, not zero
	Time   int64     // when it was written, as in a Text
	Target MessageID // of the Text, not zero
	Body   string    // as in a Text
}

// Recall takes back a Text or an Offer of the same writer.
type Recall struct {
	ID     MessageID // of this message, not zero
	Time   int64     // as in a Text
	Target MessageID // of what is taken back, not zero
}

// Reaction puts an emoji to a message, in the place of the one that the same
// person put there before.
type Reaction struct {
	ID     MessageID // of this message, not zero
	Time   int64     // as in a Text
	Target Reference // not zero
	Emoji  string    // what CheckEmoji accepts, or "" to take it back
}

// Nudge asks for attention.
type Nudge struct {
	ID   MessageID // not zero
	Time int64     // as in a Text
}

func (*Edit) chatMessage()     {}
func (*Recall) chatMessage()   {}
func (*Reaction) chatMessage() {}
func (*Nudge) chatMessage()    {}

type (
	editWire struct {
		Kind   uint64   `cbor:"0,keyasint"`
		ID     octets16 `cbor:"1,keyasint"`
		Time   int64    `cbor:"2,keyasint"`
		Body   string   `cbor:"3,keyasint"`
		Target octets16 `cbor:"4,keyasint"`
	}
	recallWire struct {
		Kind   uint64   `cbor:"0,keyasint"`
		ID     octets16 `cbor:"1,keyasint"`
		Time   int64    `cbor:"2,keyasint"`
		Target octets16 `cbor:"4,keyasint"`
	}
	reactionWire struct {
		Kind   uint64    `cbor:"0,keyasint"`
		ID     octets16  `cbor:"1,keyasint"`
		Time   int64     `cbor:"2,keyasint"`
		Emoji  string    `cbor:"3,keyasint"`
		Own    *octets16 `cbor:"4,keyasint,omitempty"`
		Theirs *octets16 `cbor:"5,keyasint,omitempty"`
	}
	nudgeWire struct {
		Kind uint64   `cbor:"0,keyasint"`
		ID   octets16 `cbor:"1,keyasint"`
		Time int64    `cbor:"2,keyasint"`
	}
)

var (
	editKeys     = keys(1, 2, 3, 4)
	recallKeys   = keys(1, 2, 4)
	reactionKeys = keys(1, 2, 3)
	nudgeKeys    = keys(1, 2)
)

func encodeEdit(m *Edit) ([]byte, error) {
	if err := CheckText(m.Body); err != nil {
		return nil, err
	}
	return encodeChecked(AppChat, "edit", &editWire{
		Kind: kindEdit, ID: octets16(m.ID), Time: m.Time, Body: m.Body, Target: octets16(m.Target),
	})
}

func encodeRecall(m *Recall) ([]byte, error) {
	return encodeChecked(AppChat, "recall", &recallWire{
		Kind: kindRecall, ID: octets16(m.ID), Time: m.Time, Target: octets16(m.Target),
	})
}

func encodeReaction(m *Reaction) ([]byte, error) {
	wire := reactionWire{Kind: kindReaction, ID: octets16(m.ID), Time: m.Time, Emoji: m.Emoji}
	wire.Own, wire.Theirs = m.Target.wire()
	return encodeChecked(AppChat, "reaction", &wire)
}

func decodeEdit(body []byte, found keySet) (ChatMessage, error) {
	var wire editWire
	if err := decodeChecked("edit", body, found, editKeys, &wire); err != nil {
		return nil, err
	}
	if err := CheckText(wire.Body); err != nil {
		return nil, &FormatError{What: "edit", Err: err}
	}
	return &Edit{ID: MessageID(wire.ID), Time: wire.Time, Target: MessageID(wire.Target), Body: wire.Body}, nil
}

func decodeRecall(body []byte, found keySet) (ChatMessage, error) {
	var wire recallWire
	if err := decodeChecked("recall", body, found, recallKeys, &wire); err != nil {
		return nil, err
	}
	return &Recall{ID: MessageID(wire.ID), Time: wire.Time, Target: MessageID(wire.Target)}, nil
}

func decodeReaction(body []byte, found keySet) (ChatMessage, error) {
	var wire reactionWire
	if err := decodeChecked("reaction", body, found, reactionKeys, &wire); err != nil {
		return nil, err
	}
	return &Reaction{ID: MessageID(wire.ID), Time: wire.Time, Target: referenceOf(wire.Own, wire.Theirs), Emoji: wire.Emoji}, nil
}

func decodeNudge(body []byte, found keySet) (ChatMessage, error) {
	var wire nudgeWire
	if err := decodeChecked("nudge", body, found, nudgeKeys, &wire); err != nil {
		return nil, err
	}
	return &Nudge{ID: MessageID(wire.ID), Time: wire.Time}, nil
}

func (w *editWire) check() error {
	if MessageID(w.Target) == uuid.Nil {
		return badField("edit", "it names no message")
	}
	return checkWritten("edit", w.ID, w.Time)
}

func (w *recallWire) check() error {
	if MessageID(w.Target) == uuid.Nil {
		return badField("recall", "it names no message")
	}
	return checkWritten("recall", w.ID, w.Time)
}

func (w *reactionWire) check() error {
	switch {
	case w.Own == nil && w.Theirs == nil:
		return &FormatError{What: "reaction", Err: ErrMissing}
	case w.Emoji != "" && CheckEmoji(w.Emoji) != nil:
		return badField("reaction", "it is no emoji")
	}
	if err := checkReference("reaction", w.Own, w.Theirs); err != nil {
		return err
	}
	return checkWritten("reaction", w.ID, w.Time)
}

func (w *nudgeWire) check() error { return checkWritten("nudge", w.ID, w.Time) }

// checkWritten looks at what everything has that somebody writes.
func checkWritten(what string, id octets16, time int64) error {
	switch {
	case MessageID(id) == uuid.Nil:
		return badField(what, "no message ID")
	case time < 0 || time > MaxTime:
		return badField(what, "the time is out of range")
	}
	return nil
}

// wire is a reference as its two fields, of which at most one is there.
func (r Reference) wire() (own, theirs *octets16) {
	id := octets16(r.ID)
	switch {
	case r.Own:
		return &id, nil
	case r.ID == uuid.Nil:
		return nil, nil
	}
	return nil, &id
}

func referenceOf(own, theirs *octets16) Reference {
	switch {
	case own != nil:
		return Reference{Own: true, ID: MessageID(*own)}
	case theirs != nil:
		return Reference{ID: MessageID(*theirs)}
	}
	return Reference{}
}

func checkReference(what string, own, theirs *octets16) error {
	if own != nil && theirs != nil {
		return badField(what, "it names two messages")
	}
	for _, id := range []*octets16{own, theirs} {
		if id != nil && MessageID(*id) == uuid.Nil {
			return badField(what, "it names a message without ID")
		}
	}
	return nil
}
