//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feihong/app/control"
	"feihong/protocol"
)

func TestSendBetweenTwoProfiles(t *testing.T) {
	data := t.TempDir()
	alice, bob := newProfile(t, data, "Alice"), newProfile(t, data, "Bob")
	daemon := bob.daemon()
	for _, field := range []string{daemon.ready.ID, daemon.ready.Name, daemon.ready.Control} {
		if field == "" {
			t.Fatalf("the ready event lacks a field: %+v", daemon.ready)
		}
	}

	// Alice's profile is not running: the command opens it.
	r := alice.must(0, "send", daemon.address(), "你好", "Bob", "--json")
	var sent struct{ ID, State string }
	if err := json.Unmarshal([]byte(r.out), &sent); err != nil || sent.State != "delivered" {
		t.Fatalf("send printed %q, %v", r.out, err)
	}
	e := daemon.next("message")
	if e.Text != "你好 Bob" || e.From == nil || e.From.Name != "Alice" || e.ID != sent.ID || e.Time == nil || e.Conversation == "" {
		t.Errorf("message event %+v", e)
	}
	got := bob.history("Alice")
	if len(got) != 1 || got[0].Text != "你好 Bob" || got[0].Direction != "in" || got[0].Kind != "text" || got[0].From.Name != "Alice" {
		t.Errorf("history %+v", got)
	}

	// Bob answers Alice, who runs now, by name, through his control socket.
	other := alice.daemon()
	alice.must(0, "send", "Bob", "again")
	daemon.next("message")
	bob.must(0, "send", "alice", "hello back")
	if e := other.next("message"); e.Text != "hello back" {
		t.Errorf("message event %+v", e)
	}
	id := bob.must(0, "id", "--json").out
	if !strings.Contains(id, daemon.ready.ID) || !strings.Contains(id, fmt.Sprint(daemon.ready.Port)) {
		t.Errorf("id printed %q", id)
	}
	for _, p := range parseLines[control.Peer](t, alice.must(0, "peers", "--json").out) {
		if p.Name == "Bob" && (!p.Online || p.ID != daemon.ready.ID || p.Via == "") {
			t.Errorf("peers shows %+v", p)
		}
	}
	if found := bob.history("Alice", "--search", "好"); len(found) != 1 {
		t.Errorf("search found %+v", found)
	}
	if code := daemon.stop(); code != 0 {
		t.Errorf("SIGTERM: exit %d, want 0", code)
	}
	if e := other.next("peer"); e.Online == nil {
		t.Errorf("peer event %+v", e)
	}
	if code := other.stop(); code != 0 {
		t.Errorf("SIGTERM: exit %d, want 0", code)
	}
}

func TestExitCodes(t *testing.T) {
	data := t.TempDir()
	alice := newProfile(t, data, "Alice")
	running := alice.daemon()
	long := strings.Repeat("长", protocol.MaxTextBytes/3+1)
	file := filepath.Join(data, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		words []string
		code  int
		says  string
	}{
		{"no text", []string{"send", "Bob"}, 2, "usage"},
		{"empty text", []string{"send", "Bob", ""}, 2, "empty"},
		{"text too long", []string{"send", "Bob", long}, 2, "65536"},
		{"text not UTF-8", []string{"send", "Bob", "a\xff"}, 2, "UTF-8"},
		{"unknown command", []string{"sned"}, 2, "sned"},
		{"unknown flag", []string{"send", "--fast", "Bob", "x"}, 2, "fast"},
		{"listen on a name", []string{"--listen", "nonsense", "id"}, 2, "nonsense"},
		{"unknown language", []string{"--lang", "fr", "id"}, 2, "fr"},
		{"nobody of that name", []string{"send", "Bob", "x"}, 5, "Bob"},
		{"part above 255", []string{"send", "192.168.1.300:5000", "x"}, 2, "300"},
		{"not four parts", []string{"send", "192.168.1:5000", "x"}, 2, "four"},
		{"no port", []string{"send", "192.168.1.3", "x"}, 2, "port"},
		{"port above 65535", []string{"send", "192.168.1.3:65536", "x"}, 2, "65535"},
		{"port 0", []string{"send", "192.168.1.3:0", "x"}, 2, "0"},
		{"unspecified", []string{"send", "0.0.0.0:5000", "x"}, 2, "0.0.0.0"},
		{"broadcast", []string{"send", "255.255.255.255:5000", "x"}, 2, "broadcast"},
		{"oneself", []string{"send", running.address(), "x"}, 2, "yourself|own"},
		{"oneself by name", []string{"send", fmt.Sprintf("localhost:%d", running.ready.Port), "x"}, 2, "yourself|own"},
		{"nobody listens", []string{"send", "--timeout", "1s", "127.0.0.1:" + freePort(t), "x"}, 3, "stored"},
		{"history of nobody", []string{"history", "Nobody"}, 5, "Nobody"},
		{"port behind a space", []string{"send", "192.168.1.3 5000", "x"}, 2, "192.168.1.3:5000"},
		{"letter for digit", []string{"send", "192.168.1.2O:5000", "x"}, 2, "192.168.1.20"},
		{"name of a running profile", []string{"--name", "Robert", "id"}, 0, "keeps its name"},
		{"version", []string{"version"}, 0, ""},
		{"data is a file", []string{"--data", file, "id"}, 1, file},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := alice.run(test.words...)
			if r.code != test.code {
				t.Errorf("exit %d, want %d\n%s%s", r.code, test.code, r.out, r.errors)
			}
			if !containsAny(r.errors, strings.Split(test.says, "|")) {
				t.Errorf("the error does not say %q: %q", test.says, r.errors)
			}
		})
	}
}

func containsAny(s string, words []string) bool {
	for _, word := range words {
		if strings.Contains(s, word) {
			return true
		}
	}
	return false
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func TestTextFromInput(t *testing.T) {
	data := t.TempDir()
	bob := newProfile(t, data, "Bob").daemon()
	alice := newProfile(t, data, "Alice")
	if r := alice.runInput("line one\n第二行\n", "send", bob.address(), "-"); r.code != 0 {
		t.Fatalf("exit %d: %s", r.code, r.errors)
	}
	if e := bob.next("message"); e.Text != "line one\n第二行" {
		t.Errorf("text %q", e.Text)
	}
}

// TestForeignPrograms dials what is not Feihong.
func TestForeignPrograms(t *testing.T) {
	web := httptest.NewServer(http.NotFoundHandler())
	defer web.Close()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	tests := map[string]string{
		"HTTP":         web.Listener.Addr().String(),
		"HTTPS":        secure.Listener.Addr().String(),
		"SSH":          talker(t, "SSH-2.0-OpenSSH_9.2\r\n"),
		"random bytes": talker(t, "\x16\x03\x01\xff\xffgarbage\x00\x01\x02"),
		"silence":      talker(t, ""),
	}
	for name, address := range tests {
		t.Run(name, func(t *testing.T) {
			alice := newProfile(t, t.TempDir(), "Alice")
			begin := time.Now()
			r := alice.run("send", "--timeout", "12s", address, "secret")
			if r.code != 3 || !strings.Contains(r.errors, "Feihong") {
				t.Errorf("exit %d, said %q; want 3 and that nothing there speaks Feihong", r.code, r.errors)
			}
			if took := time.Since(begin); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
			if h := alice.history(address); len(h) != 1 || h[0].State != "queued" {
				t.Errorf("history %+v, want the text queued", h)
			}
		})
	}
}

// talker accepts connections and says one thing.
func talker(t *testing.T, says string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { conn.Close() })
			fmt.Fprint(conn, says)
		}
	}()
	return l.Addr().String()
}

func TestSomebodyElseAtThatPort(t *testing.T) {
	data := t.TempDir()
	alice, bob, carol := newProfile(t, data, "Alice"), newProfile(t, data, "Bob"), newProfile(t, data, "Carol")
	port := freePort(t)
	address := "127.0.0.1:" + port
	first := bob.daemon("--port", port)
	alice.must(0, "send", address, "for Bob")
	first.stop()
	second := carol.daemon("--port", port)
	r := alice.must(4, "send", address, "secret for Bob")
	if !strings.Contains(r.errors, "Carol") {
		t.Errorf("the error does not name who answered: %q", r.errors)
	}
	alice.must(4, "send", "Bob", "another secret")
	// Carol can be written to as herself.
	alice.must(0, "send", second.ready.ID, "for Carol")
	if got := carol.texts("Alice", "in"); len(got) != 1 || got[0] != "for Carol" {
		t.Errorf("Carol got %q", got)
	}
	second.stop()
	bob.daemon("--port", port)
	alice.must(0, "send", "Bob", "last")
	if got := bob.texts("Alice", "in"); strings.Join(got, "|") != "for Bob|secret for Bob|another secret|last" {
		t.Errorf("Bob got %q", got)
	}
}
