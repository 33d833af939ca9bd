//go:build e2e

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestDamagedDatabaseIsSetAside(t *testing.T) {
	data := t.TempDir()
	alice := newProfile(t, data, "Alice")
	alice.must(0, "id")
	path := filepath.Join(data, "Alice", "feihong.db")
	garbage := []byte(strings.Repeat("this was a database once. ", 1000))
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, garbage, 0o600); err != nil {
		t.Fatal(err)
	}
	r := alice.must(0, "id")
	aside, err := filepath.Glob(path + ".damaged-*")
	if err != nil || len(aside) != 1 {
		t.Fatalf("set aside %q, %v", aside, err)
	}
	kept, err := os.ReadFile(aside[0])
	if err != nil || string(kept) != string(garbage) {
		t.Errorf("the damaged database was changed: %v", err)
	}
	if !strings.Contains(r.errors, aside[0]) {
		t.Errorf("nobody was told: %q", r.errors)
	}
}

func TestDamagedIdentityIsNotReplaced(t *testing.T) {
	data := t.TempDir()
	alice := newProfile(t, data, "Alice")
	alice.must(0, "id")
	path := filepath.Join(data, "Alice", "identity.key")
	if err := os.WriteFile(path, []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := alice.must(1, "id"); !strings.Contains(r.errors, path) {
		t.Errorf("the error does not name the file: %q", r.errors)
	}
	if kept, err := os.ReadFile(path); err != nil || string(kept) != "no key" {
		t.Errorf("the file was changed: %q, %v", kept, err)
	}
}

func TestSecondDaemonIsRefused(t *testing.T) {
	data := t.TempDir()
	alice := newProfile(t, data, "Alice")
	first := alice.daemon()
	r := alice.must(1, "daemon")
	if !strings.Contains(r.errors, filepath.Join(data, "Alice")) {
		t.Errorf("the error does not say where: %q", r.errors)
	}
	if code := first.stop(); code != 0 {
		t.Errorf("the first one ended with %d", code)
	}
}

func TestPinnedPortInUse(t *testing.T) {
	data := t.TempDir()
	first := newProfile(t, data, "Alice").daemon()
	_, port, _ := strings.Cut(first.address(), ":")
	r := newProfile(t, data, "Bob").must(1, "daemon", "--port", port)
	if !strings.Contains(r.errors, port) {
		t.Errorf("the error does not name the port: %q", r.errors)
	}
}

// TestDiskFull fills the disk of a receiver, and frees it again.
func TestDiskFull(t *testing.T) {
	small := t.TempDir()
	needRoot(t)
	root(t, "mount", "-t", "tmpfs", "-o", "size=2m,mode=0777", "tmpfs", small)
	t.Cleanup(func() { root(t, "umount", "-l", small) })

	alice := newProfile(t, t.TempDir(), "Alice")
	bob := newProfile(t, small, "Bob")
	daemon := bob.daemon()
	alice.must(0, "send", daemon.address(), "there is room")
	filler := filepath.Join(small, "filler")
	fill(t, filler)
	text := strings.Repeat("多", 20_000)
	r := alice.must(3, "send", "--timeout", "3s", "Bob", text)
	if !strings.Contains(r.errors, "stored") {
		t.Errorf("said %q", r.errors)
	}
	eventually(t, "Bob is told that the disk is full", func() bool {
		return strings.Contains(daemon.stderr.String(), "full")
	})
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	alice.must(0, "send", "--timeout", "20s", "Bob", "there is room again")
	got := bob.texts("Alice", "in")
	if len(got) != 3 || got[1] != text {
		t.Errorf("Bob has %d texts", len(got))
	}
}

// needRoot skips a test that mounts something, where only somebody at the
// keyboard could allow that. In CI it fails instead: there nothing is skipped.
func needRoot(t *testing.T) {
	t.Helper()
	if os.Getuid() == 0 || exec.Command("sudo", "-n", "true").Run() == nil {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("mounting needs root, or sudo without a password")
	}
	t.Skip("mounting needs root, and sudo asks for a password")
}

func root(t *testing.T, words ...string) {
	t.Helper()
	if os.Getuid() != 0 {
		words = append([]string{"sudo", "-n"}, words...)
	}
	if out, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%q: %v\n%s", words, err, out)
	}
}

// fill writes a file until the disk is full.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, size := range []int{64 << 10, 4 << 10, 1} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
	}
}

// TestStoreNotWritable puts a folder where the database should be, which
// stops even root.
func TestStoreNotWritable(t *testing.T) {
	data := t.TempDir()
	path := filepath.Join(data, "Alice", "feihong.db")
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if r := newProfile(t, data, "Alice").must(1, "daemon"); !strings.Contains(r.errors, path) || strings.Count(strings.TrimSpace(r.errors), "\n") > 0 {
		t.Errorf("want one sentence that names %s: %q", path, r.errors)
	}
}
