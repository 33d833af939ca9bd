package protocol_test

import (
	"bytes"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"feihong/protocol"
)

func mustEncodeDatagram(tb testing.TB, d protocol.Datagram) []byte {
	tb.Helper()
	raw, err := protocol.EncodeDatagram(d)
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

// TestGreatestDatagramsFit: each datagram at all of its limits at once fits,
// with an announcement longer than any of today.
func TestGreatestDatagramsFit(t *testing.T) {
	longest := bytes.Repeat([]byte{0xFF}, protocol.MaxAnnouncementBytes)
	zone := strings.Repeat("z", protocol.MaxZoneBytes)
	for _, d := range []protocol.Datagram{
		&protocol.Announce{Signed: longest, Want: true, Known: 65535},
		&protocol.Question{Nonce: nonce(0xFF), Signed: longest},
		&protocol.Answer{Signed: longest, Known: 65535},
		&protocol.PassedOn{Nonce: nonce(0xFF), Asker: netip.MustParseAddrPort("[fe80::ffff%" + zone + "]:65535")},
		&protocol.Call{Signed: longest, Want: peerID(1)},
	} {
		raw := mustEncodeDatagram(t, d)
		if len(raw) > protocol.MaxDatagramBytes {
			t.Errorf("%T has %d bytes", d, len(raw))
		}
		if got, err := protocol.DecodeDatagram(raw); err != nil || !reflect.DeepEqual(got, d) {
			t.Errorf("%T gave %v, %v", d, got, err)
		}
	}
}

// TestQuestionsAreOfOneLength: whatever is in it, so that an answer is never
// longer than what caused it.
func TestQuestionsAreOfOneLength(t *testing.T) {
	for size := range protocol.MaxAnnouncementBytes + 1 {
		if size > 0 && size <= 64 {
			continue
		}
		q := &protocol.Question{Nonce: nonce(1)}
		if size > 0 {
			q.Signed = bytes.Repeat([]byte{1}, size)
		}
		raw := mustEncodeDatagram(t, q)
		if len(raw) != protocol.MaxDatagramBytes {
			t.Fatalf("with %d bytes signed it has %d", size, len(raw))
		}
		if got, err := protocol.DecodeDatagram(raw); err != nil || !reflect.DeepEqual(got, q) {
			t.Fatalf("with %d bytes signed it gave %v, %v", size, got, err)
		}
	}
}

// TestDatagramEncoderRefuses: what a decoder would refuse is not encoded.
func TestDatagramEncoderRefuses(t *testing.T) {
	signed := mustSign(t, announcement())
	somebody, here := nonce(1), netip.MustParseAddrPort("192.168.1.20:1")
	for name, d := range map[string]protocol.Datagram{
		"announce unsigned":              &protocol.Announce{},
		"announce, signature only":       &protocol.Announce{Signed: signed[:64]},
		"announce, signed too long":      &protocol.Announce{Signed: make([]byte, 1025)},
		"question without nonce":         &protocol.Question{Signed: signed},
		"question, signed by nobody":     &protocol.Question{Nonce: somebody, Signed: []byte{}},
		"answer unsigned":                &protocol.Answer{},
		"passed on without nonce":        &protocol.PassedOn{Asker: here},
		"passed on without asker":        &protocol.PassedOn{Nonce: somebody},
		"passed on without port":         &protocol.PassedOn{Nonce: somebody, Asker: netip.AddrPortFrom(here.Addr(), 0)},
		"passed on, IPv4 as IPv6":        &protocol.PassedOn{Nonce: somebody, Asker: netip.MustParseAddrPort("[::ffff:192.168.1.20]:1")},
		"passed on, multicast":           &protocol.PassedOn{Nonce: somebody, Asker: netip.MustParseAddrPort("224.0.0.1:1")},
		"passed on, zone at global":      &protocol.PassedOn{Nonce: somebody, Asker: netip.MustParseAddrPort("[2001:db8::1%eth0]:1")},
		"passed on, unsafe zone":         &protocol.PassedOn{Nonce: somebody, Asker: netip.MustParseAddrPort("[fe80::1%eth\n0]:1")},
		"passed on, zone of 257 letters": &protocol.PassedOn{Nonce: somebody, Asker: netip.MustParseAddrPort("[fe80::1%" + strings.Repeat("z", 257) + "]:1")},
		"call unsigned":                  &protocol.Call{Want: peerID(1)},
		"call to nobody":                 &protocol.Call{Signed: signed},
	} {
		if raw, err := protocol.EncodeDatagram(d); outcome(err) != "field" || raw != nil {
			t.Errorf("%s gave %x, %v", name, raw, err)
		}
	}
}

// TestForeignDatagramsCostLittle: what other programs send to the port is
// refused without memory in proportion.
func TestForeignDatagramsCostLittle(t *testing.T) {
	for name, raw := range map[string][]byte{
		"another program": []byte(strings.Repeat("1_lbt6_0#128#", 80)),
		"oversized":       make([]byte, 65507),
		"great numbers":   octets{header, "a2 00 01 01 5b 7f ff ff ff ff ff ff ff"}.bytes(t),
	} {
		if n := testing.AllocsPerRun(100, func() {
			if _, err := protocol.DecodeDatagram(raw); err == nil {
				t.Errorf("%s was accepted", name)
			}
		}); n > 2 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
