package control_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"feihong/app/chat"
	"feihong/app/control"
)

var everything chat.HistoryQuery

func TestID(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		got, err := r.client.ID(t.Context())
		if err != nil || !reflect.DeepEqual(got, r.self()) {
			t.Errorf("got %+v, %v; want %+v", got, err, r.self())
		}
	})
}

func TestPeers(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		r.receive(r.net.comes("carl"), "hi")
		if _, err := r.Connect(t.Context(), "foreign:1"); err == nil {
			t.Fatal("connected with another program")
		}
		peers, err := r.client.Peers(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		byName := make(map[string]control.Peer)
		for _, p := range peers {
			names = append(names, p.Name)
			byName[p.Name] = p
		}
		if want := "Ann Bob carl Eve foreign:1 Hal Li Li zoe"; strings.Join(names, " ") != want {
			t.Errorf("peers are %q, want %q", names, want)
		}
		carl := byName["carl"]
		if carl.LastSeen == nil {
			t.Error("carl was never seen")
		}
		carl.LastSeen = nil
		seen := contacts[6].LastSeen
		for want, got := range map[control.Peer]control.Peer{
			{ID: peerOf("carl").String(), Name: "carl", Online: true, Status: "online", Via: "incoming", Unread: 1}:                            carl,
			{ID: peerOf("eve").String(), Name: "Eve", Address: "eve:1", Status: "offline", Blocked: true}:                                      byName["Eve"],
			{ID: peerOf("li 2").String(), Name: "Li", Address: "li:2", Status: "offline", Namesake: true}:                                      byName["Li"],
			{Name: "foreign:1", Address: "foreign:1", Status: "offline", Problem: "cannot reach foreign:1"}:                                    byName["foreign:1"],
			{ID: peerOf("zoe").String(), Name: "zoe", Address: "other:1", Status: "offline", Verified: true, LastSeen: byName["zoe"].LastSeen}: byName["zoe"],
		} {
			if got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		}
		if last := byName["zoe"].LastSeen; last == nil || !last.Equal(seen) {
			t.Errorf("zoe was seen %v, want %v", last, seen)
		}
	})
}

func TestHistory(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		bob := r.net.comes("Bob")
		r.receive(bob, "第一条消息")
		sent, err := r.client.Send(t.Context(), control.SendRequest{To: "Bob", Text: "second message", Wait: "1m"})
		if err != nil {
			t.Fatal(err)
		}
		r.receive(bob, "third\x07")
		tests := []struct {
			with, search string
			limit        int
			want         string
		}{
			{"Bob", "", 0, "第一条消息|second message|third␇"},
			{peerOf("Bob").Short(), "", 2, "second message|third␇"},
			{"bob:1", "消息", 0, "第一条消息"},
			{"Bob", "sec", 0, "second message"},
			{"Bob", "nothing", 0, ""},
			{"Ann", "", 0, ""},
		}
		for _, test := range tests {
			got, err := r.client.History(t.Context(), test.with, test.search, test.limit)
			var texts []string
			for _, m := range got {
				texts = append(texts, m.Text)
			}
			if err != nil || got == nil || strings.Join(texts, "|") != test.want {
				t.Errorf("%+v: %q, %v", test, texts, err)
			}
		}
		all, err := r.client.History(t.Context(), "Bob", "", 0)
		if err != nil || len(all) != 3 {
			t.Fatalf("%+v, %v", all, err)
		}
		in, out := all[0], all[1]
		if in.Direction != "in" || in.State != "delivered" || in.Kind != "text" || in.Time.UnixMilli() != 1_700_000_000_000 ||
			in.From != (control.Person{ID: peerOf("Bob").String(), Name: "Bob"}) {
			t.Errorf("received %+v", in)
		}
		if out.ID != sent.ID || out.Direction != "out" || out.State != "delivered" || out.From != (control.Person{ID: r.self().ID, Name: "Me"}) {
			t.Errorf("sent %+v", out)
		}
	})
}

func TestQuestionsRefused(t *testing.T) {
	tests := []struct {
		name, method, path, body string
		status                   int
		code                     control.Code
	}{
		{"history of nobody", "GET", "/v1/messages?with=Nobody", "", 404, control.CodeUnknown},
		{"history without a name", "GET", "/v1/messages", "", 404, control.CodeUnknown},
		{"history of two", "GET", "/v1/messages?with=Li", "", 409, control.CodeAmbiguous},
		{"history of an unknown address", "GET", "/v1/messages?with=new:1", "", 404, control.CodeUnknown},
		{"history of a bad address", "GET", "/v1/messages?with=1.2.3.300:1", "", 400, control.CodeBadAddress},
		{"history of oneself", "GET", "/v1/messages?with=" + ownAddress, "", 400, control.CodeSelf},
		{"limit is no number", "GET", "/v1/messages?with=Bob&limit=ten", "", 400, control.CodeBadRequest},
		{"limit below zero", "GET", "/v1/messages?with=Bob&limit=-1", "", 400, control.CodeBadRequest},
		{"read by nobody", "POST", "/v1/read", `{"with":"Nobody"}`, 404, control.CodeUnknown},
		{"read without an object", "POST", "/v1/read", ``, 400, control.CodeBadRequest},
		{"history of somewhere unknown", "GET", "/v1/messages?with=192.168.1.9", "", 404, control.CodeUnknown},
		{"read by somewhere unknown", "POST", "/v1/read", `{"with":"192.168.1.9"}`, 404, control.CodeUnknown},
		{"post settings", "POST", "/v1/settings", "{}", 405, control.CodeNoMethod},
		{"get a search", "GET", "/v1/search", "", 405, control.CodeNoMethod},
		{"get a doctor", "GET", "/v1/doctor", "", 405, control.CodeNoMethod},
		{"no such path", "GET", "/v1/groups", "", 404, control.CodeNoPath},
		{"no path", "GET", "/", "", 404, control.CodeNoPath},
		{"path below", "GET", "/v1/id/x", "", 404, control.CodeNoPath},
		{"delete messages", "DELETE", "/v1/messages", "", 405, control.CodeNoMethod},
		{"put a message", "PUT", "/v1/messages", "{}", 405, control.CodeNoMethod},
		{"post an ID", "POST", "/v1/id", "{}", 405, control.CodeNoMethod},
		{"post events", "POST", "/v1/events", "", 405, control.CodeNoMethod},
		{"get a window", "GET", "/v1/window", "", 405, control.CodeNoMethod},
		{"get read", "GET", "/v1/read", "", 405, control.CodeNoMethod},
		{"patch peers", "PATCH", "/v1/peers", "", 405, control.CodeNoMethod},
	}
	both(t, func(t *testing.T, r *running) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				got := r.request(test.method, test.path, test.body)
				got.refused(t, test.status, test.code)
				if allow := got.header.Get("Allow"); (allow != "") != (test.status == 405) {
					t.Errorf("Allow: %q", allow)
				}
			})
		}
		if got := r.request("DELETE", "/v1/messages", ""); got.header.Get("Allow") != "GET, POST" {
			t.Errorf("headers %v", got.header)
		}
	})
}

func TestRead(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		r.receive(r.net.comes("Bob"), "hi")
		unread := func() int {
			peers, err := r.client.Peers(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return peers[slices.IndexFunc(peers, func(p control.Peer) bool { return p.ID == peerOf("Bob").String() })].Unread
		}
		if unread() != 1 {
			t.Errorf("%d unread before", unread())
		}
		if got := r.request("POST", "/v1/read", `{"with":"Bob"}`); got.status != 204 || len(got.body) != 0 {
			t.Errorf("answered %d with %q", got.status, got.body)
		}
		if unread() != 0 {
			t.Errorf("%d unread after", unread())
		}
	})
}

func TestWindow(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		if err := r.client.ShowWindow(t.Context()); err != nil || r.windows.Load() != 1 {
			t.Errorf("shown %d times, %v", r.windows.Load(), err)
		}
	})
}

func TestNoWindow(t *testing.T) {
	client := control.Local(control.Handler(control.Config{}))
	e := refusal(t, client.ShowWindow(t.Context()))
	if e.Code != control.CodeBadRequest || e.Key != "control.no-window" {
		t.Errorf("refused with %+v", e)
	}
}

// Once the service has ended, whoever asks is told so.
func TestClosing(t *testing.T) {
	r := start(t, true)
	r.stop()
	_, err := r.client.Peers(t.Context())
	if e := refusal(t, err); e.Code != control.CodeClosing || e.Key != "control.closing" || e.Message != chat.ErrClosed.Error() {
		t.Errorf("refused with %+v", e)
	}
	r.request("GET", "/v1/events", "").refused(t, 503, control.CodeClosing)
}

func TestErrorWithoutTranslation(t *testing.T) {
	r := start(t, true)
	handler := control.Handler(control.Config{Chat: r.Service, Self: r.self, CheckAddress: func(string) (string, []error, error) {
		return "", nil, &control.BadAddressError{Err: errors.New("not an address")}
	}})
	_, err := control.Local(handler).History(t.Context(), "a:b", "", 0)
	if e := refusal(t, err); e.Code != control.CodeBadAddress || e.Key != "" || e.Message != "not an address" {
		t.Errorf("refused with %+v", e)
	}
}

func FuzzErrorJSON(f *testing.F) {
	f.Add([]byte(`{"code":"unknown","message":"who?","key":"chat.unknown","args":{"who":"Bob"},"candidates":[{"id":"A","name":"B"}]}`))
	f.Add([]byte(`{"code":"x","message":"y","args":{"why":{"message":"z","args":{"n":1e3,"list":[1,{}],"no":null,"yes":true}}}}`))
	f.Add([]byte(`null`))
	f.Add([]byte(`{"args":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var first, second control.Error
		if json.Unmarshal(raw, &first) != nil {
			return
		}
		once, err := json.Marshal(&first)
		if err != nil {
			t.Fatalf("%+v: %v", first, err)
		}
		if err := json.Unmarshal(once, &second); err != nil {
			t.Fatalf("%s: %v", once, err)
		}
		twice, err := json.Marshal(&second)
		if err != nil || string(once) != string(twice) {
			t.Errorf("%s became %s, %v", once, twice, err)
		}
	})
}
