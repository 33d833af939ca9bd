package protocol_test

import (
	"bytes"
	"reflect"
	"testing"

	"feihong/protocol"
)

// checkAgain makes sure that what was decoded encodes to bytes that mean the
// same.
func checkAgain(t *testing.T, c codec, m any) []byte {
	t.Helper()
	again := c.mustEncode(t, m)
	if second, err := c.decode(again); err != nil || !reflect.DeepEqual(second, m) {
		t.Errorf("%v encodes to %x, which is %v, %v", m, again, second, err)
	}
	return again
}

// checkCanonical makes sure that nothing but unknown fields got lost: without
// them there is one encoding.
func checkCanonical(t *testing.T, raw, again []byte) {
	t.Helper()
	if len(again) > len(raw) || len(again) == len(raw) && !bytes.Equal(again, raw) {
		t.Errorf("%x encodes to %x", raw, again)
	}
}

// checkCanonicalText is checkCanonical for a message with a text that is made
// visible when it is read, perhaps in as many bytes: it never gets longer, and
// is the same again if nothing had to be made visible.
func checkCanonicalText(t *testing.T, raw, again []byte, text string) {
	t.Helper()
	if len(again) > len(raw) {
		t.Errorf("%x encodes to %x, which is longer", raw, again)
	}
	if bytes.Contains(raw, []byte(text)) {
		checkCanonical(t, raw, again)
	}
}

func FuzzDatagram(f *testing.F) {
	for _, v := range datagramTable(f) {
		f.Add(v.Bytes.bytes(f))
	}
	c := codecs(f)["datagram"]
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := protocol.DecodeDatagram(raw)
		if err != nil {
			checkDecodeError(t, err)
			return
		}
		again := checkAgain(t, c, d)
		if _, question := d.(*protocol.Question); question {
			if len(raw) != protocol.MaxDatagramBytes {
				t.Errorf("a question of %d bytes", len(raw))
			}
			raw, again = bytes.TrimRight(raw, "\x00"), bytes.TrimRight(again, "\x00")
		}
		checkCanonical(t, raw, again)
		if passed, ok := d.(*protocol.PassedOn); ok {
			checkAddress(t, passed.Asker.Addr())
			checkVisible(t, passed.Asker.String())
		}
	})
}

// FuzzAnnouncement opens anything: nothing opens that the tables do not have,
// since nobody can sign.
func FuzzAnnouncement(f *testing.F) {
	signed := make(map[string]bool)
	for _, v := range announcementTable(f) {
		raw := v.Bytes.bytes(f)
		signed[string(raw)] = v.Expect == "ok"
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := protocol.OpenAnnouncement(raw)
		key, instance, sequence, peekErr := protocol.PeekAnnouncement(raw)
		if peekErr != nil {
			checkDecodeError(t, peekErr)
		}
		if err != nil {
			checkDecodeError(t, err)
			return
		}
		if !signed[string(raw)] {
			t.Errorf("%x opened", raw)
		}
		if peekErr != nil || !bytes.Equal(key, a.Key) || instance != a.Instance || sequence != a.Sequence {
			t.Errorf("peeking gave %x, %x, %d, %v", key, instance, sequence, peekErr)
		}
	})
}

// FuzzSignedPayload signs anything, to get behind the signature: those who can
// sign can be hostile as well.
func FuzzSignedPayload(f *testing.F) {
	for _, v := range announcementTable(f) {
		if raw := v.Bytes.bytes(f); len(raw) > 64 {
			f.Add(raw[64:])
		}
	}
	c := codecs(f)["announcement"]
	f.Fuzz(func(t *testing.T, payload []byte) {
		raw := signPayload(payload)
		a, err := protocol.OpenAnnouncement(raw)
		if err != nil {
			checkDecodeError(t, err)
			return
		}
		checkAnnouncement(t, a)
		checkAgain(t, c, a)
		if _, _, _, err := protocol.PeekAnnouncement(raw); err != nil {
			t.Errorf("opens, but peeking gave %v", err)
		}
	})
}

// FuzzChangedAnnouncement changes a signed announcement in one place, cuts it
// or puts two halves of it together. None of it ever opens.
func FuzzChangedAnnouncement(f *testing.F) {
	good := mustSign(f, announcement())
	other := mustSign(f, smallAnnouncement())
	f.Add(uint(0), byte(1), uint(0))
	f.Add(uint(63), byte(0x80), uint(64))
	f.Add(uint(100), byte(0xFF), uint(200))
	f.Fuzz(func(t *testing.T, at uint, change byte, split uint) {
		changed := bytes.Clone(good)
		changed[at%uint(len(good))] ^= change | 1
		n := int(split % uint(len(good)))
		for name, raw := range map[string][]byte{
			"changed": changed,
			"cut":     good[:n],
			"rest":    good[n+1:],
			"halves":  append(bytes.Clone(good[:n]), other[min(n, len(other)):]...),
			"twice":   append(bytes.Clone(good[:n]), good...),
		} {
			if bytes.Equal(raw, other) || bytes.Equal(raw, good) {
				continue // two halves that happen to be one whole
			}
			if a, err := protocol.OpenAnnouncement(raw); err == nil || a != nil {
				t.Errorf("%s at %d: %v opened", name, n, a)
			}
		}
	})
}

func FuzzPresence(f *testing.F) {
	for _, v := range presenceTable(f) {
		if body := v.Bytes.bytes(f); len(body) < 2000 {
			f.Add(body)
		}
	}
	c := codecs(f)["presence"]
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := protocol.DecodePresence(body)
		if err != nil {
			checkDecodeError(t, err)
			return
		}
		checkCanonical(t, body, checkAgain(t, c, m))
		if people, ok := m.(*protocol.People); ok && len(people.Told) > protocol.MaxTold {
			t.Errorf("%d people", len(people.Told))
		}
	})
}

func FuzzDoctor(f *testing.F) {
	for _, v := range doctorTable(f) {
		if body := v.Bytes.bytes(f); len(body) < 2000 {
			f.Add(body)
		}
	}
	c := codecs(f)["doctor"]
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := protocol.DecodeDoctor(body)
		if err != nil {
			checkDecodeError(t, err)
			return
		}
		checkCanonical(t, body, checkAgain(t, c, m))
		if examine, ok := m.(*protocol.Examine); ok {
			checkAddress(t, examine.Address.Addr())
		}
	})
}
