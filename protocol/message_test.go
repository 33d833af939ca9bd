package protocol_test

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"feihong/protocol"
)

func TestLinkRoundTrip(t *testing.T) {
	for name, m := range linkMessages() {
		got, err := protocol.DecodeLink(mustEncodeLink(t, m))
		if err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("%s gave %v, %v; want %v", name, got, err, m)
		}
	}
}

func TestChatRoundTrip(t *testing.T) {
	for name, m := range chatMessages() {
		got, err := protocol.DecodeChat(mustEncodeChat(t, m))
		if err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("%s gave %v, %v; want %v", name, got, err, m)
		}
	}
}

// TestAnyTextRoundTrip: whatever can be sent arrives as it was written.
func TestAnyTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &protocol.Text{
			ID:   messageID(rapid.Uint32().Draw(t, "id")),
			Time: rapid.Int64Range(0, protocol.MaxTime).Draw(t, "time"),
			Body: rapid.String().Draw(t, "body"),
		}
		body, err := protocol.EncodeChat(m)
		if err != nil {
			if protocol.CheckText(m.Body) == nil {
				t.Fatal(err)
			}
			return
		}
		if got, err := protocol.DecodeChat(body); err != nil || !reflect.DeepEqual(got, m) {
			t.Fatalf("%v, %v; want %v", got, err, m)
		}
	})
}

// TestGreatestMessagesFit: each message at all of its limits at once fits the
// limit of its application.
func TestGreatestMessagesFit(t *testing.T) {
	features := make([]string, protocol.MaxFeatures)
	for i := range features {
		features[i] = strings.Repeat("a", protocol.MaxFeatureBytes)
	}
	greatest := hello()
	greatest.MaxVersion, greatest.Port, greatest.Features = 65535, 65535, features
	greatest.Name = strings.Repeat("🦢", protocol.MaxNameRunes)
	greatest.Program = strings.Repeat("p", protocol.MaxProgramBytes)
	got, err := protocol.DecodeLink(mustEncodeLink(t, greatest))
	if err != nil || !reflect.DeepEqual(got, greatest) {
		t.Errorf("hello gave %v, %v", got, err)
	}
	for name, m := range map[string]protocol.ChatMessage{
		"text":      &protocol.Text{ID: messageID(1), Time: protocol.MaxTime, Body: strings.Repeat("a", protocol.MaxTextBytes)},
		"delivered": &protocol.Delivered{IDs: messageIDList(protocol.MaxReceiptIDs)},
		"read":      &protocol.Read{IDs: messageIDList(protocol.MaxReceiptIDs)},
		"offer":     greatestOffer(),
	} {
		got, err := protocol.DecodeChat(mustEncodeChat(t, m))
		if err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("%s gave %v", name, err)
		}
	}
}

// TestHelloIsMadeSafe: what the encoder is given by a settings file, or the
// decoder by a stranger, never makes a greeting fail or a list ugly.
func TestHelloIsMadeSafe(t *testing.T) {
	m := hello()
	m.Name = " \u202E" + strings.Repeat("飞鸿 ", 200)
	m.Program = strings.Repeat("x\n", 200)
	decoded, err := protocol.DecodeLink(mustEncodeLink(t, m))
	if err != nil {
		t.Fatal(err)
	}
	got := decoded.(*protocol.Hello)
	checkName(t, got.Name)
	if !strings.HasPrefix(got.Name, "飞鸿 飞鸿") {
		t.Errorf("name is %q", got.Name)
	}
	if len(got.Program) > protocol.MaxProgramBytes || strings.ContainsAny(got.Program, "\n") {
		t.Errorf("program is %q", got.Program)
	}
}

func TestCommonVersion(t *testing.T) {
	for _, test := range []struct {
		min, max, want uint16
		ok             bool
	}{
		{1, 1, 1, true},
		{1, 9, 1, true},
		{2, 9, 0, false},
	} {
		version, ok := (&protocol.Hello{MinVersion: test.min, MaxVersion: test.max}).CommonVersion()
		if ok != test.ok || ok && version != test.want {
			t.Errorf("%d to %d gave %d, %v", test.min, test.max, version, ok)
		}
	}
}

// TestCodeNames: names and numbers are in logs, databases and translations.
func TestCodeNames(t *testing.T) {
	names := []string{
		1: "unsupported", 2: "bad-frame", 3: "bad-message", 4: "too-long", 5: "version", 6: "wrong-peer", 7: "refused",
		8: "duplicate-session", 9: "busy", 10: "self", 11: "timeout", 12: "storage", 13: "closing", 14: "token-used", 15: "code-15",
	}
	names[0] = "code-0"
	for n, want := range names {
		code := protocol.ErrorCode(n)
		key, _ := code.UserText()
		wantKey := "protocol.code." + want
		if strings.HasPrefix(want, "code-") {
			wantKey = "protocol.code.other"
		}
		if code.String() != want || key != wantKey {
			t.Errorf("%d is %q, %q; want %q, %q", n, code, key, want, wantKey)
		}
	}
}
