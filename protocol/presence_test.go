package protocol_test

import (
	"bytes"
	"reflect"
	"testing"

	"feihong/protocol"
)

// TestGreatestPeopleFit: as many as can be told, each at the limit.
func TestGreatestPeopleFit(t *testing.T) {
	m := &protocol.People{More: true}
	for range protocol.MaxTold {
		m.Told = append(m.Told, protocol.Told{Signed: bytes.Repeat([]byte{0xFF}, protocol.MaxAnnouncementBytes), Age: 65535})
	}
	body, err := protocol.EncodePresence(m)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := protocol.DecodePresence(body); err != nil || !reflect.DeepEqual(got, m) {
		t.Errorf("gave %v", err)
	}
}

// TestPresenceEncoderRefuses: what a decoder would refuse is not encoded.
func TestPresenceEncoderRefuses(t *testing.T) {
	for name, m := range map[string]protocol.PresenceMessage{
		"present unsigned":   &protocol.Present{},
		"present too long":   &protocol.Present{Signed: make([]byte, 1025)},
		"limit zero":         &protocol.WhoIsThere{},
		"people, 49":         &protocol.People{Told: make([]protocol.Told, 49)},
		"people, unsigned":   &protocol.People{Told: make([]protocol.Told, 1)},
		"people, half there": &protocol.People{Told: []protocol.Told{{Signed: make([]byte, 64)}}},
	} {
		body, err := protocol.EncodePresence(m)
		if got := outcome(err); got != "field" && got != "missing" || body != nil {
			t.Errorf("%s gave %x, %v", name, body, err)
		}
	}
}
