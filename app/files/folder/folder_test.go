package folder_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feihong/app/files/folder"
)

// mixed has one of everything.
func mixed(t testing.TB) *parcel {
	holes := make([]byte, 3<<20+5)
	copy(holes[1<<20+100:], "something")
	return pack(t,
		item{path: "readme.txt", data: []byte("hello")},
		item{path: "empty"},
		item{path: "run", data: []byte("#!/bin/true\n"), executable: true},
		item{path: "big.bin", data: random(1, 2<<20+77)},
		item{path: "holes.img", data: holes},
		item{path: "tree/"},
		item{path: "tree/a.txt", data: []byte("a")},
		item{path: "tree/空/"},
		item{path: "tree/deep/"},
		item{path: "tree/deep/er/"},
		item{path: "tree/deep/er/big", data: random(2, 1<<20+1), executable: true},
		item{path: "tree/deep/zeros", data: make([]byte, 70<<10)},
		item{path: "nothing in here/"},
	)
}

func (p *parcel) expected() map[string]string {
	want := make(map[string]string)
	for i := range p.manifest.Entries {
		n := uint32(i + 1)
		name := strings.Join(p.manifest.Path(n), "/")
		want[name] = string(p.data[n])
		if _, file := p.data[n]; !file {
			want[name] = "/"
		}
	}
	return want
}

func TestEverythingIsKept(t *testing.T) {
	for way := range folder.Ways {
		t.Run(way, func(t *testing.T) {
			p := mixed(t)
			cfg := config(t, p).By(way)
			if err := p.receive(cfg); err != nil {
				t.Fatal(err)
			}
			same(t, contents(t, cfg.Target), p.expected())
			for i, e := range p.manifest.Entries {
				info, err := os.Lstat(filepath.Join(append([]string{cfg.Target}, p.manifest.Path(uint32(i+1))...)...))
				if err != nil {
					t.Fatal(err)
				}
				if !info.ModTime().Equal(time.Unix(0, e.Modified)) {
					t.Errorf("%s was changed at %v, not %v", e.Name, info.ModTime(), time.Unix(0, e.Modified))
				}
				if runs := info.Mode().Perm()&0o100 != 0; !info.IsDir() && runs != e.Executable {
					t.Errorf("%s has mode %v", e.Name, info.Mode())
				}
			}
		})
	}
}

func TestNothingIsOverwritten(t *testing.T) {
	for way := range folder.Ways {
		t.Run(way, func(t *testing.T) {
			p := pack(t, item{path: "a.txt", data: []byte("new")}, item{path: "dir/"}, item{path: "dir/x", data: []byte("new")},
				item{path: "link", data: []byte("new")})
			cfg := config(t, p).By(way)
			outside := filepath.Join(filepath.Dir(cfg.Target), "outside")
			write(t, outside, "mine")
			write(t, filepath.Join(cfg.Target, "a.txt"), "mine")
			write(t, filepath.Join(cfg.Target, "a (1).txt"), "mine too")
			write(t, filepath.Join(cfg.Target, "dir"), "a file")
			if err := os.Symlink(outside, filepath.Join(cfg.Target, "link")); err != nil {
				linkless(t, err)
			}
			f := begin(t, cfg, p)
			if _, err := p.feed(f, 100); err != nil {
				t.Fatal(err)
			}
			if err := f.Settle(context.Background()); err != nil {
				t.Fatal(err)
			}
			paths := f.Paths()
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			same(t, contents(t, cfg.Target), map[string]string{
				"a.txt": "mine", "a (1).txt": "mine too", "a (2).txt": "new",
				"dir": "a file", "dir (1)": "/", "dir (1)/x": "new", "link": "-> " + outside, "link (1)": "new",
			})
			want := []string{"a (2).txt", "dir (1)", "link (1)"}
			for i, path := range paths {
				if len(paths) != len(want) || path != filepath.Join(cfg.Target, want[i]) {
					t.Errorf("the paths are %q", paths)
				}
			}
			if data, err := os.ReadFile(outside); err != nil || string(data) != "mine" {
				t.Errorf("outside there is %q, %v", data, err)
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestPartsAreHidden(t *testing.T) {
	p := mixed(t)
	cfg := config(t, p)
	p.receivePart(t, cfg, 5)
	for name := range contents(t, cfg.Target) {
		if !strings.HasPrefix(name, ".feihong-") {
			t.Errorf("%q is seen before it is whole", name)
		}
		if base := filepath.Base(name); base == "big.bin" || base == "readme.txt" {
			t.Errorf("%q has its final name before it is whole", name)
		}
	}
}

func TestPublishedOneByOne(t *testing.T) {
	p := mixed(t)
	cfg := config(t, p)
	f := begin(t, cfg, p)
	if _, err := p.feed(f, 3); err != nil {
		t.Fatal(err)
	}
	if err := f.Publish(context.Background()); err != nil {
		t.Fatal(err)
	}
	got := contents(t, cfg.Target)
	for _, name := range []string{"readme.txt", "empty", "run", "nothing in here"} {
		if _, there := got[name]; !there {
			t.Errorf("%q is not there yet", name)
		}
	}
	if _, there := got["tree"]; there {
		t.Error("a folder is there before all in it")
	}
	if err := f.Settle(context.Background()); err == nil {
		t.Error("settled though most is missing")
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	// What has its name is the user's: they may do with it what they like.
	if err := os.Remove(filepath.Join(cfg.Target, "run")); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(cfg.Target, "readme.txt"), "edited")
	if err := p.receive(cfg); err != nil {
		t.Fatal(err)
	}
	want := p.expected()
	delete(want, "run")
	want["readme.txt"] = "edited"
	same(t, contents(t, cfg.Target), want)
}
