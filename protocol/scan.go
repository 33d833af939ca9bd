package protocol

import (
	"encoding/binary"
	"errors"
	"unicode/utf8"
)

// What can be wrong with a body, and beside bodies with a datagram or an
// announcement (ErrHeader, ErrSignature) or a manifest (ErrEntryName,
// ErrParent, ErrMismatch). Every FormatError of a decoder wraps
// one of these, so that a program or a test can tell them apart with
// errors.Is. See docs/protocol.md#bodies.
var (
	ErrTruncated    = errors.New("it ends too early")
	ErrTrailing     = errors.New("there are bytes behind its end")
	ErrEncoding     = errors.New("it is not in the deterministic encoding")
	ErrDuplicateKey = errors.New("a map has the same key twice")
	ErrNesting      = errors.New("its maps and arrays lie too deep in each other")
	ErrTooMany      = errors.New("a map or an array has too many elements")
	ErrNotUTF8      = errors.New("a text is not UTF-8")
	ErrItem         = errors.New("it has an item of a forbidden type")
	ErrNoKind       = errors.New("it is not a map that begins with the kind of message")
	ErrMissing      = errors.New("a required field is missing")
	ErrField        = errors.New("a field has the wrong type or a value out of range")
	ErrHeader       = errors.New("it does not begin as those of this protocol do")
	ErrSignature    = errors.New("it was not signed with the key that it names")
	ErrEntryName    = errors.New("its name is none that a file can have")
	ErrParent       = errors.New("it lies in what is no folder before it")
	ErrMismatch     = errors.New("it is not what was offered")
)

// The major types of CBOR.
const (
	cborUint = iota
	cborNegative
	cborBytes
	cborText
	cborArray
	cborMap
	cborTag
	cborSimple
)

// The simple values of CBOR that are allowed.
const (
	simpleFalse = 20
	simpleTrue  = 21
)

// keySet is the set of the keys below 64 that a map has; bit k stands for
// key k. Keys of later versions may lie outside and need no tracking.
type keySet uint64

func keys(list ...uint) keySet {
	var set keySet
	for _, key := range list {
		set |= 1 << key
	}
	return set
}

func (s keySet) hasAll(of keySet) bool { return s&of == of }

// inspect walks over a body once, without allocating, and makes sure that it
// is what docs/protocol.md#bodies asks for: one map in the deterministic
// encoding, within the limits, beginning with key 0, the kind of message.
// Fields that the caller does not know are held to the same rules as those it
// does. It returns the kind and which keys are there.
//
// The CBOR library checks most of this as well. It is looser on purpose where
// RFC 8949 leaves room (lengths in long form, keys in any order, null for any
// field, an array where bytes are expected), and room is what makes two
// implementations disagree.
func inspect(body []byte) (kind uint64, found keySet, err error) {
	s := scanner{rest: body}
	kind, found, err = s.body()
	if err == nil && len(s.rest) > 0 {
		err = ErrTrailing
	}
	if err != nil {
		return 0, 0, err
	}
	return kind, found, nil
}

// scanner walks over CBOR; rest is what it has not seen.
type scanner struct {
	rest []byte
}

// body reads one body, and leaves what is behind it.
func (s *scanner) body() (kind uint64, found keySet, err error) {
	major, pairs, err := s.head()
	if err != nil {
		return 0, 0, err
	}
	if major != cborMap || pairs == 0 {
		return 0, 0, ErrNoKind
	}
	if pairs > MaxMapPairs {
		return 0, 0, ErrTooMany
	}
	kind, err = s.kind()
	if err != nil {
		return 0, 0, err
	}
	found = keys(0)
	previous := uint64(0)
	for range pairs - 1 {
		key, err := s.key(previous, false)
		if err != nil {
			return 0, 0, err
		}
		if err := s.item(1); err != nil {
			return 0, 0, err
		}
		if key < 64 {
			found |= 1 << key
		}
		previous = key
	}
	return kind, found, nil
}

// kind reads the first pair of a body.
func (s *scanner) kind() (uint64, error) {
	key, err := s.key(0, true)
	if err != nil {
		return 0, err
	}
	major, kind, err := s.head()
	if err != nil {
		return 0, err
	}
	if key != 0 || major != cborUint {
		return 0, ErrNoKind
	}
	return kind, nil
}

// key reads the key of a pair and makes sure that it is greater than the
// previous one, unless it is the first.
func (s *scanner) key(previous uint64, first bool) (uint64, error) {
	major, key, err := s.head()
	switch {
	case err != nil:
		return 0, err
	case major != cborUint || key > MaxMapKey:
		return 0, ErrItem
	case !first && key == previous:
		return 0, ErrDuplicateKey
	case !first && key < previous:
		return 0, ErrEncoding
	}
	return key, nil
}

// item reads one value that lies in depth maps and arrays.
func (s *scanner) item(depth int) error {
	major, value, err := s.head()
	if err != nil {
		return err
	}
	switch major {
	case cborBytes:
		_, err = s.take(value)
	case cborText:
		var text []byte
		text, err = s.take(value)
		if err == nil && !utf8.Valid(text) {
			err = ErrNotUTF8
		}
	case cborArray:
		err = s.array(value, depth+1)
	case cborMap:
		err = s.mapping(value, depth+1)
	}
	return err
}

func (s *scanner) array(count uint64, depth int) error {
	if depth > MaxNesting {
		return ErrNesting
	}
	if count > MaxArrayElements {
		return ErrTooMany
	}
	for range count {
		if err := s.item(depth); err != nil {
			return err
		}
	}
	return nil
}

func (s *scanner) mapping(pairs uint64, depth int) error {
	if depth > MaxNesting {
		return ErrNesting
	}
	if pairs > MaxMapPairs {
		return ErrTooMany
	}
	previous := uint64(0)
	for i := range pairs {
		key, err := s.key(previous, i == 0)
		if err != nil {
			return err
		}
		if err := s.item(depth); err != nil {
			return err
		}
		previous = key
	}
	return nil
}

// take reads the next n bytes.
func (s *scanner) take(n uint64) ([]byte, error) {
	if n > uint64(len(s.rest)) {
		return nil, ErrTruncated
	}
	taken := s.rest[:n]
	s.rest = s.rest[n:]
	return taken, nil
}

// head reads the type of an item and its value or length, and makes sure that
// it takes as few bytes as it can. Of the simple values only false and true
// are allowed: null would be a second way to leave a field out, and floating
// point numbers have several spellings.
func (s *scanner) head() (major byte, value uint64, err error) {
	initial, err := s.take(1)
	if err != nil {
		return 0, 0, err
	}
	major, info := initial[0]>>5, initial[0]&31
	if major == cborTag || major == cborSimple && info != simpleFalse && info != simpleTrue {
		return 0, 0, ErrItem
	}
	if info < 24 {
		return major, uint64(info), nil
	}
	value, err = s.argument(info)
	return major, value, err
}

// argument reads a value that follows the initial byte in 1, 2, 4 or 8 bytes.
func (s *scanner) argument(info byte) (uint64, error) {
	const indefinite = 31
	if info == indefinite {
		return 0, ErrEncoding
	}
	if info > 27 {
		return 0, ErrItem // reserved by RFC 8949
	}
	raw, err := s.take(1 << (info - 24))
	if err != nil {
		return 0, err
	}
	var value, least uint64
	switch info {
	case 24:
		value, least = uint64(raw[0]), 24
	case 25:
		value, least = uint64(binary.BigEndian.Uint16(raw)), 1<<8
	case 26:
		value, least = uint64(binary.BigEndian.Uint32(raw)), 1<<16
	case 27:
		value, least = binary.BigEndian.Uint64(raw), 1<<32
	}
	if value < least {
		return 0, ErrEncoding
	}
	return value, nil
}
