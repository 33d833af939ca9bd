//go:build unix

package source_test

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"feihong/app/files/source"
)

func link(t *testing.T, target, path string) {
	t.Helper()
	if err := os.Symlink(target, path); err != nil {
		t.Fatal(err)
	}
}

// What is given is followed, under its own name; what lies in a folder is not.
func TestWalkFollowsOnlyGivenLinks(t *testing.T) {
	dir := folder(t)
	write(t, filepath.Join(dir, "real", "file"), []byte("content"))
	link(t, "file", filepath.Join(dir, "real", "inside"))
	link(t, "real", filepath.Join(dir, "shortcut"))
	link(t, filepath.Join(dir, "shortcut", "inside"), filepath.Join(dir, "to-file"))
	s, _ := create(t, filepath.Join(dir, "shortcut"), filepath.Join(dir, "to-file"))
	var names []string
	for _, entry := range s.Decoded().Entries {
		names = append(names, entry.Name)
	}
	if want := []string{"shortcut", "file", "to-file"}; !slices.Equal(names, want) {
		t.Errorf("names %q, want %q", names, want)
	}
	roots := s.Roots()
	if want := []string{filepath.Join(dir, "real"), filepath.Join(dir, "real", "file")}; !slices.Equal(roots.Paths, want) {
		t.Errorf("roots %q, want %q", roots.Paths, want)
	}
	if skipped := roots.Skipped; skipped.Links != 1 || skipped.Others != 0 || !slices.Equal(skipped.Names, []string{"shortcut/inside"}) {
		t.Errorf("skipped %+v", skipped)
	}
	buf := make([]byte, 7)
	for _, number := range []uint32{2, 3} {
		if err := s.Read(t.Context(), number, 0, buf); err != nil || string(buf) != "content" {
			t.Errorf("entry %d: %q, %v", number, buf, err)
		}
	}
	broken := filepath.Join(dir, "broken")
	link(t, "nowhere", broken)
	if _, _, err := source.Walk(t.Context(), []string{broken}, source.Limits{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a link to nothing: %v", err)
	}
}

func TestWalkSkipsWhatIsNoFile(t *testing.T) {
	dir := folder(t)
	top := filepath.Join(dir, "top")
	write(t, filepath.Join(top, "file"), nil)
	pipe := filepath.Join(top, "pipe")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	socket, err := net.Listen("unix", filepath.Join(top, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = socket.Close() }()
	for _, digit := range "0123456789" {
		link(t, "file", filepath.Join(top, "link"+string(digit)))
	}
	m, roots := walk(t, top)
	if m.Files() != 1 || m.Folders() != 1 {
		t.Errorf("%d files, %d folders", m.Files(), m.Folders())
	}
	if skipped := roots.Skipped; skipped.Links != 10 || skipped.Others != 2 || len(skipped.Names) != 8 {
		t.Errorf("skipped %+v", skipped)
	}
	var unsent *source.PathError
	if _, _, err := source.Walk(t.Context(), []string{pipe}, source.Limits{}); !errors.As(err, &unsent) || unsent.Path != pipe {
		t.Errorf("a pipe by itself: %v", err)
	} else if key, _ := unsent.UserText(); key != "files.walk.not-a-file" {
		t.Errorf("a pipe by itself: %s", key)
	}
}

func TestWalkNamesWhatIsUnreadable(t *testing.T) {
	for _, closed := range []string{filepath.Join("top", "in", "file"), filepath.Join("top", "in"), "top"} {
		dir := folder(t)
		for _, open := range []string{dir, filepath.Dir(dir)} { // for the other user
			if err := os.Chmod(open, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		write(t, filepath.Join(dir, "top", "in", "file"), []byte("secret"))
		path := filepath.Join(dir, closed)
		if err := os.Chmod(path, 0); err != nil {
			t.Fatal(err)
		}
		unprivileged(t, func() {
			_, _, err := source.Walk(t.Context(), []string{filepath.Join(dir, "top")}, source.Limits{})
			var unsent *source.PathError
			if !errors.As(err, &unsent) || unsent.Path != path || !errors.Is(err, fs.ErrPermission) {
				t.Errorf("%s: %v", closed, err)
			} else if key, _ := unsent.UserText(); key != "files.walk.forbidden" {
				t.Errorf("%s: %s", closed, key)
			}
		})
		if err := os.Chmod(path, 0o755); err != nil { // so that it can be removed
			t.Fatal(err)
		}
	}
}

// TestWalkKnowsProfileByAnotherPath comes to a profile by a link.
func TestWalkKnowsProfileByAnotherPath(t *testing.T) {
	dir := folder(t)
	profile, link := filepath.Join(dir, "profile"), filepath.Join(dir, "link")
	write(t, filepath.Join(profile, "identity.key"), []byte("secret"))
	if err := os.Symlink(profile, link); err != nil {
		t.Fatal(err)
	}
	for private, given := range map[string]string{link: profile, profile: link} {
		var refused *source.PathError
		limits := source.Limits{Private: []string{private}}
		for _, path := range []string{given, filepath.Join(given, "identity.key")} {
			if _, _, err := source.Walk(t.Context(), []string{path}, limits); !errors.As(err, &refused) {
				t.Errorf("%s is private, %s is sent: %v", private, path, err)
			}
		}
	}
}
