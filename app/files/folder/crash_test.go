package folder_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"feihong/app/files/folder"
)

// small has few entries of many kinds, so that killing at every step is quick.
func small(t testing.TB) *parcel {
	return pack(t,
		item{path: "one", data: []byte("the first file")},
		item{path: "big", data: random(3, 2<<20+9)},
		item{path: "dir/"},
		item{path: "dir/two", data: []byte("the second file")},
		item{path: "dir/sub/"},
		item{path: "dir/sub/three", data: make([]byte, 200)},
		item{path: "dir/empty"},
	)
}

// TestKilledAnywhere kills the receiving before each change that it makes, and
// sees that it goes on from there, with everything there once and whole, and
// nothing else touched.
func TestKilledAnywhere(t *testing.T) {
	for way := range folder.Ways {
		for _, torn := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s torn=%v", way, torn), func(t *testing.T) {
				changes := make(map[string]int)
				for after := 0; ; after++ {
					killer := &folder.Killer{After: after, Torn: torn}
					killedAt(t, way, killer)
					if t.Failed() {
						t.Fatalf("killed before change %d, %q", after, killer.Change)
					}
					if !killer.Dead {
						break
					}
					changes[killer.Change]++
				}
				for _, change := range []string{"write", "create", "mkdir", "stamp", "journal", "ledger", "flush", "move", "removeTree"} {
					if changes[change] == 0 {
						t.Errorf("never killed before %q", change)
					}
				}
			})
		}
	}
}

func killedAt(t *testing.T, way string, killer *folder.Killer) {
	t.Helper()
	p := small(t)
	cfg := config(t, p).By(way)
	defer func() { _ = os.RemoveAll(filepath.Dir(cfg.State)) }() // there are hundreds of them
	write(t, filepath.Join(cfg.Target, "one"), "mine")
	if err := p.receive(cfg.Killed(killer)); killer.Dead != errors.Is(err, folder.ErrKilled) {
		t.Fatalf("killed: %v; %v", killer.Dead, err)
	}
	want := p.expected()
	want["one (1)"], want["one"] = want["one"], "mine"
	// Whatever is seen is whole.
	for name, data := range contents(t, cfg.Target) {
		if !strings.HasPrefix(name, ".feihong-") && want[name] != data {
			t.Errorf("after the kill, %q is not whole", name)
		}
	}
	if err := p.receive(cfg); err != nil {
		t.Fatal(err)
	}
	same(t, contents(t, cfg.Target), want)
}

// TestKilledAgainAndAgain kills each resumption after a few changes more.
func TestKilledAgainAndAgain(t *testing.T) {
	p := small(t)
	cfg := config(t, p)
	for after := 1; after < 200; after++ {
		killer := &folder.Killer{After: after % 23, Torn: after%2 == 0}
		if err := p.receive(cfg.Killed(killer)); err == nil {
			same(t, contents(t, cfg.Target), p.expected())
			return
		}
	}
	t.Fatal("never finished")
}

// otherBoot makes the ledger be of an earlier boot of the system.
func otherBoot(t *testing.T, cfg folder.Config) {
	t.Helper()
	file, err := os.OpenFile(filepath.Join(cfg.State, "ledger"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt(make([]byte, 32), 64); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

// staged finds the one staged file or folder of a name.
func staged(t *testing.T, cfg folder.Config, name string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(cfg.Target, ".feihong-*", name))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %q, %v", name, found, err)
	}
	return found[0]
}

// TestPowerCut has what a power cut does: the ledger remembers what never came
// to the disk. It is hashed again, and only what is damaged comes again.
func TestPowerCut(t *testing.T) {
	damages := map[string]func(t *testing.T, cfg folder.Config) int{
		"nothing": func(*testing.T, folder.Config) int { return 0 },
		"small zeroed": func(t *testing.T, cfg folder.Config) int {
			write(t, staged(t, cfg, "1.part"), strings.Repeat("\x00", 14))
			return 1
		},
		"small emptied": func(t *testing.T, cfg folder.Config) int { write(t, staged(t, cfg, "1.part"), ""); return 1 },
		"big damaged": func(t *testing.T, cfg folder.Config) int {
			file, err := os.OpenFile(staged(t, cfg, "2.part"), os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := file.WriteAt([]byte{1, 2, 3}, 1<<20+5); err != nil {
				t.Fatal(err)
			}
			if err := file.Close(); err != nil {
				t.Fatal(err)
			}
			return 1
		},
		"big gone": func(t *testing.T, cfg folder.Config) int { return 3 * remove(t, staged(t, cfg, "2.part")) },
		"staging gone": func(t *testing.T, cfg folder.Config) int {
			return 5 * remove(t, filepath.Dir(staged(t, cfg, "1.part")))
		},
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			p := small(t)
			cfg := config(t, p)
			p.receivePart(t, cfg, 5)
			lost := damage(t, cfg)
			otherBoot(t, cfg)
			f := begin(t, cfg, p)
			missing := 0
			for _, run := range f.Missing() {
				missing += int(run.Count)
			}
			if missing != 2+lost {
				t.Errorf("%d chunks are missing, not %d", missing, 2+lost)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			if err := p.receive(cfg); err != nil {
				t.Fatal(err)
			}
			same(t, contents(t, cfg.Target), p.expected())
		})
	}
}

func remove(t *testing.T, path string) int {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	return 1
}

// TestZerosReplaceWhatWasThere: where a part was written and not counted, zeros
// have to be written too.
func TestZerosReplaceWhatWasThere(t *testing.T) {
	data := make([]byte, 3<<20)
	data[0] = 1
	p := pack(t, item{path: "x", data: data})
	cfg := config(t, p)
	p.receivePart(t, cfg, 1)
	file, err := os.OpenFile(staged(t, cfg, "1.part"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt([]byte("rest of a killed write"), 1<<20+1000); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if err := p.receive(cfg); err != nil {
		t.Fatal(err)
	}
	same(t, contents(t, cfg.Target), p.expected())
}

// TestLedgerLost: without the ledger everything comes again, and what the user
// has already stays.
func TestLedgerLost(t *testing.T) {
	p := small(t)
	cfg := config(t, p)
	f := begin(t, cfg, p)
	if _, err := p.feed(f, 1); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Publish(context.Background()), f.Close()); err != nil {
		t.Fatal(err)
	}
	remove(t, filepath.Join(cfg.State, "ledger"))
	for range 2 {
		if err := p.receive(cfg); err != nil {
			t.Fatal(err)
		}
	}
	want := p.expected()
	want["one (1)"] = want["one"]
	same(t, contents(t, cfg.Target), want)
}
