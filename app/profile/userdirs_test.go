//go:build unix

package profile_test

import (
	"path/filepath"
	"testing"

	"feihong/app/profile"
)

// Whatever stands in the file, it is not understood or gives a path that could
// be a folder.
func FuzzUserDirs(f *testing.F) {
	f.Add("XDG_DOWNLOAD_DIR=\"$HOME/Downloads\"\n")
	f.Add("XDG_DOWNLOAD_DIR=\"/a\\\"b\"\nXDG_DOWNLOAD_DIR=")
	f.Add("XDG_DOWNLOAD_DIR=\"$HOME/..\"")
	f.Fuzz(func(t *testing.T, file string) {
		dir := profile.DownloadDir(file, "/home/li")
		if dir != "" && (!filepath.IsAbs(dir) || filepath.Clean(dir) != dir || dir == "/home/li") {
			t.Errorf("gives %q", dir)
		}
	})
}
