package folder_test

import (
	"os"
	"path/filepath"
	"testing"
)

// TestAnotherDiskMeanwhile: a stick is pulled out, what comes goes to the empty
// folder that remains, and then the stick is there again.
func TestAnotherDiskMeanwhile(t *testing.T) {
	p := pack(t, item{path: "big", data: random(3, 6<<20)})
	cfg := config(t, p)
	swap := func(from, to string) {
		t.Helper()
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	p.receivePart(t, cfg, 2)
	swap(cfg.Target, cfg.Target+" stick")
	if err := os.Mkdir(cfg.Target, 0o755); err != nil {
		t.Fatal(err)
	}
	p.receivePart(t, cfg, 5)
	swap(cfg.Target, cfg.Target+" bare")
	swap(cfg.Target+" stick", cfg.Target)
	f := begin(t, cfg, p)
	if bytes, _ := f.Done(); bytes != 2<<20 {
		t.Errorf("%d bytes are believed to be there", bytes)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := p.receive(cfg); err != nil {
		t.Fatal(err)
	}
	same(t, contents(t, cfg.Target), p.expected())
}

// TestMarker: without the marker that was left, everything is looked at again.
func TestMarker(t *testing.T) {
	for name, c := range map[string]struct {
		spoil   func(t *testing.T, path string)
		damaged bool // is seen
	}{
		"as it was": {func(*testing.T, string) {}, false},
		"gone":      {func(t *testing.T, path string) { remove(t, path) }, true},
		"empty":     {func(t *testing.T, path string) { write(t, path, "") }, true},
		"another":   {func(t *testing.T, path string) { write(t, path, "0123456789abcdef0123456789abcdef") }, true},
		"a folder":  {func(t *testing.T, path string) { remove(t, path); write(t, filepath.Join(path, "x"), "x") }, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := pack(t, item{path: "big", data: random(3, 3<<20)})
			cfg := config(t, p)
			p.receivePart(t, cfg, 2)
			file, err := os.OpenFile(staged(t, cfg, "1.part"), os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := file.WriteAt([]byte{1, 2, 3}, 7); err != nil {
				t.Fatal(err)
			}
			if err := file.Close(); err != nil {
				t.Fatal(err)
			}
			c.spoil(t, staged(t, cfg, "id"))
			for range 2 { // it is the same the next time
				f := begin(t, cfg, p)
				if bytes, _ := f.Done(); (bytes == 1<<20) != c.damaged {
					t.Errorf("%d bytes are believed to be there", bytes)
				}
				if err := f.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
