package control_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"feihong/app/control"
	"feihong/protocol"
)

func TestSend(t *testing.T) {
	const long = "1m" // ends early whenever something happens
	tests := []struct {
		name   string
		to     string
		wait   string
		before func(t *testing.T, r *running)

		state   string // or several
		toName  string
		reason  string
		problem control.Code
		key     string // of the problem's text
	}{
		{name: "by name", to: "bob", wait: long, state: "delivered", toName: "Bob"},
		{name: "by ID", to: peerOf("Bob").String(), wait: long, state: "delivered", toName: "Bob"},
		{name: "by the beginning of an ID", to: peerOf("Bob").Short(), wait: long, state: "delivered", toName: "Bob"},
		{name: "by known address", to: "bob:1", wait: long, state: "delivered", toName: "Bob"},
		{name: "to a new address", to: "new:1", wait: long, state: "delivered", toName: "Newman"},
		{name: "to a new address of somebody known", to: "again:1", wait: long, state: "delivered", toName: "Bob"},
		{name: "without waiting", to: "Bob", state: "queued", toName: "Bob"},
		{name: "waiting for no time", to: "Bob", wait: "0s", state: "queued", toName: "Bob"},
		{
			name: "nobody is there", to: "nobody:1", wait: "1ms", before: connect("nobody:1"),
			state: "queued", toName: "nobody:1", problem: control.CodeUnreachable, key: "test.cause",
		},
		{
			name: "the dial takes too long", to: "Hal", wait: "1ms",
			state: "queued", toName: "Hal", problem: control.CodeOffline, key: "control.offline",
		},
		{
			name: "no address is known", to: "Ann", wait: "1ms",
			state: "queued", toName: "Ann", problem: control.CodeOffline, key: "control.offline-no-address",
		},
		{
			name: "connected, but silent", to: "mute:1", wait: "1ms", before: connect("mute:1"),
			state: "sent|queued", toName: "Mute", problem: control.CodeTimeout, key: "control.timeout",
		},
		{
			name: "another program is there", to: "foreign:1", wait: long,
			state: "queued", toName: "foreign:1", problem: control.CodeForeign, key: "test.cause",
		},
		{
			name: "somebody else is there", to: "zoe", wait: long,
			state: "queued", toName: "zoe", problem: control.CodeWrongPeer, key: "test.cause",
		},
		{
			name: "they refuse", to: "refused:1", wait: long,
			state: "failed", reason: "refused", toName: "refused:1", problem: control.CodeRefused, key: "test.cause",
		},
		{
			name: "it is ourselves after all", to: "self:1", wait: long,
			state: "failed", reason: "self", toName: "self:1", problem: control.CodeSelf, key: "test.cause",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			both(t, func(t *testing.T, r *running) {
				if test.before != nil {
					test.before(t, r)
				}
				got, err := r.client.Send(t.Context(), control.SendRequest{To: test.to, Text: "你好", Wait: test.wait})
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Contains(strings.Split(test.state, "|"), got.State) || got.To.Name != test.toName || got.Reason != test.reason || len(got.Warnings) != 0 {
					t.Errorf("answered %+v", got)
				}
				if got.State == "delivered" && got.To.ID == "" {
					t.Errorf("delivered to nobody: %+v", got.To)
				}
				wantProblem(t, got.Problem, test.problem, test.key)
				history, err := r.client.History(t.Context(), test.to, "", 0)
				if err != nil || len(history) != 1 || history[0].ID != got.ID {
					t.Errorf("the history is %+v, %v", history, err)
				}
			})
		})
	}
}

// connect dials an address once, whatever comes of it.
func connect(address string) func(*testing.T, *running) {
	return func(t *testing.T, r *running) {
		t.Helper()
		if _, err := r.Connect(t.Context(), address); (err == nil) != (address == "mute:1") {
			t.Fatalf("connect with %s: %v", address, err)
		}
	}
}

func wantProblem(t *testing.T, got *control.Error, code control.Code, key string) {
	t.Helper()
	if got == nil {
		if code != "" {
			t.Errorf("no problem, want %s", code)
		}
		return
	}
	if got.Code != code || got.Key != key || got.Message == "" {
		t.Errorf("the problem is %+v, want %s with %s", got, code, key)
	}
}

func TestSendWarnsOfAnAddress(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		got, err := r.client.Send(t.Context(), control.SendRequest{To: "warn:80", Text: "x", Wait: "1m"})
		if err != nil || got.State != "delivered" || len(got.Warnings) != 1 {
			t.Fatalf("answered %+v, %v", got, err)
		}
		wantTravelled(t, got.Warnings[0], "warn:80")
		if code := got.Warnings[0].Code; code != control.CodeDoubtful {
			t.Errorf("the warning has code %s", code)
		}
	})
}

// wantTravelled checks that a cause came whole through the interface.
func wantTravelled(t *testing.T, e *control.Error, address string) {
	t.Helper()
	key, args := e.UserText()
	if e.Error() != "cannot reach "+address || key != "test.cause" || args["address"] != address {
		t.Errorf("the cause arrived as %+v", e)
	}
	if size, ok := args["size"].(json.Number); !ok || size != "1000000" {
		t.Errorf("a number arrived as %#v", args["size"])
	}
	if args["wait"] != "3s" {
		t.Errorf("a duration arrived as %#v", args["wait"])
	}
	within, ok := args["cable"].(*control.Error)
	if !ok {
		t.Fatalf("the error within arrived as %#v", args["cable"])
	}
	key, args = within.UserText()
	if within.Error() != "the cable is out" || key != "test.cable" || args["metres"] != json.Number("30") {
		t.Errorf("the error within arrived as %+v", within)
	}
}

func TestSendRefused(t *testing.T) {
	tests := []struct {
		name, body string
		status     int
		code       control.Code
		key        string
		candidates string // their names
	}{
		{"nobody of that name", `{"to":"Nobody","text":"x"}`, 404, control.CodeUnknown, "chat.unknown", ""},
		{"a part of a name", `{"to":"bo","text":"x"}`, 404, control.CodeUnknown, "chat.unknown", "Bob"},
		{"nobody", `{"text":"x"}`, 404, control.CodeUnknown, "chat.unknown", ""},
		{"two of that name", `{"to":"li","text":"x"}`, 409, control.CodeAmbiguous, "chat.ambiguous", "Li Li"},
		{"blocked", `{"to":"Eve","text":"x"}`, 403, control.CodeBlocked, "chat.blocked", ""},
		{"bad address", `{"to":"192.168.1.300:1","text":"x"}`, 400, control.CodeBadAddress, "test.cause", ""},
		{"bad address without port", `{"to":"192.168.300.1","text":"x"}`, 400, control.CodeBadAddress, "test.cause", ""},
		{"oneself", `{"to":"` + ownAddress + `","text":"x"}`, 400, control.CodeSelf, "test.cause", ""},
		{"empty text", `{"to":"Bob","text":""}`, 400, control.CodeBadText, "text.empty", ""},
		{"no text", `{"to":"Bob"}`, 400, control.CodeBadText, "text.empty", ""},
		{"long text", `{"to":"Bob","text":"` + strings.Repeat("长", protocol.MaxTextBytes/3+1) + `"}`, 400, control.CodeBadText, "text.too-long", ""},
		{"text that becomes long", `{"to":"Bob","text":"` + strings.Repeat(`\u0001`, protocol.MaxTextBytes) + `"}`, 400, control.CodeBadText, "text.too-long", ""},
		{"text not UTF-8", "{\"to\":\"Bob\",\"text\":\"a\xff\"}", 400, control.CodeBadRequest, "", ""},
		{"wait without unit", `{"to":"Bob","text":"x","wait":"10"}`, 400, control.CodeBadRequest, "", ""},
		{"wait below zero", `{"to":"Bob","text":"x","wait":"-1s"}`, 400, control.CodeBadRequest, "", ""},
		{"unknown field", `{"to":"Bob","text":"x","priority":1}`, 400, control.CodeBadRequest, "", ""},
		{"wrong type", `{"to":"Bob","text":7}`, 400, control.CodeBadRequest, "", ""},
		{"two objects", `{"to":"Bob","text":"x"}{}`, 400, control.CodeBadRequest, "", ""},
		{"cut off", `{"to":"Bob","te`, 400, control.CodeBadRequest, "", ""},
		{"nothing", ``, 400, control.CodeBadRequest, "", ""},
		{"no object", `["Bob","x"]`, 400, control.CodeBadRequest, "", ""},
		// Not much larger than the limit, so that it is written before the answer.
		{"a huge body", `{"to":"Bob","text":"` + strings.Repeat("x", 512<<10) + `"}`, 400, control.CodeBadRequest, "", ""},
	}
	both(t, func(t *testing.T, r *running) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				e := r.request("POST", "/v1/messages", test.body).refused(t, test.status, test.code)
				var names []string
				for _, p := range e.Candidates {
					names = append(names, p.Name)
				}
				if got := strings.Join(names, " "); e.Key != test.key || got != test.candidates {
					t.Errorf("refused with key %q and candidates %q: %+v", e.Key, got, e)
				}
			})
		}
		messages, err := r.History(t.Context(), everything)
		if err != nil || len(messages) != 0 {
			t.Errorf("refused texts were kept: %+v, %v", messages, err)
		}
	})
}

// A text that is refused leaves nobody behind at the address.
func TestRefusedTextMakesNoContact(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		r.request("POST", "/v1/messages", `{"to":"new:1","text":""}`).refused(t, 400, control.CodeBadText)
		r.request("GET", "/v1/messages?with=new:1", "").refused(t, 404, control.CodeUnknown)
		if all, err := r.People(t.Context()); err != nil || len(all) != len(contacts) {
			t.Errorf("%d people, %v", len(all), err)
		}
	})
}

func TestErrorsTravelWhole(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		_, err := r.client.Send(t.Context(), control.SendRequest{To: ownAddress, Text: "x"})
		wantTravelled(t, refusal(t, err), ownAddress)
		_, err = r.client.Send(t.Context(), control.SendRequest{To: "Li", Text: "x"})
		e := refusal(t, err)
		if len(e.Candidates) != 2 || e.Candidates[0].ID != peerOf("li 1").String() || e.Candidates[1].ID != peerOf("li 2").String() {
			t.Errorf("candidates %+v", e.Candidates)
		}
	})
}

// The longest text fits, however JSON escapes it.
func TestSendLongestText(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		for _, char := range []string{"x", `\u0078`} {
			body := `{"to":"Bob","text":"` + strings.Repeat(char, protocol.MaxTextBytes) + `"}`
			if got := r.request("POST", "/v1/messages", body); got.status != 200 {
				t.Errorf("answered %d with %s", got.status, got.body)
			}
		}
	})
}
