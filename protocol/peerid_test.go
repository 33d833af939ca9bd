package protocol_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"feihong/protocol"
)

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

func TestPeerIDForms(t *testing.T) {
	id := countingID()
	s := id.String()
	groups := strings.Split(s, "-")
	if len(groups) != 8 {
		t.Fatalf("%s has %d groups, want 8", s, len(groups))
	}
	for _, group := range groups {
		if len(group) != 7 {
			t.Errorf("group %q of %s has %d characters, want 7", group, s, len(group))
		}
	}
	if got := id.Compact(); got != strings.ReplaceAll(s, "-", "") {
		t.Errorf("Compact is %s", got)
	}
	if got := id.Short(); got != groups[0] {
		t.Errorf("Short is %s, want %s", got, groups[0])
	}
	if id.IsZero() || !(protocol.PeerID{}).IsZero() {
		t.Error("IsZero is wrong")
	}
}

func TestPeerIDCompare(t *testing.T) {
	a, b := protocol.PeerID{0: 1}, protocol.PeerID{0: 2}
	if a.Compare(b) != -1 || b.Compare(a) != 1 || a.Compare(a) != 0 {
		t.Error("Compare does not order by bytes")
	}
}

func TestPeerIDInJSON(t *testing.T) {
	type holder struct {
		Peer  protocol.PeerID
		Names map[protocol.PeerID]string
	}
	want := holder{Peer: peerID(1), Names: map[protocol.PeerID]string{peerID(2): "two"}}
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), `"`+peerID(1).String()+`"`) {
		t.Errorf("JSON is %s", data)
	}
	var got holder
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got.Peer != want.Peer || got.Names[peerID(2)] != "two" {
		t.Errorf("read %v, want %v", got, want)
	}
	kept := peerID(3)
	if err := kept.UnmarshalText([]byte("nonsense!")); err == nil || kept != peerID(3) {
		t.Errorf("a bad text gave %v and left %v", err, kept)
	}
}

func TestPeerIDRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := protocol.PeerID(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "id"))
		for _, s := range []string{id.String(), id.Compact(), strings.ToLower(id.String()), fullWidth(id.Compact())} {
			if got, err := protocol.ParsePeerID(s); err != nil || got != id {
				t.Fatalf("%q gave %v, %v", s, got, err)
			}
		}
	})
}

// TestPeerIDChangedCharacter changes every character to every other.
func TestPeerIDChangedCharacter(t *testing.T) {
	for _, id := range []protocol.PeerID{peerID(1), peerID(2), countingID(), {}} {
		compact := []byte(id.Compact())
		for i := range compact {
			for _, c := range []byte(alphabet) {
				if c == compact[i] {
					continue
				}
				changed := slices.Clone(compact)
				changed[i] = c
				wantCheckError(t, string(changed), i/14+1)
			}
		}
	}
}

// TestPeerIDSwappedCharacters swaps neighbours. The one pair that a check
// character cannot tell apart is A and 7, as 0 and 9 with decimal digits.
func TestPeerIDSwappedCharacters(t *testing.T) {
	ids := []protocol.PeerID{countingID()}
	for n := range byte(50) {
		ids = append(ids, peerID(n))
	}
	for _, id := range ids {
		compact := []byte(id.Compact())
		for i := range len(compact) - 1 {
			a, b := compact[i], compact[i+1]
			if a == b || min(a, b) == '7' && max(a, b) == 'A' {
				continue
			}
			swapped := slices.Clone(compact)
			swapped[i], swapped[i+1] = b, a
			wantCheckError(t, string(swapped), i/14+1)
		}
	}
}

func wantCheckError(t *testing.T, s string, chunk int) {
	t.Helper()
	_, err := protocol.ParsePeerID(s)
	var idError *protocol.PeerIDError
	if !errors.As(err, &idError) || idError.Reason != protocol.PeerIDCheck || idError.Chunk != chunk {
		t.Errorf("%s gave %v, want a mistake in chunk %d", s, err, chunk)
	}
}

func TestPeerIDErrorText(t *testing.T) {
	compact := peerID(1).Compact()
	for _, test := range []struct {
		input, english, key string
	}{
		{compact[:7], "a peer ID has 56 characters, this has 7", "peer-id.too-short"},
		{compact + compact, "a peer ID has 56 characters, this has 57", "peer-id.too-long"},
		{"hello!", `a peer ID has no character '!'`, "peer-id.character"},
		{compact[:55] + string(other(compact[55])), "typing mistake in group 7 or 8 of the peer ID", "peer-id.check"},
	} {
		_, err := protocol.ParsePeerID(test.input)
		var idError *protocol.PeerIDError
		if !errors.As(err, &idError) {
			t.Errorf("%q gave %v", test.input, err)
			continue
		}
		key, _ := idError.UserText()
		if idError.Error() != test.english || key != test.key {
			t.Errorf("%q says %q, %q; want %q, %q", test.input, idError, key, test.english, test.key)
		}
	}
}

func other(c byte) byte {
	if c == 'A' {
		return 'B'
	}
	return 'A'
}

func TestPeerIDPrefix(t *testing.T) {
	for _, test := range []struct {
		input, prefix string
		ok            bool
	}{
		{"abcdef", "ABCDEF", true},
		{"abc-def", "ABCDEF", true},
		{" 018 xyz\n", "OIBXYZ", true},
		{"ＡＢＣＤＥＦ２", "ABCDEF2", true},
		{"abcde", "", false},
		{"abcde-", "", false},
		{"", "", false},
		{"abcdef9", "", false},
		{"飞鸿abcdef", "", false},
		{strings.Repeat("a", 56), strings.Repeat("A", 56), true},
		{strings.Repeat("a", 57), "", false},
	} {
		prefix, ok := protocol.PeerIDPrefix(test.input)
		if prefix != test.prefix || ok != test.ok {
			t.Errorf("PeerIDPrefix(%q) is %q, %v; want %q, %v", test.input, prefix, ok, test.prefix, test.ok)
		}
	}
	id := peerID(1)
	prefix, ok := protocol.PeerIDPrefix(strings.ToLower(id.String()[:12]))
	if !ok || !strings.HasPrefix(id.Compact(), prefix) {
		t.Errorf("prefix %q, %v does not fit %s", prefix, ok, id.Compact())
	}
}
