package protocol

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
	"unicode"
)

// PeerID says who somebody is: the SHA-256 of their Ed25519 public key. Names
// and addresses change hands; a peer ID cannot. See docs/protocol.md#peer-ids.
type PeerID [sha256.Size]byte

// The written form: 52 characters of base32 in four chunks of 13, each with a
// check character, shown as eight groups of seven.
const (
	peerIDAlphabet  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	peerIDChunks    = 4
	peerIDChunk     = 13
	peerIDChecked   = peerIDChunk + 1
	peerIDCompact   = peerIDChunks * peerIDChecked
	peerIDGroup     = 7
	peerIDMinPrefix = 6
)

var peerIDEncoding = base32.NewEncoding(peerIDAlphabet).WithPadding(base32.NoPadding)

// PeerIDOf returns the ID of the peer who holds the private half of pub.
func PeerIDOf(pub ed25519.PublicKey) PeerID { return sha256.Sum256(pub) }

// Compact returns the ID as 56 characters without dashes, the form that a
// prefix from PeerIDPrefix is compared with.
func (id PeerID) Compact() string {
	data := peerIDEncoding.AppendEncode(make([]byte, 0, peerIDChunks*peerIDChunk), id[:])
	out := make([]byte, 0, peerIDCompact)
	for chunk := range peerIDChunks {
		part := data[chunk*peerIDChunk:][:peerIDChunk]
		out = append(out, part...)
		out = append(out, checkCharacter(part))
	}
	return string(out)
}

// String returns the ID as people see it: eight groups of seven characters,
// joined by dashes.
func (id PeerID) String() string {
	compact := id.Compact()
	groups := make([]string, 0, peerIDCompact/peerIDGroup)
	for ; compact != ""; compact = compact[peerIDGroup:] {
		groups = append(groups, compact[:peerIDGroup])
	}
	return strings.Join(groups, "-")
}

// Short returns the first group of the ID, seven characters: enough to tell
// the people of one LAN apart, not enough to trust.
func (id PeerID) Short() string { return id.Compact()[:peerIDGroup] }

// IsZero says whether the ID is missing. Nobody has the zero ID.
func (id PeerID) IsZero() bool { return id == PeerID{} }

// Compare orders IDs by their bytes, as bytes.Compare does.
func (id PeerID) Compare(other PeerID) int { return bytes.Compare(id[:], other[:]) }

// MarshalText returns the form of String.
func (id PeerID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what ParsePeerID reads.
func (id *PeerID) UnmarshalText(text []byte) error {
	parsed, err := ParsePeerID(string(text))
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}

// ParsePeerID reads an ID as people type and paste it: in any case, with or
// without dashes and spaces, in full-width characters, and with the digits 0,
// 1 and 8 for the letters O, I and B, which the alphabet has instead. It
// returns a *PeerIDError if a character or the length is wrong, or if a check
// character shows a typing mistake.
func ParsePeerID(s string) (PeerID, error) {
	compact, err := normalisePeerID(s)
	if err != nil {
		return PeerID{}, err
	}
	if len(compact) != peerIDCompact {
		return PeerID{}, &PeerIDError{Reason: PeerIDLength, Size: len(compact)}
	}
	data := make([]byte, 0, peerIDChunks*peerIDChunk)
	for chunk := range peerIDChunks {
		part := compact[chunk*peerIDChecked:][:peerIDChecked]
		if checkCharacter(part[:peerIDChunk]) != part[peerIDChunk] {
			return PeerID{}, &PeerIDError{Reason: PeerIDCheck, Chunk: chunk + 1}
		}
		data = append(data, part[:peerIDChunk]...)
	}
	var id PeerID
	if _, err := peerIDEncoding.Decode(id[:], data); err != nil {
		return PeerID{}, &PeerIDError{Reason: PeerIDCheck, Chunk: peerIDChunks}
	}
	// The last character carries one bit only: with any of the other four
	// set it spells the same bytes in a second way, which no program prints.
	if last := data[len(data)-1]; last != 'A' && last != 'Q' {
		return PeerID{}, &PeerIDError{Reason: PeerIDCheck, Chunk: peerIDChunks}
	}
	return id, nil
}

// PeerIDPrefix normalises the beginning of an ID as ParsePeerID would, for
// comparing it with PeerID.Compact. It is ok if it has at least six
// characters, all of them of the alphabet; fewer would too easily fit more
// than one person.
func PeerIDPrefix(s string) (prefix string, ok bool) {
	compact, err := normalisePeerID(s)
	if err != nil || len(compact) < peerIDMinPrefix || len(compact) > peerIDCompact {
		return "", false
	}
	return string(compact), true
}

// normalisePeerID returns the characters of the alphabet in s, or an error
// for any other that cannot be ignored.
func normalisePeerID(s string) ([]byte, error) {
	out := make([]byte, 0, peerIDCompact)
	for _, r := range s {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			continue
		}
		c, ok := peerIDCharacter(r)
		if !ok {
			return nil, &PeerIDError{Reason: PeerIDCharacter, Character: r}
		}
		out = append(out, c)
		if len(out) > peerIDCompact {
			return nil, &PeerIDError{Reason: PeerIDLength, Size: len(out)}
		}
	}
	return out, nil
}

func peerIDCharacter(r rune) (byte, bool) {
	const fullWidth, fullWidthEnd, toASCII = '！', '～', '！' - '!'
	if r >= fullWidth && r <= fullWidthEnd {
		r -= toASCII
	}
	switch {
	case r >= 'a' && r <= 'z':
		return byte(r - 'a' + 'A'), true
	case r >= 'A' && r <= 'Z', r >= '2' && r <= '7':
		return byte(r), true
	case r == '0':
		return 'O', true
	case r == '1':
		return 'I', true
	case r == '8':
		return 'B', true
	}
	return 0, false
}

// checkCharacter computes the Luhn mod 32 check character of a chunk: from
// the right every other value, beginning with the last, is doubled and its
// two base-32 digits are added up; the check makes the sum a multiple of 32.
func checkCharacter(chunk []byte) byte {
	const n = len(peerIDAlphabet)
	sum := 0
	for i, c := range chunk {
		value := peerIDValue(c)
		if (len(chunk)-i)%2 == 1 {
			value *= 2
		}
		sum += value/n + value%n
	}
	return peerIDAlphabet[(n-sum%n)%n]
}

func peerIDValue(c byte) int {
	if c >= 'A' {
		return int(c - 'A')
	}
	return int(c-'2') + 26
}

// PeerIDReason says why text is not a peer ID.
type PeerIDReason uint8

// The reasons.
const (
	PeerIDLength    PeerIDReason = iota + 1 // too few or too many characters
	PeerIDCharacter                         // a character that no ID has
	PeerIDCheck                             // a check character does not fit: a typing mistake
)

// PeerIDError says why ParsePeerID refused its input.
type PeerIDError struct {
	Reason    PeerIDReason
	Size      int  // for PeerIDLength: characters found; 57 stands for any greater number
	Character rune // for PeerIDCharacter
	Chunk     int  // for PeerIDCheck: which quarter of the ID has the mistake, 1 to 4
}

// groups gives the first and the last of the seven-character groups that make
// up the chunk with the mistake, counted from one.
func (e *PeerIDError) groups() (first, last int) {
	const perChunk = peerIDChecked / peerIDGroup
	return (e.Chunk-1)*perChunk + 1, e.Chunk * perChunk
}

func (e *PeerIDError) Error() string {
	switch e.Reason {
	case PeerIDLength:
		return fmt.Sprintf("a peer ID has %d characters, this has %d", peerIDCompact, e.Size)
	case PeerIDCharacter:
		return fmt.Sprintf("a peer ID has no character %q", e.Character)
	}
	first, last := e.groups()
	return fmt.Sprintf("typing mistake in group %d or %d of the peer ID", first, last)
}

// UserText names the translation of the error.
func (e *PeerIDError) UserText() (key string, args map[string]any) {
	switch e.Reason {
	case PeerIDLength:
		if e.Size > peerIDCompact {
			return "peer-id.too-long", map[string]any{"expected": peerIDCompact}
		}
		return "peer-id.too-short", map[string]any{"size": e.Size, "expected": peerIDCompact}
	case PeerIDCharacter:
		return "peer-id.character", map[string]any{"character": VisibleText(string(e.Character))}
	}
	first, last := e.groups()
	return "peer-id.check", map[string]any{"first": first, "last": last}
}
