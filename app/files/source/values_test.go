package source_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"feihong/app/files/source"
	"feihong/transport/bulk/tree"
)

// TestSendsWithoutLedger sends and signs where nothing can be written any more.
func TestSendsWithoutLedger(t *testing.T) {
	content := bytesOf(1, 4*mib+5)
	tests := map[string]func(t *testing.T, s *source.Source, dir string) *source.Source{
		"cannot be written": func(_ *testing.T, s *source.Source, _ string) *source.Source {
			source.BreakLedger(s)
			return s
		},
		"cannot be opened": func(t *testing.T, s *source.Source, dir string) *source.Source {
			path := filepath.Join(dir, "ledger")
			if err := errors.Join(s.Close(), os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
				t.Fatal(err)
			}
			again, err := source.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			return again
		},
	}
	for name, disturb := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(folder(t), "big")
			write(t, path, content)
			s, _ := create(t, path)
			want, err := s.Listing(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			path = filepath.Join(folder(t), "big") // the same once more, of which nothing is known
			write(t, path, content)
			s, dir := create(t, path)
			s = disturb(t, s, dir)
			defer func() { _ = s.Close() }()
			if err := send(t.Context(), s, 1, 0, 2); err != nil {
				t.Fatal(err)
			}
			if root, err := s.Root(t.Context(), 1); err != nil || root != tree.Sum(content) {
				t.Errorf("the root is %x, %v", root, err)
			}
			if err := os.RemoveAll(dir); err != nil { // so that there is no room for the listing
				t.Fatal(err)
			}
			if sum, err := s.Listing(t.Context()); err != nil || sum != want {
				t.Errorf("the listing is %x, %v; want %x", sum, err, want)
			}
		})
	}
}

// TestNotesOfNoUse tells what does not pass from what does.
func TestNotesOfNoUse(t *testing.T) {
	path := filepath.Join(folder(t), "a")
	write(t, path, []byte("a"))
	tests := map[string]struct {
		disturb func(dir string) error
		final   bool
	}{
		"no manifest":         {func(dir string) error { return os.Remove(filepath.Join(dir, "manifest")) }, true},
		"no list":             {func(dir string) error { return os.Remove(filepath.Join(dir, "sources.json")) }, true},
		"a damaged manifest":  {func(dir string) error { return os.Truncate(filepath.Join(dir, "manifest"), 3) }, true},
		"a damaged list":      {func(dir string) error { return os.Truncate(filepath.Join(dir, "sources.json"), 3) }, true},
		"an unreadable place": {func(dir string) error { return obstruct(filepath.Join(dir, "manifest")) }, false},
	}
	for name, test := range tests {
		s, dir := create(t, path)
		if err := errors.Join(s.Close(), test.disturb(dir)); err != nil {
			t.Fatal(err)
		}
		_, err := source.Open(dir)
		var notes *source.NotesError
		if err == nil || errors.As(err, &notes) != test.final {
			t.Errorf("%s: %v, which is final: %v", name, err, test.final)
		}
	}
}

// obstruct puts a folder in the place of a file.
func obstruct(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, fs.ModePerm)) }
