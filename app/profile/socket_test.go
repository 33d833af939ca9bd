package profile_test

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"feihong/app/profile"
)

// longest is what the system with the shortest limit takes as the path of a
// Unix socket.
const longest = 103

// listenAt proves that a path can be the socket of a profile.
func listenAt(t *testing.T, path string) {
	t.Helper()
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

// shortDir is a folder whose path leaves room for a socket's.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp(os.TempDir(), "fh")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) }) // nothing depends on it
	return dir
}

// faraway is a profile in a folder with a very long path.
func faraway(t *testing.T) *profile.Profile {
	t.Helper()
	return open(t, locate(t, filepath.Join(t.TempDir(), strings.Repeat("long/", 30)), "bob"))
}

func TestSocketOfALongPathLiesElsewhere(t *testing.T) {
	runtimeDir, temp := shortDir(t), shortDir(t)
	long := filepath.Join(t.TempDir(), strings.Repeat("x", 90))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, runtime, temp, below string }{
		{"in the runtime folder", runtimeDir, temp, runtimeDir},
		{"no runtime folder", "", temp, temp},
		{"relative runtime folder", "run", temp, temp},
		{"long runtime folder", long, temp, temp},
		{"everything long", long, long, "/tmp"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if runtime.GOOS == "windows" {
				t.Skip("other variables on Windows")
			}
			t.Setenv("XDG_RUNTIME_DIR", test.runtime)
			t.Setenv("TMPDIR", test.temp)
			p := faraway(t)
			path, err := p.PrepareSocket()
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(path, test.below+"/feihong") || len(path) > longest {
				t.Errorf("the socket is %s", path)
			}
			if path != p.Socket() {
				t.Errorf("others look for it at %s", p.Socket())
			}
			if info, err := os.Stat(filepath.Dir(path)); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("its folder: %v, %v", info, err)
			}
			listenAt(t, path)
			if faraway(t).Socket() == path {
				t.Error("two profiles have one socket")
			}
		})
	}
}

func TestStaleSocketIsRemoved(t *testing.T) {
	p := open(t, locate(t, shortDir(t), "bob"))
	if err := os.WriteFile(p.Socket(), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	path, err := p.PrepareSocket()
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Dir(path) != p.Dir {
		t.Errorf("the socket is %s", path)
	}
	listenAt(t, path)
}

func TestSocketThatIsAFolder(t *testing.T) {
	p := open(t, locate(t, shortDir(t), "bob"))
	if err := os.MkdirAll(filepath.Join(p.Socket(), "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	var folder *profile.FolderError
	if _, err := p.PrepareSocket(); !errors.As(err, &folder) {
		t.Errorf("prepared: %v", err)
	}
}

func TestForeignRuntimeFolderIsRefused(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("folders for temporary files are private there")
	}
	tests := map[string]func(dir string) error{
		"others may enter": func(dir string) error {
			return errors.Join(os.Mkdir(dir, 0o700), os.Chmod(dir, 0o711))
		},
		"others may write": func(dir string) error {
			return errors.Join(os.Mkdir(dir, 0o700), os.Chmod(dir, 0o702))
		},
		"a link to a private folder": func(dir string) error {
			return errors.Join(os.Mkdir(dir+"-elsewhere", 0o700), os.Symlink(dir+"-elsewhere", dir))
		},
		"a file": func(dir string) error { return os.WriteFile(dir, nil, 0o600) },
	}
	if os.Getuid() == 0 { // nobody else can give a folder away
		tests["of another user"] = func(dir string) error {
			return errors.Join(os.Mkdir(dir, 0o700), os.Chown(dir, 12345, 12345))
		}
	}
	for name, prepare := range tests {
		t.Run(name, func(t *testing.T) {
			base := shortDir(t)
			t.Setenv("XDG_RUNTIME_DIR", base)
			dir := filepath.Join(base, "feihong")
			if err := prepare(dir); err != nil {
				t.Fatal(err)
			}
			path, err := faraway(t).PrepareSocket()
			var exposed *profile.ExposedError
			var folder *profile.FolderError // the system itself refuses a file
			if !errors.As(err, &exposed) && !errors.As(err, &folder) || !strings.Contains(err.Error(), dir) {
				t.Errorf("prepared %s, %v", path, err)
			}
		})
	}
}

// TestSocketOfSomebodyElseIsNotFound: what a command sends must not go to
// whoever made the folder first.
func TestSocketOfSomebodyElseIsNotFound(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("folders for temporary files are private there")
	}
	near := func(t *testing.T) profile.Location { return locate(t, shortDir(t), "bob") }
	far := func(t *testing.T) profile.Location {
		t.Setenv("XDG_RUNTIME_DIR", shortDir(t))
		return locate(t, filepath.Join(t.TempDir(), strings.Repeat("long/", 30)), "bob")
	}
	tests := []struct {
		name  string
		at    func(*testing.T) profile.Location
		mode  os.FileMode // of the folder; 0: there is none
		owner int
		found bool
	}{
		{"no folder", near, 0, 0, false},
		{"no folder elsewhere", far, 0, 0, false},
		{"in the profile", near, 0o700, os.Getuid(), true},
		{"elsewhere", far, 0o700, os.Getuid(), true},
		{"others write in the profile", near, 0o777, os.Getuid(), false},
		{"others write elsewhere", far, 0o777, os.Getuid(), false},
		{"others enter elsewhere", far, 0o711, os.Getuid(), false},
		{"of another user in the profile", near, 0o700, 12345, false},
		{"of another user elsewhere", far, 0o700, 12345, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			at := test.at(t)
			dir := filepath.Dir(at.Socket())
			if test.mode == 0 {
				if path, err := at.FindSocket(); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("found %q, %v", path, err)
				}
				return
			}
			if test.owner != os.Getuid() && os.Getuid() != 0 {
				t.Skip("only root can give a folder away")
			}
			if err := errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(at.Socket(), nil, 0o600),
				os.Chown(dir, test.owner, -1), os.Chmod(dir, test.mode)); err != nil {
				t.Fatal(err)
			}
			path, err := at.FindSocket()
			var exposed *profile.ExposedError
			switch {
			case test.found && (err != nil || path != at.Socket()):
				t.Errorf("found %q, %v", path, err)
			case !test.found && (path != "" || !errors.As(err, &exposed) || exposed.Dir != dir):
				t.Errorf("found %q, %v; want an error that names %s", path, err, dir)
			}
		})
	}
}

// TestFolderThatCannotBeClosed: the profile is not put where others read it.
func TestFolderThatCannotBeClosed(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs a folder whose mode nobody can change")
	}
	const dir = "/proc/self" // mode 0555
	_, err := profile.Open(profile.Location{Name: "self", Dir: dir})
	var folder *profile.FolderError
	if !errors.As(err, &folder) || folder.Dir != dir || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("opened: %v", err)
	}
}
