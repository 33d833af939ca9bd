package protocol_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"feihong/protocol"
)

func describeDatagram(d protocol.Datagram) any {
	switch d := d.(type) {
	case *protocol.Announce:
		return map[string]any{"kind": "announce", "signed": hex.EncodeToString(d.Signed), "want": d.Want, "known": d.Known}
	case *protocol.Question:
		out := map[string]any{"kind": "question", "nonce": hex.EncodeToString(d.Nonce[:])}
		if d.Signed != nil {
			out["signed"] = hex.EncodeToString(d.Signed)
		}
		return out
	case *protocol.Answer:
		return map[string]any{"kind": "answer", "signed": hex.EncodeToString(d.Signed), "known": d.Known}
	case *protocol.PassedOn:
		out := map[string]any{
			"kind": "passed-on", "nonce": hex.EncodeToString(d.Nonce[:]),
			"address": d.Asker.Addr().WithZone("").String(), "port": d.Asker.Port(),
		}
		if zone := d.Asker.Addr().Zone(); zone != "" {
			out["zone"] = zone
		}
		return out
	case *protocol.Call:
		return map[string]any{"kind": "call", "signed": hex.EncodeToString(d.Signed), "want": d.Want.String()}
	}
	return nil
}

func datagrams(tb testing.TB) map[string]protocol.Datagram {
	signed := mustSign(tb, smallAnnouncement())
	answering := smallAnnouncement()
	answering.Nonce = nonce(0x17)
	return map[string]protocol.Datagram{
		"announce":                        &protocol.Announce{Signed: signed},
		"announce, wanting answers":       &protocol.Announce{Signed: signed, Want: true, Known: 65535},
		"announce at all limits":          &protocol.Announce{Signed: mustSign(tb, greatestAnnouncement()), Want: true, Known: 65535},
		"question":                        &protocol.Question{Nonce: nonce(0x17), Signed: signed},
		"question of a stranger":          &protocol.Question{Nonce: nonce(0x17)},
		"question at all limits":          &protocol.Question{Nonce: nonce(0xFF), Signed: mustSign(tb, greatestAnnouncement())},
		"answer":                          &protocol.Answer{Signed: mustSign(tb, answering), Known: 7},
		"passed-on question, IPv4":        &protocol.PassedOn{Nonce: nonce(0x17), Asker: netip.MustParseAddrPort("192.168.1.20:24250")},
		"passed-on question, IPv6":        &protocol.PassedOn{Nonce: nonce(0x17), Asker: netip.MustParseAddrPort("[2001:db8::20]:1")},
		"passed-on question, with a zone": &protocol.PassedOn{Nonce: nonce(0x17), Asker: netip.MustParseAddrPort("[fe80::20%以太网 2]:65535")},
		"call":                            &protocol.Call{Signed: signed, Want: peerID(2)},
	}
}

// spellPadded keeps 1100 zeros from filling a screen.
func spellPadded(raw []byte) octets {
	trimmed := bytes.TrimRight(raw, "\x00")
	if len(raw)-len(trimmed) < 8 {
		return spell(raw)
	}
	return octets{hex.EncodeToString(trimmed), fmt.Sprintf("00*%d", len(raw)-len(trimmed))}
}

// header is how datagrams begin.
const header = "46 48 44 01"

func datagramOf(f fields) octets { return append(octets{header}, f.octets()...) }

// padded is a datagram padded to a length.
func padded(tb testing.TB, o octets, length int) octets {
	tb.Helper()
	return append(slices.Clone(o), fmt.Sprintf("00*%d", length-len(o.bytes(tb))))
}

func datagramAltered(tb testing.TB) []bodyVector {
	signed := mustSign(tb, smallAnnouncement())
	announce := fields{0: "01", 1: bytesItem(signed), 2: "f4", 3: "00"}
	question := fields{0: "02", 1: bytesItem(sampleNonce())}
	return []bodyVector{
		altered("announce with unknown fields", datagramOf(announce.with(4, "f5").with(99, "80")), describeDatagram(&protocol.Announce{Signed: signed})),
		altered("question with unknown fields", padded(tb, datagramOf(question.with(9, "82 01 20")), 1200), describeDatagram(&protocol.Question{Nonce: nonce(0x17)})),
	}
}

func sampleNonce() []byte { return bytes.Repeat([]byte{0x17}, 16) }

func datagramRejected(tb testing.TB) []bodyVector {
	signed := mustSign(tb, smallAnnouncement())
	announce := fields{0: "01", 1: bytesItem(signed), 2: "f4", 3: "00"}
	question := fields{0: "02", 1: bytesItem(sampleNonce())}
	table := []bodyVector{
		rejected("datagram, nothing", "header", octets{""}),
		rejected("datagram, half a header", "header", octets{"46 48"}),
		rejected("datagram of another program", "header", octets{hex.EncodeToString([]byte("1_lbt6_0#128#001122334455#0#0#0:1:me:PC:3:"))}),
		rejected("datagram of another form", "header", octets{"46 48 44 02", "a1 00 01"}),
		rejected("datagram, header only", "truncated", octets{header}),
		rejected("datagram, not a map", "no-kind", octets{header, "80"}),
		rejected("datagram of 1201 bytes", "limit", octets{header, "00*1197"}),
		rejected("datagram of a later version", "unknown-kind", octets{header, "a1 00 06"}),
		rejected("datagram of a later version, padded", "unknown-kind", octets{header, "a1 00 06", "00*100"}),
		rejected("datagram of kind zero", "unknown-kind", octets{header, "a1 00 00"}),
		rejected("datagram of a later version, something behind it", "trailing", octets{header, "a1 00 06 00 01"}),
		rejected("announce, padded", "trailing", append(datagramOf(announce), "00")),
		rejected("two datagrams", "trailing", append(datagramOf(announce), datagramOf(announce)...)),
		rejected("question, not padded", "truncated", datagramOf(question)),
		rejected("question of 1199 bytes", "truncated", padded(tb, datagramOf(question), 1199)),
		rejected("question padded with something", "trailing", append(padded(tb, datagramOf(question), 1199), "01")),
		rejected("question, signed by nobody", "field", padded(tb, datagramOf(question.with(2, "40")), 1200)),
		rejected("question without nonce", "missing", padded(tb, datagramOf(question.without(1).with(3, "00")), 1200)),
		rejected("question, nonce zero", "field", padded(tb, datagramOf(question.with(1, bytesItem(make([]byte, 16)))), 1200)),
		rejected("question, nonce of 15 bytes", "field", padded(tb, datagramOf(question.with(1, bytesItem(make([]byte, 15)))), 1200)),
	}
	return append(table, datagramFieldRejected(tb)...)
}

func datagramFieldRejected(tb testing.TB) []bodyVector {
	peer := peerID(2)
	signed := bytesItem(mustSign(tb, smallAnnouncement()))
	kinds := map[string]fields{
		"announce":  {0: "01", 1: signed, 2: "f4", 3: "00"},
		"answer":    {0: "03", 1: signed, 2: "00"},
		"passed-on": {0: "04", 1: bytesItem(sampleNonce()), 2: "44 c0 a8 01 14", 3: "01"},
		"zone":      {0: "04", 1: bytesItem(sampleNonce()), 2: "50 fe80" + strings.Repeat("00", 13) + "01", 3: "01", 4: textItem("eth0")},
		"call":      {0: "05", 1: signed, 2: bytesItem(peer[:])},
	}
	var table []bodyVector
	for _, v := range []struct {
		kind, name string
		key        uint
		value      string
	}{
		{"announce", "signed of 64 bytes", 1, bytesItem(make([]byte, 64))},
		{"announce", "signed of 1025 bytes", 1, bytesItem(make([]byte, 1025))},
		{"announce", "signed as text", 1, textItem(strings.Repeat("a", 100))},
		{"announce", "signed as an array", 1, "98 64" + strings.Repeat("01", 100)},
		{"announce", "want as a number", 2, "01"},
		{"announce", "known over 65535", 3, "1a 00 01 00 00"},
		{"answer", "signed empty", 1, "40"},
		{"answer", "known negative", 2, "20"},
		{"passed-on", "nonce zero", 1, bytesItem(make([]byte, 16))},
		{"passed-on", "address of 3 bytes", 2, "43 01 02 03"},
		{"passed-on", "address 0.0.0.0", 2, "44 00 00 00 00"},
		{"passed-on", "multicast address", 2, "44 e0 00 00 01"},
		{"passed-on", "address of everybody", 2, "44 ff ff ff ff"},
		{"passed-on", "IPv4 address as IPv6", 2, "50" + strings.Repeat("00", 10) + "ffff c0 a8 01 14"},
		{"passed-on", "port zero", 3, "00"},
		{"passed-on", "zone at IPv4", 4, textItem("eth0")},
		{"zone", "zone of 257 bytes", 4, textItem(strings.Repeat("a", 257))},
		{"zone", "unsafe zone", 4, textItem("eth\n0")},
		{"zone", "zone as a number", 4, "01"},
		{"zone", "zone at a global address", 2, "50 2001" + strings.Repeat("00", 13) + "01"},
		{"call", "want zero", 2, bytesItem(make([]byte, 32))},
		{"call", "want of 16 bytes", 2, bytesItem(make([]byte, 16))},
		{"call", "signed of 64 bytes", 1, bytesItem(make([]byte, 64))},
	} {
		table = append(table, rejected(v.kind+", "+v.name, "field", datagramOf(kinds[v.kind].with(v.key, v.value))))
	}
	for _, v := range []struct {
		kind, name string
		key        uint
	}{
		{"announce", "signed", 1},
		{"announce", "want", 2},
		{"announce", "known", 3},
		{"answer", "signed", 1},
		{"answer", "known", 2},
		{"passed-on", "nonce", 1},
		{"passed-on", "address", 2},
		{"passed-on", "port", 3},
		{"call", "signed", 1},
		{"call", "want", 2},
	} {
		table = append(table, rejected(v.kind+" without "+v.name, "missing", datagramOf(kinds[v.kind].without(v.key))))
	}
	return table
}
