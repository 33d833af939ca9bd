package protocol_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"feihong/protocol"
)

// describeLink gives a link message the form that it has in the vectors.
func describeLink(m protocol.LinkMessage) any {
	switch m := m.(type) {
	case *protocol.Hello:
		out := map[string]any{
			"kind": "hello", "min": m.MinVersion, "max": m.MaxVersion, "peer": m.Peer.String(),
			"instance": hex.EncodeToString(m.Instance[:]), "name": m.Name, "program": m.Program,
			"features": append([]string{}, m.Features...), "port": m.Port,
		}
		if !m.Want.IsZero() {
			out["want"] = m.Want.String()
		}
		return out
	case *protocol.Ping:
		return map[string]any{"kind": "ping", "nonce": hex64(m.Nonce)}
	case *protocol.Pong:
		return map[string]any{"kind": "pong", "nonce": hex64(m.Nonce)}
	case *protocol.Goodbye:
		return map[string]any{"kind": "goodbye"}
	case *protocol.Error:
		return map[string]any{"kind": "error", "code": m.Code, "text": m.Text}
	}
	return nil
}

// hex64 keeps a 64-bit number whole in JSON, whose numbers may be doubles.
func hex64(n uint64) string {
	var raw [8]byte
	for i := range raw {
		raw[i] = byte(n >> (56 - 8*i))
	}
	return hex.EncodeToString(raw[:])
}

func linkMessages() map[string]protocol.LinkMessage {
	least := &protocol.Hello{MinVersion: 1, MaxVersion: 1, Peer: peerID(1)}
	future := hello()
	future.MaxVersion = 65535
	return map[string]protocol.LinkMessage{
		"hello":                 hello(),
		"hello, all empty":      least,
		"hello, later versions": future,
		"ping":                  &protocol.Ping{Nonce: 1},
		"ping, nonce zero":      &protocol.Ping{},
		"pong, greatest nonce":  &protocol.Pong{Nonce: 1<<64 - 1},
		"goodbye":               &protocol.Goodbye{},
		"error":                 &protocol.Error{Code: protocol.CodeRefused, Text: "you are blocked"},
		"error without text":    &protocol.Error{Code: protocol.CodeClosing},
		"error, unknown code":   &protocol.Error{Code: 65535, Text: "from the future"},
	}
}

func helloFields() fields {
	m := hello()
	return fields{
		0: "01", 1: "01", 2: "01",
		3: bytesItem(m.Peer[:]), 4: bytesItem(m.Want[:]), 5: bytesItem(m.Instance[:]),
		6: textItem(m.Name), 7: textItem(m.Program), 8: "80", 9: "00",
	}
}

func linkTable(tb testing.TB) []bodyVector {
	var table []bodyVector
	for name, m := range sorted(linkMessages()) {
		table = append(table, accepted(name, mustEncodeLink(tb, m), describeLink(m)))
	}
	return append(table, append(linkAltered(), linkRejected()...)...)
}

func linkAltered() []bodyVector {
	named := func(name, program string) map[string]any {
		m := hello()
		m.Name, m.Program, m.Features, m.Port = name, program, nil, 0
		return describeLink(m).(map[string]any)
	}
	h, m := helloFields(), hello()
	everything := "a4 00 " + bytesItem([]byte{1}) + " 01 20 02 " + textItem("x") + " 03 82 f4 f5"
	return []bodyVector{
		altered("hello with unknown fields", h.with(10, everything).with(1000, "f5").octets(), named(m.Name, m.Program)),
		altered("hello with an unsafe name", h.with(6, textItem("\u202eecilA\n\x00  Bob ")).octets(), named("ecilA Bob", m.Program)),
		altered("hello with an unsafe program", h.with(7, textItem("\tfei\x1b[2Jhong")).octets(), named(m.Name, "fei[2Jhong")),
		altered("hello with a name of too many characters", h.with(6, textItem(strings.Repeat("a", 256))).octets(), named(strings.Repeat("a", 64), m.Program)),
		altered("ping with an unknown field", octets{"a3 00 02 01 07 02 01"}, map[string]any{"kind": "ping", "nonce": hex64(7)}),
		altered("goodbye with an unknown field", octets{"a2 00 04 01 61 78"}, map[string]any{"kind": "goodbye"}),
		altered("error with an unsafe text", octets{"a3 00 05 01 01 02 63 61 0a 62"}, map[string]any{"kind": "error", "code": 1, "text": "a b"}),
	}
}

func linkRejected() []bodyVector {
	h := helloFields()
	zeroID := bytesItem(make([]byte, 32))
	return []bodyVector{
		rejected("nothing", "truncated", octets{""}),
		rejected("not a map", "no-kind", octets{"82 00 04"}),
		rejected("an empty map", "no-kind", octets{"a0"}),
		rejected("no kind", "no-kind", octets{"a1 01 04"}),
		rejected("the kind is text", "no-kind", octets{"a1 00 61 34"}),
		rejected("the kind is negative", "no-kind", octets{"a1 00 20"}),
		rejected("kind zero", "unknown-kind", octets{"a1 00 00"}),
		rejected("kind of a later version", "unknown-kind", octets{"a2 00 18 64 01 f5"}),
		rejected("greatest kind", "unknown-kind", octets{"a1 00 1b ff ff ff ff ff ff ff ff"}),
		rejected("one byte behind the end", "trailing", octets{"a1 00 04 00"}),
		rejected("longer than the limit", "limit", octets{"00*16385"}),

		rejected("hello without versions", "missing", h.without(1).octets()),
		rejected("hello without peer", "missing", h.without(3).octets()),
		rejected("hello without instance", "missing", h.without(5).octets()),
		rejected("hello without name", "missing", h.without(6).octets()),
		rejected("hello without features", "missing", h.without(8).octets()),
		rejected("hello without port", "missing", h.without(9).octets()),
		rejected("hello from version zero", "field", h.with(1, "00").octets()),
		rejected("hello, versions reversed", "field", h.with(1, "02").octets()),
		rejected("hello, version over 65535", "field", h.with(2, "1a 00 01 00 00").octets()),
		rejected("hello, peer one byte short", "field", h.with(3, bytesItem(make([]byte, 31))).octets()),
		rejected("hello, peer one byte long", "field", h.with(3, bytesItem(make([]byte, 33))).octets()),
		rejected("hello, peer as an array", "field", h.with(3, "98 20 "+strings.Repeat("01", 32)).octets()),
		rejected("hello, peer as text", "field", h.with(3, textItem(strings.Repeat("a", 32))).octets()),
		rejected("hello, peer zero", "field", h.with(3, zeroID).octets()),
		rejected("hello, want zero", "field", h.with(4, zeroID).octets()),
		rejected("hello, instance of 15 bytes", "field", h.with(5, bytesItem(make([]byte, 15))).octets()),
		rejected("hello, name as bytes", "field", h.with(6, "41 61").octets()),
		rejected("hello, name of 257 bytes", "field", h.with(6, textItem(strings.Repeat("a", 257))).octets()),
		rejected("hello, name not UTF-8", "not-utf8", h.with(6, "61 ff").octets()),
		rejected("hello, program of 129 bytes", "field", h.with(7, textItem(strings.Repeat("a", 129))).octets()),
		rejected("hello, features as a map", "field", h.with(8, "a0").octets()),
		rejected("hello, feature as bytes", "field", h.with(8, "81 41 61").octets()),
		rejected("hello, 65 features", "field", h.with(8, "98 41 "+strings.Repeat("61 61", 65)).octets()),
		rejected("hello, feature in capitals", "field", h.with(8, "81 61 41").octets()),
		rejected("hello, empty feature", "field", h.with(8, "81 60").octets()),
		rejected("hello, feature of 65 bytes", "field", h.with(8, "81 "+textItem(strings.Repeat("a", 65))).octets()),
		rejected("hello, port over 65535", "field", h.with(9, "1a 00 01 00 00").octets()),
		rejected("hello, port negative", "field", h.with(9, "20").octets()),

		rejected("ping without nonce", "missing", octets{"a1 00 02"}),
		rejected("ping, nonce as text", "field", octets{"a2 00 02 01 61 31"}),
		rejected("ping, nonce true", "field", octets{"a2 00 02 01 f5"}),
		rejected("error without code", "missing", octets{"a2 00 05 02 60"}),
		rejected("error without text", "missing", octets{"a2 00 05 01 01"}),
		rejected("error, code zero", "field", octets{"a3 00 05 01 00 02 60"}),
		rejected("error, code over 65535", "field", octets{"a3 00 05 01 1a 00 01 00 00 02 60"}),
		rejected("error, text of 513 bytes", "field", octets{"a3 00 05 01 01 02 79 02 01", "61*513"}),
	}
}

const aboutLink = "Bodies of application 0, link. See docs/protocol.md#golden-vectors."

func TestLinkVectors(t *testing.T) {
	for _, v := range loadGolden(t, "link.json", aboutLink, linkTable(t)) {
		t.Run(v.Name, func(t *testing.T) {
			m, err := protocol.DecodeLink(v.Bytes.bytes(t))
			if err != nil {
				checkBody(t, v, nil, nil, err)
				return
			}
			checkBody(t, v, describeLink(m), mustEncodeLink(t, m), nil)
		})
	}
}
