package protocol_test

import (
	"encoding/hex"
	"strings"

	"feihong/protocol"
)

func describeAnnouncement(a *protocol.Announcement) map[string]any {
	out := map[string]any{
		"kind": "announcement", "min": a.MinVersion, "max": a.MaxVersion, "key": hex.EncodeToString(a.Key), "peer": a.Peer().String(),
		"instance": hex.EncodeToString(a.Instance[:]), "sequence": a.Sequence, "name": a.Name, "host": a.Host,
		"department": a.Department, "status": a.Status.String(), "status_text": a.StatusText, "port": a.Port,
	}
	list := []string{}
	for _, addr := range a.Addresses {
		list = append(list, addr.String())
	}
	out["addresses"] = list
	if a.Nonce != [16]byte{} {
		out["nonce"] = hex.EncodeToString(a.Nonce[:])
	}
	return out
}

func announcements() map[string]*protocol.Announcement {
	changed := func(change func(a *protocol.Announcement)) *protocol.Announcement {
		a := announcement()
		change(a)
		return a
	}
	return map[string]*protocol.Announcement{
		"announcement":                 announcement(),
		"announcement at all limits":   greatestAnnouncement(),
		"announcement, goodbye":        changed(func(a *protocol.Announcement) { a.Status = protocol.StatusOffline }),
		"announcement, away":           changed(func(a *protocol.Announcement) { a.Status = protocol.StatusAway }),
		"announcement with a nonce":    changed(func(a *protocol.Announcement) { a.Nonce = nonce(0x17) }),
		"announcement, later versions": changed(func(a *protocol.Announcement) { a.MinVersion, a.MaxVersion = 2, 65535 }),
		"announcement, loopback only":  changed(func(a *protocol.Announcement) { a.Addresses = addresses("127.0.0.1", "::1") }),
		"announcement, all empty": {
			MinVersion: 1, MaxVersion: 1, Key: publicKey(1), Sequence: 1, Status: protocol.StatusOnline,
		},
	}
}

func announcementFields() fields {
	key, instance := publicKey(1), [16]byte{0: 0xA0, 15: 0x0A}
	return fields{
		0: "01", 1: "01", 2: "01", 3: bytesItem(key), 4: bytesItem(instance[:]), 5: "07", 6: textItem("Alice"), 7: textItem("pc"),
		8: textItem("IT"), 9: "01", 10: textItem("here"), 11: "1850", 12: "81 44 c0a80114",
	}
}

// smallAnnouncement is what announcementFields mean.
func smallAnnouncement() *protocol.Announcement {
	return &protocol.Announcement{
		MinVersion: 1, MaxVersion: 1, Key: publicKey(1), Instance: [16]byte{0: 0xA0, 15: 0x0A}, Sequence: 7, Name: "Alice", Host: "pc",
		Department: "IT", Status: protocol.StatusOnline, StatusText: "here", Port: 80, Addresses: addresses("192.168.1.20"),
	}
}

func announcementAltered(signed func(fields) octets) []bodyVector {
	f := announcementFields()
	means := func(change func(a *protocol.Announcement)) any {
		a := smallAnnouncement()
		change(a)
		return describeAnnouncement(a)
	}
	return []bodyVector{
		altered("announcement with unknown fields", signed(f.with(14, "a1 00 f5").with(1000, textItem("x"))), describeAnnouncement(smallAnnouncement())),
		altered("announcement, status of a later version", signed(f.with(9, "05")), describeAnnouncement(smallAnnouncement())),
		altered("announcement, greatest status", signed(f.with(9, "18ff")), describeAnnouncement(smallAnnouncement())),
		altered("announcement with an unsafe name", signed(f.with(6, textItem("\u202eAlice\n\x00"))), describeAnnouncement(smallAnnouncement())),
		altered("announcement with an unsafe host", signed(f.with(7, textItem("p\u200bc"))), describeAnnouncement(smallAnnouncement())),
		altered("announcement with an unsafe department", signed(f.with(8, textItem("\tIT "))), describeAnnouncement(smallAnnouncement())),
		altered("announcement with an unsafe status text", signed(f.with(10, textItem("he\x1bre"))), describeAnnouncement(smallAnnouncement())),
		altered("announcement, department of 160 letters", signed(f.with(8, textItem(strings.Repeat("a", 160)))),
			means(func(a *protocol.Announcement) { a.Department = strings.Repeat("a", 40) })),
	}
}

func announcementRejected(signed func(fields) octets) []bodyVector {
	f := announcementFields()
	good := mustDecodeHex(signed(f)[0])
	changed := func(at int) octets {
		raw := append([]byte(nil), good...)
		raw[at] ^= 1
		return spell(raw)
	}
	otherDomain := append(signer(1)(append([]byte("feihong announcement 2\x00"), good[64:]...)), good[64:]...)
	noDomain := append(signer(1)(good[64:]), good[64:]...)
	forged := append(signer(2)(append([]byte("feihong announcement 1\x00"), good[64:]...)), good[64:]...)
	table := []bodyVector{
		rejected("announcement, signature changed at its beginning", "signature", changed(0)),
		rejected("announcement, signature changed at its end", "signature", changed(63)),
		rejected("announcement, last byte changed", "signature", changed(len(good)-1)),
		rejected("announcement, signed with another key", "signature", spell(forged)),
		rejected("announcement, signed for another purpose", "signature", spell(otherDomain)),
		rejected("announcement, signed without purpose", "signature", spell(noDomain)),
		rejected("announcement, signature zero", "signature", octets{"00*64", hex.EncodeToString(good[64:])}),
		rejected("announcement, no payload", "truncated", octets{"00*64"}),
		rejected("announcement, nothing", "truncated", octets{""}),
		rejected("announcement, not a map", "no-kind", spell(signPayload([]byte{0x80}))),
		rejected("announcement, one byte behind the end", "trailing", spell(signPayload(append(good[64:len(good):len(good)], 0)))),
		rejected("announcement of a later version", "unknown-kind", signed(f.with(0, "02"))),
		rejected("announcement of 1025 bytes", "limit", octets{"00*1025"}),
	}
	for key, name := range map[uint]string{
		1: "lowest version", 2: "highest version", 3: "key", 4: "instance", 5: "sequence", 6: "name", 7: "host", 8: "department",
		9: "status", 10: "status text", 11: "port", 12: "addresses",
	} {
		table = append(table, rejected("announcement without "+name, "missing", signed(f.without(key))))
	}
	return append(table, announcementFieldRejected(signed)...)
}

func announcementFieldRejected(signed func(fields) octets) []bodyVector {
	f := announcementFields()
	var table []bodyVector
	for _, v := range []struct {
		name  string
		key   uint
		value string
	}{
		{"version zero", 1, "00"},
		{"versions reversed", 1, "02"},
		{"version over 65535", 2, "1a 00 01 00 00"},
		{"key of 31 bytes", 3, bytesItem(make([]byte, 31))},
		{"key as text", 3, textItem(strings.Repeat("a", 32))},
		{"instance of 17 bytes", 4, bytesItem(make([]byte, 17))},
		{"sequence zero", 5, "00"},
		{"sequence of 2^53", 5, "1b 00 20 00 00 00 00 00 00"},
		{"sequence negative", 5, "20"},
		{"name of 257 bytes", 6, textItem(strings.Repeat("a", 257))},
		{"name as bytes", 6, "41 61"},
		{"host of 65 bytes", 7, textItem(strings.Repeat("a", 65))},
		{"department of 161 bytes", 8, textItem(strings.Repeat("a", 161))},
		{"status zero", 9, "00"},
		{"status over 255", 9, "19 01 00"},
		{"status text of 201 bytes", 10, textItem(strings.Repeat("a", 201))},
		{"port over 65535", 11, "1a 00 01 00 00"},
		{"addresses as bytes", 12, "44 c0 a8 01 14"},
		{"nine addresses", 12, "89" + strings.Repeat("44 c0 a8 01 14", 9)},
		{"address of 5 bytes", 12, "81 45 c0 a8 01 14 00"},
		{"address as text", 12, "81" + textItem("::ff")},
		{"address as an array", 12, "81 84 01 01 01 01"},
		{"IPv4 address as IPv6", 12, "81 50" + strings.Repeat("00", 10) + "ffff c0 a8 01 14"},
		{"address 0.0.0.0", 12, "81 44 00 00 00 00"},
		{"address ::", 12, "81 50" + strings.Repeat("00", 16)},
		{"address of everybody", 12, "81 44 ff ff ff ff"},
		{"multicast address", 12, "81 44 ef ff 2a 32"},
		{"multicast IPv6 address", 12, "81 50 ff 02" + strings.Repeat("00", 13) + "01"},
		{"loopback beside another", 12, "82 44 7f 00 00 01 44 c0 a8 01 14"},
		{"nonce zero", 13, bytesItem(make([]byte, 16))},
		{"nonce of 8 bytes", 13, bytesItem(make([]byte, 8))},
	} {
		table = append(table, rejected("announcement, "+v.name, "field", signed(f.with(v.key, v.value))))
	}
	return append(table, rejected("announcement, name not UTF-8", "not-utf8", signed(f.with(6, "61 ff"))))
}

func mustDecodeHex(s string) []byte {
	raw, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return raw
}
