//go:build !headless

package app_test

import (
	"os"
	"path/filepath"
	"testing"

	"feihong/app"
)

func TestKeptPictures(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "profile", "pictures")
	for _, want := range []string{"图片 12-00.png", "图片 12-00 (2).png", "图片 12-00 (3).png"} {
		path, err := app.KeepIn(dir, "图片 12-00.png", []byte(want))
		if err != nil || path != filepath.Join(dir, want) {
			t.Fatalf("%s, %v; want %s", path, err, want)
		}
		if data, err := os.ReadFile(path); err != nil || string(data) != want {
			t.Errorf("%s has %q, %v", path, data, err)
		}
	}
	for _, name := range []string{"", ".", "..", "../identity.key", "a/b.png", ".hidden"} {
		if path, err := app.KeepIn(dir, name, nil); err == nil {
			t.Errorf("%q became %s", name, path)
		}
	}
}
