package folder_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"feihong/app/files/folder"
)

// vanished takes files out of the staging folder before they get their names.
func vanished(t *testing.T, cfg folder.Config, p *parcel, names ...string) {
	t.Helper()
	f := begin(t, cfg, p)
	if _, err := p.feed(f, 100); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if err := os.Remove(staged(t, cfg, filepath.FromSlash(name))); err != nil {
			t.Fatal(err)
		}
	}
	err := f.Settle(context.Background())
	if err == nil {
		t.Error("settled without what has vanished")
	}
	if bytes, files := f.Done(); files != p.manifest.Files()-len(names) || bytes >= int64(p.manifest.Bytes()) {
		t.Errorf("%d files with %d bytes are done", files, bytes)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestVanished(t *testing.T) {
	for _, names := range [][]string{{"1.part"}, {"2.part"}, {"3.folder/two"}, {"3.folder/two", "3.folder/sub/three", "2.part"}} {
		p := small(t)
		cfg := config(t, p)
		vanished(t, cfg, p, names...)
		if err := p.receive(cfg); err != nil {
			t.Fatal(err)
		}
		same(t, contents(t, cfg.Target), p.expected())
	}
}

// TestVanishesAgain: what somebody takes away each time is given up.
func TestVanishesAgain(t *testing.T) {
	p := small(t)
	cfg := config(t, p)
	for range 2 {
		vanished(t, cfg, p, "3.folder/two")
	}
	f := begin(t, cfg, p)
	if _, err := p.feed(f, 100); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(staged(t, cfg, filepath.Join("3.folder", "two"))); err != nil {
		t.Fatal(err)
	}
	if err := f.Settle(context.Background()); err != nil {
		t.Fatal(err)
	}
	if failures := f.Failures(); len(failures) != 1 || failures[0].Name != "dir/two" {
		t.Errorf("the failures are %v", failures)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	want := p.expected()
	delete(want, "dir/two")
	same(t, contents(t, cfg.Target), want)
}
