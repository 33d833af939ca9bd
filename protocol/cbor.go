package protocol

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/uuid"
)

// encoding and decoding are the two CBOR modes of the protocol. Decoding
// repeats the limits that inspect enforces, so that neither has to be right
// alone.
var (
	encoding = must(encodingOptions().EncMode())
	decoding = must(cbor.DecOptions{
		DupMapKey:        cbor.DupMapKeyEnforcedAPF,
		IndefLength:      cbor.IndefLengthForbidden,
		TagsMd:           cbor.TagsForbidden,
		UTF8:             cbor.UTF8RejectInvalid,
		MaxNestedLevels:  MaxNesting,
		MaxArrayElements: MaxArrayElements,
		MaxMapPairs:      MaxMapPairs,
	}.DecMode())
)

func encodingOptions() cbor.EncOptions {
	options := cbor.CoreDetEncOptions()
	options.NilContainers = cbor.NilContainerAsEmpty
	return options
}

// must is for modes built from constants: a mistake in them shows in the
// first test.
func must[T any](mode T, err error) T {
	if err != nil {
		panic(err)
	}
	return mode
}

// encodeBody encodes a wire struct whose fields have been checked.
func encodeBody(app Application, what string, wire any) ([]byte, error) {
	return encodeWithin(app.Limit(), app.String()+" body", what, wire)
}

// encodeWithin is encodeBody for what belongs to no application; whole is what
// the limit is of.
func encodeWithin(limit int, whole, what string, wire any) ([]byte, error) {
	body, err := encoding.Marshal(wire)
	if err != nil {
		return nil, &FormatError{What: what, Err: err}
	}
	if len(body) > limit {
		return nil, &LimitError{What: whole, Size: int64(len(body)), Limit: int64(limit)}
	}
	return body, nil
}

// inspectBody is inspect with the limit of an application and the errors of a
// decoder.
func inspectBody(app Application, body []byte) (kind uint64, found keySet, err error) {
	if len(body) > app.Limit() {
		return 0, 0, bodyTooLong(app, int64(len(body)))
	}
	kind, found, err = inspect(body)
	if err != nil {
		return 0, 0, &FormatError{What: app.String() + " message", Err: err}
	}
	return kind, found, nil
}

// decodeBody decodes an inspected body into a wire struct, provided that it
// has all the keys that are required.
func decodeBody(what string, body []byte, found, required keySet, wire any) error {
	if !found.hasAll(required) {
		return &FormatError{What: what, Err: ErrMissing}
	}
	if err := decoding.Unmarshal(body, wire); err != nil {
		return &FormatError{What: what, Err: fmt.Errorf("%w: %w", ErrField, err)}
	}
	return nil
}

// checker is a wire struct that knows which values it may not have.
type checker interface{ check() error }

// encodeChecked is encodeBody, behind the check of what it is given.
func encodeChecked(app Application, what string, wire checker) ([]byte, error) {
	if err := wire.check(); err != nil {
		return nil, err
	}
	return encodeBody(app, what, wire)
}

// decodeChecked is decodeBody, and the check of what it decoded.
func decodeChecked(what string, body []byte, found, required keySet, wire checker) error {
	if err := decodeBody(what, body, found, required, wire); err != nil {
		return err
	}
	return wire.check()
}

// badField is the error for a value that a field cannot have.
func badField(what, reason string) *FormatError {
	return &FormatError{What: what, Err: fmt.Errorf("%w: %s", ErrField, reason)}
}

// The library would fill an array of bytes from a string of any length and
// from an array of numbers. These types take a byte string of exactly their
// own size. They encode as such by their kind.
type (
	octets16 [16]byte
	octets32 [32]byte
	octets64 [64]byte
)

func (o *octets16) UnmarshalCBOR(item []byte) error { return copyOctets(o[:], item) }
func (o *octets32) UnmarshalCBOR(item []byte) error { return copyOctets(o[:], item) }
func (o *octets64) UnmarshalCBOR(item []byte) error { return copyOctets(o[:], item) }

// signedOctets is a signed announcement within something else. The library
// would take an array of numbers for it, or make room for any length.
type signedOctets []byte

func (o *signedOctets) UnmarshalCBOR(item []byte) (err error) {
	*o, err = cloneOctets(item, MaxAnnouncementBytes)
	return err
}

// cloneOctets is the content of an item that must be a byte string of limited
// length.
func cloneOctets(item []byte, limit uint64) ([]byte, error) {
	s := scanner{rest: item}
	major, length, err := s.head()
	if err != nil {
		return nil, err
	}
	if major != cborBytes || length != uint64(len(s.rest)) || length > limit {
		return nil, fmt.Errorf("not a byte string of at most %d bytes", limit)
	}
	return bytes.Clone(s.rest), nil
}

// checkSigned looks at the size of a signed announcement only.
func checkSigned(what string, signed []byte) error {
	if len(signed) <= ed25519.SignatureSize || len(signed) > MaxAnnouncementBytes {
		return badField(what, fmt.Sprintf("a signed announcement of %d bytes", len(signed)))
	}
	return nil
}

func copyOctets(dst, item []byte) error {
	s := scanner{rest: item}
	major, length, err := s.head()
	if err != nil {
		return err
	}
	if major != cborBytes || length != uint64(len(dst)) {
		return fmt.Errorf("not a byte string of length %d", len(dst))
	}
	copy(dst, s.rest)
	return nil
}

// messageIDs is an array of message IDs. A receipt can have a thousand, which
// is why it does not go through reflection one by one.
type messageIDs []MessageID

// idItem is the initial byte of a message ID: a byte string of 16.
const idItem = cborBytes<<5 | 16

func (ids messageIDs) MarshalCBOR() ([]byte, error) {
	out := make([]byte, 0, 3+len(ids)*(1+len(uuid.Nil)))
	switch {
	case len(ids) < 24:
		out = append(out, cborArray<<5|byte(len(ids)))
	case len(ids) < 1<<8:
		out = append(out, cborArray<<5|24, byte(len(ids)))
	default:
		out = append(out, cborArray<<5|25)
		out = binary.BigEndian.AppendUint16(out, uint16(len(ids)))
	}
	for i := range ids {
		out = append(out, idItem)
		out = append(out, ids[i][:]...)
	}
	return out, nil
}

func (ids *messageIDs) UnmarshalCBOR(item []byte) error {
	s := scanner{rest: item}
	major, count, err := s.head()
	if err != nil {
		return err
	}
	const each = 1 + len(uuid.Nil)
	if major != cborArray || uint64(len(s.rest)) != count*uint64(each) {
		return errors.New("not an array of message IDs")
	}
	list := make([]MessageID, count)
	for i := range list {
		if s.rest[i*each] != idItem {
			return errors.New("not a message ID")
		}
		copy(list[i][:], s.rest[i*each+1:])
	}
	*ids = list
	return nil
}
