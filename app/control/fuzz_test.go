package control_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"

	"feihong/app/control"
	"feihong/protocol"
)

// FuzzSendRequest posts any bytes. The answer is JSON that the client
// understands, and the text is kept exactly if the answer says so.
func FuzzSendRequest(f *testing.F) {
	for _, seed := range []string{
		`{"to":"Bob","text":"你好"}`,
		`{"to":"new:1","text":"a\u0000\u202eb","wait":"0s"}`,
		`{"to":"Li","text":"x"}`,
		`{"to":"Bob","text":"\ud800"}`,
		`{"to":"Bob","text":"x","wait":"1h"}`,
		`{"to":"Bob","text":"x"} {}`,
		`{"TO":"Bob","to":"Ann","text":null}`,
		`null`, `[]`, ``, "\xff", `{"to":{},"text":[]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var request control.SendRequest
		if json.Unmarshal(body, &request) == nil && request.Wait != "" {
			return // a wait takes its time; the tests have it
		}
		r := start(t, true)
		got := httptest.NewRecorder()
		r.handler.ServeHTTP(got, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/messages", bytes.NewReader(body)))
		kept, err := r.History(t.Context(), everything)
		if err != nil {
			t.Fatal(err)
		}
		if got.Code != http.StatusOK {
			wantRefusal(t, got)
			if len(kept) != 0 {
				t.Errorf("refused, but kept %+v", kept)
			}
			return
		}
		var response control.SendResponse
		if err := json.Unmarshal(got.Body.Bytes(), &response); err != nil {
			t.Fatalf("answered %q: %v", got.Body, err)
		}
		if _, err := uuid.Parse(response.ID); err != nil || response.State != "queued" {
			t.Errorf("answered %+v", response)
		}
		if len(kept) != 1 || kept[0].ID.String() != response.ID || kept[0].Text != protocol.VisibleText(request.Text) {
			t.Errorf("kept %+v of %+v", kept, request)
		}
	})
}

func wantRefusal(t *testing.T, got *httptest.ResponseRecorder) {
	t.Helper()
	var e control.Error
	if err := json.Unmarshal(got.Body.Bytes(), &e); err != nil || e.Code == "" || e.Message == "" {
		t.Fatalf("answered %d with %q: %v", got.Code, got.Body, err)
	}
	if got.Code < 400 || got.Code >= 500 {
		t.Errorf("answered %d with %q", got.Code, got.Body)
	}
}
