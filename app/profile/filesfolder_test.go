package profile_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"feihong/app/profile"
)

// atHome makes a home folder with a file user-dirs.dirs, if there is content,
// where no other environment counts.
func atHome(t *testing.T, userDirs string) (home string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has user-dirs.dirs")
	}
	home = t.TempDir()
	for name, value := range map[string]string{"HOME": home, "XDG_CONFIG_HOME": "", "XDG_DATA_HOME": "", "FEIHONG_DATA": ""} {
		t.Setenv(name, value)
	}
	writeUserDirs(t, filepath.Join(home, ".config"), userDirs)
	return home
}

func writeUserDirs(t *testing.T, config, content string) {
	t.Helper()
	if content == "" {
		return
	}
	if err := os.MkdirAll(config, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(config, "user-dirs.dirs"), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDefaultFilesFolder(t *testing.T) {
	tests := []struct {
		name, userDirs string
		want           string // below the home folder, or absolute
	}{
		{"nothing said", "", "Downloads/Feihong"},
		{"usual", "XDG_DESKTOP_DIR=\"$HOME/Desktop\"\nXDG_DOWNLOAD_DIR=\"$HOME/Downloads\"\n", "Downloads/Feihong"},
		{"in Chinese", `XDG_DOWNLOAD_DIR="$HOME/下载"`, "下载/Feihong"},
		{"elsewhere", `XDG_DOWNLOAD_DIR="/data/in"`, "/data/in/Feihong"},
		{"with space before", "  XDG_DOWNLOAD_DIR=\"$HOME/a b\"\r\n", "a b/Feihong"},
		{"escaped", `XDG_DOWNLOAD_DIR="$HOME/a\"b\\c\$d"`, `a"b\c$d/Feihong`},
		{"twice", "XDG_DOWNLOAD_DIR=\"$HOME/a\"\nXDG_DOWNLOAD_DIR=\"$HOME/b\"\n", "b/Feihong"},
		{"something behind", `XDG_DOWNLOAD_DIR="$HOME/a" # mine`, "a/Feihong"},
		{"unclean", `XDG_DOWNLOAD_DIR="$HOME//a/./b/"`, "a/b/Feihong"},
		{"comment", `#XDG_DOWNLOAD_DIR="$HOME/a"`, "Downloads/Feihong"},
		{"none wanted", `XDG_DOWNLOAD_DIR="$HOME/"`, "Downloads/Feihong"},
		{"none wanted, without a slash", `XDG_DOWNLOAD_DIR="$HOME"`, "Downloads/Feihong"},
		{"relative", `XDG_DOWNLOAD_DIR="a"`, "Downloads/Feihong"},
		{"other variable", `XDG_DOWNLOAD_DIR="$HOMER/a"`, "Downloads/Feihong"},
		{"no quotes", `XDG_DOWNLOAD_DIR=$HOME/a`, "Downloads/Feihong"},
		{"not closed", `XDG_DOWNLOAD_DIR="$HOME/a`, "Downloads/Feihong"},
		{"ends in an escape", `XDG_DOWNLOAD_DIR="$HOME/a\`, "Downloads/Feihong"},
		{"empty", `XDG_DOWNLOAD_DIR=""`, "Downloads/Feihong"},
		{"zero byte", "XDG_DOWNLOAD_DIR=\"/a\x00b\"", "Downloads/Feihong"},
		{"not UTF-8", "XDG_DOWNLOAD_DIR=\"/a\xff\"", "Downloads/Feihong"},
		{"behind the limit", strings.Repeat("#\n", 40_000) + `XDG_DOWNLOAD_DIR="/late"`, "Downloads/Feihong"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			home := atHome(t, test.userDirs)
			want := test.want
			if !filepath.IsAbs(want) {
				want = filepath.Join(home, want)
			}
			at := locate(t, "", "bob")
			if got := at.DefaultFilesFolder(); got != want || at.Given {
				t.Errorf("files go to %s, want %s", got, want)
			}
		})
	}
}

func TestUserDirsElsewhere(t *testing.T) {
	atHome(t, `XDG_DOWNLOAD_DIR="/wrong"`)
	config := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", config)
	writeUserDirs(t, config, `XDG_DOWNLOAD_DIR="/right"`)
	if got := locate(t, "", "").DefaultFilesFolder(); got != "/right/Feihong" {
		t.Errorf("files go to %s", got)
	}
}

// Who says where the profile is, finds everything there.
func TestFilesFolderOfAGivenPlace(t *testing.T) {
	atHome(t, "")
	root := t.TempDir()
	at := locate(t, root, "bob")
	if got := at.DefaultFilesFolder(); got != filepath.Join(root, "bob", "received") || !at.Given {
		t.Errorf("with --data files go to %s", got)
	}
	t.Setenv("FEIHONG_DATA", root)
	if again := locate(t, "", "bob"); again != at {
		t.Errorf("with FEIHONG_DATA it is %+v", again)
	}
}

// Without a home there is still the profile.
func TestFilesFolderWithoutAHome(t *testing.T) {
	atHome(t, "")
	t.Setenv("HOME", "")
	at := profile.Location{Name: "bob", Dir: "/p/bob"}
	if got := at.DefaultFilesFolder(); got != "/p/bob/received" {
		t.Errorf("files go to %s", got)
	}
}

func TestFilesFolderIsChosen(t *testing.T) {
	p := open(t, locate(t, t.TempDir(), ""))
	if got := p.FilesFolder(); got != p.DefaultFilesFolder() {
		t.Errorf("files go to %s", got)
	}
	mine := filepath.Join(t.TempDir(), "mine")
	for _, step := range []struct{ set, want string }{
		{mine, mine}, {mine + string(filepath.Separator), mine}, {"", p.DefaultFilesFolder()},
	} {
		if err := p.Update(func(s *profile.Settings) { s.FilesFolder = step.set }); err != nil {
			t.Fatal(err)
		}
		if got := p.FilesFolder(); got != step.want {
			t.Errorf("with %q files go to %s, want %s", step.set, got, step.want)
		}
	}
}
