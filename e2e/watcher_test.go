//go:build e2e

package e2e

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// watcher looks at a folder into which files are received, and complains of
// everything that bears a final name and is not complete. It is told by the
// kernel of every change, so that it misses nothing that is there for a moment.
type watcher struct {
	folder string
	want   map[string]leaf // what may appear, by path within the folder
	file   *os.File
	done   sync.WaitGroup

	mu         sync.Mutex
	complaints []string
	appeared   map[string]bool // final names at the top
}

// hidden is how the names of what is not complete begin.
const hidden = ".feihong-"

// watch begins to look at a folder, which has to be there. Names at the top may
// be those of want or, where such a name was taken, the same with a number.
func watch(t *testing.T, folder string, want map[string]leaf) *watcher {
	t.Helper()
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		t.Fatal(err)
	}
	w := &watcher{folder: folder, want: want, file: os.NewFile(uintptr(fd), "inotify"), appeared: make(map[string]bool)}
	if _, err := unix.InotifyAddWatch(fd, folder, unix.IN_CREATE|unix.IN_MOVED_TO|unix.IN_MODIFY); err != nil {
		t.Fatal(err)
	}
	w.done.Go(w.read)
	t.Cleanup(w.stop)
	return w
}

func (w *watcher) stop() {
	w.file.Close()
	w.done.Wait()
}

func (w *watcher) read() {
	buffer := make([]byte, 64<<10)
	for {
		n, err := w.file.Read(buffer)
		if err != nil {
			return // closed
		}
		for at := 0; at < n; {
			mask := binary.NativeEndian.Uint32(buffer[at+4:])
			length := int(binary.NativeEndian.Uint32(buffer[at+12:]))
			name := strings.TrimRight(string(buffer[at+16:at+16+length]), "\x00")
			at += 16 + length
			if !strings.HasPrefix(name, hidden) {
				w.changed(name, mask)
			}
		}
	}
}

// changed looks at something that has got its final name, at once.
func (w *watcher) changed(name string, mask uint32) {
	var err error
	switch {
	case mask&unix.IN_Q_OVERFLOW != 0:
		err = errors.New("too much happened to see it all")
	case mask&unix.IN_MOVED_TO == 0:
		err = errors.New("something was written under a final name")
	default:
		err = w.check(name)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.appeared[name] = true
	if err != nil {
		w.complaints = append(w.complaints, fmt.Sprintf("%s: %v", name, err))
	}
}

// check compares a file or folder at the top with what it should be. Files that
// could not be had may be missing in a folder, but what is there is right.
func (w *watcher) check(name string) error {
	original, err := w.original(name)
	if err != nil {
		return err
	}
	return filepath.WalkDir(filepath.Join(w.folder, name), func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		got, err := examine(path)
		if err != nil {
			return err
		}
		within, err := filepath.Rel(filepath.Join(w.folder, name), path)
		if err != nil {
			return err
		}
		want, there := w.want[filepath.Join(original, within)]
		if !there || want.folder != got.folder || want.size != got.size || want.hash != got.hash {
			return fmt.Errorf("%s is %d bytes %x, want %d bytes %x", within, got.size, got.hash[:4], want.size, want.hash[:4])
		}
		return nil
	})
}

// original gives the name under which something was sent.
func (w *watcher) original(name string) (string, error) {
	if _, there := w.want[name]; there {
		return name, nil
	}
	extension := filepath.Ext(name)
	stem := strings.TrimSuffix(name, extension)
	if end := strings.LastIndex(stem, " ("); end > 0 {
		if first := stem[:end] + extension; w.want[first] != (leaf{}) {
			return first, nil
		}
	}
	return "", errors.New("nobody sent that")
}

// said gives all complaints and the names that appeared.
func (w *watcher) said() (complaints []string, appeared map[string]bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.complaints, w.appeared
}

// TestWatcher makes the mistakes that the watcher has to see.
func TestWatcher(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		act    func(folder string) error
		wanted string // part of the complaint; empty for none
	}{
		{"a complete file", func(folder string) error { return moveIn(folder, "a.txt", "whole") }, ""},
		{"under another name", func(folder string) error { return moveIn(folder, "a (1).txt", "whole") }, ""},
		{"a part of a file", func(folder string) error { return moveIn(folder, "a.txt", "who") }, "3 bytes"},
		{"a wrong file", func(folder string) error { return moveIn(folder, "a.txt", "whale") }, "5 bytes"},
		{"written in place", func(folder string) error {
			return os.WriteFile(filepath.Join(folder, "a.txt"), []byte("whole"), 0o600)
		}, "written under"},
		{"unknown", func(folder string) error { return moveIn(folder, "b.txt", "whole") }, "nobody"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			from, to := t.TempDir(), t.TempDir()
			if err := os.WriteFile(filepath.Join(from, "a.txt"), []byte("whole"), 0o600); err != nil {
				t.Fatal(err)
			}
			w := watch(t, to, forest(t, from))
			if err := test.act(to); err != nil {
				t.Fatal(err)
			}
			eventually(t, "something appears", func() bool { _, names := w.said(); return len(names) > 0 })
			complaints, _ := w.said()
			if got := strings.Join(complaints, "; "); (test.wanted == "") != (got == "") || !strings.Contains(got, test.wanted) {
				t.Errorf("complains %q, want %q", got, test.wanted)
			}
		})
	}
}

// moveIn makes a file as a careful program does.
func moveIn(folder, name, text string) error {
	part := filepath.Join(folder, hidden+"part")
	return errors.Join(os.WriteFile(part, []byte(text), 0o600), os.Rename(part, filepath.Join(folder, name)))
}
