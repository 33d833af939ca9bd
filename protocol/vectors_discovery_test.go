package protocol_test

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"feihong/protocol"
)

// discoveryVector is a vector of discovery.json.
type discoveryVector struct {
	bodyVector
	Form string `json:"form"`           // "announcement" or "datagram"
	Seed string `json:"seed,omitempty"` // of the key that signs an announcement that is accepted
}

func ofForm(form, seed string, table []bodyVector) []discoveryVector {
	var out []discoveryVector
	for _, v := range table {
		if v.Expect != "ok" {
			out = append(out, discoveryVector{bodyVector: v, Form: form})
			continue
		}
		out = append(out, discoveryVector{bodyVector: v, Form: form, Seed: seed})
	}
	return out
}

func announcementTable(tb testing.TB) []bodyVector {
	signed := func(f fields) octets { return spell(signPayload(f.octets().bytes(tb))) }
	var table []bodyVector
	for name, a := range sorted(announcements()) {
		table = append(table, accepted(name, mustSign(tb, a), describeAnnouncement(a)))
	}
	table = append(table, announcementAltered(signed)...)
	wrong := announcementRejected(signed)
	slices.SortStableFunc(wrong, func(a, b bodyVector) int { return strings.Compare(a.Name, b.Name) })
	return append(table, wrong...)
}

func datagramTable(tb testing.TB) []bodyVector {
	var table []bodyVector
	for name, d := range sorted(datagrams(tb)) {
		raw, err := protocol.EncodeDatagram(d)
		if err != nil {
			tb.Fatal(err)
		}
		v := accepted(name, raw, describeDatagram(d))
		v.Bytes = spellPadded(raw)
		table = append(table, v)
	}
	table = append(table, datagramAltered(tb)...)
	return append(table, datagramRejected(tb)...)
}

func discoveryTable(tb testing.TB) []discoveryVector {
	seed := hex.EncodeToString(privateKey(1).Seed())
	return append(ofForm("announcement", seed, announcementTable(tb)), ofForm("datagram", "", datagramTable(tb))...)
}

const aboutDiscovery = "Datagrams and signed announcements. See docs/protocol.md#golden-vectors."

func TestDiscoveryVectors(t *testing.T) {
	forms := codecs(t)
	for _, v := range loadGolden(t, "discovery.json", aboutDiscovery, discoveryTable(t)) {
		t.Run(v.Name, func(t *testing.T) {
			c := forms[v.Form]
			m, err := c.decode(v.Bytes.bytes(t))
			if err != nil {
				checkBody(t, v.bodyVector, nil, nil, err)
				return
			}
			checkBody(t, v.bodyVector, describeDiscovery(m), c.mustEncode(t, m), nil)
		})
	}
}

func describeDiscovery(m any) any {
	if a, ok := m.(*protocol.Announcement); ok {
		return describeAnnouncement(a)
	}
	return describeDatagram(m.(protocol.Datagram))
}
