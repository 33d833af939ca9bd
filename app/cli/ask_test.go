package cli_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"feihong/app/control"
)

var (
	noon     = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	messages = []control.Message{
		{ID: "1", Direction: "in", State: "read", Kind: "text", Text: "你好\n第二行", Time: noon, From: control.Person{ID: "B", Name: "Bob"}},
		{ID: "2", Direction: "out", State: "failed", Kind: "text", Text: "<&>", Time: noon, From: control.Person{ID: "M", Name: "Me"}, Reason: "refused"},
	}
	identity = control.Identity{
		ID: "ME-1", Name: "Me", Profile: "default", Port: 5, Addresses: []string{"192.168.1.2:5", "[fe80::1%eth0]:5"}, Control: "/s",
	}
)

// wantLines checks that the output is one JSON object a line, these.
func wantLines[T any](t *testing.T, r result, want []T) {
	t.Helper()
	if r.code != 0 || r.err != "" {
		t.Errorf("exit %d, %q", r.code, r.err)
	}
	var got []T
	for line := range strings.Lines(r.out) {
		var v T
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		got = append(got, v)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("wrote %s; want %+v", r.out, want)
	}
	if strings.Contains(r.out, `\u003c`) {
		t.Errorf("needlessly escaped: %s", r.out)
	}
}

func TestHistory(t *testing.T) {
	h := &host{answer: messages}
	wantLines(t, run(t, h, "history", "Bob", "--json"), messages)
	if h.asked() != "GET /v1/messages?limit=0&search=&with=Bob" {
		t.Errorf("asked %q", h.asked())
	}
	run(t, h, "history", "--search", "你好", "--limit", "5", "192.168.1.3:5")
	if h.asked() != "GET /v1/messages?limit=5&search=%E4%BD%A0%E5%A5%BD&with=192.168.1.3%3A5" {
		t.Errorf("asked %q", h.asked())
	}
	at := noon.Local().Format("2006-01-02 15:04:05")
	run(t, h, "history", "Bob").want(t, 0, at+"  Bob  [read]  你好\n    第二行\n"+at+"  Me  [failed]  <&>\n", "")
}

func TestID(t *testing.T) {
	h := &host{answer: identity}
	wantLines(t, run(t, h, "id", "--json"), []control.Identity{identity})
	run(t, h, "id").want(t, 0, "ME-1\nMe\n192.168.1.2:5\n[fe80::1%eth0]:5\n", "")
}

func TestVersion(t *testing.T) {
	h := &host{}
	run(t, h, "version").want(t, 0, "feihong 1.2.3\ncommit  abc\ngo      go1.26\nfyne    v2\n", "")
	if len(h.called) != 0 {
		t.Errorf("version needs no profile, but did %v", h.called)
	}
}

func TestDaemonPrintsEvents(t *testing.T) {
	h := &host{answer: "event: ready\ndata: {\"event\":\"ready\",\"id\":\"ME\",\"port\":5}\n\n" +
		"event: message\ndata: {\"event\":\"message\",\"id\":\"1\",\"text\":\"<你好>\"}\n\n"}
	run(t, h, "daemon").want(t, 0, ""+
		`{"event":"ready","id":"ME","port":5}`+"\n"+
		`{"event":"message","id":"1","text":"<你好>"}`+"\n", "")
	if h.called[0] != "daemon" || h.asked() != "GET /v1/events" {
		t.Errorf("called %v", h.called)
	}
}
