package app_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"feihong/app"
	"feihong/app/control"
	"feihong/app/profile"
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
	const (
		used     = "Screenshot 2026-01-02 10-11-12.png"
		moved    = "Picture 2026-01-02 10-11-12 (3).jpeg"
		loose    = "截图 2026-01-02 10-11-12.png"
		numbered = "图片 2026-01-02 10-11-12 (2).webp"
		justMade = "Screenshot 2026-01-03 10-11-12.png"
		tomorrow = "Screenshot 2026-01-04 10-11-12.png"
		ancient  = "Screenshot 2025-01-04 10-11-12.png" // older than the database
	)
	own := []string{"holiday.png", "Screenshot from 2026-01-02 10-11-12.png", "Picture 1.png", "a Picture 2026-01-02 10-11-12.png", "Picture 2026-01-02 10-11-12.png.pdf"}
	for _, name := range append(own, used, moved, loose, numbered, "folder/"+loose) {
		write(filepath.Join(dir, name), long)
	}
	write(filepath.Join(dir, justMade), time.Now())
	write(filepath.Join(dir, tomorrow), time.Now().Add(24*time.Hour))
	write(filepath.Join(dir, ".since"), long.Add(-time.Hour))
	write(filepath.Join(dir, ancient), long.Add(-2*time.Hour))
	linked := os.Symlink(outside, filepath.Join(dir, "link.png")) == nil
	left := func() (names []string) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Name() != "link.png" && e.Name() != ".since" {
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
		return []string{filepath.Join(dir, used), filepath.Join("elsewhere", "pictures", strings.ToUpper(moved))}, nil
	}
	if err := app.RemoveLoose(dir, before, inUse); err != nil {
		t.Fatal(err)
	}
	want := append(own, used, moved, justMade, tomorrow, ancient, "folder")
	slices.Sort(want)
	if !slices.Equal(left(), want) {
		t.Errorf("left are %q, want %q", left(), want)
	}
	for _, path := range []string{outside, filepath.Join(dir, "folder", loose)} {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Lstat(filepath.Join(dir, "link.png")); linked && err != nil {
		t.Error(err)
	}
	none := filepath.Join(dir, "none")
	if err := app.RemoveLoose(none, before, inUse); err != nil {
		t.Errorf("no folder: %v", err)
	}
	// What is made from now on is known.
	if _, err := os.Stat(filepath.Join(none, ".since")); err != nil {
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

// Where the database does not know the pictures, because it is new or another
// one, none is removed.
func TestPicturesOfLostDatabaseStay(t *testing.T) {
	data := t.TempDir()
	at, err := profile.Locate(data, "")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(at.Dir, "pictures")
	path := filepath.Join(dir, "Screenshot 2026-01-02 10-11-12.png")
	nothing := func() ([]string, error) { return nil, nil }
	open := func() {
		t.Helper()
		err := app.Once(t.Context(), data, profile.DiscoveryOff, func(context.Context, *control.Client) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	later := time.Now().Add(time.Hour)
	tidy := func(when string, want bool) {
		t.Helper()
		if err := app.RemoveLoose(dir, later, nothing); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s: %v", when, err)
		}
	}
	open()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	tidy("never tidied before", true)
	long := time.Now().Add(-48 * time.Hour)
	since := filepath.Join(dir, ".since")
	if err := os.Chtimes(since, long, long); err != nil {
		t.Fatal(err)
	}
	p, err := profile.Open(at)
	if err != nil {
		t.Fatal(err)
	}
	database := p.Database()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(database, bytes.Repeat([]byte("damaged"), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	open()
	tidy("after a damage", true)
	open()
	tidy("later after a damage", true)
	if err := os.Chtimes(since, long, long); err != nil {
		t.Fatal(err)
	}
	tidy("known to the database", false)
}
