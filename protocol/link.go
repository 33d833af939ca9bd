package protocol

import "fmt"

// LinkMessage is a message about the connection itself: *Hello, *Ping, *Pong,
// *Goodbye or *Error. See docs/protocol.md#application-0-link.
type LinkMessage interface{ linkMessage() }

// Hello is the first message in both directions: who I am, whom I meant to
// reach, and what I can do.
type Hello struct {
	MinVersion uint16   // lowest version of the protocol spoken, at least 1
	MaxVersion uint16   // highest version spoken, at least MinVersion
	Peer       PeerID   // the sender; must be the one of the certificate
	Want       PeerID   // whom the sender meant to reach; zero: whoever answers
	Instance   [16]byte // random, chosen at each start of the program
	Name       string   // what the sender calls themself, safe to show; may be empty
	Program    string   // name and version of the program, safe to show
	Features   []string // see docs/protocol.md#features; nil if there are none
	Port       uint16   // TCP port the sender listens on; 0: none
}

// Ping asks for a Pong, to see whether the peer is still there.
type Ping struct{ Nonce uint64 }

// Pong answers a Ping with the same Nonce.
type Pong struct{ Nonce uint64 }

// Goodbye says that the sender is going offline on purpose.
type Goodbye struct{}

// Error says what went wrong. The code decides whether the connection ends;
// see docs/protocol.md#error-codes.
type Error struct {
	Code ErrorCode
	Text string // for logs, in English, safe to show; may be empty
}

func (*Hello) linkMessage()   {}
func (*Ping) linkMessage()    {}
func (*Pong) linkMessage()    {}
func (*Goodbye) linkMessage() {}
func (*Error) linkMessage()   {}

func (e *Error) Error() string {
	if e.Text == "" {
		return e.Code.String()
	}
	return e.Code.String() + ": " + e.Text
}

// UserText names the translation of the code.
func (e *Error) UserText() (key string, args map[string]any) { return e.Code.UserText() }

// CommonVersion is the highest version of the protocol that the sender of h
// and this package both speak, or not ok if there is none.
func (h *Hello) CommonVersion() (version uint16, ok bool) {
	version = min(h.MaxVersion, Version)
	return version, version >= max(h.MinVersion, MinVersion)
}

const (
	kindHello   = 1
	kindPing    = 2
	kindPong    = 3
	kindGoodbye = 4
	kindError   = 5
)

// The wire structs give the fields their keys. Whether a required field is
// there is known from inspect, so that a zero needs no pointer.
type (
	helloWire struct {
		Kind       uint64    `cbor:"0,keyasint"`
		MinVersion uint16    `cbor:"1,keyasint"`
		MaxVersion uint16    `cbor:"2,keyasint"`
		Peer       octets32  `cbor:"3,keyasint"`
		Want       *octets32 `cbor:"4,keyasint,omitempty"`
		Instance   octets16  `cbor:"5,keyasint"`
		Name       string    `cbor:"6,keyasint"`
		Program    string    `cbor:"7,keyasint"`
		Features   []string  `cbor:"8,keyasint"`
		Port       uint16    `cbor:"9,keyasint"`
	}
	nonceWire struct {
		Kind  uint64 `cbor:"0,keyasint"`
		Nonce uint64 `cbor:"1,keyasint"`
	}
	goodbyeWire struct {
		Kind uint64 `cbor:"0,keyasint"`
	}
	errorWire struct {
		Kind uint64    `cbor:"0,keyasint"`
		Code ErrorCode `cbor:"1,keyasint"`
		Text string    `cbor:"2,keyasint"`
	}
)

var (
	helloKeys = keys(1, 2, 3, 5, 6, 7, 8, 9)
	nonceKeys = keys(1)
	errorKeys = keys(1, 2)
)

// EncodeLink encodes a link message. Names, program names and error texts are
// made safe and cut to their limits rather than refused; any other field out
// of range gives a *FormatError.
func EncodeLink(m LinkMessage) ([]byte, error) {
	switch m := m.(type) {
	case *Hello:
		return encodeHello(m)
	case *Ping:
		return encodeBody(AppLink, "ping", &nonceWire{Kind: kindPing, Nonce: m.Nonce})
	case *Pong:
		return encodeBody(AppLink, "pong", &nonceWire{Kind: kindPong, Nonce: m.Nonce})
	case *Goodbye:
		return encodeBody(AppLink, "goodbye", &goodbyeWire{Kind: kindGoodbye})
	case *Error:
		wire := errorWire{Kind: kindError, Code: m.Code, Text: safeErrorText(m.Text)}
		if err := wire.check(); err != nil {
			return nil, err
		}
		return encodeBody(AppLink, "error", &wire)
	}
	return nil, badField("link message", "no message")
}

func encodeHello(m *Hello) ([]byte, error) {
	wire := helloWire{
		Kind:       kindHello,
		MinVersion: m.MinVersion,
		MaxVersion: m.MaxVersion,
		Peer:       octets32(m.Peer),
		Instance:   m.Instance,
		Name:       SafeName(m.Name),
		Program:    safeProgram(m.Program),
		Features:   m.Features,
		Port:       m.Port,
	}
	if !m.Want.IsZero() {
		want := octets32(m.Want)
		wire.Want = &want
	}
	if err := wire.check(); err != nil {
		return nil, err
	}
	return encodeBody(AppLink, "hello", &wire)
}

// DecodeLink decodes the body of a frame of AppLink. It returns a *LimitError
// for a body over its limit, an *UnknownKindError for a message of a later
// version, and a *FormatError for everything else that is wrong.
func DecodeLink(body []byte) (LinkMessage, error) {
	kind, found, err := inspectBody(AppLink, body)
	if err != nil {
		return nil, err
	}
	switch kind {
	case kindHello:
		return decodeHello(body, found)
	case kindPing:
		nonce, err := decodeNonce("ping", body, found)
		return orNil(&Ping{Nonce: nonce}, err)
	case kindPong:
		nonce, err := decodeNonce("pong", body, found)
		return orNil(&Pong{Nonce: nonce}, err)
	case kindGoodbye:
		return &Goodbye{}, nil
	case kindError:
		return decodeError(body, found)
	}
	return nil, &UnknownKindError{What: "link message", Kind: kind}
}

// orNil keeps a half-made message from leaving with an error.
func orNil(m LinkMessage, err error) (LinkMessage, error) {
	if err != nil {
		return nil, err
	}
	return m, nil
}

func decodeHello(body []byte, found keySet) (LinkMessage, error) {
	var wire helloWire
	if err := decodeBody("hello", body, found, helloKeys, &wire); err != nil {
		return nil, err
	}
	if err := wire.check(); err != nil {
		return nil, err
	}
	m := &Hello{
		MinVersion: wire.MinVersion,
		MaxVersion: wire.MaxVersion,
		Peer:       PeerID(wire.Peer),
		Instance:   wire.Instance,
		Name:       SafeName(wire.Name),
		Program:    safeProgram(wire.Program),
		Port:       wire.Port,
	}
	if wire.Want != nil {
		m.Want = PeerID(*wire.Want)
	}
	if len(wire.Features) > 0 {
		m.Features = wire.Features
	}
	return m, nil
}

func decodeNonce(what string, body []byte, found keySet) (uint64, error) {
	var wire nonceWire
	err := decodeBody(what, body, found, nonceKeys, &wire)
	return wire.Nonce, err
}

func decodeError(body []byte, found keySet) (LinkMessage, error) {
	var wire errorWire
	if err := decodeBody("error", body, found, errorKeys, &wire); err != nil {
		return nil, err
	}
	if err := wire.check(); err != nil {
		return nil, err
	}
	return &Error{Code: wire.Code, Text: safeErrorText(wire.Text)}, nil
}

func safeProgram(s string) string   { return safeLine(s, MaxProgramBytes, MaxProgramBytes) }
func safeErrorText(s string) string { return safeLine(s, MaxErrorTextBytes, MaxErrorTextBytes) }

// check finds values that no hello may have, whichever way it travels.
func (w *helloWire) check() error {
	switch {
	case w.MinVersion == 0 || w.MaxVersion < w.MinVersion:
		return badField("hello", fmt.Sprintf("versions %d to %d", w.MinVersion, w.MaxVersion))
	case PeerID(w.Peer).IsZero():
		return badField("hello", "no peer ID")
	case w.Want != nil && PeerID(*w.Want).IsZero():
		return badField("hello", "the wanted peer ID is zero")
	case len(w.Name) > MaxNameBytes:
		return badField("hello", "the name is too long")
	case len(w.Program) > MaxProgramBytes:
		return badField("hello", "the program is too long")
	case len(w.Features) > MaxFeatures:
		return badField("hello", "too many features")
	}
	for _, feature := range w.Features {
		if !isFeature(feature) {
			return badField("hello", fmt.Sprintf("feature %q", feature))
		}
	}
	return nil
}

// isFeature says whether s can name a feature: small letters, digits, dots
// and dashes, so that it can be logged and compared without further thought.
func isFeature(s string) bool {
	if s == "" || len(s) > MaxFeatureBytes {
		return false
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' && c != '-' {
			return false
		}
	}
	return true
}

func (w *errorWire) check() error {
	switch {
	case w.Code == 0:
		return badField("error", "no code")
	case len(w.Text) > MaxErrorTextBytes:
		return badField("error", "the text is too long")
	}
	return nil
}
