//go:build e2e

package e2e

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// TestSocketOfSomebodyElse: a text is not given to whoever made the folder of
// the control socket first.
func TestSocketOfSomebodyElse(t *testing.T) {
	runtime, err := os.MkdirTemp("", "fh")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(runtime) })
	t.Setenv("XDG_RUNTIME_DIR", runtime)
	alice := newProfile(t, filepath.Join(t.TempDir(), strings.Repeat("long/", 20)), "Alice")
	daemon := alice.daemon()
	socket := daemon.ready.Control
	if code := daemon.stop(); code != 0 || !strings.HasPrefix(socket, runtime) {
		t.Fatalf("exit %d, socket %s", code, socket)
	}

	var asked atomic.Int32
	if err := os.Chmod(filepath.Dir(socket), 0o777); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	fake := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = w.Write([]byte(`{"id":"0","state":"delivered"}`))
	})}
	defer fake.Close()
	go func() { _ = fake.Serve(l) }() // until it is closed

	r := alice.must(1, "send", "127.0.0.1:"+freePort(t), "secret")
	if !strings.Contains(r.errors, filepath.Dir(socket)) {
		t.Errorf("the error does not name the folder: %q", r.errors)
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("the stranger was asked %d times", n)
	}
}

// TestExposedIdentity: the user is told that others can read the key.
func TestExposedIdentity(t *testing.T) {
	data := t.TempDir()
	alice := newProfile(t, data, "Alice")
	alice.must(0, "id")
	key := filepath.Join(data, "Alice", "identity.key")
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	needRoot(t)
	root(t, "mount", "--bind", key, key)
	t.Cleanup(func() { root(t, "umount", "-l", key) })
	root(t, "mount", "-o", "remount,bind,ro", key)
	if r := alice.must(0, "id"); !strings.Contains(r.errors, "identity key") || !strings.Contains(r.errors, data) {
		t.Errorf("nobody was told: %q", r.errors)
	}
}
