package protocol

import (
	"fmt"
	"net/netip"
)

// DoctorMessage is a message by which one end finds out what is wrong between
// two: *Examine or *Examined. See docs/protocol.md#application-5-doctor.
type DoctorMessage interface{ doctorMessage() }

// Examine asks how an address looks from where the receiver is.
type Examine struct {
	ID      uint64         // chosen by the asker; the answer has it
	Address netip.AddrPort // of one machine, without a zone; port 0: not known
	Peer    PeerID         // who should be there; zero: anybody
}

// Examined answers Examine.
type Examined struct {
	ID      uint64         // of the question
	Refused bool           // the sender does not examine this address, or not now; there are no steps then
	Steps   []ExaminedStep // in the order in which they were taken; at most MaxExaminedSteps
}

// ExaminedStep is one thing that was tried.
type ExaminedStep struct {
	Check   ExamineCheck   // not zero
	Outcome ExamineOutcome // not zero
	Micros  uint32         // how long it took, in microseconds
}

func (*Examine) doctorMessage()  {}
func (*Examined) doctorMessage() {}

// ExamineCheck is what a step tries. Numbers and names are stable: new ones
// are appended, and a number that is not known is still valid. Zero is none.
type ExamineCheck uint8

// The checks.
const (
	CheckPing     ExamineCheck = 1 + iota // the machine answers ICMP
	CheckUDP                              // a Question at DiscoveryPort is answered
	CheckTCP                              // the TCP port takes a connection
	CheckGreeting                         // what is there speaks this protocol
	CheckIdentity                         // it is who should be there
)

var checkNames = [...]string{
	CheckPing: "ping", CheckUDP: "udp", CheckTCP: "tcp", CheckGreeting: "greeting", CheckIdentity: "identity",
}

// String gives the name of the check, or "check-9" for one that is not known.
func (c ExamineCheck) String() string {
	if c == 0 || int(c) >= len(checkNames) {
		return fmt.Sprintf("check-%d", uint8(c))
	}
	return checkNames[c]
}

// ExamineOutcome is how a step ended. Numbers and names are stable: new ones
// are appended, and a number that is not known is still valid. Zero is none.
type ExamineOutcome uint8

// The outcomes.
const (
	OutcomeOK        ExamineOutcome = 1 + iota // as it should be
	OutcomeNoAnswer                            // nothing came back in time
	OutcomeRefused                             // the machine is there and says no
	OutcomeNoRoute                             // the network does not lead there
	OutcomeForeign                             // something else answers
	OutcomeWrongPeer                           // somebody else answers
	OutcomeSkipped                             // not tried, as it could not tell anything
)

var outcomeNames = [...]string{
	OutcomeOK: "ok", OutcomeNoAnswer: "no-answer", OutcomeRefused: "refused", OutcomeNoRoute: "no-route",
	OutcomeForeign: "foreign", OutcomeWrongPeer: "wrong-peer", OutcomeSkipped: "skipped",
}

// String gives the name of the outcome, or "outcome-9" for one that is not
// known.
func (o ExamineOutcome) String() string {
	if o == 0 || int(o) >= len(outcomeNames) {
		return fmt.Sprintf("outcome-%d", uint8(o))
	}
	return outcomeNames[o]
}

const (
	kindExamine  = 1
	kindExamined = 2
)

type (
	examineWire struct {
		Kind    uint64      `cbor:"0,keyasint"`
		ID      uint64      `cbor:"1,keyasint"`
		Address wireAddress `cbor:"2,keyasint"`
		Port    uint16      `cbor:"3,keyasint"`
		Peer    *octets32   `cbor:"4,keyasint,omitempty"`
	}
	examinedWire struct {
		Kind    uint64     `cbor:"0,keyasint"`
		ID      uint64     `cbor:"1,keyasint"`
		Refused bool       `cbor:"2,keyasint"`
		Steps   []stepWire `cbor:"3,keyasint"`
	}
	// Which keys a map within a body has is not tracked, hence the pointers.
	stepWire struct {
		Check   *ExamineCheck   `cbor:"0,keyasint"`
		Outcome *ExamineOutcome `cbor:"1,keyasint"`
		Micros  *uint32         `cbor:"2,keyasint"`
	}
)

var (
	examineKeys  = keys(1, 2, 3)
	examinedKeys = keys(1, 2, 3)
)

// EncodeDoctor encodes a doctor message. A field out of range gives a
// *FormatError.
func EncodeDoctor(m DoctorMessage) ([]byte, error) {
	switch m := m.(type) {
	case *Examine:
		wire := examineWire{Kind: kindExamine, ID: m.ID, Address: wireAddress(m.Address.Addr()), Port: m.Address.Port()}
		if !m.Peer.IsZero() {
			peer := octets32(m.Peer)
			wire.Peer = &peer
		}
		return encodeChecked(AppDoctor, "examine", &wire)
	case *Examined:
		wire := examinedWire{Kind: kindExamined, ID: m.ID, Refused: m.Refused}
		for i := range m.Steps {
			step := &m.Steps[i]
			wire.Steps = append(wire.Steps, stepWire{Check: &step.Check, Outcome: &step.Outcome, Micros: &step.Micros})
		}
		return encodeChecked(AppDoctor, "examined", &wire)
	}
	return nil, badField("doctor message", "no message")
}

// DecodeDoctor decodes the body of a frame of AppDoctor. It returns a
// *LimitError for a body over its limit, an *UnknownKindError for a message of
// a later version, and a *FormatError for everything else that is wrong.
func DecodeDoctor(body []byte) (DoctorMessage, error) {
	kind, found, err := inspectBody(AppDoctor, body)
	if err != nil {
		return nil, err
	}
	switch kind {
	case kindExamine:
		var wire examineWire
		if err := decodeChecked("examine", body, found, examineKeys, &wire); err != nil {
			return nil, err
		}
		return wire.examine(), nil
	case kindExamined:
		var wire examinedWire
		if err := decodeChecked("examined", body, found, examinedKeys, &wire); err != nil {
			return nil, err
		}
		return wire.examined(), nil
	}
	return nil, &UnknownKindError{What: "doctor message", Kind: kind}
}

func (w *examineWire) examine() *Examine {
	m := &Examine{ID: w.ID, Address: netip.AddrPortFrom(netip.Addr(w.Address), w.Port)}
	if w.Peer != nil {
		m.Peer = PeerID(*w.Peer)
	}
	return m
}

func (w *examinedWire) examined() *Examined {
	m := &Examined{ID: w.ID, Refused: w.Refused}
	for _, step := range w.Steps {
		m.Steps = append(m.Steps, ExaminedStep{Check: *step.Check, Outcome: *step.Outcome, Micros: *step.Micros})
	}
	return m
}

func (w *examineWire) check() error {
	if w.Peer != nil && PeerID(*w.Peer).IsZero() {
		return badField("examine", "the peer ID is zero")
	}
	return checkAddress("examine", netip.Addr(w.Address))
}

func (w *examinedWire) check() error {
	switch {
	case len(w.Steps) > MaxExaminedSteps:
		return badField("examined", "too many steps")
	case w.Refused && len(w.Steps) > 0:
		return badField("examined", "steps, although it was refused")
	}
	for _, step := range w.Steps {
		if step.Check == nil || step.Outcome == nil || step.Micros == nil {
			return &FormatError{What: "examined", Err: ErrMissing}
		}
		if *step.Check == 0 || *step.Outcome == 0 {
			return badField("examined", "a step without check or outcome")
		}
	}
	return nil
}
