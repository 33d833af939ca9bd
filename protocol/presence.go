package protocol

// PresenceMessage is a message about who is there: *Present, *WhoIsThere or
// *People. See docs/protocol.md#application-2-presence.
type PresenceMessage interface{ presenceMessage() }

// Present is the sender's own announcement, sent over each session when it
// comes up and when something changed.
type Present struct{ Signed []byte }

// WhoIsThere asks for the people that the other side hears.
type WhoIsThere struct {
	Limit uint16 // of how many at most, in as many People as it takes; at least 1
}

// People answers WhoIsThere. Each announcement is signed by whom it is about,
// so that nobody can invent somebody, but it may be old: it says where to try.
type People struct {
	Told []Told // at most MaxTold
	More bool   // another People follows
}

// Told is somebody that the sender of People heard.
type Told struct {
	Signed []byte // their announcement
	Age    uint16 // seconds since the sender heard from them themself; 65535 is that or more
}

func (*Present) presenceMessage()    {}
func (*WhoIsThere) presenceMessage() {}
func (*People) presenceMessage()     {}

const (
	kindPresent    = 1
	kindWhoIsThere = 2
	kindPeople     = 3
)

type (
	presentWire struct {
		Kind   uint64       `cbor:"0,keyasint"`
		Signed signedOctets `cbor:"1,keyasint"`
	}
	whoIsThereWire struct {
		Kind  uint64 `cbor:"0,keyasint"`
		Limit uint16 `cbor:"1,keyasint"`
	}
	peopleWire struct {
		Kind uint64     `cbor:"0,keyasint"`
		Told []toldWire `cbor:"1,keyasint"`
		More bool       `cbor:"2,keyasint"`
	}
	// Which keys a map within a body has is not tracked, hence the pointer.
	toldWire struct {
		Signed signedOctets `cbor:"0,keyasint"`
		Age    *uint16      `cbor:"1,keyasint"`
	}
)

var (
	presentKeys    = keys(1)
	whoIsThereKeys = keys(1)
	peopleKeys     = keys(1, 2)
)

// EncodePresence encodes a presence message. A field out of range gives a
// *FormatError. Announcements are not opened.
func EncodePresence(m PresenceMessage) ([]byte, error) {
	switch m := m.(type) {
	case *Present:
		return encodeChecked(AppPresence, "present", &presentWire{Kind: kindPresent, Signed: m.Signed})
	case *WhoIsThere:
		return encodeChecked(AppPresence, "question who is there", &whoIsThereWire{Kind: kindWhoIsThere, Limit: m.Limit})
	case *People:
		wire := peopleWire{Kind: kindPeople, More: m.More}
		for i := range m.Told {
			wire.Told = append(wire.Told, toldWire{Signed: m.Told[i].Signed, Age: &m.Told[i].Age})
		}
		return encodeChecked(AppPresence, "people", &wire)
	}
	return nil, badField("presence message", "no message")
}

// DecodePresence decodes the body of a frame of AppPresence. It returns a
// *LimitError for a body over its limit, an *UnknownKindError for a message of
// a later version, and a *FormatError for everything else that is wrong.
// Announcements are not opened.
func DecodePresence(body []byte) (PresenceMessage, error) {
	kind, found, err := inspectBody(AppPresence, body)
	if err != nil {
		return nil, err
	}
	switch kind {
	case kindPresent:
		var wire presentWire
		if err := decodeChecked("present", body, found, presentKeys, &wire); err != nil {
			return nil, err
		}
		return &Present{Signed: wire.Signed}, nil
	case kindWhoIsThere:
		var wire whoIsThereWire
		if err := decodeChecked("question who is there", body, found, whoIsThereKeys, &wire); err != nil {
			return nil, err
		}
		return &WhoIsThere{Limit: wire.Limit}, nil
	case kindPeople:
		var wire peopleWire
		if err := decodeChecked("people", body, found, peopleKeys, &wire); err != nil {
			return nil, err
		}
		return wire.people(), nil
	}
	return nil, &UnknownKindError{What: "presence message", Kind: kind}
}

func (w *peopleWire) people() *People {
	m := &People{More: w.More}
	for _, told := range w.Told {
		m.Told = append(m.Told, Told{Signed: told.Signed, Age: *told.Age})
	}
	return m
}

func (w *presentWire) check() error { return checkSigned("present", w.Signed) }

func (w *whoIsThereWire) check() error {
	if w.Limit == 0 {
		return badField("question who is there", "the limit is zero")
	}
	return nil
}

func (w *peopleWire) check() error {
	if len(w.Told) > MaxTold {
		return badField("people", "too many")
	}
	for _, told := range w.Told {
		if told.Signed == nil || told.Age == nil {
			return &FormatError{What: "people", Err: ErrMissing}
		}
		if err := checkSigned("people", told.Signed); err != nil {
			return err
		}
	}
	return nil
}
