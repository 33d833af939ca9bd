package protocol_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"strings"
	"testing"

	"feihong/protocol"
)

// peerIDVector is a vector of peerid.json: input as somebody types it, and
// the ID that it stands for.
type peerIDVector struct {
	Name      string `json:"name"`
	PublicKey string `json:"public_key,omitempty"` // Ed25519, whose ID this is
	Input     string `json:"input"`
	Expect    string `json:"expect"`
	ID        string `json:"id,omitempty"`      // the 32 bytes
	Written   string `json:"written,omitempty"` // the form that programs print
}

func peerIDTable() []peerIDVector {
	ofKey := func(name string, seed byte) peerIDVector {
		raw := make([]byte, ed25519.SeedSize)
		raw[0] = seed
		pub := ed25519.NewKeyFromSeed(raw).Public().(ed25519.PublicKey)
		v := parsed(name, protocol.PeerIDOf(pub).String(), protocol.PeerIDOf(pub))
		v.PublicKey = hex.EncodeToString(pub)
		return v
	}
	id := peerID(1)
	s := id.String()
	refused := func(name, input, expect string) peerIDVector {
		return peerIDVector{Name: name, Input: input, Expect: expect}
	}
	counting := countingID()
	digits := strings.NewReplacer("O", "0", "I", "1", "B", "8").Replace(counting.String())
	return []peerIDVector{
		ofKey("key one", 1),
		ofKey("key two", 2),
		parsed("all bits zero", strings.Repeat("A", 56), protocol.PeerID{}),
		parsed("the bytes 0 to 31", counting.Compact(), counting),
		parsed("digits for letters", digits, counting),
		parsed("small letters", strings.ToLower(s), id),
		parsed("without dashes", id.Compact(), id),
		parsed("spaces and line breaks", " "+strings.ReplaceAll(s, "-", " \n\t")+"\n", id),
		parsed("other dashes", strings.ReplaceAll(s, "-", "–"), id),
		parsed("full width", fullWidth(s), id),
		refused("empty", "", "length"),
		refused("one character missing", s[:len(s)-1], "length"),
		refused("one character too many", s+"A", "length"),
		refused("one group missing", s[8:], "length"),
		refused("far too long", strings.Repeat(s, 1000), "length"),
		refused("a digit that no letter resembles", "9"+s[1:], "character"),
		refused("punctuation", s+".", "character"),
		refused("Chinese", "飞鸿", "character"),
		refused("not UTF-8 by mistake", "\uFFFD", "character"),
		refused("first character changed", "2"+s[1:], "check"),
		refused("two characters swapped", s[1:2]+s[0:1]+s[2:], "check"),
		refused("two groups swapped", s[8:16]+s[:8]+s[16:], "check"),
		refused("unused bits set, check characters right", strings.Repeat("A", 54)+"B6", "check"),
	}
}

func parsed(name, input string, id protocol.PeerID) peerIDVector {
	return peerIDVector{Name: name, Input: input, Expect: "ok", ID: hex.EncodeToString(id[:]), Written: id.String()}
}

// countingID has 32 different bytes, and both O and I and B when written.
func countingID() protocol.PeerID {
	var id protocol.PeerID
	for i := range id {
		id[i] = byte(i)
	}
	return id
}

func fullWidth(s string) string {
	return strings.Map(func(r rune) rune { return r + '！' - '!' }, s)
}

const aboutPeerIDs = "Peer IDs. See docs/protocol.md#golden-vectors."

func TestPeerIDVectors(t *testing.T) {
	for _, v := range loadGolden(t, "peerid.json", aboutPeerIDs, peerIDTable()) {
		t.Run(v.Name, func(t *testing.T) {
			id, err := protocol.ParsePeerID(v.Input)
			if got := outcome(err); got != v.Expect {
				t.Fatalf("outcome %q (%v), want %q", got, err, v.Expect)
			}
			if err != nil {
				return
			}
			if got := hex.EncodeToString(id[:]); got != v.ID {
				t.Errorf("parsed %s, want %s", got, v.ID)
			}
			if got := id.String(); got != v.Written {
				t.Errorf("written %s, want %s", got, v.Written)
			}
			if v.PublicKey == "" {
				return
			}
			pub, err := hex.DecodeString(v.PublicKey)
			if err != nil {
				t.Fatal(err)
			}
			if protocol.PeerIDOf(pub) != id {
				t.Errorf("the key has the ID %s, want %s", protocol.PeerIDOf(pub), id)
			}
		})
	}
}
