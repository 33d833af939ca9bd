//go:build unix

package profile

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// maxUserDirsBytes is far more than the file of a desktop ever needs.
const maxUserDirsBytes = 64 << 10

// downloads is the user's folder for downloads; "" if there is no telling.
func downloads() string {
	if runtime.GOOS == "darwin" {
		return downloadsOf()
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	config := os.Getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(config) {
		config = filepath.Join(home, ".config")
	}
	f, err := os.Open(filepath.Join(config, "user-dirs.dirs"))
	if err != nil {
		return downloadsOf()
	}
	defer func() { _ = f.Close() }() // only read from
	raw, err := io.ReadAll(io.LimitReader(f, maxUserDirsBytes))
	if err != nil {
		return downloadsOf()
	}
	if dir := downloadDir(string(raw), home); dir != "" {
		return dir
	}
	return downloadsOf()
}

// downloadDir finds XDG_DOWNLOAD_DIR in user-dirs.dirs, as its specification
// has it: a path in double quotes that begins with $HOME/ or /, with a
// backslash before what a shell would take for something else. A user without
// such a folder has their home there; that, like anything else, gives "".
func downloadDir(file, home string) string {
	found := ""
	for line := range strings.Lines(file) {
		value, ok := strings.CutPrefix(strings.TrimSpace(line), "XDG_DOWNLOAD_DIR=")
		if ok {
			found = value // the last one counts, as in a shell
		}
	}
	path, ok := unquote(found)
	if below, inHome := strings.CutPrefix(path, "$HOME"); inHome && (below == "" || below[0] == '/') {
		path = home + below
	}
	if !ok || !possibleFolder(path) || filepath.Clean(path) == filepath.Clean(home) {
		return ""
	}
	return filepath.Clean(path)
}

// unquote reads a text in double quotes.
func unquote(value string) (text string, ok bool) {
	value, ok = strings.CutPrefix(value, `"`)
	if !ok {
		return "", false
	}
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		switch {
		case value[i] == '"':
			return b.String(), true
		case value[i] == '\\' && i+1 < len(value):
			i++
		}
		b.WriteByte(value[i])
	}
	return "", false
}
