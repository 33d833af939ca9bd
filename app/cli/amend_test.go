package cli_test

import (
	"strings"
	"testing"

	"feihong/app/control"
)

const someID = "01a2039e-0b33-7dbc-ac48-46a9eae17759"

func TestAmend(t *testing.T) {
	changed := control.Message{ID: someID, Direction: "out", State: "delivered", Kind: "text", Text: "new", Time: noon, From: control.Person{ID: "M", Name: "Me"}}
	for _, test := range []struct{ args, asked, out string }{
		{"edit " + someID + " new text", "PUT /v1/messages/" + someID + ` {"text":"new text"}`, "edited\n"},
		{"recall " + someID, "PUT /v1/messages/" + someID + ` {"recalled":true}`, "taken back\n"},
		{"react " + someID + " 👍", "PUT /v1/messages/" + someID + ` {"reaction":"👍"}`, "reacted\n"},
		{"react " + someID, "PUT /v1/messages/" + someID + ` {"reaction":""}`, "reaction taken back\n"},
	} {
		h := &host{answer: changed}
		run(t, h, strings.Fields(test.args)...).want(t, 0, test.out, "")
		if h.asked() != test.asked {
			t.Errorf("%s asked %q, want %q", test.args, h.asked(), test.asked)
		}
		wantLines(t, run(t, h, append(strings.Fields(test.args), "--json")...), []control.Message{changed})
	}
	h := &host{answer: control.SendResponse{ID: someID, State: "queued", To: bob}}
	run(t, h, "nudge", "Bob").want(t, 0, "nudged Bob\n", "")
	if h.asked() != `POST /v1/nudge {"to":"Bob"}` {
		t.Errorf("asked %q", h.asked())
	}
	run(t, h, "nudge", "Bob", "--json").want(t, 0, `{"id":"`+someID+`","state":"queued"}`+"\n", "")
	run(t, h, "send", "Bob", "hi", "--reply-to", someID)
	if h.asked() != `POST /v1/messages {"to":"Bob","text":"hi","reply_to":"`+someID+`","wait":"10s"}` {
		t.Errorf("asked %q", h.asked())
	}
}

func TestAmendMisused(t *testing.T) {
	for _, args := range []string{
		"edit", "edit " + someID, "edit x new", "recall", "recall " + someID + " more", "recall 1234", "react", "react " + someID + " 👍 👍",
		"react {" + someID + "}", "nudge", "nudge Bob Li", "send Bob hi --reply-to x", "send Bob hi --reply-to=",
	} {
		h := &host{}
		if r := run(t, h, strings.Fields(args)...); r.code != 2 || r.out != "" || r.err == "" || len(h.called) > 0 {
			t.Errorf("%s: %+v, did %v", args, r, h.called)
		}
	}
}

func TestHistoryOfAmended(t *testing.T) {
	at := noon.Local().Format("2006-01-02 15:04:05")
	message := func(m control.Message) control.Message {
		m.State, m.Time, m.From = "read", noon, bob
		return m
	}
	h := &host{answer: []control.Message{
		message(control.Message{Kind: "text", Text: "hello", Edited: &noon, Reactions: &control.Reactions{Out: "👍", In: "❤"}}),
		message(control.Message{Kind: "text", Recalled: true}),
		message(control.Message{Kind: "nudge", Reactions: &control.Reactions{Out: "😂"}}),
	}}
	want := ""
	for _, text := range []string{"hello (edited) [❤ 👍]", "(taken back)", "(nudge) [😂]"} {
		want += at + "  Bob  [read]  " + text + "\n"
	}
	run(t, h, "history", "Bob").want(t, 0, want, "")
}
