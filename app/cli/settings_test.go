package cli_test

import (
	"strings"
	"testing"

	"feihong/app/control"
)

var settings = control.Settings{
	Name: "李小飞", Department: "财务", Status: "busy", StatusText: "in a meeting", IdleMinutes: 10, Ranges: []string{"10.8.33.1-254", "10.9.0.7"},
}

func TestStatusIsShown(t *testing.T) {
	h := &host{answer: settings}
	wantLines(t, run(t, h, "status", "--json"), []control.Settings{settings})
	run(t, h, "status").want(t, 0, ""+
		"name        李小飞\n"+
		"status      busy\n"+
		"text        in a meeting\n"+
		"department  财务\n"+
		"away after  10 minutes without input\n", "")
	if h.asked() != "GET /v1/settings" {
		t.Errorf("asked %q", h.asked())
	}
	run(t, &host{answer: control.Settings{Name: "Bob", Status: "invisible"}}, "status", "--lang", "zh").want(t, 0, ""+
		"名字      Bob\n"+
		"状态      隐身\n"+
		"状态文字  -\n"+
		"部门      -\n"+
		"自动离开  从不\n", "")
}

func TestStatusThatOthersDoNotSee(t *testing.T) {
	tests := []struct{ status, shown, discovery, want string }{
		{"online", "away", "on", "others see  away"},
		{"online", "offline", "on", "others see  offline"},
		{"online", "online", "off", "others see  nobody is told: discovery is off"},
		{"online", "online", "on", ""},
		{"busy", "busy", "loopback", ""},
		{"invisible", "offline", "on", ""},
		{"online", "", "", ""}, // told by an older program
	}
	for _, test := range tests {
		h := &host{answer: control.Settings{Name: "Bob", Status: test.status, Shown: test.shown, Discovery: test.discovery}}
		r := run(t, h, "status")
		_, last, _ := strings.Cut(r.out, "never\n")
		if strings.TrimSpace(last) != test.want {
			t.Errorf("%+v: wrote %q", test, r.out)
		}
	}
}

func TestStatusIsChanged(t *testing.T) {
	tests := []struct{ args, body string }{
		{"status busy", `{"status":"busy"}`},
		{"status online", `{"status":"online"}`},
		{"status away --text later", `{"status":"away","status_text":"later"}`},
		{"status --text=", `{"status_text":""}`},
		{"status --department 财务", `{"department":"财务"}`},
		{"status --department= invisible", `{"department":"","status":"invisible"}`},
		{"status --idle 0", `{"idle_minutes":0}`},
		{"status --idle 5 --json", `{"idle_minutes":5}`},
	}
	for _, test := range tests {
		h := &host{answer: settings}
		r := run(t, h, strings.Fields(test.args)...)
		if h.asked() != "PUT /v1/settings "+test.body || len(h.called) != 2 || r.code != 0 || !strings.Contains(r.out, "李小飞") {
			t.Errorf("%s: asked %q, %+v", test.args, h.called, r)
		}
	}
}

func TestStatusIsRefused(t *testing.T) {
	h := &host{status: 400, answer: &control.Error{
		Code: control.CodeBadSetting, Message: "too long", Key: "profile.status-text-too-long", Args: map[string]any{"value": 51, "max": 50},
	}}
	run(t, h, "status", "--text", "x").want(t, 2, "", "feihong: The status text has 51 characters; 50 are possible.\n")
}

func TestRanges(t *testing.T) {
	tests := []struct {
		args string
		body string   // what was put
		want []string // what is shown
	}{
		{"ranges", "", settings.Ranges},
		{"ranges list", "", settings.Ranges},
		{"ranges add 10.7.0.0/24 10.7.1.1", `{"add_ranges":["10.7.0.0/24","10.7.1.1"]}`, []string{"answered"}},
		{"ranges remove 10.9.0.7", `{"remove_ranges":["10.9.0.7"]}`, []string{"answered"}},
		{"ranges remove 10.9.0.7 10.8.33.1-254", `{"remove_ranges":["10.9.0.7","10.8.33.1-254"]}`, []string{"answered"}},
	}
	for _, test := range tests {
		h := &host{answer: settings, others: map[string]any{"PUT /v1/settings": control.Settings{Ranges: []string{"answered"}}}}
		run(t, h, strings.Fields(test.args)...).want(t, 0, strings.Join(test.want, "\n")+"\n", "")
		put := ""
		if asked, body, _ := strings.Cut(h.asked(), " {"); asked == "PUT /v1/settings" {
			put = "{" + body
		}
		if put != test.body {
			t.Errorf("%s: put %q", test.args, put)
		}
		h.called = nil
		wantLines(t, run(t, h, append(strings.Fields(test.args), "--json")...), [][]string{test.want})
	}
	h := &host{status: 400, answer: &control.Error{Code: control.CodeBadSetting, Message: "no", Key: "control.no-range", Args: map[string]any{"value": "10.0.0.1"}}}
	run(t, h, "ranges", "remove", "10.0.0.1").want(t, 2, "", "feihong: The range 10.0.0.1 is not there; \"feihong ranges\" lists those that are.\n")
}

func TestNoRanges(t *testing.T) {
	h := &host{answer: control.Settings{Ranges: []string{}}}
	run(t, h, "ranges").want(t, 0, "", "")
	run(t, h, "ranges", "--json").want(t, 0, "[]\n", "")
}

func TestSearch(t *testing.T) {
	h := &host{answer: ""}
	run(t, h, "search").want(t, 0, "looking; \"feihong peers\" shows who was found\n", "")
	if h.asked() != "POST /v1/search {}" {
		t.Errorf("asked %q", h.asked())
	}
	h = &host{status: 400, answer: &control.Error{Code: control.CodeBadRequest, Message: "off", Key: "control.no-discovery"}}
	run(t, h, "search").want(t, 2, "", "feihong: Nobody is looked for: that needs the running program (the window or \"feihong daemon\"), with its discovery on.\n")
}
