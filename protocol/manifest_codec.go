package protocol

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"unicode/utf8"
)

// An encoded manifest has one body after the other, one for each entry. There
// can be very many, which is why they do not go through reflection.
const (
	keyParent     = 1
	keyName       = 2
	keyModified   = 3
	keySize       = 4 // of files, as what follows
	keyExecutable = 5
)

var (
	fileKeys   = keys(keyParent, keyName, keyModified, keySize, keyExecutable)
	folderKeys = keys(keyParent, keyName, keyModified)
)

// keys is the keys that an entry of the kind must have; none for a kind that
// is not known.
func (k EntryKind) keys() keySet {
	switch k {
	case EntryFile:
		return fileKeys
	case EntryFolder:
		return folderKeys
	}
	return 0
}

// Encode encodes the manifest. It returns a *LimitError if that takes more than
// MaxManifestBytes.
func (m *Manifest) Encode() ([]byte, error) {
	size := 0
	for i := range m.Entries {
		size += m.Entries[i].encodedSize()
	}
	if size > MaxManifestBytes {
		return nil, manifestTooLong(size)
	}
	out := make([]byte, 0, size)
	for i := range m.Entries {
		out = m.Entries[i].append(out)
	}
	return out, nil
}

func manifestTooLong(size int) *LimitError {
	return &LimitError{What: "encoded manifest", Size: int64(size), Limit: MaxManifestBytes}
}

func (e *Entry) encodedSize() int {
	_, modified := cborInt(e.Modified)
	size := 1 + 2 + 1 + headSize(uint64(e.Parent)) + 1 + headSize(uint64(len(e.Name))) + len(e.Name) + 1 + headSize(modified)
	if e.Kind == EntryFile {
		size += 1 + headSize(e.Size) + 2
	}
	return size
}

func (e *Entry) append(dst []byte) []byte {
	pairs := uint64(4)
	if e.Kind == EntryFile {
		pairs = 6
	}
	dst = appendHead(dst, cborMap, pairs)
	dst = append(dst, 0, byte(e.Kind), keyParent)
	dst = appendHead(dst, cborUint, uint64(e.Parent))
	dst = append(dst, keyName)
	dst = appendHead(dst, cborText, uint64(len(e.Name)))
	dst = append(dst, e.Name...)
	dst = append(dst, keyModified)
	major, value := cborInt(e.Modified)
	dst = appendHead(dst, major, value)
	if e.Kind != EntryFile {
		return dst
	}
	dst = append(dst, keySize)
	dst = appendHead(dst, cborUint, e.Size)
	executable := byte(simpleFalse)
	if e.Executable {
		executable = simpleTrue
	}
	return append(dst, keyExecutable, cborSimple<<5|executable)
}

// cborInt is the type and value by which CBOR spells n.
func cborInt(n int64) (major byte, value uint64) {
	if n < 0 {
		return cborNegative, uint64(-1 - n)
	}
	return cborUint, uint64(n)
}

// headSize is how many bytes appendHead appends.
func headSize(value uint64) int {
	switch {
	case value < 24:
		return 1
	case value < 1<<8:
		return 2
	case value < 1<<16:
		return 3
	case value < 1<<32:
		return 5
	}
	return 9
}

// appendHead appends the beginning of an item in the fewest bytes.
func appendHead(dst []byte, major byte, value uint64) []byte {
	major <<= 5
	switch {
	case value < 24:
		return append(dst, major|byte(value))
	case value < 1<<8:
		return append(dst, major|24, byte(value))
	case value < 1<<16:
		return binary.BigEndian.AppendUint16(append(dst, major|25), uint16(value))
	case value < 1<<32:
		return binary.BigEndian.AppendUint32(append(dst, major|26), uint32(value))
	}
	return binary.BigEndian.AppendUint64(append(dst, major|27), value)
}

// DecodeManifest decodes a manifest. It returns a *LimitError for one that is
// over any of its limits, an *UnknownKindError for one with entries of a later
// version, and a *FormatError for everything else that is wrong, as NewManifest
// does. It reads all of the bytes once before it makes room for anything.
func DecodeManifest(data []byte) (*Manifest, error) {
	if len(data) > MaxManifestBytes {
		return nil, manifestTooLong(len(data))
	}
	count, nameBytes, err := measureManifest(data)
	if err != nil {
		return nil, err
	}
	var names strings.Builder // one piece of memory for all
	names.Grow(nameBytes)
	entries := make([]Entry, count)
	s := scanner{rest: data}
	for i := range entries {
		e, name, err := s.entry()
		if err != nil {
			return nil, entryError(i, err) // never: it was read before
		}
		begin := names.Len()
		names.Write(name)
		e.Name = names.String()[begin:]
		entries[i] = e
	}
	return NewManifest(entries)
}

// measureManifest makes sure that every entry can be decoded, without an
// allocation. It tells how many there are, and how long all names are.
func measureManifest(data []byte) (count, nameBytes int, err error) {
	s := scanner{rest: data}
	for count == 0 || len(s.rest) > 0 {
		_, name, err := s.entry()
		if err != nil {
			return 0, 0, entryError(count, err)
		}
		if count++; count > MaxEntries {
			return 0, 0, tooManyEntries(count)
		}
		nameBytes += len(name)
	}
	return count, nameBytes, nil
}

func entryError(i int, err error) error {
	var kind *UnknownKindError
	if errors.As(err, &kind) {
		return err
	}
	return &FormatError{What: entryName(i), Err: err}
}

// entry reads one entry; the name is a part of what was read, and not in it.
func (s *scanner) entry() (e Entry, name []byte, err error) {
	major, pairs, err := s.head()
	switch {
	case err != nil:
		return e, nil, err
	case major != cborMap || pairs == 0:
		return e, nil, ErrNoKind
	case pairs > MaxMapPairs:
		return e, nil, ErrTooMany
	}
	kind, err := s.kind()
	if err != nil {
		return e, nil, err
	}
	e.Kind = EntryKind(min(kind, math.MaxUint8))
	found, previous := keys(0), uint64(0)
	for range pairs - 1 {
		if previous, err = s.key(previous, false); err != nil {
			return e, nil, err
		}
		if previous < 64 {
			found |= 1 << previous
		}
		if previous == keyName && e.Kind.keys() != 0 {
			name, err = s.entryName()
		} else {
			err = s.entryField(&e, previous)
		}
		if err != nil {
			return e, nil, err
		}
	}
	switch {
	case e.Kind.keys() == 0:
		return e, nil, &UnknownKindError{What: "manifest entry", Kind: kind}
	case !found.hasAll(e.Kind.keys()):
		return e, nil, ErrMissing
	}
	return e, name, nil
}

func (s *scanner) entryName() ([]byte, error) {
	major, length, err := s.head()
	if err != nil {
		return nil, err
	}
	if major != cborText || length > MaxEntryNameBytes {
		return nil, ErrField
	}
	name, err := s.take(length)
	if err == nil && !utf8.Valid(name) {
		err = ErrNotUTF8
	}
	return name, err
}

// entryField reads the value of any key but the name's.
func (s *scanner) entryField(e *Entry, key uint64) error {
	if key >= 64 || !e.Kind.keys().hasAll(keys(uint(key))) {
		return s.item(1) // not listed for this kind
	}
	major, value, err := s.head()
	if err != nil {
		return err
	}
	switch {
	case key == keyParent && major == cborUint && value <= math.MaxUint32:
		e.Parent = uint32(value)
	case key == keyModified && major == cborUint && value <= math.MaxInt64:
		e.Modified = int64(value)
	case key == keyModified && major == cborNegative && value <= math.MaxInt64:
		e.Modified = -1 - int64(value)
	case key == keySize && major == cborUint && value <= MaxFileBytes:
		e.Size = value
	case key == keyExecutable && major == cborSimple:
		e.Executable = value == simpleTrue
	default:
		return ErrField
	}
	return nil
}
