package protocol

import (
	"fmt"

	"github.com/google/uuid"
)

// FilesMessage is what two people tell each other about transfers, beside the
// conversation: *TransferState, *TransferCall or *TransferReceipt. It is spoken
// only with those whose Hello has FeatureFiles. See
// docs/protocol.md#application-3-files.
type FilesMessage interface{ filesMessage() }

// TransferPhase is how far a transfer is, as one side sees it. Numbers and
// names are stable: new ones are appended, and a number that is not known is
// still valid. Zero is none.
type TransferPhase uint8

// The phases.
const (
	PhaseOffered   TransferPhase = 1 + iota // nothing is decided
	PhaseAccepted                           // the receiver wants it; it runs, or will
	PhaseRejected                           // the receiver does not want it
	PhasePaused                             // it was accepted, and whoever says so has paused it
	PhaseCancelled                          // one side ended it
	PhaseFailed                             // it cannot be done; Reason says why
	PhaseReceived                           // the receiver has everything; a TransferReceipt follows
	PhaseDone                               // the sender has the receipt
	PhaseUnknown                            // whoever says so knows no such transfer
)

var phaseNames = [...]string{
	PhaseOffered: "offered", PhaseAccepted: "accepted", PhaseRejected: "rejected", PhasePaused: "paused",
	PhaseCancelled: "cancelled", PhaseFailed: "failed", PhaseReceived: "received", PhaseDone: "done", PhaseUnknown: "unknown",
}

// String gives the name of the phase, or "phase-77" for one that is not known.
func (p TransferPhase) String() string {
	if p == 0 || int(p) >= len(phaseNames) {
		return fmt.Sprintf("phase-%d", uint8(p))
	}
	return phaseNames[p]
}

// TransferState says where a transfer is. It is sent when that changes, and
// again on each new session until both know how it ended.
type TransferState struct {
	ID     MessageID     // of the offer, not zero
	Phase  TransferPhase // not zero
	Reason string        // code for why, [a-z0-9-], at most MaxReasonBytes; may be empty
	Detail string        // what the reason is about, such as the name of a file; safe to show, may be empty
	Done   uint64        // bytes that arrived, as far as the teller knows; at most MaxFileBytes
	Answer bool          // the teller would like to know the other's state
}

// TransferCall asks the other side to open a file connection, because the
// sender of this cannot reach it.
type TransferCall struct{ ID MessageID } // of the offer, not zero

// TransferReceipt carries a receipt: signed by the receiver, and then, when it
// comes back, by both.
type TransferReceipt struct {
	ID      MessageID // of the offer, not zero
	Receipt []byte    // see DecodeReceipt; 1 to MaxReceiptBytes
}

func (*TransferState) filesMessage()   {}
func (*TransferCall) filesMessage()    {}
func (*TransferReceipt) filesMessage() {}

const (
	kindTransferState   = 1
	kindTransferCall    = 2
	kindTransferReceipt = 3
)

type (
	transferStateWire struct {
		Kind   uint64        `cbor:"0,keyasint"`
		ID     octets16      `cbor:"1,keyasint"`
		Phase  TransferPhase `cbor:"2,keyasint"`
		Reason *string       `cbor:"3,keyasint,omitempty"`
		Detail string        `cbor:"4,keyasint"`
		Done   uint64        `cbor:"5,keyasint"`
		Answer bool          `cbor:"6,keyasint"`
	}
	transferCallWire struct {
		Kind uint64   `cbor:"0,keyasint"`
		ID   octets16 `cbor:"1,keyasint"`
	}
	transferReceiptWire struct {
		Kind    uint64        `cbor:"0,keyasint"`
		ID      octets16      `cbor:"1,keyasint"`
		Receipt receiptOctets `cbor:"2,keyasint"`
	}
)

var (
	transferStateKeys   = keys(1, 2, 4, 5, 6)
	transferCallKeys    = keys(1)
	transferReceiptKeys = keys(1, 2)
)

// receiptOctets is an encoded receipt within something else.
type receiptOctets []byte

func (o *receiptOctets) UnmarshalCBOR(item []byte) (err error) {
	*o, err = cloneOctets(item, MaxReceiptBytes)
	return err
}

// EncodeFiles encodes a message of the files application. A detail is made safe
// and cut rather than refused; any other field out of range gives a
// *FormatError. Receipts are not opened.
func EncodeFiles(m FilesMessage) ([]byte, error) {
	switch m := m.(type) {
	case *TransferState:
		wire := transferStateWire{Kind: kindTransferState, ID: octets16(m.ID), Phase: m.Phase, Detail: safeDetail(m.Detail), Done: m.Done, Answer: m.Answer}
		if m.Reason != "" {
			wire.Reason = &m.Reason
		}
		return encodeChecked(AppFiles, "transfer state", &wire)
	case *TransferCall:
		return encodeChecked(AppFiles, "transfer call", &transferCallWire{Kind: kindTransferCall, ID: octets16(m.ID)})
	case *TransferReceipt:
		wire := transferReceiptWire{Kind: kindTransferReceipt, ID: octets16(m.ID), Receipt: m.Receipt}
		return encodeChecked(AppFiles, "transfer receipt", &wire)
	}
	return nil, badField("files message", "no message")
}

// DecodeFiles decodes the body of a frame of AppFiles. It returns a *LimitError
// for a body over its limit, an *UnknownKindError for a message of a later
// version, and a *FormatError for everything else that is wrong. Receipts are
// not opened.
func DecodeFiles(body []byte) (FilesMessage, error) {
	kind, found, err := inspectBody(AppFiles, body)
	if err != nil {
		return nil, err
	}
	switch kind {
	case kindTransferState:
		var wire transferStateWire
		if err := decodeChecked("transfer state", body, found, transferStateKeys, &wire); err != nil {
			return nil, err
		}
		return wire.state(), nil
	case kindTransferCall:
		var wire transferCallWire
		if err := decodeChecked("transfer call", body, found, transferCallKeys, &wire); err != nil {
			return nil, err
		}
		return &TransferCall{ID: MessageID(wire.ID)}, nil
	case kindTransferReceipt:
		var wire transferReceiptWire
		if err := decodeChecked("transfer receipt", body, found, transferReceiptKeys, &wire); err != nil {
			return nil, err
		}
		return &TransferReceipt{ID: MessageID(wire.ID), Receipt: wire.Receipt}, nil
	}
	return nil, &UnknownKindError{What: "files message", Kind: kind}
}

func (w *transferStateWire) state() *TransferState {
	m := &TransferState{ID: MessageID(w.ID), Phase: w.Phase, Detail: safeDetail(w.Detail), Done: w.Done, Answer: w.Answer}
	if w.Reason != nil {
		m.Reason = *w.Reason
	}
	return m
}

// safeDetail makes a detail one safe line. The end of a long one stays, as it
// may be that of a file's name.
func safeDetail(s string) string { return safeEnds(s, MaxDetailBytes) }

// isReason says that s can be the reason of a transfer's phase.
func isReason(s string) bool {
	if s == "" || len(s) > MaxReasonBytes {
		return false
	}
	for _, c := range []byte(s) {
		if c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

func (w *transferStateWire) check() error {
	const what = "transfer state"
	switch {
	case MessageID(w.ID) == uuid.Nil:
		return badField(what, "no message ID")
	case w.Phase == 0:
		return badField(what, "no phase")
	case w.Reason != nil && !isReason(*w.Reason):
		return badField(what, "the reason is no code")
	case len(w.Detail) > MaxDetailBytes:
		return badField(what, "the detail is too long")
	case w.Done > MaxFileBytes:
		return badField(what, "more is done than there can be")
	}
	return nil
}

func (w *transferCallWire) check() error {
	if MessageID(w.ID) == uuid.Nil {
		return badField("transfer call", "no message ID")
	}
	return nil
}

func (w *transferReceiptWire) check() error {
	switch {
	case MessageID(w.ID) == uuid.Nil:
		return badField("transfer receipt", "no message ID")
	case len(w.Receipt) == 0 || len(w.Receipt) > MaxReceiptBytes:
		return badField("transfer receipt", fmt.Sprintf("a receipt of %d bytes", len(w.Receipt)))
	}
	return nil
}
