package app_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"feihong/app"
)

func TestRemoveLoosePictures(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pictures")
	outside := filepath.Join(t.TempDir(), "outside.png")
	if err := os.MkdirAll(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-2 * time.Hour)
	write := func(path string, at time.Time) {
		t.Helper()
		if err := os.WriteFile(path, []byte("picture"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	write(outside, long)
	for _, name := range []string{"used.png", "Moved.png", "loose.png", "图片 (2).png", "folder/inside.png"} {
		write(filepath.Join(dir, name), long)
	}
	write(filepath.Join(dir, "just made.png"), time.Now())
	write(filepath.Join(dir, "tomorrow.png"), time.Now().Add(24*time.Hour))
	linked := os.Symlink(outside, filepath.Join(dir, "link.png")) == nil
	left := func() (names []string) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Name() != "link.png" {
				names = append(names, e.Name())
			}
		}
		return names
	}
	before := time.Now().Add(-time.Hour)
	all := left()
	if err := app.RemoveLoose(dir, before, func() ([]string, error) { return nil, errors.New("the store") }); err == nil || !slices.Equal(left(), all) {
		t.Errorf("without knowing what is in use: %v, %q", err, left())
	}
	inUse := func() ([]string, error) {
		return []string{filepath.Join(dir, "used.png"), filepath.Join("elsewhere", "pictures", "moved.PNG")}, nil
	}
	if err := app.RemoveLoose(dir, before, inUse); err != nil {
		t.Fatal(err)
	}
	if want := []string{"Moved.png", "folder", "just made.png", "tomorrow.png", "used.png"}; !slices.Equal(left(), want) {
		t.Errorf("left are %q, want %q", left(), want)
	}
	for _, path := range []string{outside, filepath.Join(dir, "folder", "inside.png")} {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Lstat(filepath.Join(dir, "link.png")); linked && err != nil {
		t.Error(err)
	}
	if err := app.RemoveLoose(filepath.Join(dir, "none"), before, inUse); err != nil {
		t.Errorf("no folder: %v", err)
	}
	whole := filepath.Join(filepath.Dir(outside), "linked")
	if os.Symlink(dir, whole) == nil {
		n := len(left())
		if err := app.RemoveLoose(whole, time.Now().Add(48*time.Hour), func() ([]string, error) { return nil, nil }); err != nil || len(left()) != n {
			t.Errorf("through a link: %v, %q", err, left())
		}
	}
}
