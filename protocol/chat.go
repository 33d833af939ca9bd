package protocol

import "github.com/google/uuid"

// MessageID names a message: a UUIDv7, chosen by the writer. Together with
// the peer ID of the writer it is unique for ever. Receivers do not look
// inside.
type MessageID = uuid.UUID

// ChatMessage is a message of a conversation between two people: *Text,
// *Delivered, *Read, *Typing, *Refused, *Offer, *Edit, *Recall, *Reaction,
// *Nudge or *Picture. See
// docs/protocol.md#application-1-chat.
type ChatMessage interface{ chatMessage() }

// Text is what somebody wrote. It is sent again on each new session until it
// is answered by Delivered, Read or Refused.
type Text struct {
	ID   MessageID // not zero
	Time int64     // when it was written, by the writer's clock, in ms since 1970 UTC; 0 to MaxTime
	Body string    // exactly as written, see CheckText; the receiver stores what VisibleText makes of it
	// Answers is the message that this one answers; zero: none. Whoever does
	// not know the field reads past it.
	Answers Reference
}

// Delivered says that messages are on disk at the receiver.
type Delivered struct{ IDs []MessageID } // 1 to MaxReceiptIDs, none zero

// Read says that messages were shown to the receiver. It includes Delivered.
type Read struct{ IDs []MessageID } // 1 to MaxReceiptIDs, none zero

// Typing says whether the sender is writing something at the moment. It holds
// until it is taken back, until a Text arrives, or for a few seconds.
type Typing struct{ Active bool }

// Refused says that the receiver will never take a message, so that it need
// not be sent again.
type Refused struct {
	ID   MessageID // not zero
	Code ErrorCode // not zero
}

func (*Text) chatMessage()      {}
func (*Delivered) chatMessage() {}
func (*Read) chatMessage()      {}
func (*Typing) chatMessage()    {}
func (*Refused) chatMessage()   {}

const (
	kindText      = 1
	kindDelivered = 2
	kindRead      = 3
	kindTyping    = 4
	kindRefused   = 5
	kindOffer     = 6
	kindEdit      = 7
	kindRecall    = 8
	kindReaction  = 9
	kindNudge     = 10
	kindPicture   = 11
)

type (
	textWire struct {
		Kind   uint64    `cbor:"0,keyasint"`
		ID     octets16  `cbor:"1,keyasint"`
		Time   int64     `cbor:"2,keyasint"`
		Body   string    `cbor:"3,keyasint"`
		Own    *octets16 `cbor:"4,keyasint,omitempty"` // what is answered, if the writer wrote it
		Theirs *octets16 `cbor:"5,keyasint,omitempty"` // or else
	}
	receiptWire struct {
		Kind uint64     `cbor:"0,keyasint"`
		IDs  messageIDs `cbor:"1,keyasint"`
	}
	typingWire struct {
		Kind   uint64 `cbor:"0,keyasint"`
		Active bool   `cbor:"1,keyasint"`
	}
	refusedWire struct {
		Kind uint64    `cbor:"0,keyasint"`
		ID   octets16  `cbor:"1,keyasint"`
		Code ErrorCode `cbor:"2,keyasint"`
	}
)

var (
	textKeys    = keys(1, 2, 3)
	receiptKeys = keys(1)
	typingKeys  = keys(1)
	refusedKeys = keys(1, 2)
)

// EncodeChat encodes a chat message. It returns the *TextError of CheckText
// for a text that cannot be sent, and a *FormatError for any other field out
// of range. The names in an Offer are made safe and cut rather than refused.
func EncodeChat(m ChatMessage) ([]byte, error) {
	switch m := m.(type) {
	case *Text:
		return encodeText(m)
	case *Delivered:
		return encodeReceipt("delivered", kindDelivered, m.IDs)
	case *Read:
		return encodeReceipt("read", kindRead, m.IDs)
	case *Typing:
		return encodeBody(AppChat, "typing", &typingWire{Kind: kindTyping, Active: m.Active})
	case *Refused:
		wire := refusedWire{Kind: kindRefused, ID: octets16(m.ID), Code: m.Code}
		if err := wire.check(); err != nil {
			return nil, err
		}
		return encodeBody(AppChat, "refused", &wire)
	case *Offer:
		return encodeOffer(m)
	case *Edit:
		return encodeEdit(m)
	case *Recall:
		return encodeRecall(m)
	case *Reaction:
		return encodeReaction(m)
	case *Nudge:
		return encodeChecked(AppChat, "nudge", &nudgeWire{Kind: kindNudge, ID: octets16(m.ID), Time: m.Time})
	case *Picture:
		return encodePicture(m)
	}
	return nil, badField("chat message", "no message")
}

func encodeText(m *Text) ([]byte, error) {
	if err := CheckText(m.Body); err != nil {
		return nil, err
	}
	wire := textWire{Kind: kindText, ID: octets16(m.ID), Time: m.Time, Body: m.Body}
	wire.Own, wire.Theirs = m.Answers.wire()
	return encodeChecked(AppChat, "text", &wire)
}

func encodeReceipt(what string, kind uint64, ids []MessageID) ([]byte, error) {
	wire := receiptWire{Kind: kind, IDs: ids}
	if err := wire.check(what); err != nil {
		return nil, err
	}
	return encodeBody(AppChat, what, &wire)
}

// DecodeChat decodes the body of a frame of AppChat. It returns a *LimitError
// for a body over its limit, an *UnknownKindError for a message of a later
// version, and a *FormatError for everything else that is wrong; for a text
// that CheckText refuses, that wraps the *TextError.
func DecodeChat(body []byte) (ChatMessage, error) {
	kind, found, err := inspectBody(AppChat, body)
	if err != nil {
		return nil, err
	}
	switch kind {
	case kindText:
		return decodeText(body, found)
	case kindDelivered:
		ids, err := decodeReceipt("delivered", body, found)
		if err != nil {
			return nil, err
		}
		return &Delivered{IDs: ids}, nil
	case kindRead:
		ids, err := decodeReceipt("read", body, found)
		if err != nil {
			return nil, err
		}
		return &Read{IDs: ids}, nil
	case kindTyping:
		return decodeTyping(body, found)
	case kindRefused:
		return decodeRefused(body, found)
	case kindOffer:
		return decodeOffer(body, found)
	case kindEdit:
		return decodeEdit(body, found)
	case kindRecall:
		return decodeRecall(body, found)
	case kindReaction:
		return decodeReaction(body, found)
	case kindNudge:
		return decodeNudge(body, found)
	case kindPicture:
		return decodePicture(body, found)
	}
	return nil, &UnknownKindError{What: "chat message", Kind: kind}
}

func decodeText(body []byte, found keySet) (ChatMessage, error) {
	var wire textWire
	if err := decodeChecked("text", body, found, textKeys, &wire); err != nil {
		return nil, err
	}
	if err := CheckText(wire.Body); err != nil {
		return nil, &FormatError{What: "text", Err: err}
	}
	return &Text{ID: MessageID(wire.ID), Time: wire.Time, Body: wire.Body, Answers: referenceOf(wire.Own, wire.Theirs)}, nil
}

func decodeReceipt(what string, body []byte, found keySet) ([]MessageID, error) {
	var wire receiptWire
	if err := decodeBody(what, body, found, receiptKeys, &wire); err != nil {
		return nil, err
	}
	if err := wire.check(what); err != nil {
		return nil, err
	}
	return wire.IDs, nil
}

func decodeTyping(body []byte, found keySet) (ChatMessage, error) {
	var wire typingWire
	if err := decodeBody("typing", body, found, typingKeys, &wire); err != nil {
		return nil, err
	}
	return &Typing{Active: wire.Active}, nil
}

func decodeRefused(body []byte, found keySet) (ChatMessage, error) {
	var wire refusedWire
	if err := decodeBody("refused", body, found, refusedKeys, &wire); err != nil {
		return nil, err
	}
	if err := wire.check(); err != nil {
		return nil, err
	}
	return &Refused{ID: MessageID(wire.ID), Code: wire.Code}, nil
}

func (w *textWire) check() error {
	if err := checkReference("text", w.Own, w.Theirs); err != nil {
		return err
	}
	return checkWritten("text", w.ID, w.Time)
}

func (w *receiptWire) check(what string) error {
	if len(w.IDs) == 0 || len(w.IDs) > MaxReceiptIDs {
		return badField(what, "no message IDs, or too many")
	}
	for i := range w.IDs {
		if w.IDs[i] == uuid.Nil {
			return badField(what, "an empty message ID")
		}
	}
	return nil
}

func (w *refusedWire) check() error {
	switch {
	case MessageID(w.ID) == uuid.Nil:
		return badField("refused", "no message ID")
	case w.Code == 0:
		return badField("refused", "no code")
	}
	return nil
}
