package protocol_test

import (
	"bytes"
	"crypto/ed25519"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"feihong/protocol"
)

// TestGreatestAnnouncementFits: with every field at its limit there is still
// room for fields to come.
func TestGreatestAnnouncementFits(t *testing.T) {
	a := greatestAnnouncement()
	raw := mustSign(t, a)
	if len(raw) > protocol.MaxAnnouncementBytes {
		t.Errorf("it has %d bytes", len(raw))
	}
	got, err := protocol.OpenAnnouncement(raw)
	if err != nil || !reflect.DeepEqual(got, a) {
		t.Errorf("gave %v, %v; want %v", got, err, a)
	}
	if got.Peer() != peerID(1) {
		t.Errorf("it is of %v", got.Peer())
	}
}

// TestLaterAnnouncementFillsTheLimit: fields of a later version may take what
// is left, and no byte more.
func TestLaterAnnouncementFillsTheLimit(t *testing.T) {
	f := announcementFields()
	build := func(size int) []byte { return signPayload(f.with(20, bytesItem(make([]byte, size))).octets().bytes(t)) }
	rest := protocol.MaxAnnouncementBytes - len(build(256)) + 256
	if raw := build(rest); len(raw) != protocol.MaxAnnouncementBytes {
		t.Fatalf("it has %d bytes", len(raw))
	}
	if _, err := protocol.OpenAnnouncement(build(rest)); err != nil {
		t.Error(err)
	}
	if _, err := protocol.OpenAnnouncement(build(rest + 1)); outcome(err) != "limit" {
		t.Errorf("a byte more gave %v", err)
	}
}

// TestChangedAnnouncementNeverOpens turns every bit of an announcement once.
func TestChangedAnnouncementNeverOpens(t *testing.T) {
	for name, raw := range map[string][]byte{
		"known fields":   mustSign(t, announcement()),
		"unknown fields": signPayload(announcementFields().with(14, "a1 00 f5").octets().bytes(t)),
	} {
		if _, err := protocol.OpenAnnouncement(raw); err != nil {
			t.Fatal(err)
		}
		for bit := range 8 * len(raw) {
			changed := bytes.Clone(raw)
			changed[bit/8] ^= 1 << (bit % 8)
			if got, err := protocol.OpenAnnouncement(changed); err == nil || got != nil {
				t.Errorf("%s: with bit %d turned it gave %v", name, bit, got)
			}
		}
	}
}

// TestPayloadsCannotBeSwapped: a signature holds for its own payload.
func TestPayloadsCannotBeSwapped(t *testing.T) {
	a, b := announcement(), announcement()
	b.Sequence++
	first, second := mustSign(t, a), mustSign(t, b)
	mixed := append(bytes.Clone(first[:ed25519.SignatureSize]), second[ed25519.SignatureSize:]...)
	if _, err := protocol.OpenAnnouncement(mixed); outcome(err) != "signature" {
		t.Errorf("gave %v", err)
	}
}

// TestAnnouncementIsMadeSafe: what the encoder is given by a settings file, or
// the decoder by a stranger, never makes an announcement fail or a list ugly.
func TestAnnouncementIsMadeSafe(t *testing.T) {
	hostile := "\u202E" + strings.Repeat("飞\n鸿\x00 ", 200)
	a := announcement()
	a.Name, a.Host, a.Department, a.StatusText = hostile, hostile, hostile, hostile
	got, err := protocol.OpenAnnouncement(mustSign(t, a))
	if err != nil {
		t.Fatal(err)
	}
	checkAnnouncement(t, got)
	for _, s := range []string{got.Name, got.Host, got.Department, got.StatusText} {
		if !strings.HasPrefix(s, "飞 鸿 飞") {
			t.Errorf("is %q", s)
		}
	}
}

// checkAnnouncement fails for an announcement that no decoder may give.
func checkAnnouncement(t *testing.T, a *protocol.Announcement) {
	t.Helper()
	checkName(t, a.Name)
	for _, text := range []struct {
		s            string
		runes, bytes int
	}{
		{a.Host, protocol.MaxHostBytes, protocol.MaxHostBytes},
		{a.Department, protocol.MaxDepartmentRunes, protocol.MaxDepartmentBytes},
		{a.StatusText, protocol.MaxStatusTextRunes, protocol.MaxStatusTextBytes},
	} {
		checkVisible(t, text.s)
		if len(text.s) > text.bytes || len([]rune(text.s)) > text.runes || strings.Contains(text.s, "\n") {
			t.Errorf("%q is too long, or not a line", text.s)
		}
	}
	if a.Status < protocol.StatusOnline || a.Status > protocol.StatusOffline {
		t.Errorf("status %v", a.Status)
	}
	if len(a.Addresses) > protocol.MaxAnnouncedAddresses || a.Sequence == 0 || a.Sequence > protocol.MaxSequence {
		t.Errorf("%d addresses, sequence %d", len(a.Addresses), a.Sequence)
	}
	for _, addr := range a.Addresses {
		checkAddress(t, addr)
	}
}

func checkAddress(t *testing.T, addr netip.Addr) {
	t.Helper()
	if !addr.IsValid() || addr.IsUnspecified() || addr.IsMulticast() || addr.Is4In6() || addr == netip.MustParseAddr("255.255.255.255") {
		t.Errorf("address %v", addr)
	}
}

// TestSignRefuses: what OpenAnnouncement would refuse is not signed.
func TestSignRefuses(t *testing.T) {
	for name, change := range map[string]func(a *protocol.Announcement){
		"no versions":       func(a *protocol.Announcement) { a.MinVersion = 0 },
		"versions reversed": func(a *protocol.Announcement) { a.MinVersion = 2 },
		"no key":            func(a *protocol.Announcement) { a.Key = nil },
		"key of 33 bytes":   func(a *protocol.Announcement) { a.Key = append(a.Key, 0) },
		"no sequence":       func(a *protocol.Announcement) { a.Sequence = 0 },
		"sequence of 2^53":  func(a *protocol.Announcement) { a.Sequence = protocol.MaxSequence + 1 },
		"no status":         func(a *protocol.Announcement) { a.Status = 0 },
		"later status":      func(a *protocol.Announcement) { a.Status = protocol.StatusOffline + 1 },
		"nine addresses": func(a *protocol.Announcement) {
			a.Addresses = append(a.Addresses, greatestAnnouncement().Addresses[:6]...)
		},
		"no address":            func(a *protocol.Announcement) { a.Addresses = make([]netip.Addr, 1) },
		"zone":                  func(a *protocol.Announcement) { a.Addresses = addresses("fe80::1%eth0") },
		"IPv4 as IPv6":          func(a *protocol.Announcement) { a.Addresses = addresses("::ffff:192.168.1.20") },
		"unspecified address":   func(a *protocol.Announcement) { a.Addresses = addresses("0.0.0.0") },
		"multicast address":     func(a *protocol.Announcement) { a.Addresses = addresses("ff02::1") },
		"address of everybody":  func(a *protocol.Announcement) { a.Addresses = addresses("255.255.255.255") },
		"loopback among others": func(a *protocol.Announcement) { a.Addresses = addresses("10.0.0.1", "::1") },
	} {
		a := announcement()
		change(a)
		never := func([]byte) []byte { t.Errorf("%s was signed", name); return nil }
		if raw, err := protocol.SignAnnouncement(a, never); outcome(err) != "field" || raw != nil {
			t.Errorf("%s gave %x, %v", name, raw, err)
		}
	}
	short := func([]byte) []byte { return make([]byte, 63) }
	if raw, err := protocol.SignAnnouncement(announcement(), short); outcome(err) != "field" || raw != nil {
		t.Errorf("a short signature gave %x, %v", raw, err)
	}
}

// TestSignedMessage: a signer is given the purpose before the payload, and
// what it returns is left alone.
func TestSignedMessage(t *testing.T) {
	buffer := make([]byte, ed25519.SignatureSize, 4096)
	var signed []byte
	raw, err := protocol.SignAnnouncement(announcement(), func(message []byte) []byte { signed = message; return buffer })
	if err != nil {
		t.Fatal(err)
	}
	payload, ok := bytes.CutPrefix(signed, []byte("feihong announcement 1\x00"))
	if !ok || !bytes.Equal(payload, raw[ed25519.SignatureSize:]) {
		t.Errorf("signed %q", signed)
	}
	if !bytes.Equal(buffer[:128], make([]byte, 128)) {
		t.Error("the signature was written behind its end")
	}
}

func TestPeekAnnouncement(t *testing.T) {
	for _, v := range announcementTable(t) {
		raw := v.Bytes.bytes(t)
		a, err := protocol.OpenAnnouncement(raw)
		key, instance, sequence, peekErr := protocol.PeekAnnouncement(raw)
		if err == nil && (peekErr != nil || !bytes.Equal(key, a.Key) || instance != a.Instance || sequence != a.Sequence) {
			t.Errorf("%s: peeking gave %x, %x, %d, %v", v.Name, key, instance, sequence, peekErr)
		}
		if peekErr != nil && (outcome(peekErr) != v.Expect || key != nil || sequence != 0) {
			t.Errorf("%s: peeking gave %v, want %s", v.Name, peekErr, v.Expect)
		}
	}
	for name, want := range map[string]string{
		"announcement without key":      "missing",
		"announcement, key of 31 bytes": "field",
		"announcement, sequence zero":   "field",
		"announcement, not a map":       "no-kind",
		"announcement, no payload":      "truncated",
		"announcement, status zero":     "ok", // not looked at
	} {
		if got := peekOutcome(t, name); got != want {
			t.Errorf("peeking at %q gave %s, want %s", name, got, want)
		}
	}
	raw := mustSign(t, announcement())
	if n := testing.AllocsPerRun(100, func() { _, _, _, _ = protocol.PeekAnnouncement(raw) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func peekOutcome(t *testing.T, name string) string {
	t.Helper()
	for _, v := range announcementTable(t) {
		if v.Name == name {
			_, _, _, err := protocol.PeekAnnouncement(v.Bytes.bytes(t))
			return outcome(err)
		}
	}
	t.Fatalf("there is no vector %q", name)
	return ""
}

// TestStatusNames: names and numbers are on the wire and in other programs.
func TestStatusNames(t *testing.T) {
	for n, want := range []string{"status-0", "online", "away", "busy", "offline", "status-5"} {
		if got := protocol.Status(n).String(); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}
