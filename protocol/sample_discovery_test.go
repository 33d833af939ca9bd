package protocol_test

import (
	"crypto/ed25519"
	"net/netip"
	"strings"
	"testing"

	"feihong/protocol"
)

// privateKey returns the key made from n: its seed is n and 31 zeros.
func privateKey(n byte) ed25519.PrivateKey {
	seed := make([]byte, ed25519.SeedSize)
	seed[0] = n
	return ed25519.NewKeyFromSeed(seed)
}

func publicKey(n byte) ed25519.PublicKey { return privateKey(n).Public().(ed25519.PublicKey) }

// signer signs with the key made from n.
func signer(n byte) func([]byte) []byte {
	return func(message []byte) []byte { return ed25519.Sign(privateKey(n), message) }
}

func addresses(list ...string) []netip.Addr {
	var out []netip.Addr
	for _, s := range list {
		out = append(out, netip.MustParseAddr(s))
	}
	return out
}

// announcement is one of the key made from 1.
func announcement() *protocol.Announcement {
	return &protocol.Announcement{
		MinVersion: 1,
		MaxVersion: 1,
		Key:        publicKey(1),
		Instance:   [16]byte{0: 0xA0, 15: 0x0A},
		Sequence:   1767225600000,
		Name:       "飞鸿 Alice",
		Host:       "alice-pc",
		Department: "研发部",
		Status:     protocol.StatusBusy,
		StatusText: "back at 3 ☕",
		Port:       49321,
		Addresses:  addresses("192.168.1.20", "fe80::20", "2001:db8::20"),
	}
}

// greatestAnnouncement has every field at its limit.
func greatestAnnouncement() *protocol.Announcement {
	a := announcement()
	a.MinVersion, a.MaxVersion, a.Port = 65535, 65535, 65535
	a.Sequence = protocol.MaxSequence
	a.Instance, a.Nonce = nonce(0xFF), nonce(0xEE)
	a.Name = strings.Repeat("🦢", protocol.MaxNameRunes)
	a.Host = strings.Repeat("h", protocol.MaxHostBytes)
	a.Department = strings.Repeat("🦢", protocol.MaxDepartmentRunes)
	a.StatusText = strings.Repeat("🦢", protocol.MaxStatusTextRunes)
	a.Addresses = nil
	for range protocol.MaxAnnouncedAddresses {
		a.Addresses = append(a.Addresses, netip.MustParseAddr("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"))
	}
	return a
}

// nonce is 16 times the same byte.
func nonce(b byte) (n [16]byte) {
	for i := range n {
		n[i] = b
	}
	return n
}

func mustSign(tb testing.TB, a *protocol.Announcement) []byte {
	tb.Helper()
	raw, err := protocol.SignAnnouncement(a, signer(1))
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

// signPayload signs what no encoder writes.
func signPayload(payload []byte) []byte {
	return append(signer(1)(append([]byte("feihong announcement 1\x00"), payload...)), payload...)
}

// codec is a form in which something is sent, with samples of it. All codecs
// keep the same promises.
type codec struct {
	samples map[string]any
	encode  func(any) ([]byte, error)
	decode  func([]byte) (any, error)
}

func codecs(tb testing.TB) map[string]codec {
	return map[string]codec{
		"datagram": {
			samples: untyped(datagrams(tb)),
			encode:  func(m any) ([]byte, error) { return protocol.EncodeDatagram(m.(protocol.Datagram)) },
			decode:  func(raw []byte) (any, error) { return protocol.DecodeDatagram(raw) },
		},
		"presence": {
			samples: untyped(presenceMessages(tb)),
			encode:  func(m any) ([]byte, error) { return protocol.EncodePresence(m.(protocol.PresenceMessage)) },
			decode:  func(raw []byte) (any, error) { return protocol.DecodePresence(raw) },
		},
		"doctor": {
			samples: untyped(doctorMessages()),
			encode:  func(m any) ([]byte, error) { return protocol.EncodeDoctor(m.(protocol.DoctorMessage)) },
			decode:  func(raw []byte) (any, error) { return protocol.DecodeDoctor(raw) },
		},
		"announcement": {
			samples: untyped(announcements()),
			encode: func(m any) ([]byte, error) {
				return protocol.SignAnnouncement(m.(*protocol.Announcement), signer(1))
			},
			decode: func(raw []byte) (any, error) { return protocol.OpenAnnouncement(raw) },
		},
		"files": {
			samples: untyped(filesMessages(tb)),
			encode:  func(m any) ([]byte, error) { return protocol.EncodeFiles(m.(protocol.FilesMessage)) },
			decode:  func(raw []byte) (any, error) { return protocol.DecodeFiles(raw) },
		},
		"receipt": {
			samples: untyped(receipts(tb)),
			encode:  func(m any) ([]byte, error) { return protocol.EncodeReceipt(m.(*protocol.Receipt)) },
			decode:  func(raw []byte) (any, error) { return protocol.DecodeReceipt(raw) },
		},
		"bulk": {samples: bulkMessages(), encode: encodeBulk, decode: decodeBulk},
	}
}

func untyped[M any](messages map[string]M) map[string]any {
	out := make(map[string]any, len(messages))
	for name, m := range messages {
		out[name] = m
	}
	return out
}

func (c codec) mustEncode(tb testing.TB, m any) []byte {
	tb.Helper()
	raw, err := c.encode(m)
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}
