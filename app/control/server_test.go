package control_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"feihong/app/chat"
	"feihong/app/control"
)

func TestSocketIsPrivate(t *testing.T) {
	r := start(t, false)
	info, err := os.Stat(r.socket)
	if err != nil || info.Mode().Perm() != 0o600 || info.Mode().Type() != fs.ModeSocket {
		t.Errorf("the socket: %v, %v", info.Mode(), err)
	}
	r.stop()
	if _, err := os.Stat(r.socket); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the socket after the end: %v", err)
	}
}

func TestDialNobody(t *testing.T) {
	dir := shortDir(t)
	stale := filepath.Join(dir, "stale.sock")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: stale, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{stale, filepath.Join(dir, "no.sock")} {
		if _, err := control.Dial(t.Context(), path); err == nil {
			t.Errorf("somebody answers at %s", path)
		}
	}
}

func TestListenSaysWhere(t *testing.T) {
	path := filepath.Join(shortDir(t), "no", "control.sock")
	if _, err := control.Listen(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("listen: %v", err)
	}
}

func TestServerThatNeverServes(t *testing.T) {
	path := filepath.Join(shortDir(t), "control.sock")
	server, err := control.Listen(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := control.Dial(t.Context(), path); err == nil {
		t.Error("somebody answers")
	}
	if err := server.Serve(t.Context(), http.NotFoundHandler()); err == nil {
		t.Error("served on a closed socket")
	}
}

// Whoever waits for delivery when the profile ends is told that the text is
// kept.
func TestWaitEndsWithTheProfile(t *testing.T) {
	r := start(t, false)
	events := r.Subscribe()
	defer events.Close()
	type answer struct {
		control.SendResponse
		err error
	}
	answered := make(chan answer, 1)
	go func() {
		response, err := r.client.Send(t.Context(), control.SendRequest{To: "newly:1", Text: "x", Wait: "10m"})
		answered <- answer{response, err}
	}()
	keepsOne(events)
	r.stop()
	got := <-answered
	if got.err != nil {
		t.Fatal(got.err)
	}
	if got.State != "queued" || got.Problem == nil {
		t.Errorf("answered %+v", got)
	}
}

// keepsOne waits until a text is on disk.
func keepsOne(events *chat.Subscription) {
	for e := range events.Events() {
		if _, kept := e.(chat.MessageAdded); kept {
			return
		}
	}
}

// A client that never finishes its request does not keep the profile alive.
func TestServeEndsInSpiteOfClients(t *testing.T) {
	r := start(t, false)
	conn, err := net.Dial("unix", r.socket)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"); err != nil {
		t.Fatal(err)
	}
	r.stop()
	if raw, err := io.ReadAll(conn); err == nil && strings.HasPrefix(string(raw), "HTTP/1.1 200") {
		t.Errorf("answered %q", raw)
	}
}

func TestClientGoesAway(t *testing.T) {
	for name, local := range map[string]bool{"socket": false, "local": true} {
		t.Run(name, func(t *testing.T) {
			r := start(t, local)
			events := r.Subscribe()
			defer events.Close()
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() {
				_, err := r.client.Send(ctx, control.SendRequest{To: "newly:1", Text: "x", Wait: "10m"})
				ended <- err
			}()
			keepsOne(events)
			cancel()
			// A handler in this process may still answer what it knows by then.
			if err := <-ended; !errors.Is(err, context.Canceled) && (err != nil || !local) {
				t.Errorf("ended with %v", err)
			}
			if history, err := r.client.History(t.Context(), "newly:1", "", 0); err != nil || len(history) != 1 {
				t.Errorf("the history is %+v, %v", history, err)
			}
		})
	}
}

// Closing an answer ends a handler that would go on for ever.
func TestClosingAnAnswerEndsTheHandler(t *testing.T) {
	ended := make(chan struct{})
	client := control.Local(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusOK)
		<-r.Context().Done()
		close(ended)
	}))
	response, err := client.HTTP().Get("http://feihong/")
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	<-ended
}

func TestAnswersThatAreNone(t *testing.T) {
	tests := []struct {
		name    string
		handler http.HandlerFunc
		says    string
	}{
		{"an error without a body", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }, "502 Bad Gateway"},
		{"an error in HTML", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<p>", 404) }, "404 Not Found"},
		{"no JSON", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<p>") }, "read the answer"},
		{"nothing", func(http.ResponseWriter, *http.Request) {}, "read the answer"},
		{"something else in JSON", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(400); _, _ = io.WriteString(w, "{}") }, "400 Bad Request"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := shortDir(t)
			server, err := control.Listen(filepath.Join(dir, "s"))
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			served := make(chan error, 1)
			go func() { served <- server.Serve(ctx, test.handler) }()
			remote, err := control.Dial(t.Context(), filepath.Join(dir, "s"))
			if err != nil {
				t.Fatal(err)
			}
			for _, client := range []*control.Client{remote, control.Local(test.handler)} {
				if _, err := client.ID(t.Context()); err == nil || !strings.Contains(err.Error(), test.says) {
					t.Errorf("asked: %v; want %q", err, test.says)
				}
			}
			stop()
			if err := <-served; err != nil {
				t.Error(err)
			}
		})
	}
}
