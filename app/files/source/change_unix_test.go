//go:build unix

package source_test

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"feihong/protocol"
	"feihong/transport/bulk/tree"
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

// TestChangedInPlace writes into a file that is being sent and puts its time
// back: what is sent is no mixture.
func TestChangedInPlace(t *testing.T) {
	for name, again := range map[string]bool{"while it is open": false, "between two runs": true} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(folder(t), "disk.img")
			write(t, path, bytesOf(1, 3*mib))
			s, dir := create(t, path)
			if err := send(t.Context(), s, 1, 0); err != nil {
				t.Fatal(err)
			}
			if again {
				s = reopen(t, s, dir)
			}
			changed := changeTime(t, path)
			for changeTime(t, path) == changed { // the clock of the file system is coarse
				write(t, path, bytesOf(2, 3*mib))
			}
			if err := send(t.Context(), s, 1, 1, 2); err == nil {
				_, err = s.Root(t.Context(), 1)
				wantFault(t, err, protocol.BulkSourceChanged)
			}
		})
	}
}

// TestTouchedOnly changes the mode of a file, which is no reason not to send it.
func TestTouchedOnly(t *testing.T) {
	path := filepath.Join(folder(t), "a")
	content := bytesOf(1, 3*mib)
	write(t, path, content)
	s, _ := create(t, path)
	for chunk := range uint64(3) {
		before := changeTime(t, path)
		for changeTime(t, path) == before {
			if err := os.Chmod(path, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := send(t.Context(), s, 1, chunk); err != nil {
			t.Fatal(err)
		}
	}
	if root, err := s.Root(t.Context(), 1); err != nil || root != tree.Sum(content) {
		t.Errorf("%x, %v", root, err)
	}
}

// changeTime is when the system noted the last change of a file.
func changeTime(t *testing.T, path string) [2]int64 {
	t.Helper()
	var st unix.Stat_t
	if err := unix.Lstat(path, &st); err != nil {
		t.Fatal(err)
	}
	return [2]int64{int64(st.Ctim.Sec), int64(st.Ctim.Nsec)}
}
