//go:build unix

package source_test

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"feihong/protocol"
)

func init() {
	changes = append(changes,
		change{"a link to itself elsewhere", func(t *testing.T, path string) {
			rename(t, path, path+".away")
			link(t, path+".away", path)
		}, protocol.BulkSourceChanged, true},
		change{"a pipe", func(t *testing.T, path string) {
			remove(t, path)
			if err := unix.Mkfifo(path, 0o600); err != nil {
				t.Fatal(err)
			}
			setTime(t, path, long)
		}, protocol.BulkSourceChanged, true},
		change{"a socket", func(t *testing.T, path string) {
			remove(t, path)
			if err := unix.Mknod(path, unix.S_IFSOCK|0o600, 0); err != nil {
				t.Fatal(err)
			}
		}, protocol.BulkSourceChanged, true},
	)
}

func TestFileBecomesUnreadable(t *testing.T) {
	s, small, large := changing(t)
	top := filepath.Dir(filepath.Dir(small))
	for _, open := range []string{filepath.Dir(top), filepath.Dir(filepath.Dir(top))} { // for the other user
		if err := os.Chmod(open, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(small, 0); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Dir(large), 0o600); err != nil {
		t.Fatal(err)
	}
	unprivileged(t, func() {
		wantFault(t, send(t.Context(), s, entry(t, s, "top", "small", "s"), 0), protocol.BulkSourceUnreadable)
		wantFault(t, send(t.Context(), s, entry(t, s, "top", "large", "l"), 0), protocol.BulkSourceUnreadable)
	})
	if err := os.Chmod(filepath.Dir(large), 0o755); err != nil {
		t.Fatal(err)
	}
}
