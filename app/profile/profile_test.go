package profile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"feihong/app/profile"
)

func TestProfileNames(t *testing.T) {
	tests := []struct {
		name string
		ok   bool
	}{
		{"", true}, // the default
		{"bob", true},
		{"Bob-2_b", true},
		{"v1.2", true},
		{"鲍勃", true},
		{"Ærøskøbing", true},
		{strings.Repeat("a", 64), true},
		{strings.Repeat("a", 65), false},
		{strings.Repeat("长", 22), false}, // 66 bytes
		{".", false},
		{"..", false},
		{".hidden", false},
		{"dot.", false},
		{"a/b", false},
		{"../bob", false},
		{`a\b`, false},
		{"C:", false},
		{"a b", false},
		{"a\x00b", false},
		{"a\nb", false},
		{"a\xffb", false},
		{"a*", false},
		{"a\u202eb", false},
	}
	root := t.TempDir()
	for _, test := range tests {
		at, err := profile.Locate(root, test.name)
		var bad *profile.NameError
		switch {
		case test.ok && err != nil:
			t.Errorf("%q: %v", test.name, err)
		case test.ok && filepath.Dir(at.Dir) != root:
			t.Errorf("%q lies in %s", test.name, at.Dir)
		case !test.ok && (!errors.As(err, &bad) || bad.Name != test.name):
			t.Errorf("%q was accepted: %v, %v", test.name, at, err)
		}
	}
}

func TestLocate(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("the data folder of this system is not chosen by variables")
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name                         string
		root, variable, data, expect string
	}{
		{"nothing given", "", "", "", "/home/wei/.local/share/feihong/default"},
		{"XDG_DATA_HOME", "", "", "/srv/data", "/srv/data/feihong/default"},
		{"relative XDG_DATA_HOME does not count", "", "", "data", "/home/wei/.local/share/feihong/default"},
		{"FEIHONG_DATA before XDG_DATA_HOME", "", "/media/stick", "/srv/data", "/media/stick/default"},
		{"--data before both", "/opt/f", "/media/stick", "/srv/data", "/opt/f/default"},
		{"relative --data", "f", "", "", filepath.Join(here, "f", "default")},
		{"unclean --data", "/opt//x/../f/", "", "", "/opt/f/default"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("HOME", "/home/wei")
			t.Setenv("FEIHONG_DATA", test.variable)
			t.Setenv("XDG_DATA_HOME", test.data)
			at := locate(t, test.root, "")
			if at.Dir != test.expect || at.Name != profile.DefaultName {
				t.Errorf("located %+v, want %s", at, test.expect)
			}
		})
	}
}

func TestLocateWithoutHome(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the system knows the folder there")
	}
	for _, name := range []string{"HOME", "FEIHONG_DATA", "XDG_DATA_HOME"} {
		t.Setenv(name, "")
	}
	if at, err := profile.Locate("", ""); err == nil || !strings.Contains(err.Error(), "--data") {
		t.Errorf("located %v, %v", at, err)
	}
}

func TestOnlyTheUserCanReadAProfile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no modes on Windows")
	}
	open0755 := filepath.Join(t.TempDir(), "open")
	if err := os.Mkdir(open0755, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, at := range map[string]profile.Location{
		"new folder":        locate(t, filepath.Join(t.TempDir(), "made", "too"), "bob"),
		"folder was public": {Name: "open", Dir: open0755},
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t, at)
			if err := p.Update(func(*profile.Settings) {}); err != nil {
				t.Fatal(err)
			}
			if !p.Created {
				t.Error("a new identity is not told as such")
			}
			wantModes(t, at.Dir, map[string]fs.FileMode{
				".": 0o700, "identity.key": 0o600, "settings.json": 0o600, "lock": 0o600,
			})
		})
	}
}

// wantModes checks that a folder holds these files, with these modes.
func wantModes(t *testing.T, dir string, want map[string]fs.FileMode) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(want)-1 {
		t.Errorf("the folder holds %v", entries)
	}
	for name, mode := range want {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v; want mode %v", name, info.Mode(), err, mode)
		}
	}
}

func TestPaths(t *testing.T) {
	at := locate(t, t.TempDir(), "bob")
	for _, path := range []string{at.Database(), at.Socket()} {
		if filepath.Dir(path) != at.Dir {
			t.Errorf("%s is not in %s", path, at.Dir)
		}
	}
}

func TestFolderThatCannotBe(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	lockIsDir := filepath.Join(dir, "locked")
	if err := os.MkdirAll(filepath.Join(lockIsDir, "lock"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, at := range []profile.Location{
		{Name: "below a file", Dir: filepath.Join(file, "p")},
		{Name: "a file", Dir: file},
		{Name: "lock is a folder", Dir: lockIsDir},
	} {
		_, err := profile.Open(at)
		var folder *profile.FolderError
		if !errors.As(err, &folder) || folder.Dir != at.Dir || !strings.Contains(err.Error(), at.Dir) {
			t.Errorf("%s: %v", at.Name, err)
		}
	}
}

// A profile that cannot be read is given back: no lock stays behind.
func TestFailedOpenGivesTheLockBack(t *testing.T) {
	at := locate(t, t.TempDir(), "")
	if err := os.MkdirAll(at.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(at.Dir, "identity.key")
	if err := os.WriteFile(key, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := profile.Open(at); err == nil {
		t.Fatal("opened with a damaged identity")
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	open(t, at)
}
