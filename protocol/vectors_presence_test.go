package protocol_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"feihong/protocol"
)

func describePresence(m protocol.PresenceMessage) any {
	switch m := m.(type) {
	case *protocol.Present:
		return map[string]any{"kind": "present", "signed": hex.EncodeToString(m.Signed)}
	case *protocol.WhoIsThere:
		return map[string]any{"kind": "who-is-there", "limit": m.Limit}
	case *protocol.People:
		told := []any{}
		for _, one := range m.Told {
			told = append(told, map[string]any{"signed": hex.EncodeToString(one.Signed), "age": one.Age})
		}
		return map[string]any{"kind": "people", "told": told, "more": m.More}
	}
	return nil
}

func presenceMessages(tb testing.TB) map[string]protocol.PresenceMessage {
	signed := mustSign(tb, smallAnnouncement())
	two := []protocol.Told{{Signed: signed}, {Signed: mustSign(tb, announcement()), Age: 65535}}
	return map[string]protocol.PresenceMessage{
		"present":           &protocol.Present{Signed: signed},
		"who is there":      &protocol.WhoIsThere{Limit: 1},
		"who is there, all": &protocol.WhoIsThere{Limit: 65535},
		"people, nobody":    &protocol.People{},
		"people, two":       &protocol.People{Told: two},
		"people, one of many": &protocol.People{
			Told: two[:1], More: true,
		},
	}
}

func presenceTable(tb testing.TB) []bodyVector {
	var table []bodyVector
	for name, m := range sorted(presenceMessages(tb)) {
		body, err := protocol.EncodePresence(m)
		if err != nil {
			tb.Fatal(err)
		}
		table = append(table, accepted(name, body, describePresence(m)))
	}
	return append(table, presenceOdd(tb)...)
}

func presenceOdd(tb testing.TB) []bodyVector {
	raw := mustSign(tb, smallAnnouncement())
	signed := bytesItem(raw)
	told := "a2 00" + signed + "01 07"
	people := fields{0: "03", 1: "81" + told, 2: "f4"}
	one := describePresence(&protocol.People{Told: []protocol.Told{{Signed: raw, Age: 7}}})
	return []bodyVector{
		altered("present with an unknown field", fields{0: "01", 1: signed, 2: "f5"}.octets(), describePresence(&protocol.Present{Signed: raw})),
		altered("people with an unknown field", people.with(3, "01").octets(), one),
		altered("told with an unknown field", people.with(1, "81 a3 00"+signed+"01 07 02 f5").octets(), one),

		rejected("presence message of a later version", "unknown-kind", octets{"a1 00 04"}),
		rejected("presence message longer than the limit", "limit", octets{"00*65537"}),
		rejected("present without announcement", "missing", octets{"a1 00 01"}),
		rejected("present, announcement of 64 bytes", "field", octets{"a2 00 01 01 58 40", "01*64"}),
		rejected("present, announcement of 1025 bytes", "field", octets{"a2 00 01 01 59 04 01", "01*1025"}),
		rejected("present, announcement as an array", "field", octets{"a2 00 01 01 98 64", "01*100"}),
		rejected("who is there without limit", "missing", octets{"a1 00 02"}),
		rejected("who is there, limit zero", "field", octets{"a2 00 02 01 00"}),
		rejected("who is there, limit over 65535", "field", octets{"a2 00 02 01 1a 00 01 00 00"}),
		rejected("people without people", "missing", people.without(1).octets()),
		rejected("people without more", "missing", people.without(2).octets()),
		rejected("people, 49", "field", people.with(1, "98 31"+strings.Repeat(told, 49)).octets()),
		rejected("people as a map", "field", people.with(1, "a0").octets()),
		rejected("people as numbers", "field", people.with(1, "81 01").octets()),
		rejected("people, more as a number", "field", people.with(2, "00").octets()),
		rejected("told without announcement", "missing", people.with(1, "81 a1 01 07").octets()),
		rejected("told without age", "missing", people.with(1, "81 a1 00"+signed).octets()),
		rejected("told, announcement empty", "field", people.with(1, "81 a2 00 40 01 07").octets()),
		rejected("told, announcement as text", "field", people.with(1, "81 a2 00"+textItem(strings.Repeat("a", 100))+"01 07").octets()),
		rejected("told, age over 65535", "field", people.with(1, "81 a2 00"+signed+"01 1a 00 01 00 00").octets()),
		rejected("told, age negative", "field", people.with(1, "81 a2 00"+signed+"01 20").octets()),
		rejected("told, age twice", "duplicate-key", people.with(1, "81 a3 00"+signed+"01 07 01 07").octets()),
		rejected("told, array too deep", "nesting", people.with(1, "81 a3 00"+signed+"01 07 02 81 81 00").octets()),
	}
}

const aboutPresence = "Bodies of application 2, presence. See docs/protocol.md#golden-vectors."

func TestPresenceVectors(t *testing.T) {
	for _, v := range loadGolden(t, "presence.json", aboutPresence, presenceTable(t)) {
		t.Run(v.Name, func(t *testing.T) {
			m, err := protocol.DecodePresence(v.Bytes.bytes(t))
			if err != nil {
				checkBody(t, v, nil, nil, err)
				return
			}
			checkBody(t, v, describePresence(m), codecs(t)["presence"].mustEncode(t, m), nil)
		})
	}
}
