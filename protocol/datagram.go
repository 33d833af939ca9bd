package protocol

import (
	"bytes"
	"net/netip"
	"slices"
)

// DiscoveryPort is the UDP port at which programs find each other. It is the
// same for all, and shared by all on one machine.
const DiscoveryPort = 24250

// The multicast groups at which programs find each other. They are not to be
// changed.
var (
	MulticastGroup4 = netip.AddrFrom4([4]byte{239, 255, 42, 50})
	MulticastGroup6 = netip.AddrFrom16([16]byte{0: 0xff, 1: 0x02, 12: 0x46, 13: 0x48, 14: 0x5e, 15: 0xba})
)

// Datagram is what programs say to each other before they have a session:
// *Announce, *Question, *Answer, *PassedOn or *Call. Nothing in it is proven
// but what is signed, least of all where it came from. See
// docs/protocol.md#datagrams.
type Datagram interface{ datagram() }

// Announce says that somebody is there. It is spread over a link, or sent to
// one who asked for it with Want.
type Announce struct {
	Signed []byte // announcement of the sender, see OpenAnnouncement
	Want   bool   // I am new here, tell me about you
	Known  uint16 // how many people the sender could tell about
}

// Question asks who is at an address. It is as long as a datagram can be, so
// that nobody gets more sent to a forged address than they sent themself.
type Question struct {
	Nonce  [16]byte // random, not zero; the answers must have it
	Signed []byte   // announcement of the asker; nil: they do not say who they are
}

// Answer answers a Question.
type Answer struct {
	Signed []byte // announcement of the sender, with the nonce of the question
	Known  uint16 // how many people the sender could tell about
}

// PassedOn is a Question, passed on by the program that got it to the others
// on its machine. It is to be accepted from that machine only.
type PassedOn struct {
	Nonce [16]byte       // of the question
	Asker netip.AddrPort // where the answer goes; with a zone if the address is link-local
}

// Call asks somebody to dial the sender, who could not dial them.
type Call struct {
	Signed []byte // announcement of the sender
	Want   PeerID // who is meant, not zero
}

func (*Announce) datagram() {}
func (*Question) datagram() {}
func (*Answer) datagram()   {}
func (*PassedOn) datagram() {}
func (*Call) datagram()     {}

const (
	kindAnnounce = 1
	kindQuestion = 2
	kindAnswer   = 3
	kindPassedOn = 4
	kindCall     = 5
)

// datagramHeader is how a datagram begins: a name, by which those of other
// programs are known, and the version of the form.
var datagramHeader = []byte{'F', 'H', 'D', 1}

type (
	announceWire struct {
		Kind   uint64       `cbor:"0,keyasint"`
		Signed signedOctets `cbor:"1,keyasint"`
		Want   bool         `cbor:"2,keyasint"`
		Known  uint16       `cbor:"3,keyasint"`
	}
	questionWire struct {
		Kind   uint64       `cbor:"0,keyasint"`
		Nonce  octets16     `cbor:"1,keyasint"`
		Signed signedOctets `cbor:"2,keyasint,omitempty"`
	}
	answerWire struct {
		Kind   uint64       `cbor:"0,keyasint"`
		Signed signedOctets `cbor:"1,keyasint"`
		Known  uint16       `cbor:"2,keyasint"`
	}
	passedOnWire struct {
		Kind    uint64      `cbor:"0,keyasint"`
		Nonce   octets16    `cbor:"1,keyasint"`
		Address wireAddress `cbor:"2,keyasint"`
		Port    uint16      `cbor:"3,keyasint"`
		Zone    string      `cbor:"4,keyasint,omitempty"`
	}
	callWire struct {
		Kind   uint64       `cbor:"0,keyasint"`
		Signed signedOctets `cbor:"1,keyasint"`
		Want   octets32     `cbor:"2,keyasint"`
	}
)

var (
	announceKeys = keys(1, 2, 3)
	questionKeys = keys(1)
	answerKeys   = keys(1, 2)
	passedOnKeys = keys(1, 2, 3)
	callKeys     = keys(1, 2)
)

// EncodeDatagram encodes a datagram, at most MaxDatagramBytes; a Question gets
// exactly as long. A field out of range gives a *FormatError.
func EncodeDatagram(d Datagram) ([]byte, error) {
	switch d := d.(type) {
	case *Announce:
		return encodeDatagram("announce", &announceWire{Kind: kindAnnounce, Signed: d.Signed, Want: d.Want, Known: d.Known})
	case *Question:
		raw, err := encodeDatagram("question", &questionWire{Kind: kindQuestion, Nonce: d.Nonce, Signed: d.Signed})
		if err != nil {
			return nil, err
		}
		return pad(raw), nil
	case *Answer:
		return encodeDatagram("answer", &answerWire{Kind: kindAnswer, Signed: d.Signed, Known: d.Known})
	case *PassedOn:
		addr, port := d.Asker.Addr(), d.Asker.Port()
		wire := passedOnWire{Kind: kindPassedOn, Nonce: d.Nonce, Address: wireAddress(addr.WithZone("")), Port: port, Zone: addr.Zone()}
		return encodeDatagram("passed-on question", &wire)
	case *Call:
		return encodeDatagram("call", &callWire{Kind: kindCall, Signed: d.Signed, Want: octets32(d.Want)})
	}
	return nil, badField("datagram", "no datagram")
}

func encodeDatagram(what string, wire checker) ([]byte, error) {
	if err := wire.check(); err != nil {
		return nil, err
	}
	body, err := encodeWithin(MaxDatagramBytes-len(datagramHeader), "datagram", what, wire)
	if err != nil {
		return nil, err
	}
	return slices.Concat(datagramHeader, body), nil
}

// pad fills a datagram up with zeros.
func pad(raw []byte) []byte {
	return append(raw, make([]byte, MaxDatagramBytes-len(raw))...)
}

// DecodeDatagram decodes a datagram. It returns a *LimitError for one that is
// too long, an *UnknownKindError for one of a later version, and a
// *FormatError for everything else that is wrong, which wraps ErrHeader if it
// is not a datagram of this protocol at all. Announcements in it are not
// opened.
func DecodeDatagram(raw []byte) (Datagram, error) {
	if len(raw) > MaxDatagramBytes {
		return nil, &LimitError{What: "datagram", Size: int64(len(raw)), Limit: MaxDatagramBytes}
	}
	padded, ok := bytes.CutPrefix(raw, datagramHeader)
	if !ok {
		return nil, &FormatError{What: "datagram", Err: ErrHeader}
	}
	s := scanner{rest: padded}
	kind, found, err := s.body()
	if err != nil {
		return nil, &FormatError{What: "datagram", Err: err}
	}
	if err := checkPadding(kind, s.rest, len(raw)); err != nil {
		return nil, err
	}
	return decodeDatagram(kind, padded[:len(padded)-len(s.rest)], found)
}

// checkPadding makes sure that nothing is behind the body of a datagram but
// zeros, up to the full length in a Question and none in any other. How those
// of later versions are padded is their matter.
func checkPadding(kind uint64, padding []byte, length int) error {
	switch {
	case len(bytes.TrimLeft(padding, "\x00")) > 0:
		return &FormatError{What: "datagram", Err: ErrTrailing}
	case kind == kindQuestion && length != MaxDatagramBytes:
		return &FormatError{What: "question", Err: ErrTruncated}
	case kind != kindQuestion && kind <= kindCall && len(padding) > 0:
		return &FormatError{What: "datagram", Err: ErrTrailing}
	}
	return nil
}

func decodeDatagram(kind uint64, body []byte, found keySet) (Datagram, error) {
	switch kind {
	case kindAnnounce:
		var wire announceWire
		if err := decodeChecked("announce", body, found, announceKeys, &wire); err != nil {
			return nil, err
		}
		return &Announce{Signed: wire.Signed, Want: wire.Want, Known: wire.Known}, nil
	case kindQuestion:
		var wire questionWire
		if err := decodeChecked("question", body, found, questionKeys, &wire); err != nil {
			return nil, err
		}
		return &Question{Nonce: wire.Nonce, Signed: wire.Signed}, nil
	case kindAnswer:
		var wire answerWire
		if err := decodeChecked("answer", body, found, answerKeys, &wire); err != nil {
			return nil, err
		}
		return &Answer{Signed: wire.Signed, Known: wire.Known}, nil
	case kindPassedOn:
		var wire passedOnWire
		if err := decodeChecked("passed-on question", body, found, passedOnKeys, &wire); err != nil {
			return nil, err
		}
		asker := netip.AddrPortFrom(netip.Addr(wire.Address).WithZone(wire.Zone), wire.Port)
		return &PassedOn{Nonce: wire.Nonce, Asker: asker}, nil
	case kindCall:
		var wire callWire
		if err := decodeChecked("call", body, found, callKeys, &wire); err != nil {
			return nil, err
		}
		return &Call{Signed: wire.Signed, Want: PeerID(wire.Want)}, nil
	}
	return nil, &UnknownKindError{What: "datagram", Kind: kind}
}

func (w *announceWire) check() error { return checkSigned("announce", w.Signed) }

func (w *questionWire) check() error {
	if w.Nonce == (octets16{}) {
		return badField("question", "no nonce")
	}
	if w.Signed == nil {
		return nil
	}
	return checkSigned("question", w.Signed)
}

func (w *answerWire) check() error { return checkSigned("answer", w.Signed) }

func (w *passedOnWire) check() error {
	const what = "passed-on question"
	addr := netip.Addr(w.Address)
	switch {
	case w.Nonce == octets16{}:
		return badField(what, "no nonce")
	case w.Port == 0:
		return badField(what, "no port")
	case len(w.Zone) > MaxZoneBytes || safeLine(w.Zone, MaxZoneBytes, MaxZoneBytes) != w.Zone:
		return badField(what, "the zone is no name of an interface")
	case w.Zone != "" && (!addr.Is6() || !addr.IsLinkLocalUnicast()):
		return badField(what, "a zone at an address that needs none")
	}
	return checkAddress(what, addr)
}

func (w *callWire) check() error {
	if PeerID(w.Want).IsZero() {
		return badField("call", "no wanted peer ID")
	}
	return checkSigned("call", w.Signed)
}
