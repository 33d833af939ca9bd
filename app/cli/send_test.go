package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"feihong/app/cli"
	"feihong/app/control"
	"feihong/protocol"
)

var bob = control.Person{ID: "B", Name: "Bob"}

func TestSend(t *testing.T) {
	problem := func(code control.Code) *control.Error {
		return &control.Error{Code: code, Message: "there is a problem"}
	}
	tests := []struct {
		name     string
		response control.SendResponse
		code     int
		out      string
		errs     string
	}{
		{"delivered", control.SendResponse{State: "delivered"}, 0, "delivered to Bob\n", ""},
		{"read", control.SendResponse{State: "read"}, 0, "delivered to Bob\n", ""},
		{
			"delivered with a warning",
			control.SendResponse{State: "delivered", Warnings: []*control.Error{{
				Message: "port 80 is well-known", Key: "address.well-known-port", Args: map[string]any{"part": "80"},
			}}},
			0, "delivered to Bob\n", "feihong: Port 80 is one of the well-known ports (1 to 1023), where other services listen. Check it in your colleague's window.\n",
		},
		{"queued", control.SendResponse{State: "queued"}, 3, "", "feihong: stored for Bob, who gets it later\n"},
		{"unreachable", control.SendResponse{State: "queued", Problem: problem(control.CodeUnreachable)}, 3, "", "feihong: not delivered to Bob yet, stored for later: there is a problem\n"},
		{"not confirmed", control.SendResponse{State: "sent", Problem: &control.Error{Code: control.CodeTimeout, Key: "control.timeout"}}, 3, "", "feihong: not delivered to Bob yet, stored for later: nobody has confirmed it in time\n"},
		{
			"offline",
			control.SendResponse{State: "queued", Problem: &control.Error{Code: control.CodeOffline, Key: "control.offline", Args: map[string]any{"name": "Bob"}}},
			3, "", "feihong: not delivered to Bob yet, stored for later: Bob is not connected.\n",
		},
		{"another program", control.SendResponse{State: "queued", Problem: problem(control.CodeForeign)}, 3, "", "feihong: not delivered to Bob yet, stored for later: there is a problem\n"},
		{"other version", control.SendResponse{State: "queued", Problem: problem(control.CodeVersion)}, 3, "", "feihong: not delivered to Bob yet, stored for later: there is a problem\n"},
		{"closing", control.SendResponse{State: "queued", Problem: problem(control.CodeClosing)}, 3, "", "feihong: not delivered to Bob yet, stored for later: there is a problem\n"},
		{"somebody else", control.SendResponse{State: "queued", Problem: problem(control.CodeWrongPeer)}, 4, "", "feihong: not delivered to Bob yet, stored for later: there is a problem\n"},
		{"refused", control.SendResponse{State: "failed", Reason: "refused", Problem: problem(control.CodeRefused)}, 4, "", "feihong: not delivered to Bob: there is a problem\n"},
		{"refused before", control.SendResponse{State: "failed", Reason: "refused"}, 4, "", "feihong: not delivered to Bob: This person does not accept connections from you.\n"},
		{"refused as too long", control.SendResponse{State: "failed", Reason: "too-long"}, 4, "", "feihong: not delivered to Bob: Something was too long to be accepted.\n"},
		{"failed for a new reason", control.SendResponse{State: "failed", Reason: "on-holiday"}, 4, "", "feihong: not delivered to Bob: on-holiday\n"},
		{"oneself", control.SendResponse{State: "failed", Reason: "self", Problem: problem(control.CodeSelf)}, 2, "", "feihong: not delivered to Bob: there is a problem\n"},
		{"oneself before", control.SendResponse{State: "failed", Reason: "self"}, 2, "", "feihong: not delivered to Bob: This is your own address.\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.response.ID, test.response.To = "M", bob
			h := &host{answer: test.response}
			run(t, h, "send", "Bob", "hi").want(t, test.code, test.out, test.errs)
			asJSON := `{"id":"M","state":"` + test.response.State + "\"}\n"
			run(t, h, "send", "Bob", "hi", "--json").want(t, test.code, asJSON, test.errs)
		})
	}
}

func TestSendRefused(t *testing.T) {
	tests := []struct {
		status int
		code   control.Code
		exit   int
	}{
		{400, control.CodeBadRequest, 2},
		{400, control.CodeBadAddress, 2},
		{400, control.CodeBadText, 2},
		{400, control.CodeSelf, 2},
		{403, control.CodeBlocked, 4},
		{404, control.CodeUnknown, 5},
		{409, control.CodeAmbiguous, 5},
		{404, control.CodeNoPath, 1},
		{500, control.CodeInternal, 1},
		{503, control.CodeClosing, 1},
		{500, "of-the-future", 1},
	}
	for _, test := range tests {
		h := &host{status: test.status, answer: &control.Error{Code: test.code, Message: "it is so"}}
		for _, words := range [][]string{{"send", "Bob", "hi"}, {"send", "Bob", "hi", "--json"}, {"history", "Bob"}, {"id"}, {"peers", "--json"}} {
			if r := run(t, h, words...); r.code != test.exit || r.out != "" || r.err != "feihong: it is so\n" {
				t.Errorf("%s: %+v", test.code, r)
			}
		}
	}
}

func TestCandidatesAreListed(t *testing.T) {
	h := &host{status: 409, answer: &control.Error{
		Code: control.CodeAmbiguous, Message: "several", Key: "chat.ambiguous", Args: map[string]any{"who": "Li", "count": 2},
		Candidates: []control.Person{{ID: "A-1", Name: "Li"}, {ID: "B-2", Name: "李", Address: "192.168.1.3:5"}},
	}}
	for _, words := range [][]string{{"send", "Li", "hi"}, {"history", "Li"}} {
		run(t, h, words...).want(t, 5, "", "feihong: 2 people are called \"Li\". Give an ID instead.\n  A  Li\n  B  李  192.168.1.3:5\n")
		run(t, h, append(words, "--lang", "zh")...).want(t, 5, "", "feihong: 有 2 位联系人都叫“Li”，请改用身份码。\n  A  Li\n  B  李  192.168.1.3:5\n")
	}
}

func TestCandidatesAtAnAddress(t *testing.T) {
	h := &host{status: 409, answer: &control.Error{
		Code: control.CodeAmbiguous, Message: "several", Key: "control.several-there", Args: map[string]any{"address": "192.168.1.107", "count": 3},
		Candidates: []control.Person{
			{ID: "A-1", Name: "Li", Address: "192.168.1.107:5"}, {ID: "A-2", Name: "小飞", Address: "192.168.1.107:66"}, {ID: "C-3", Name: "Bob"},
		},
	}}
	run(t, h, "send", "192.168.1.107", "hi").want(t, 5, "", ""+
		"feihong: 3 people are at 192.168.1.107. Choose one by the address with its port, or by the ID.\n"+
		"  A-1  Li    192.168.1.107:5\n"+ // the beginning of the ID tells nothing
		"  A-2  小飞  192.168.1.107:66\n"+
		"  C    Bob\n")
}

func TestNobodyAtAnAddress(t *testing.T) {
	h := &host{status: 404, answer: &control.Error{
		Code: control.CodeNobodyThere, Message: "nobody", Key: "control.nobody-there",
		Args: map[string]any{"address": "192.168.1.107", "example": "192.168.1.107:PORT"},
	}}
	run(t, h, "send", "192.168.1.107", "hi").want(t, 5, "", "feihong: Nobody answers at 192.168.1.107 on UDP port 24250. "+
		"Add the port that your colleague's window shows (192.168.1.107:PORT), or run \"feihong doctor 192.168.1.107\" to see why.\n")
	run(t, h, "send", "192.168.1.107", "hi", "--lang", "zh").want(t, 5, "", "feihong: 192.168.1.107 的 UDP 端口 24250 上没有人应答。"+
		"请加上同事窗口中显示的端口（192.168.1.107:PORT），或运行“feihong doctor 192.168.1.107”查找原因。\n")
}

func TestTextOfASend(t *testing.T) {
	longest := strings.Repeat("长", protocol.MaxTextBytes/3) + "x"
	tests := []struct {
		name  string
		words []string
		input string
		text  string // "" when it is refused
	}{
		{"a word", []string{"hi"}, "", "hi"},
		{"words", []string{"你好", "Bob", " !"}, "", "你好 Bob  !"},
		{"behind --", []string{"--", "-5", "--json"}, "", "-5 --json"},
		{"a dash among words", []string{"-", "x"}, "in", "- x"},
		{"input", []string{"-"}, "from input", "from input"},
		{"a line", []string{"-"}, "line\n", "line"},
		{"a line of Windows", []string{"-"}, "line\r\n", "line"},
		{"lines", []string{"-"}, "one\n\ntwo\n\n", "one\n\ntwo\n"},
		{"the longest text", []string{"-"}, longest, longest},
		{"the longest text as a line", []string{"-"}, longest + "\r\n", longest},
		{"empty", []string{""}, "", ""},
		{"empty input", []string{"-"}, "", ""},
		{"an empty line", []string{"-"}, "\n", ""},
		{"too long", []string{"-"}, longest + "x", ""},
		{"too long as words", []string{longest, "x"}, "", ""},
		{"far too long", []string{"-"}, longest + longest + longest, ""},
		{"not UTF-8", []string{"-"}, "a\xff", ""},
		{"not UTF-8 in a word", []string{"a\xff"}, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := &host{answer: control.SendResponse{State: "delivered", To: bob}}
			args := append([]string{"send", "Bob", "--timeout", "90s"}, test.words...)
			r := runInput(t, h, iotest.HalfReader(strings.NewReader(test.input)), args...)
			if test.text == "" {
				if r.code != 2 || len(h.called) != 0 {
					t.Errorf("%+v, called %.100v", r, h.called)
				}
				return
			}
			_, body, _ := strings.Cut(h.asked(), "POST /v1/messages ")
			var request control.SendRequest
			if err := json.Unmarshal([]byte(body), &request); err != nil {
				t.Fatalf("asked %.100q: %v", h.asked(), err)
			}
			if r.code != 0 || request != (control.SendRequest{To: "Bob", Text: test.text, Wait: "1m30s"}) {
				t.Errorf("%+v, asked %.200q", r, h.asked())
			}
		})
	}
}

func TestInputThatFails(t *testing.T) {
	h := &host{}
	r := runInput(t, h, iotest.ErrReader(errors.New("cable out")), "send", "Bob", "-")
	r.want(t, 1, "", "feihong: read the text: cable out\n")
	if len(h.called) != 0 {
		t.Errorf("called %v", h.called)
	}
}

// Ctrl+C ends a send that waits for somebody to type.
func TestInputThatNeverComes(t *testing.T) {
	in, typist := io.Pipe()
	defer typist.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h := &host{}
	var errs bytes.Buffer
	code := cli.Run(ctx, h, []string{"send", "Bob", "-", "--lang", "en"}, cli.Streams{In: in, Out: io.Discard, Err: &errs})
	if code != 130 || len(h.called) != 0 || errs.String() != "feihong: cancelled\n" {
		t.Errorf("exit %d, called %v, %s", code, h.called, errs.String())
	}
}
