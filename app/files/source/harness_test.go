package source_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"feihong/app/files/source"
	"feihong/protocol"
	"feihong/transport/bulk"
	"feihong/transport/bulk/tree"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const mib = 1 << 20

var long = time.Date(2019, 3, 4, 5, 6, 7, 123456700, time.UTC)

// bytesOf gives content that is the same each time and nowhere repeats.
func bytesOf(seed uint64, size int) []byte {
	content := make([]byte, size)
	var key [32]byte
	key[0] = byte(seed)
	_, _ = rand.NewChaCha8(key).Read(content) // never fails
	return content
}

// write puts a file at a path, with the folders above it, changed long ago.
func write(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	setTime(t, path, long)
}

func setTime(t testing.TB, path string, at time.Time) {
	t.Helper()
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

// folder gives a new folder without links in its path.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func walk(t testing.TB, paths ...string) (*protocol.Manifest, *source.Roots) {
	t.Helper()
	m, roots, err := source.Walk(t.Context(), paths, source.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return m, roots
}

// create gives the source of some paths, and where it keeps its state.
func create(t testing.TB, paths ...string) (*source.Source, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "state")
	m, roots := walk(t, paths...)
	s, err := source.Create(dir, m, roots)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, dir
}

func reopen(t testing.TB, s *source.Source, dir string) *source.Source {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = again.Close() })
	return again
}

// entry finds a file or folder of the manifest by its path.
func entry(t testing.TB, s *source.Source, path ...string) uint32 {
	t.Helper()
	m := s.Decoded()
	for i := range m.Entries {
		if slices.Equal(m.Path(uint32(i+1)), path) {
			return uint32(i + 1)
		}
	}
	t.Fatalf("no entry %q", path)
	return 0
}

// send reads chunks of a file, counted within it, as a sender does.
func send(ctx context.Context, s *source.Source, entry uint32, chunks ...uint64) error {
	m := s.Decoded()
	first, count := m.ChunksOf(entry)
	buf := make([]byte, protocol.ChunkSize)
	for _, chunk := range chunks {
		_, offset, length := m.Locate(first + chunk)
		if err := s.Read(ctx, entry, offset, buf[:length]); err != nil {
			return err
		}
		s.Keep(first+chunk, tree.Chunk(buf[:length], chunk, count == 1))
	}
	return nil
}

// wantFault makes sure that err is a fault with this code.
func wantFault(t testing.TB, err error, code protocol.BulkCode) {
	t.Helper()
	var fault *bulk.Fault
	if !errors.As(err, &fault) || fault.Code != code || fault.Text == "" {
		t.Errorf("%v, want %v", err, code)
	}
}

func skipOnWindows(t testing.TB, reason string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip(reason)
	}
}
