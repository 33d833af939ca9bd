package control_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"feihong/app/chat"
	"feihong/app/control"
	"feihong/protocol"
)

func TestOffer(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		got, err := r.client.Offer(t.Context(), control.OfferRequest{To: "bob", Paths: []string{"/src/报告.pdf", "/src/x"}, Text: "look"})
		if err != nil || got.ID != transferID(99).String() || got.State != "offered" || got.Name != "Bob" || got.Path != "/src" || got.Warnings != nil {
			t.Errorf("told %+v, %v", got, err)
		}
		if want := "offer 1 /src/报告.pdf /src/x look"; len(r.files.asked) != 1 || r.files.asked[0] != want {
			t.Errorf("asked %q", r.files.asked)
		}
		got, err = r.client.Offer(t.Context(), control.OfferRequest{To: "warn:80", Paths: []string{"/x"}})
		if err != nil || len(got.Warnings) != 1 || got.Warnings[0].Code != control.CodeDoubtful || got.Name != "warn:80" {
			t.Errorf("told %+v, %v", got, err)
		}
	})
}

func TestOfferRefused(t *testing.T) {
	long := strings.Repeat("长", protocol.MaxTextBytes/3+1)
	tests := []struct {
		name, body string
		status     int
		code       control.Code
	}{
		{"nobody of that name", `{"to":"Nobody","paths":["/x"]}`, 404, control.CodeUnknown},
		{"two of that name", `{"to":"Li","paths":["/x"]}`, 409, control.CodeAmbiguous},
		{"bad address", `{"to":"192.168.1.300:1","paths":["/x"]}`, 400, control.CodeBadAddress},
		{"oneself", `{"to":"` + ownAddress + `","paths":["/x"]}`, 400, control.CodeSelf},
		{"no paths", `{"to":"Bob"}`, 400, control.CodeBadRequest},
		{"empty paths", `{"to":"Bob","paths":[]}`, 400, control.CodeBadRequest},
		{"relative path", `{"to":"Bob","paths":["/x","y"]}`, 400, control.CodeBadPath},
		{"empty path", `{"to":"Bob","paths":[""]}`, 400, control.CodeBadPath},
		{"long text", `{"to":"Bob","paths":["/x"],"text":"` + long + `"}`, 400, control.CodeBadText},
		{"wait without unit", `{"to":"Bob","paths":["/x"],"wait":"10"}`, 400, control.CodeBadRequest},
		{"unknown field", `{"to":"Bob","paths":["/x"],"path":"/y"}`, 400, control.CodeBadRequest},
		{"wrong type", `{"to":"Bob","paths":"/x"}`, 400, control.CodeBadRequest},
		{"not UTF-8", "{\"to\":\"Bob\",\"paths\":[\"/\xff\"]}", 400, control.CodeBadRequest},
		{"nothing", ``, 400, control.CodeBadRequest},
	}
	both(t, func(t *testing.T, r *running) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				r.request("POST", "/v1/files", test.body).refused(t, test.status, test.code)
			})
		}
		if len(r.files.asked) != 0 {
			t.Errorf("asked %q", r.files.asked)
		}
		// An offer that is refused makes no contact.
		r.request("POST", "/v1/files", `{"to":"new:1","paths":["x"]}`).refused(t, 400, control.CodeBadPath)
		if all, err := r.People(t.Context()); err != nil || len(all) != len(contacts) {
			t.Errorf("%d people, %v", len(all), err)
		}
	})
}

// As many paths as a command line takes are offered at once.
func TestOfferManyPaths(t *testing.T) {
	r := start(t, false)
	paths := make([]string, 20_000)
	for i := range paths {
		paths[i] = "/" + strings.Repeat("x", 100)
	}
	if _, err := r.client.Offer(t.Context(), control.OfferRequest{To: "Bob", Paths: paths}); err != nil {
		t.Error(err)
	}
}

// A wait ends with the transfer, or when its time is over; what is told then is
// how far it has come.
func TestOfferWaits(t *testing.T) {
	r := start(t, false)
	got, err := r.client.Offer(t.Context(), control.OfferRequest{To: "Bob", Paths: []string{"/x"}, Wait: "1ms"})
	if err != nil || got.State != "offered" || got.ID == "" {
		t.Errorf("told %+v, %v", got, err)
	}
	r.files.over = chat.TransferDone
	got, err = r.client.Offer(t.Context(), control.OfferRequest{To: "Bob", Paths: []string{"/x"}, Wait: "1h"})
	if err != nil || got.State != "done" {
		t.Errorf("told %+v, %v", got, err)
	}
}

// FuzzOfferRequest posts any bytes. Files are offered exactly if the answer
// says so, and only by absolute paths.
func FuzzOfferRequest(f *testing.F) {
	for _, seed := range []string{
		`{"to":"Bob","paths":["/x"]}`, `{"to":"Bob","paths":["/x","y"],"text":"z"}`, `{"to":"Bob","paths":[null]}`,
		`{"to":"Li","paths":["/\u0000"]}`, `{"paths":{}}`, `null`, `[]`, ``, "\xff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var request control.OfferRequest
		if json.Unmarshal(body, &request) == nil && request.Wait != "" {
			return // a wait takes its time; the tests have it
		}
		r := start(t, true)
		got := httptest.NewRecorder()
		r.handler.ServeHTTP(got, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/files", bytes.NewReader(body)))
		if got.Code != http.StatusOK {
			wantRefusal(t, got)
		}
		if (got.Code == http.StatusOK) != (len(r.files.asked) == 1) {
			t.Errorf("answered %d, asked %q", got.Code, r.files.asked)
		}
		for _, path := range request.Paths {
			if got.Code == http.StatusOK && !filepath.IsAbs(path) {
				t.Errorf("%q was offered", path)
			}
		}
	})
}
