package control_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"feihong/app/chat"
	"feihong/app/control"
	"feihong/assets/translations"
)

// shown is how the second of the transfers is told: one with all there is.
func shown() control.Transfer {
	left := int64(3)
	return control.Transfer{
		ID: transferID(2).String(), Name: "zoe", State: "running", Time: time.Unix(2, 0).UTC(),
		TransferFacts: control.TransferFacts{
			Direction: "out", Peer: peerOf("zoe").String(), Names: []string{"b", "c"}, MoreNames: 3, Size: 1000, Done: 400, Rate: 200, Left: &left,
			Path: "/src", Paths: []string{"/src/b", "/src/c"}, Files: 9, Folders: 2, Executables: 1, FilesDone: 4, Current: "b/x",
		},
	}
}

func TestTransferIsTold(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		got, err := r.client.Transfer(t.Context(), "0002")
		if err != nil || !reflect.DeepEqual(got, shown()) {
			t.Errorf("told %+v, %v", got, err)
		}
		raw := r.request("GET", "/v1/files/0001", "")
		const want = `{"id":"01020304-0506-7000-8000-000000000001","name":"Bob","state":"done","text":"here","time":"1970-01-01T00:00:01Z",` +
			`"direction":"in","peer":"%s","names":["a.txt"],"size":10,"done":10,"rate":0,"path":"/in/a (1).txt","paths":["/in/a (1).txt"],` +
			`"files":1,"folders":0,"files_done":1,"finished":"1970-01-01T00:00:05Z"}`
		if strings.TrimSpace(string(raw.body)) != fmt.Sprintf(want, peerOf("Bob")) {
			t.Errorf("told %s", raw.body)
		}
	})
}

func TestTransfersAreListed(t *testing.T) {
	tests := []struct {
		query control.TransfersQuery
		want  string // the last digits of the IDs
	}{
		{control.TransfersQuery{}, "1 2 3 4 5"},
		{control.TransfersQuery{Open: true}, "2 4 5"},
		{control.TransfersQuery{Peer: "bob"}, "1 3 4 5"},
		{control.TransfersQuery{Peer: "bob", Open: true}, "4 5"},
		{control.TransfersQuery{Peer: "Ann"}, ""},
		// What is not over is listed although it is older than the newest.
		{control.TransfersQuery{Limit: 1}, "2 4 5"},
		{control.TransfersQuery{Limit: 3}, "2 3 4 5"},
		{control.TransfersQuery{Limit: 1, Peer: "Bob"}, "4 5"},
		{control.TransfersQuery{Limit: 100}, "1 2 3 4 5"},
	}
	both(t, func(t *testing.T, r *running) {
		for _, test := range tests {
			list, err := r.client.Transfers(t.Context(), test.query)
			var got []string
			for _, transfer := range list {
				got = append(got, transfer.ID[35:])
			}
			if err != nil || strings.Join(got, " ") != test.want {
				t.Errorf("%+v: listed %v, %v; want %s", test.query, got, err, test.want)
			}
			if list == nil {
				t.Errorf("%+v: listed null", test.query)
			}
		}
		list, err := r.client.Transfers(t.Context(), control.TransfersQuery{Peer: "zoe"})
		if err != nil || !reflect.DeepEqual(list, []control.Transfer{shown()}) {
			t.Errorf("listed %+v, %v", list, err)
		}
	})
}

func TestPathOfATransfer(t *testing.T) {
	r := start(t, true)
	for id, want := range map[string]string{
		"0001": "/in/a (1).txt", // one that has come
		"0002": "/src",          // several of one folder
		"0003": "",              // several of different folders
		"0004": "",              // not accepted
		"0005": "/in",           // one of several has come
	} {
		if got, err := r.client.Transfer(t.Context(), id); err != nil || got.Path != want {
			t.Errorf("%s is at %q, %v; want %q", id, got.Path, err, want)
		}
	}
}

// Why somebody cannot be reached is told of what waits for them alone.
func TestTransferTellsTheProblem(t *testing.T) {
	r := start(t, true)
	r.files.put(chat.Transfer{ID: transferID(8), Contact: 8, State: chat.TransferOffered, Direction: chat.Out})
	r.files.put(chat.Transfer{ID: transferID(9), Contact: 8, State: chat.TransferCancelled, Direction: chat.Out})
	if _, err := r.Connect(t.Context(), "foreign:1"); err == nil {
		t.Fatal("connected")
	}
	got, err := r.client.Transfer(t.Context(), "0008")
	if err != nil || got.Problem == nil || got.Problem.Code != control.CodeForeign || got.Peer != "address:foreign:1" || got.Name != "foreign:1" {
		t.Errorf("told %+v, %v", got, err)
	}
	if got, err := r.client.Transfer(t.Context(), "0009"); err != nil || got.Problem != nil {
		t.Errorf("told %+v, %v", got, err)
	}
}

func TestTransferIsChanged(t *testing.T) {
	tests := []struct{ what, id, state, asked string }{
		{"reject", "0004", "rejected", "reject 4"},
		{"pause", "0002", "paused", "pause 2"},
		{"resume", "0005", "accepted", "resume 5"},
		{"cancel", "0002", "cancelled", "cancel 2"},
		{"again", "0003", "offered", "again 3"},
	}
	both(t, func(t *testing.T, r *running) {
		for _, test := range tests {
			got, err := r.client.ChangeTransfer(t.Context(), test.id, test.what)
			if err != nil || got.State != test.state || got.Peer == "" {
				t.Errorf("%s: told %+v, %v", test.what, got, err)
			}
			if again := test.what == "again"; strings.HasSuffix(got.ID, test.id) == again || (got.Retry == transferID(3).String()) != again {
				t.Errorf("%s: told %+v", test.what, got)
			}
			if last := r.files.asked[len(r.files.asked)-1]; last != test.asked {
				t.Errorf("%s: asked %q", test.what, last)
			}
		}
		for folder, asked := range map[string]string{"": "accept 4", "/other": "accept 4 /other"} {
			got, err := r.client.Accept(t.Context(), "0004", folder)
			if last := r.files.asked[len(r.files.asked)-1]; err != nil || got.State != "accepted" || last != asked {
				t.Errorf("told %+v, %v; asked %q", got, err, last)
			}
		}
	})
}

func TestTransfersRefused(t *testing.T) {
	tests := []struct {
		request string
		body    string
		status  int
		code    control.Code
	}{
		{"GET /v1/files/dead", "", 404, control.CodeUnknown},
		{"GET /v1/files/dead?follow=true", "", 404, control.CodeUnknown},
		{"GET /v1/files/dead/receipt", "", 404, control.CodeUnknown},
		{"GET /v1/files/dead/listing", "", 404, control.CodeUnknown},
		{"POST /v1/files/dead/accept", "{}", 404, control.CodeUnknown},
		{"POST /v1/files/dead/pause", "", 404, control.CodeUnknown},
		{"POST /v1/files/dead/again", "", 404, control.CodeUnknown},
		{"POST /v1/files/0004/accept", `{"folder":"in"}`, 400, control.CodeBadPath},
		{"POST /v1/files/0004/accept", `{"to":"/in"}`, 400, control.CodeBadRequest},
		{"POST /v1/files/0004/accept", ``, 400, control.CodeBadRequest},
		{"GET /v1/files?limit=-1", "", 400, control.CodeBadRequest},
		{"GET /v1/files?limit=many", "", 400, control.CodeBadRequest},
		{"GET /v1/files?open=maybe", "", 400, control.CodeBadRequest},
		{"GET /v1/files?peer=Nobody", "", 404, control.CodeUnknown},
		{"GET /v1/files?peer=Li", "", 409, control.CodeAmbiguous},
		{"GET /v1/files/0004/accept", "", 405, control.CodeNoMethod},
		{"GET /v1/files/0004/cancel", "", 405, control.CodeNoMethod},
		{"POST /v1/files/0004", "", 405, control.CodeNoMethod},
		{"DELETE /v1/files", "", 405, control.CodeNoMethod},
		{"POST /v1/files/0004/open", "", 404, control.CodeNoPath},
		{"GET /v1/files/", "", 404, control.CodeNoPath},
	}
	both(t, func(t *testing.T, r *running) {
		for _, test := range tests {
			t.Run(test.request, func(t *testing.T) {
				method, path, _ := strings.Cut(test.request, " ")
				got := r.request(method, path, test.body)
				got.refused(t, test.status, test.code)
				if allow := got.header.Get("Allow"); (allow != "") != (test.status == 405) {
					t.Errorf("Allow: %q", allow)
				}
			})
		}
		if len(r.files.asked) != 0 {
			t.Errorf("done: %q", r.files.asked)
		}
	})
}

// tooDeep is what a carrier says of a folder.
type tooDeep struct{}

func (tooDeep) Error() string                      { return "too deep" }
func (tooDeep) UserText() (string, map[string]any) { return "files.walk.too-deep", nil }

// What the system says of a path is a mistake in the request; other trouble is
// not.
func TestTroubleWithPaths(t *testing.T) {
	tests := []struct {
		err    error
		status int
		code   control.Code
	}{
		{fmt.Errorf("look at x: %w", fs.ErrNotExist), 400, control.CodeBadPath},
		{&fs.PathError{Op: "open", Path: "x", Err: fs.ErrPermission}, 400, control.CodeBadPath},
		{tooDeep{}, 400, control.CodeBadPath},
		{cause{"x"}, 500, control.CodeInternal},
		{&chat.PathError{Path: "x"}, 400, control.CodeBadPath},
		{&chat.TransferStateError{Action: "accept", State: chat.TransferDone}, 409, control.CodeBadState},
		{chat.ErrAskSender, 409, control.CodeBadState},
		{chat.ErrNothingToSend, 400, control.CodeBadRequest},
		{chat.ErrNoFiles, 400, control.CodeBadRequest},
		{&chat.AmbiguousTransferError{}, 409, control.CodeAmbiguous},
		{errors.New("the disk hums"), 500, control.CodeInternal},
		{chat.ErrClosed, 503, control.CodeClosing},
	}
	for _, test := range tests {
		r := start(t, true)
		r.files.fails = test.err
		r.request("POST", "/v1/files", `{"to":"Bob","paths":["/x"]}`).refused(t, test.status, test.code)
		r.request("POST", "/v1/files/0004/accept", `{}`).refused(t, test.status, test.code)
		r.request("POST", "/v1/files/0003/again", ``).refused(t, test.status, test.code)
	}
}

// There is a text for each state, which names it.
func TestWrongStateIsExplained(t *testing.T) {
	for _, language := range []string{translations.English, translations.Chinese} {
		text := translations.New(language)
		for _, direction := range []chat.Direction{chat.In, chat.Out} {
			for _, state := range []chat.TransferState{
				chat.TransferOffered, chat.TransferAccepted, chat.TransferRunning, chat.TransferPaused, chat.TransferStalled,
				chat.TransferFinishing, chat.TransferDone, chat.TransferRejected, chat.TransferCancelled, chat.TransferFailed,
			} {
				err := &chat.TransferStateError{Action: "accept", State: state, Direction: direction, Name: "a.txt"}
				if said := text.Error(err); !strings.Contains(said, "a.txt") || said == err.Error() || strings.Contains(said, "chat.") {
					t.Errorf("%v: %q", err, said)
				}
			}
		}
	}
}

// Whoever gives too little of an ID is told which transfers there are.
func TestTransfersThatMayBeMeant(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		for _, request := range []string{
			"GET /v1/files/01020304", "GET /v1/files/01020304/receipt", "GET /v1/files/01020304/listing", "POST /v1/files/01020304/accept",
			"POST /v1/files/01020304/cancel", "POST /v1/files/01020304/again",
		} {
			method, path, _ := strings.Cut(request, " ")
			e := r.request(method, path, "{}").refused(t, 409, control.CodeAmbiguous)
			if len(e.Transfers) != 5 || !reflect.DeepEqual(e.Transfers[1], shown()) {
				t.Errorf("%s: %+v", request, e.Transfers)
			}
		}
		_, err := r.client.ChangeTransfer(t.Context(), "01020304", "pause")
		var refusal *control.Error
		if !errors.As(err, &refusal) || len(refusal.Transfers) != 5 || refusal.Transfers[0].Name != "Bob" {
			t.Errorf("by the client: %v", err)
		}
	})
}

func TestProfileWithoutFiles(t *testing.T) {
	r := start(t, true)
	config := r.config()
	config.Files = nil
	r.client = control.Local(control.Handler(config))
	for _, request := range []string{
		"GET /v1/files", "POST /v1/files", "GET /v1/files/0001", "GET /v1/files/0001/receipt", "GET /v1/files/0001/listing",
		"POST /v1/files/0001/accept", "POST /v1/files/0001/reject", "POST /v1/files/0001/pause", "POST /v1/files/0001/resume",
		"POST /v1/files/0001/cancel", "POST /v1/files/0001/again",
	} {
		method, path, _ := strings.Cut(request, " ")
		if e := r.request(method, path, "{}").refused(t, 400, control.CodeBadRequest); e.Key != "control.no-files" {
			t.Errorf("%s: refused with %+v", request, e)
		}
	}
	r.request("PUT", "/v1/peers", `{"who":"Bob","auto_accept":1}`).refused(t, 400, control.CodeBadRequest)
}

func TestAutoAccept(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		for _, limit := range []int64{-1, 0, 1, 1 << 50} {
			got, err := r.client.ChangePeer(t.Context(), control.PeerChange{Who: "bob", AutoAccept: &limit})
			want := fmt.Sprint("auto 1 ", limit)
			if err != nil || got.Name != "Bob" || got.ID != peerOf("Bob").String() || !slices.Contains(r.files.asked, want) {
				t.Errorf("%d: told %+v, %v; asked %q", limit, got, err, r.files.asked)
			}
		}
		before := len(r.files.asked)
		for body, code := range map[string]control.Code{
			`{"who":"Nobody","auto_accept":1}`:   control.CodeUnknown,
			`{"who":"Li","auto_accept":1}`:       control.CodeAmbiguous,
			`{"who":"Bob","auto_accept":-2}`:     control.CodeBadRequest,
			`{"who":"Bob","auto_accept":1.5}`:    control.CodeBadRequest,
			`{"who":"Bob","auto_accept":"1 MB"}`: control.CodeBadRequest,
			`{"who":"Bob"}`:                      control.CodeBadRequest,
			`{"auto_accept":1}`:                  control.CodeUnknown,
			`{"who":"Bob","blocked":true}`:       control.CodeBadRequest,
		} {
			var e control.Error
			if err := json.Unmarshal(r.request("PUT", "/v1/peers", body).body, &e); err != nil || e.Code != code {
				t.Errorf("%s: refused with %+v, %v", body, e, err)
			}
		}
		if len(r.files.asked) != before {
			t.Errorf("asked %q", r.files.asked[before:])
		}
	})
}
