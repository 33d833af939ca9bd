package protocol_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"feihong/protocol"
)

// TestCutOffBodies cuts every message after every byte. What is left is never
// a message.
func TestCutOffBodies(t *testing.T) {
	for name, m := range linkMessages() {
		body := mustEncodeLink(t, m)
		for n := range body {
			if got, err := protocol.DecodeLink(body[:n]); outcome(err) != "truncated" || got != nil {
				t.Errorf("%s cut to %d bytes gave %v, %v", name, n, got, err)
			}
		}
	}
	for name, m := range chatMessages() {
		body := mustEncodeChat(t, m)
		for n := range body {
			if got, err := protocol.DecodeChat(body[:n]); outcome(err) != "truncated" || got != nil {
				t.Errorf("%s cut to %d bytes gave %v, %v", name, n, got, err)
			}
		}
	}
}

// allocated is how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestDeclaredSizesAllocateNothing: a body that is refused costs no memory in
// proportion to what it declares.
func TestDeclaredSizesAllocateNothing(t *testing.T) {
	const enough = 16 << 10 // an error and a little noise of the runtime
	for _, v := range bodyRejected() {
		body := v.Bytes.bytes(t)
		least := ^uint64(0)
		for range 3 {
			least = min(least, allocated(func() {
				if _, err := protocol.DecodeChat(body); err == nil {
					t.Errorf("%s was accepted", v.Name)
				}
			}))
		}
		if least > enough {
			t.Errorf("%s: %d bytes allocated", v.Name, least)
		}
	}
}

// TestReceiptAllocatesItsSize: a declared number of IDs is believed only when
// they are there.
func TestReceiptAllocatesItsSize(t *testing.T) {
	body := octets{"a2 00 02 01 99 04 00", idItem(1) + "*1023"}.bytes(t)
	if n := testing.AllocsPerRun(10, func() {
		if _, err := protocol.DecodeChat(body); err == nil {
			t.Error("was accepted")
		}
	}); n > 2 {
		t.Errorf("%v allocations", n)
	}
}

// TestDecodedSharesNothing overwrites a body after decoding it, as a
// FrameReader does.
func TestDecodedSharesNothing(t *testing.T) {
	for name, m := range chatMessages() {
		body := mustEncodeChat(t, m)
		got, err := protocol.DecodeChat(body)
		if err != nil {
			t.Fatal(err)
		}
		clear(body)
		if again, want := mustEncodeChat(t, got), mustEncodeChat(t, m); string(again) != string(want) {
			t.Errorf("%s changed to %x, want %x", name, again, want)
		}
	}
	for name, m := range linkMessages() {
		body := mustEncodeLink(t, m)
		got, err := protocol.DecodeLink(body)
		if err != nil {
			t.Fatal(err)
		}
		clear(body)
		if again, want := mustEncodeLink(t, got), mustEncodeLink(t, m); string(again) != string(want) {
			t.Errorf("%s changed to %x, want %x", name, again, want)
		}
	}
}

// TestEncoderRefuses: what a decoder would refuse is not encoded.
func TestEncoderRefuses(t *testing.T) {
	changed := func(change func(*protocol.Hello)) *protocol.Hello {
		m := hello()
		change(m)
		return m
	}
	for name, m := range map[string]protocol.LinkMessage{
		"nothing":           nil,
		"no versions":       changed(func(m *protocol.Hello) { m.MinVersion = 0 }),
		"versions reversed": changed(func(m *protocol.Hello) { m.MinVersion = 2 }),
		"no peer":           changed(func(m *protocol.Hello) { m.Peer = protocol.PeerID{} }),
		"bad feature":       changed(func(m *protocol.Hello) { m.Features = []string{"A"} }),
		"65 features":       changed(func(m *protocol.Hello) { m.Features = make([]string, 65) }),
		"error of no code":  &protocol.Error{Text: "x"},
	} {
		if body, err := protocol.EncodeLink(m); outcome(err) != "field" || body != nil {
			t.Errorf("%s gave %x, %v", name, body, err)
		}
	}
	id := messageID(1)
	for name, test := range map[string]struct {
		m    protocol.ChatMessage
		want string
	}{
		"nothing":              {nil, "field"},
		"text without ID":      {&protocol.Text{Body: "x"}, "field"},
		"text before 1970":     {&protocol.Text{ID: id, Time: -1, Body: "x"}, "field"},
		"text after 9999":      {&protocol.Text{ID: id, Time: protocol.MaxTime + 1, Body: "x"}, "field"},
		"empty text":           {&protocol.Text{ID: id}, "text-empty"},
		"text not UTF-8":       {&protocol.Text{ID: id, Body: "\xff"}, "text-not-utf8"},
		"empty receipt":        {&protocol.Delivered{}, "field"},
		"receipt of 1025":      {&protocol.Read{IDs: messageIDList(1025)}, "field"},
		"receipt of zero ID":   {&protocol.Read{IDs: make([]protocol.MessageID, 1)}, "field"},
		"refusal without ID":   {&protocol.Refused{Code: protocol.CodeBusy}, "field"},
		"refusal without code": {&protocol.Refused{ID: id}, "field"},
		"offer of nothing":     {&protocol.Offer{ID: id}, "field"},
		"offer, blank caption": {changedOffer(func(o *protocol.Offer) { o.Text = " " }), "text-empty"},
		"offer, long caption":  {changedOffer(func(o *protocol.Offer) { o.Text = strings.Repeat("a", 65537) }), "text-too-long"},
	} {
		if body, err := protocol.EncodeChat(test.m); outcome(err) != test.want || body != nil {
			t.Errorf("%s gave %x, %v; want %s", name, body, err, test.want)
		}
	}
	for name, m := range map[string]protocol.FilesMessage{
		"state without ID":      &protocol.TransferState{Phase: protocol.PhaseDone},
		"state without phase":   &protocol.TransferState{ID: id},
		"state, no reason":      &protocol.TransferState{ID: id, Phase: protocol.PhaseDone, Reason: "No reason"},
		"state of too much":     &protocol.TransferState{ID: id, Phase: protocol.PhaseDone, Done: protocol.MaxFileBytes + 1},
		"call without ID":       &protocol.TransferCall{},
		"receipt without ID":    &protocol.TransferReceipt{Receipt: []byte{1}},
		"receipt of nothing":    &protocol.TransferReceipt{ID: id},
		"receipt of 1025 bytes": &protocol.TransferReceipt{ID: id, Receipt: make([]byte, 1025)},
	} {
		if body, err := protocol.EncodeFiles(m); outcome(err) != "field" || body != nil {
			t.Errorf("%s gave %x, %v", name, body, err)
		}
	}
}

// TestErrorsSpeak: errors carry a key for the person and English for the log.
func TestErrorsSpeak(t *testing.T) {
	_, badFormat := protocol.DecodeLink([]byte{0xa1, 0x01, 0x04})
	_, overLimit := protocol.DecodeLink(make([]byte, protocol.MaxLinkBytes+1))
	for _, test := range []struct {
		err          error
		english, key string
	}{
		{badFormat, "bad link message: it is not a map that begins with the kind of message", "protocol.bad-format"},
		{overLimit, "link body is too long: 16385, at most 16384 allowed", "protocol.over-limit"},
		{&protocol.Error{Code: protocol.CodeRefused, Text: "no"}, "refused: no", "protocol.code.refused"},
		{&protocol.Error{Code: protocol.CodeSelf}, "self", "protocol.code.self"},
		{&protocol.Error{Code: 777}, "code-777", "protocol.code.other"},
		{&protocol.UnknownKindError{What: "chat message", Kind: 9}, "unknown kind 9 of chat message", ""},
		{&protocol.UnknownApplicationError{App: 77, Length: 3}, "unknown application 77 skipped (3 bytes)", ""},
	} {
		var shown interface {
			error
			UserText() (string, map[string]any)
		}
		key := ""
		if errors.As(test.err, &shown) {
			key, _ = shown.UserText()
		}
		if test.err.Error() != test.english || key != test.key {
			t.Errorf("says %q, %q; want %q, %q", test.err, key, test.english, test.key)
		}
	}
}
