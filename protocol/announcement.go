package protocol

import (
	"crypto/ed25519"
	"fmt"
	"net/netip"
)

// Announcement is what somebody says about themself: who they are, how they
// want to be met, and where they can be dialled. It is signed, so that it
// means the same whichever way it came. See docs/protocol.md#announcements.
type Announcement struct {
	MinVersion uint16            // lowest version of the protocol spoken, at least 1
	MaxVersion uint16            // highest version spoken, at least MinVersion
	Key        ed25519.PublicKey // of the sender, 32 bytes; their peer ID follows from it
	Instance   [16]byte          // random, chosen at each start of the program
	Sequence   uint64            // 1 to MaxSequence; grows with each announcement of a key, also over restarts
	Name       string            // what the sender calls themself, safe to show; may be empty
	Host       string            // name of the machine, safe to show; may be empty
	Department string            // safe to show; may be empty
	Status     Status            // one of this version
	StatusText string            // what the sender adds to the status, safe to show; may be empty
	Port       uint16            // TCP port the sender listens on; 0: none
	Addresses  []netip.Addr      // of the sender's machine, best first, without zones; at most MaxAnnouncedAddresses
	Nonce      [16]byte          // of the question that this answers; zero: it answers none
}

// Peer is the ID of the sender.
func (a *Announcement) Peer() PeerID { return PeerIDOf(a.Key) }

// announcementDomain stands before what is signed, so that no signature for
// another purpose can ever be taken for one of an announcement.
const announcementDomain = "feihong announcement 1\x00"

const kindAnnouncement = 1

type announcementWire struct {
	Kind       uint64        `cbor:"0,keyasint"`
	MinVersion uint16        `cbor:"1,keyasint"`
	MaxVersion uint16        `cbor:"2,keyasint"`
	Key        octets32      `cbor:"3,keyasint"`
	Instance   octets16      `cbor:"4,keyasint"`
	Sequence   uint64        `cbor:"5,keyasint"`
	Name       string        `cbor:"6,keyasint"`
	Host       string        `cbor:"7,keyasint"`
	Department string        `cbor:"8,keyasint"`
	Status     Status        `cbor:"9,keyasint"`
	StatusText string        `cbor:"10,keyasint"`
	Port       uint16        `cbor:"11,keyasint"`
	Addresses  []wireAddress `cbor:"12,keyasint"`
	Nonce      *octets16     `cbor:"13,keyasint,omitempty"`
}

var announcementKeys = keys(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)

// SignAnnouncement encodes an announcement and signs it: 64 bytes of signature
// and then the payload, at most MaxAnnouncementBytes in all. The function sign
// makes the Ed25519 signature of a message with the private half of a.Key.
// Names and texts are made safe and cut to their limits; any other field out
// of range gives a *FormatError.
func SignAnnouncement(a *Announcement, sign func(message []byte) []byte) ([]byte, error) {
	payload, err := encodeAnnouncement(a)
	if err != nil {
		return nil, err
	}
	signature := sign(signedMessage(payload))
	if len(signature) != ed25519.SignatureSize {
		return nil, badField("announcement", fmt.Sprintf("a signature of %d bytes", len(signature)))
	}
	return append(signature[:len(signature):len(signature)], payload...), nil
}

func encodeAnnouncement(a *Announcement) ([]byte, error) {
	if len(a.Key) != ed25519.PublicKeySize {
		return nil, badField("announcement", fmt.Sprintf("a key of %d bytes", len(a.Key)))
	}
	if !a.Status.known() {
		return nil, badField("announcement", a.Status.String())
	}
	wire := announcementWire{
		Kind:       kindAnnouncement,
		MinVersion: a.MinVersion,
		MaxVersion: a.MaxVersion,
		Key:        octets32(a.Key),
		Instance:   a.Instance,
		Sequence:   a.Sequence,
		Name:       SafeName(a.Name),
		Host:       safeHost(a.Host),
		Department: safeDepartment(a.Department),
		Status:     a.Status,
		StatusText: safeStatusText(a.StatusText),
		Port:       a.Port,
	}
	for _, addr := range a.Addresses {
		wire.Addresses = append(wire.Addresses, wireAddress(addr))
	}
	if a.Nonce != [16]byte{} {
		nonce := octets16(a.Nonce)
		wire.Nonce = &nonce
	}
	if err := wire.check(); err != nil {
		return nil, err
	}
	return encodeWithin(MaxAnnouncementBytes-ed25519.SignatureSize, "announcement", "announcement", &wire)
}

// OpenAnnouncement decodes a signed announcement, and checks that it was
// signed with the key in it. It returns a *LimitError for one that is too
// long, an *UnknownKindError for one of a later version, and a *FormatError
// for everything else that is wrong, which wraps ErrSignature if nothing else
// is. Whether it is news, its Sequence says.
func OpenAnnouncement(raw []byte) (*Announcement, error) {
	payload, err := announcementPayload(raw)
	if err != nil {
		return nil, err
	}
	kind, found, err := inspect(payload)
	if err != nil {
		return nil, &FormatError{What: "announcement", Err: err}
	}
	if kind != kindAnnouncement {
		return nil, &UnknownKindError{What: "announcement", Kind: kind}
	}
	var wire announcementWire
	if err := decodeBody("announcement", payload, found, announcementKeys, &wire); err != nil {
		return nil, err
	}
	if err := wire.check(); err != nil {
		return nil, err
	}
	if !ed25519.Verify(wire.Key[:], signedMessage(payload), raw[:ed25519.SignatureSize]) {
		return nil, &FormatError{What: "announcement", Err: ErrSignature}
	}
	return wire.announcement(), nil
}

// PeekAnnouncement reads, without an allocation, what tells whether a signed
// announcement is news: the sender's key, their instance and the sequence
// number. It believes everything that it reads, signed or not, and hardly
// looks at the rest; OpenAnnouncement accepts nothing that it refuses. The key
// is a part of raw.
func PeekAnnouncement(raw []byte) (key []byte, instance [16]byte, sequence uint64, err error) {
	payload, err := announcementPayload(raw)
	if err != nil {
		return nil, instance, 0, err
	}
	kind, key, instance, sequence, err := peek(payload)
	switch {
	case err != nil:
		return nil, [16]byte{}, 0, &FormatError{What: "announcement", Err: err}
	case kind != kindAnnouncement:
		return nil, [16]byte{}, 0, &UnknownKindError{What: "announcement", Kind: kind}
	}
	return key, instance, sequence, nil
}

// peek reads the first six pairs of a payload. Their keys are the six lowest,
// and required, so they are always these.
func peek(payload []byte) (kind uint64, key []byte, instance [16]byte, sequence uint64, err error) {
	s := scanner{rest: payload}
	major, pairs, err := s.head()
	if err != nil {
		return 0, nil, instance, 0, err
	}
	if major != cborMap || pairs == 0 {
		return 0, nil, instance, 0, ErrNoKind
	}
	if kind, err = s.kind(); err != nil || kind != kindAnnouncement {
		return kind, nil, instance, 0, err
	}
	var values [6]peeked
	for k := uint64(1); k < uint64(len(values)); k++ {
		if values[k], err = s.peekPair(k); err != nil {
			return kind, nil, instance, 0, err
		}
	}
	keyItem, instanceItem, sequenceItem := values[3], values[4], values[5]
	if !keyItem.isBytes(ed25519.PublicKeySize) || !instanceItem.isBytes(len(instance)) || !sequenceItem.isSequence() {
		return kind, nil, instance, 0, ErrField
	}
	return kind, keyItem.octets, [16]byte(instanceItem.octets), sequenceItem.value, nil
}

// peeked is a value that is a number or a byte string.
type peeked struct {
	major  byte
	value  uint64
	octets []byte
}

func (p peeked) isBytes(length int) bool { return p.major == cborBytes && len(p.octets) == length }

func (p peeked) isSequence() bool {
	return p.major == cborUint && p.value > 0 && p.value <= MaxSequence
}

// peekPair reads the pair with the given key, which must be the next one.
func (s *scanner) peekPair(key uint64) (p peeked, err error) {
	major, found, err := s.head()
	if err != nil {
		return p, err
	}
	if major != cborUint || found != key {
		return p, ErrMissing
	}
	p.major, p.value, err = s.head()
	switch {
	case err != nil:
		return p, err
	case p.major == cborBytes:
		p.octets, err = s.take(p.value)
	case p.major != cborUint:
		err = ErrField
	}
	return p, err
}

// announcementPayload is what is behind the signature.
func announcementPayload(raw []byte) ([]byte, error) {
	if len(raw) > MaxAnnouncementBytes {
		return nil, &LimitError{What: "announcement", Size: int64(len(raw)), Limit: MaxAnnouncementBytes}
	}
	if len(raw) <= ed25519.SignatureSize {
		return nil, &FormatError{What: "announcement", Err: ErrTruncated}
	}
	return raw[ed25519.SignatureSize:], nil
}

func signedMessage(payload []byte) []byte {
	return append([]byte(announcementDomain), payload...)
}

func (w *announcementWire) announcement() *Announcement {
	a := &Announcement{
		MinVersion: w.MinVersion,
		MaxVersion: w.MaxVersion,
		Key:        w.Key[:],
		Instance:   w.Instance,
		Sequence:   w.Sequence,
		Name:       SafeName(w.Name),
		Host:       safeHost(w.Host),
		Department: safeDepartment(w.Department),
		Status:     w.Status.orOnline(),
		StatusText: safeStatusText(w.StatusText),
		Port:       w.Port,
	}
	for _, addr := range w.Addresses {
		a.Addresses = append(a.Addresses, netip.Addr(addr))
	}
	if w.Nonce != nil {
		a.Nonce = *w.Nonce
	}
	return a
}

func safeHost(s string) string { return safeLine(s, MaxHostBytes, MaxHostBytes) }

func safeDepartment(s string) string { return safeLine(s, MaxDepartmentRunes, MaxDepartmentBytes) }

func safeStatusText(s string) string { return safeLine(s, MaxStatusTextRunes, MaxStatusTextBytes) }

// check finds values that no announcement may have, whichever way it travels.
func (w *announcementWire) check() error {
	switch {
	case w.MinVersion == 0 || w.MaxVersion < w.MinVersion:
		return badField("announcement", fmt.Sprintf("versions %d to %d", w.MinVersion, w.MaxVersion))
	case w.Sequence == 0 || w.Sequence > MaxSequence:
		return badField("announcement", "the sequence number is out of range")
	case len(w.Name) > MaxNameBytes:
		return badField("announcement", "the name is too long")
	case len(w.Host) > MaxHostBytes:
		return badField("announcement", "the host name is too long")
	case len(w.Department) > MaxDepartmentBytes:
		return badField("announcement", "the department is too long")
	case w.Status == 0:
		return badField("announcement", "no status")
	case len(w.StatusText) > MaxStatusTextBytes:
		return badField("announcement", "the status text is too long")
	case w.Nonce != nil && *w.Nonce == octets16{}:
		return badField("announcement", "the nonce is zero")
	}
	return checkAddresses("announcement", w.Addresses)
}
