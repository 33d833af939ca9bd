package folder_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"feihong/app/files/folder"
	"feihong/protocol"
	"feihong/transport/bulk"
	"feihong/transport/bulk/tree"
)

// TestHostileNames: whatever names a sender can think of, nothing is made
// outside the target, and everything arrives.
func TestHostileNames(t *testing.T) {
	names := []string{
		"..\\..\\up", "C:\\x", "\\\\server\\share", ".feihong-00000000", ".bashrc", "nul", "con.txt", "a:b",
		"A", "a", "a.", "a ", "\u212A", "k", "é", "e\u0301", "ß", "ss", "x\u200B", "x", "\u202Egpj.exe", "1.part", "5.folder",
		strings.Repeat("n", 1000), strings.Repeat("n", 999), "-rf", "~", "$HOME", "%TEMP%", "new\nline", "\x01", "…", ". .", " ",
	}
	for way := range folder.Ways {
		t.Run(way, func(t *testing.T) {
			var entries []protocol.Entry
			p := &parcel{data: make(map[uint32][]byte)}
			for parent := range uint32(2) {
				for _, name := range names {
					entries = append(entries, protocol.Entry{Kind: protocol.EntryFile, Parent: parent, Name: name, Size: 2})
					p.data[uint32(len(entries))] = []byte{'=', byte(len(entries))}
				}
				if parent == 0 {
					entries = append([]protocol.Entry{{Kind: protocol.EntryFolder, Name: "..\\.."}}, entries...)
					p.data = shift(p.data)
				}
			}
			p.of(t, entries)
			cfg := config(t, p).By(way)
			if err := p.receive(cfg); err != nil {
				t.Fatal(err)
			}
			seen := make(map[string]bool)
			for name, data := range contents(t, cfg.Target) {
				if seen[data] && data != "/" {
					t.Errorf("%q holds what another file holds", name)
				}
				seen[data] = true
				if base := filepath.Base(name); folder.SafeFileName(base) != base {
					t.Errorf("%q is not safe", base)
				}
				if strings.HasPrefix(name, ".") {
					t.Errorf("%q is hidden", name)
				}
			}
			if want := 2*len(names) + 1; len(seen) != want {
				t.Errorf("%d different things arrived, not %d", len(seen), want)
			}
			for name := range contents(t, filepath.Dir(cfg.Target)) {
				if name != "target" && !strings.HasPrefix(name, "target/") {
					t.Errorf("%q was made outside", name)
				}
			}
		})
	}
}

func shift(data map[uint32][]byte) map[uint32][]byte {
	shifted := make(map[uint32][]byte)
	for n, d := range data {
		shifted[n+1] = d
	}
	return shifted
}

// linkless skips where making a link needs a privilege, and fails elsewhere.
func linkless(t *testing.T, err error) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege there: ", err)
	}
	t.Fatal(err)
}

// TestPlantedLinks: somebody who can write to the target puts links into the
// staging folder. None is followed.
func TestPlantedLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege there")
	}
	for way := range folder.Ways {
		t.Run(way, func(t *testing.T) {
			p := small(t)
			cfg := config(t, p).By(way)
			outside := filepath.Join(filepath.Dir(filepath.Dir(cfg.Target)), "outside")
			write(t, filepath.Join(outside, "two"), "mine")
			write(t, filepath.Join(outside, "sub", "three"), "mine")
			write(t, filepath.Join(outside, "precious"), strings.Repeat("m", 2<<20+9))
			p.receivePart(t, cfg, 3)
			staging := filepath.Dir(staged(t, cfg, "1.part"))
			for link, to := range map[string]string{"3.folder": outside, "1.part": filepath.Join(outside, "two"), "2.part": filepath.Join(outside, "precious")} {
				if err := errors.Join(os.RemoveAll(filepath.Join(staging, link)), os.Symlink(to, filepath.Join(staging, link))); err != nil {
					t.Fatal(err)
				}
			}
			if err := p.receive(cfg); err != nil {
				t.Fatal(err)
			}
			same(t, contents(t, cfg.Target), p.expected())
			same(t, contents(t, outside), map[string]string{"two": "mine", "sub": "/", "sub/three": "mine", "precious": strings.Repeat("m", 2<<20+9)})
		})
	}
}

func TestAbandon(t *testing.T) {
	p := small(t)
	cfg := config(t, p)
	outside := filepath.Join(filepath.Dir(cfg.Target), "outside")
	write(t, outside, "mine")
	f := begin(t, cfg, p)
	if _, err := p.feed(f, 2); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Publish(context.Background()), f.Close()); err != nil {
		t.Fatal(err)
	}
	staging := filepath.Dir(staged(t, cfg, "2.part"))
	if err := os.Symlink(outside, filepath.Join(staging, "link")); err != nil {
		linkless(t, err)
	}
	for range 2 {
		if err := folder.Abandon(cfg.State); err != nil {
			t.Fatal(err)
		}
	}
	same(t, contents(t, filepath.Dir(cfg.Target)), map[string]string{"outside": "mine", "target": "/", "target/one": "the first file"})
	if err := folder.Abandon(t.TempDir()); err != nil {
		t.Error("nothing to abandon:", err)
	}
}

// TestAbandonBelievesNoJournal that names anything but a staging folder.
func TestAbandonBelievesNoJournal(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "precious", "x"), "mine")
	write(t, filepath.Join(dir, "state", "journal"), `{"place":{"target":"`+filepath.ToSlash(dir)+`","staging":"precious"}}`+"\n")
	if err := folder.Abandon(filepath.Join(dir, "state")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "precious", "x")); err != nil {
		t.Error(err)
	}
}

func TestDiskFull(t *testing.T) {
	p := small(t)
	free := int64(1 << 20)
	cfg := config(t, p).WithRoom(func() (int64, int64) { return free, 1 << 40 })
	if err := p.receive(cfg); !errors.Is(err, bulk.ErrNoSpace) {
		t.Fatalf("began without room: %v", err)
	}
	free = 1 << 30
	if err := p.receive(cfg); err != nil {
		t.Fatal(err)
	}
	same(t, contents(t, cfg.Target), p.expected())
}

func TestLargerThanTheDisk(t *testing.T) {
	p := (&parcel{}).of(t, []protocol.Entry{{Kind: protocol.EntryFile, Name: "x", Size: 1 << 49}})
	cfg := config(t, p)
	if err := p.receive(cfg); !errors.Is(err, bulk.ErrNoSpace) {
		t.Fatalf("began: %v", err)
	}
	if _, err := os.Stat(filepath.Join(cfg.State, "ledger")); err == nil {
		t.Error("a ledger was made for what cannot be")
	}
}

func TestDiskFullMeanwhile(t *testing.T) {
	p := small(t)
	full := error(nil)
	cfg := config(t, p).FailingWrites(func() error { return full })
	f := begin(t, cfg, p)
	full = errNoSpace
	if _, err := p.feed(f, 100); !errors.Is(err, bulk.ErrNoSpace) {
		t.Errorf("wrote to a full disk: %v", err)
	}
	full = errors.New("broken")
	var target *folder.TargetError
	if _, err := p.feed(f, 100); !errors.As(err, &target) || target.Missing {
		t.Errorf("wrote to a broken disk: %v", err)
	}
	full = nil
	if _, err := p.feed(f, 100); err != nil {
		t.Error(err)
	}
	if err := errors.Join(f.Settle(context.Background()), f.Close()); err != nil {
		t.Fatal(err)
	}
	same(t, contents(t, cfg.Target), p.expected())
}

func TestTargetGone(t *testing.T) {
	p := small(t)
	cfg := config(t, p)
	p.receivePart(t, cfg, 3)
	away := cfg.Target + " away"
	if err := os.Rename(cfg.Target, away); err != nil {
		t.Fatal(err)
	}
	var target *folder.TargetError
	if err := p.receive(cfg); !errors.As(err, &target) || !target.Missing {
		t.Fatalf("received into what is gone: %v", err)
	}
	if _, err := os.Stat(cfg.Target); err == nil {
		t.Error("the target was made again")
	}
	if err := os.Rename(away, cfg.Target); err != nil {
		t.Fatal(err)
	}
	if err := p.receive(cfg); err != nil {
		t.Fatal(err)
	}
	same(t, contents(t, cfg.Target), p.expected())
}

func TestTargetUnusable(t *testing.T) {
	p := small(t)
	cfg := config(t, p)
	write(t, cfg.Target, "a file")
	var target *folder.TargetError
	if err := p.receive(cfg); !errors.As(err, &target) || target.Missing {
		t.Fatalf("received into a file: %v", err)
	}
}

func TestOtherTarget(t *testing.T) {
	p := small(t)
	cfg := config(t, p)
	f := begin(t, cfg, p)
	if _, err := p.feed(f, 2); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Publish(context.Background()), f.Close()); err != nil {
		t.Fatal(err)
	}
	old := cfg.Target
	cfg.Target = filepath.Join(t.TempDir(), "other")
	if err := p.receive(cfg); err != nil {
		t.Fatal(err)
	}
	same(t, contents(t, old), map[string]string{"one": "the first file"})
	want := p.expected()
	delete(want, "one")
	same(t, contents(t, cfg.Target), want)
}

func TestFailedFiles(t *testing.T) {
	p := small(t)
	cfg := config(t, p)
	f := begin(t, cfg, p)
	if _, err := p.feed(f, 5); err != nil {
		t.Fatal(err)
	}
	fault := &bulk.Fault{Code: protocol.BulkSourceChanged, Text: "it \u202E changed"}
	for _, n := range []uint32{2, 4, 4, 6, 0, 3, 99} { // 4 is done, 0, 3 and 99 are no files
		f.Fail(n, fault)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	f = begin(t, cfg, p)
	for _, run := range f.Missing() {
		if n, _, _ := p.manifest.Locate(run.First); n != 7 || run.Count != 1 {
			t.Errorf("%v of entry %d is still wanted", run, n)
		}
	}
	if _, err := p.feed(f, 100); err != nil {
		t.Fatal(err)
	}
	if err := f.Settle(context.Background()); err != nil {
		t.Fatal(err)
	}
	failures := f.Failures()
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if len(failures) != 2 || failures[0].Name != "big" || failures[1].Name != "dir/sub/three" || failures[1].Code != fault.Code {
		t.Errorf("the failures are %v", failures)
	}
	want := p.expected()
	delete(want, "big")
	delete(want, "dir/sub/three")
	same(t, contents(t, cfg.Target), want)
}

func TestRepeatedAndWrongChunks(t *testing.T) {
	p := small(t)
	cfg := config(t, p)
	f := begin(t, cfg, p)
	write := func(chunk uint64) error {
		_, data := p.chunk(chunk)
		return f.Write(context.Background(), chunk, p.value(chunk), data, false)
	}
	for chunk := range p.manifest.Chunks() {
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				if err := write(chunk); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	}
	if err := f.Write(context.Background(), p.manifest.Chunks(), tree.Value{1}, nil, false); err == nil {
		t.Error("a chunk was written that is not there")
	}
	if err := f.Write(context.Background(), 0, tree.Value{1}, make([]byte, 15), false); err == nil {
		t.Error("more was written than the file has")
	}
	if err := f.Finish(2, tree.Value{1}); err == nil {
		t.Error("finished with a wrong hash")
	}
	if err := f.Finish(2, tree.Root(f.Values(2))); err != nil {
		t.Error(err)
	}
	if bytes, files := f.Done(); bytes != int64(p.manifest.Bytes()) || files != p.manifest.Files() {
		t.Errorf("%d bytes and %d files are done", bytes, files)
	}
	if err := f.Settle(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := write(1); err != nil {
		t.Error("late chunk:", err)
	}
	sum, err := f.Listing()
	if err != nil {
		t.Fatal(err)
	}
	listing, err := os.ReadFile(filepath.Join(cfg.State, "listing"))
	if err != nil || tree.Sum(listing) != sum || strings.Count(string(listing), "\n") != p.manifest.Files() {
		t.Errorf("the listing is %q, %v", listing, err)
	}
	if folder.ReadManifest(cfg.State, p.hash) == nil || folder.ReadManifest(cfg.State, [32]byte{}) != nil {
		t.Error("the manifest was not kept")
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	same(t, contents(t, cfg.Target), p.expected())
}

func TestPlannedNamesDiffer(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		name := rapid.OneOf(rapid.SampledFrom([]string{"a", "A", "a (1)", "A (1) (1)", "é", "e\u0301", "É (1)", ".x", "_.x", "nul", "_nul"}), rapid.StringN(1, 8, 1000))
		var entries []protocol.Entry
		for range rapid.IntRange(1, 40).Draw(r, "entries") {
			text := strings.NewReplacer("/", "", "\x00", "").Replace(name.Draw(r, "name"))
			if text == "" || text == "." || text == ".." {
				text = "n"
			}
			entries = append(entries, protocol.Entry{Kind: protocol.EntryFile, Name: text})
		}
		manifest, err := protocol.NewManifest(entries)
		if err != nil {
			r.Skip(err)
		}
		seen := make(map[string]bool)
		for _, planned := range folder.PlanNames(manifest) {
			if key := folder.FoldName(planned); seen[key] {
				r.Fatalf("two entries are called like %q", planned)
			} else {
				seen[key] = true
			}
			checkSafe(t, planned, planned)
		}
	})
}

func FuzzParseJournal(f *testing.F) {
	f.Add([]byte(`{"place":{"target":"/x","staging":".feihong-00000000"}}` + "\n" + `{"named":{"entry":1,"name":"x"}}` + "\n" + `{"fini`))
	f.Add([]byte("{}\n{\"doubt\":true}\n{\"lost\":4}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		whole := folder.ParseJournal(data)
		if whole < 0 || whole > len(data) || whole > 0 && data[whole-1] != '\n' {
			t.Fatalf("%d of %d bytes are of use", whole, len(data))
		}
		if again := folder.ParseJournal(data[:whole]); again != whole {
			t.Fatalf("%d of %d bytes are of use", again, whole)
		}
	})
}
