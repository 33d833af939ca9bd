package control_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"feihong/app/control"
)

func TestExport(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		r.receive(r.net.comes("Bob"), "早上好 <b>")
		for form, want := range map[string]string{
			"txt": "\n    早上好 <b>\n", ".HTML": "早上好 &lt;b&gt;", "json": `"text":"早上好 <b>"`,
		} {
			var got bytes.Buffer
			if err := r.client.Export(t.Context(), "bob", form, "zh", &got); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(got.String(), want) || !strings.Contains(got.String(), "Bob") {
				t.Errorf("%s: %s", form, got.String())
			}
		}
		var got bytes.Buffer
		if err := r.client.Export(t.Context(), "Ann", "txt", "zh", &got); err != nil || !strings.HasPrefix(got.String(), "与“Ann”的聊天记录\n") {
			t.Errorf("without messages: %v, %s", err, got.String())
		}
		r.request("GET", "/v1/export?with=bob&form=pdf", "").refused(t, 400, control.CodeBadRequest)
		r.request("GET", "/v1/export?with=nobody&form=txt", "").refused(t, 404, control.CodeUnknown)
		r.request("POST", "/v1/export", "").refused(t, 405, control.CodeNoMethod)
	})
}

// TestBrokenExport: an answer that breaks off is an error, not a short answer.
func TestBrokenExport(t *testing.T) {
	breaks := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		panic(http.ErrAbortHandler)
	})
	var got bytes.Buffer
	if err := control.Local(breaks).Export(t.Context(), "Bob", "txt", "en", &got); err == nil || got.String() != "half" {
		t.Errorf("error %v, %q", err, got.String())
	}
}
