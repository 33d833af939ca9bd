package protocol

import (
	"bytes"
	"crypto/ed25519"
	"fmt"

	"github.com/google/uuid"
)

// Receipt says what arrived, and proves it to anybody: the keys of both people
// are in it when they have signed. The receiver signs it when all files are
// verified, the sender when it agrees with what was sent. See
// docs/protocol.md#receipts.
type Receipt struct {
	Transfer MessageID // ID of the offer, not zero
	Sender   PeerID    // not zero
	Receiver PeerID    // not zero
	Manifest [32]byte  // BLAKE3 of the manifest, as in the offer
	Listing  [32]byte  // BLAKE3 of the list of all files with their hashes
	Files    uint32    // how many files arrived, at most MaxEntries
	Bytes    uint64    // their sizes together, at most MaxFileBytes
	Started  int64     // when the receiver accepted, by its clock, in ms since 1970 UTC; 0 to MaxTime
	Finished int64     // when it had everything; 0 to MaxTime

	ReceiverKey       ed25519.PublicKey // 32 bytes; nil, and so is the signature: not signed
	ReceiverSignature []byte            // 64 bytes
	SenderKey         ed25519.PublicKey // as the receiver's
	SenderSignature   []byte
}

// What stands before the statement that is signed, so that no signature is
// good for another purpose or another role.
const (
	receiptDomain = "feihong receipt 1\x00"
	roleReceiver  = "receiver\x00"
	roleSender    = "sender\x00"
)

const kindReceipt = 1

type receiptDocument struct {
	Kind     uint64   `cbor:"0,keyasint"`
	Transfer octets16 `cbor:"1,keyasint"`
	Sender   octets32 `cbor:"2,keyasint"`
	Receiver octets32 `cbor:"3,keyasint"`
	Manifest octets32 `cbor:"4,keyasint"`
	Listing  octets32 `cbor:"5,keyasint"`
	Files    uint32   `cbor:"6,keyasint"`
	Bytes    uint64   `cbor:"7,keyasint"`
	Started  int64    `cbor:"8,keyasint"`
	Finished int64    `cbor:"9,keyasint"`

	ReceiverKey       *octets32 `cbor:"10,keyasint,omitempty"`
	ReceiverSignature *octets64 `cbor:"11,keyasint,omitempty"`
	SenderKey         *octets32 `cbor:"12,keyasint,omitempty"`
	SenderSignature   *octets64 `cbor:"13,keyasint,omitempty"`
}

var receiptDocumentKeys = keys(1, 2, 3, 4, 5, 6, 7, 8, 9)

// SignReceiver signs the receipt for the receiver, whose public key must be the
// one of r.Receiver. The function sign makes the Ed25519 signature of a message
// with the private half of it. A field out of range gives a *FormatError.
func (r *Receipt) SignReceiver(key ed25519.PublicKey, sign func(message []byte) []byte) error {
	signature, err := r.signature(roleReceiver, r.Receiver, key, sign)
	if err == nil {
		r.ReceiverKey, r.ReceiverSignature = bytes.Clone(key), signature
	}
	return err
}

// SignSender is SignReceiver for the sender.
func (r *Receipt) SignSender(key ed25519.PublicKey, sign func(message []byte) []byte) error {
	signature, err := r.signature(roleSender, r.Sender, key, sign)
	if err == nil {
		r.SenderKey, r.SenderSignature = bytes.Clone(key), signature
	}
	return err
}

func (r *Receipt) signature(role string, id PeerID, key ed25519.PublicKey, sign func([]byte) []byte) ([]byte, error) {
	if len(key) != ed25519.PublicKeySize || PeerIDOf(key) != id {
		return nil, badField("receipt", "signed with the key of somebody else")
	}
	message, err := r.message(role)
	if err != nil {
		return nil, err
	}
	signature := sign(message)
	if len(signature) != ed25519.SignatureSize {
		return nil, badField("receipt", fmt.Sprintf("a signature of %d bytes", len(signature)))
	}
	return bytes.Clone(signature), nil
}

// message is what somebody in the role signs: the receipt without keys and
// signatures, behind the domain and the role.
func (r *Receipt) message(role string) ([]byte, error) {
	statement := *r
	statement.ReceiverKey, statement.ReceiverSignature = nil, nil
	statement.SenderKey, statement.SenderSignature = nil, nil
	encoded, err := EncodeReceipt(&statement)
	if err != nil {
		return nil, err
	}
	return append([]byte(receiptDomain+role), encoded...), nil
}

// Verify says whose valid signature the receipt has. It compares the keys with
// the peer IDs in it; that these are the two people, the caller must know.
func (r *Receipt) Verify() (receiver, sender bool) {
	receiver = r.verify(roleReceiver, r.Receiver, r.ReceiverKey, r.ReceiverSignature)
	sender = r.verify(roleSender, r.Sender, r.SenderKey, r.SenderSignature)
	return receiver, sender
}

func (r *Receipt) verify(role string, id PeerID, key ed25519.PublicKey, signature []byte) bool {
	if len(key) != ed25519.PublicKeySize || len(signature) != ed25519.SignatureSize || PeerIDOf(key) != id {
		return false
	}
	message, err := r.message(role)
	return err == nil && ed25519.Verify(key, message, signature)
}

// EncodeReceipt encodes a receipt, signed or not. A field out of range gives a
// *FormatError.
func EncodeReceipt(r *Receipt) ([]byte, error) {
	wire := receiptDocument{
		Kind:     kindReceipt,
		Transfer: octets16(r.Transfer),
		Sender:   octets32(r.Sender),
		Receiver: octets32(r.Receiver),
		Manifest: r.Manifest,
		Listing:  r.Listing,
		Files:    r.Files,
		Bytes:    r.Bytes,
		Started:  r.Started,
		Finished: r.Finished,
	}
	var err error
	if wire.ReceiverKey, wire.ReceiverSignature, err = signedBy(r.ReceiverKey, r.ReceiverSignature); err != nil {
		return nil, err
	}
	if wire.SenderKey, wire.SenderSignature, err = signedBy(r.SenderKey, r.SenderSignature); err != nil {
		return nil, err
	}
	if err := wire.check(); err != nil {
		return nil, err
	}
	return encodeWithin(MaxReceiptBytes, "receipt", "receipt", &wire)
}

// signedBy is the form on the wire of a key and a signature, or of neither.
func signedBy(key ed25519.PublicKey, signature []byte) (*octets32, *octets64, error) {
	if key == nil && signature == nil {
		return nil, nil, nil
	}
	if len(key) != ed25519.PublicKeySize || len(signature) != ed25519.SignatureSize {
		return nil, nil, badField("receipt", fmt.Sprintf("a key of %d and a signature of %d bytes", len(key), len(signature)))
	}
	return (*octets32)(key), (*octets64)(signature), nil
}

// DecodeReceipt decodes a receipt, whatever its signatures are: Verify tells.
// It returns a *LimitError for one that is too long, an *UnknownKindError for
// one of a later version, and a *FormatError for everything else that is wrong.
// Fields that are not known are refused, as the signatures would not cover
// them.
func DecodeReceipt(raw []byte) (*Receipt, error) {
	if len(raw) > MaxReceiptBytes {
		return nil, &LimitError{What: "receipt", Size: int64(len(raw)), Limit: MaxReceiptBytes}
	}
	kind, found, err := inspect(raw)
	if err != nil {
		return nil, &FormatError{What: "receipt", Err: err}
	}
	if kind != kindReceipt {
		return nil, &UnknownKindError{What: "receipt", Kind: kind}
	}
	var wire receiptDocument
	if err := decodeChecked("receipt", raw, found, receiptDocumentKeys, &wire); err != nil {
		return nil, err
	}
	if again, err := encoding.Marshal(&wire); err != nil || !bytes.Equal(again, raw) {
		return nil, badField("receipt", "a field that is not known")
	}
	return wire.receipt(), nil
}

func (w *receiptDocument) receipt() *Receipt {
	r := &Receipt{
		Transfer: MessageID(w.Transfer),
		Sender:   PeerID(w.Sender),
		Receiver: PeerID(w.Receiver),
		Manifest: w.Manifest,
		Listing:  w.Listing,
		Files:    w.Files,
		Bytes:    w.Bytes,
		Started:  w.Started,
		Finished: w.Finished,
	}
	if w.ReceiverKey != nil {
		r.ReceiverKey, r.ReceiverSignature = w.ReceiverKey[:], w.ReceiverSignature[:]
	}
	if w.SenderKey != nil {
		r.SenderKey, r.SenderSignature = w.SenderKey[:], w.SenderSignature[:]
	}
	return r
}

func (w *receiptDocument) check() error {
	switch {
	case MessageID(w.Transfer) == uuid.Nil:
		return badField("receipt", "no message ID")
	case PeerID(w.Sender).IsZero() || PeerID(w.Receiver).IsZero():
		return badField("receipt", "no peer ID")
	case w.Files > MaxEntries || w.Bytes > MaxFileBytes:
		return badField("receipt", "more than a transfer can have")
	case w.Started < 0 || w.Started > MaxTime || w.Finished < 0 || w.Finished > MaxTime:
		return badField("receipt", "a time is out of range")
	case (w.ReceiverKey == nil) != (w.ReceiverSignature == nil) || (w.SenderKey == nil) != (w.SenderSignature == nil):
		return badField("receipt", "a key without a signature, or a signature without a key")
	}
	return nil
}
