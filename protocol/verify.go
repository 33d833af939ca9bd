package protocol

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
)

// The form of a code: six groups of five digits.
const (
	codeGroups = 6
	codeDigits = 5
	// codeRounds makes a code expensive. Somebody between two people would
	// have to find two keys of their own that give both the same code; each
	// trial costs that many hashes.
	codeRounds = 1 << 16
)

// verifyDomain keeps the hash of a code apart from every other hash.
const verifyDomain = "feihong verify 1\x00"

// VerifyCode returns the code that two people compare to be sure that nobody
// stands between them: six groups of five digits, the same whoever of them
// asks. It takes some milliseconds. See docs/protocol.md#comparing-codes.
func VerifyCode(a, b PeerID) string {
	if a.Compare(b) > 0 {
		a, b = b, a
	}
	hash := sha256.Sum256(append(append([]byte(verifyDomain), a[:]...), b[:]...))
	var round [3 * sha256.Size]byte
	copy(round[sha256.Size:], a[:])
	copy(round[2*sha256.Size:], b[:])
	for range codeRounds {
		copy(round[:], hash[:])
		hash = sha256.Sum256(round[:])
	}
	groups := make([]string, codeGroups)
	for i := range groups {
		var number [8]byte
		copy(number[3:], hash[i*5:][:5])
		groups[i] = fmt.Sprintf("%0*d", codeDigits, binary.BigEndian.Uint64(number[:])%100_000)
	}
	return strings.Join(groups, " ")
}

// VerifySymbol returns what a QR symbol beside a code says: who shows it, and
// the code. It has only characters of the alphanumeric mode of such symbols.
func VerifySymbol(own PeerID, code string) string {
	return "FEIHONG:1:" + own.Compact() + ":" + strings.ReplaceAll(code, " ", "")
}
