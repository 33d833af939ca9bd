package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"feihong/app/cli"
	"feihong/app/control"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// host is a cli.Host whose profile gives fixed answers.
type host struct {
	called  []string // methods of the host, then requests with their bodies
	options cli.Options
	fails   error // instead of running the profile

	status int            // of the answer; 0 is 200
	answer any            // as JSON; a string is written as it is
	others map[string]any // answers to single methods and paths, such as "GET /v1/settings"
}

func (h *host) Window(_ context.Context, o cli.Options) error {
	h.called, h.options = append(h.called, "window"), o
	return h.fails
}

func (h *host) Daemon(ctx context.Context, o cli.Options, ready func(context.Context, *control.Client) error) error {
	h.called, h.options = append(h.called, "daemon"), o
	if h.fails != nil {
		return h.fails
	}
	return ready(ctx, control.Local(h))
}

func (h *host) Do(ctx context.Context, o cli.Options, do func(context.Context, *control.Client) error) error {
	h.called, h.options = append(h.called, "do"), o
	if h.fails != nil {
		return h.fails
	}
	return do(ctx, control.Local(h))
}

func (h *host) Version() cli.Version {
	return cli.Version{Feihong: "1.2.3", Commit: "abc", Go: "go1.26", Fyne: "v2"}
}

func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	h.called = append(h.called, strings.TrimSpace(r.Method+" "+r.URL.RequestURI()+" "+string(body)))
	if h.status != 0 {
		w.WriteHeader(h.status)
	}
	answer, ok := h.others[r.Method+" "+r.URL.Path]
	if !ok {
		answer = h.answer
	}
	if text, ok := answer.(string); ok {
		_, _ = io.WriteString(w, text)
		return
	}
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		panic(err)
	}
}

// result is what a command line did.
type result struct {
	code     int
	out, err string
}

// run carries out a command line, in English unless it says otherwise.
func run(t *testing.T, h *host, args ...string) result {
	t.Helper()
	return runInput(t, h, strings.NewReader(""), args...)
}

func runInput(t *testing.T, h *host, in io.Reader, args ...string) result {
	t.Helper()
	t.Setenv("LC_ALL", "C")
	var out, errs bytes.Buffer
	code := cli.Run(t.Context(), h, args, cli.Streams{In: in, Out: &out, Err: &errs})
	return result{code, out.String(), errs.String()}
}

// asked is what the profile was asked last.
func (h *host) asked() string {
	if len(h.called) == 0 {
		return ""
	}
	return h.called[len(h.called)-1]
}

func (r result) want(t *testing.T, code int, out, errs string) {
	t.Helper()
	if r.code != code || r.out != out || r.err != errs {
		t.Errorf("exit %d, wrote\n%s---\n%s---; want exit %d,\n%s---\n%s---", r.code, r.out, r.err, code, out, errs)
	}
}
