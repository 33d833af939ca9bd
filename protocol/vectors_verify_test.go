package protocol_test

import (
	"regexp"
	"testing"

	"feihong/protocol"
)

// verifyVector is a vector of verify.json: two people, the code that both see,
// and what the symbol of the first says.
type verifyVector struct {
	Name   string `json:"name"`
	Own    string `json:"own"`
	Other  string `json:"other"`
	Code   string `json:"code"`
	Symbol string `json:"symbol"`
}

func verifyTable() []verifyVector {
	vector := func(name string, own, other protocol.PeerID) verifyVector {
		code := protocol.VerifyCode(own, other)
		return verifyVector{name, own.String(), other.String(), code, protocol.VerifySymbol(own, code)}
	}
	one, two, counting := peerID(1), peerID(2), countingID()
	return []verifyVector{
		vector("one and two", one, two),
		vector("two and one", two, one),
		vector("one and the bytes 0 to 31", one, counting),
		vector("all bits zero, and the bytes 0 to 31", protocol.PeerID{}, counting),
	}
}

func TestVerifyVectors(t *testing.T) {
	for _, v := range loadGolden(t, "verify.json", "Codes that two people compare. See docs/protocol.md#golden-vectors.", verifyTable()) {
		own, err := protocol.ParsePeerID(v.Own)
		if err != nil {
			t.Fatal(err)
		}
		other, err := protocol.ParsePeerID(v.Other)
		if err != nil {
			t.Fatal(err)
		}
		if got := protocol.VerifyCode(own, other); got != v.Code {
			t.Errorf("%s: code %s, want %s", v.Name, got, v.Code)
		}
		if got := protocol.VerifyCode(other, own); got != v.Code {
			t.Errorf("%s: the other person sees %s, not %s", v.Name, got, v.Code)
		}
		if got := protocol.VerifySymbol(own, v.Code); got != v.Symbol {
			t.Errorf("%s: symbol %s, want %s", v.Name, got, v.Symbol)
		}
		if !regexp.MustCompile(`^\d{5}( \d{5}){5}$`).MatchString(v.Code) {
			t.Errorf("%s: the code is %q", v.Name, v.Code)
		}
	}
}

func TestVerifyCodesDiffer(t *testing.T) {
	seen := map[string]bool{}
	for i := range byte(8) {
		seen[protocol.VerifyCode(peerID(1), peerID(i+2))] = true
	}
	if len(seen) != 8 {
		t.Errorf("8 people have %d codes", len(seen))
	}
}

func BenchmarkVerifyCode(b *testing.B) {
	for b.Loop() {
		protocol.VerifyCode(peerID(1), peerID(2))
	}
}
