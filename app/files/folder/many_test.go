package folder_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"feihong/app/files/folder"
	"feihong/protocol"
	"feihong/transport/bulk"
)

// alike are entries whose names differ only where a number will cut them, each
// twice.
func alike(pairs int) []protocol.Entry {
	var entries []protocol.Entry
	for i := range pairs {
		e := protocol.Entry{Kind: protocol.EntryFile, Name: strings.Repeat("x", 232) + fmt.Sprintf("%08d", i)}
		entries = append(entries, e, e)
	}
	return entries
}

// equal are entries of one name.
func equal(count int) []protocol.Entry {
	entries := make([]protocol.Entry, count)
	for i := range entries {
		entries[i] = protocol.Entry{Kind: protocol.EntryFile, Name: "ÄÖ.txt"}
	}
	return entries
}

// TestManyEqualNames: as many entries of one name as there can be are told
// apart by the next number.
func TestManyEqualNames(t *testing.T) {
	p := (&parcel{}).of(t, equal(protocol.MaxEntries))
	names := folder.PlanNames(p.manifest)
	if last := names[len(names)-1]; last != "ÄÖ (199999).txt" {
		t.Errorf("the last one is %q", last)
	}
}

// TestManyNamesCutAlike: names that are the same when a number is put in are
// told apart.
func TestManyNamesCutAlike(t *testing.T) {
	p := (&parcel{}).of(t, alike(20_000))
	seen := make(map[string]bool)
	for _, name := range folder.PlanNames(p.manifest) {
		if seen[name] || len(name) > folder.MaxNameBytes {
			t.Fatalf("%q is there twice, or too long", name)
		}
		seen[name] = true
	}
}

// TestNamesTakeTheirShare: ten times the names take ten times the work and not
// a hundred times, however much they clash. Every name that is tried is made,
// so what is allocated tells how many were.
func TestNamesTakeTheirShare(t *testing.T) {
	for name, entries := range map[string]func(count int) []protocol.Entry{
		"equal":     equal,
		"cut alike": func(count int) []protocol.Entry { return alike(count / 2) },
	} {
		t.Run(name, func(t *testing.T) {
			share := func(count int) float64 {
				p := (&parcel{}).of(t, entries(count))
				return testing.AllocsPerRun(1, func() { folder.PlanNames(p.manifest) }) / float64(count)
			}
			if few, many := share(400), share(4000); many > 1.5*few {
				t.Errorf("each of 400 names takes %.1f allocations, each of 4,000 takes %.1f", few, many)
			}
		})
	}
}

func TestInterruptedBegin(t *testing.T) {
	p := (&parcel{}).of(t, alike(1000))
	f, err := folder.Open(config(t, p))
	if err != nil {
		t.Fatal(err)
	}
	f.Interrupt()
	if err := f.Begin(p.manifest); !errors.Is(err, folder.ErrInterrupted) {
		t.Errorf("it began: %v", err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// tops are as many folders as there can be that each hold one other.
func tops() []protocol.Entry {
	entries := make([]protocol.Entry, protocol.MaxEntries)
	for i := range entries {
		entries[i] = protocol.Entry{Kind: protocol.EntryFolder, Name: fmt.Sprint(i)}
		if i >= protocol.MaxEntries/2 {
			entries[i].Parent = uint32(i + 1 - protocol.MaxEntries/2)
		}
	}
	return entries
}

func TestManyTops(t *testing.T) {
	p := (&parcel{}).of(t, tops())
	for i, all := range folder.PlanUnder(p.manifest) {
		n := uint32(i + 1)
		inner := n + protocol.MaxEntries/2
		if top := i < protocol.MaxEntries/2; top && (len(all) != 2 || all[0] != n || all[1] != inner) || !top && len(all) != 0 {
			t.Fatalf("under %d there is %v", n, all)
		}
	}
}

// TestManyTaken: where all names are taken, each gets one at once.
func TestManyTaken(t *testing.T) {
	p := (&parcel{data: map[uint32][]byte{}}).of(t, alike(500))
	for i := range p.manifest.Entries {
		p.data[uint32(i+1)] = nil
	}
	cfg := config(t, p)
	for i := range 3 {
		cfg.State = filepath.Join(t.TempDir(), "state")
		if err := os.Mkdir(cfg.State, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := p.receive(cfg); err != nil {
			t.Fatal(err)
		}
		if got := len(contents(t, cfg.Target)); got != (i+1)*1000 {
			t.Errorf("%d files are there after %d times", got, i+1)
		}
		if lines := journalLines(t, cfg); lines > 2*1000+10 {
			t.Errorf("the journal has %d lines", lines)
		}
	}
}

func journalLines(t *testing.T, cfg folder.Config) int {
	t.Helper()
	journal, err := os.ReadFile(filepath.Join(cfg.State, "journal"))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Count(journal, []byte("\n"))
}

// TestNamesRefused: however often names cannot be given, the journal does not
// grow.
func TestNamesRefused(t *testing.T) {
	var items []item
	for i := range 100 {
		items = append(items, item{path: fmt.Sprintf("file%04d", i), data: []byte("x")})
	}
	p := pack(t, items...)
	cfg := config(t, p)
	write(t, filepath.Join(cfg.Target, "file0000"), "mine")
	refused := cfg.Faulty(&folder.Faults{Move: func(string) error { return syscall.EACCES }})
	for range 20 {
		if err := p.receive(refused); err == nil {
			t.Fatal("names were given")
		}
	}
	f := begin(t, refused, p)
	for range 20 {
		if err := f.Publish(context.Background()); err == nil {
			t.Fatal("names were given")
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if lines := journalLines(t, cfg); lines > 110 {
		t.Errorf("the journal has %d lines", lines)
	}
	if err := p.receive(cfg); err != nil {
		t.Fatal(err)
	}
	want := p.expected()
	want["file0000 (1)"], want["file0000"] = "x", "mine"
	same(t, contents(t, cfg.Target), want)
}

// TestJournalIsCompacted when most of it was overtaken.
func TestJournalIsCompacted(t *testing.T) {
	p := small(t)
	cfg := config(t, p)
	f := begin(t, cfg, p)
	if _, err := p.feed(f, 3); err != nil {
		t.Fatal(err)
	}
	f.Fail(4, &bulk.Fault{Code: protocol.BulkSourceChanged})
	if err := errors.Join(f.Publish(context.Background()), f.Close()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(cfg.State, "journal")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	overtaken := strings.Repeat(`{"doubt":true}`+"\n"+`{"doubt":false}`+"\n", 5000)
	if err := os.WriteFile(path, append([]byte(overtaken), before...), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := p.receive(cfg); err != nil {
		t.Fatal(err)
	}
	if lines := journalLines(t, cfg); lines > 30 {
		t.Errorf("the journal has %d lines", lines)
	}
	want := p.expected()
	delete(want, "dir/two")
	same(t, contents(t, cfg.Target), want)
}

// TestReserve: small files do not use up what is left to others, though they
// take more room than they have bytes.
func TestReserve(t *testing.T) {
	const disk, block = int64(64 << 20), 4096
	var items []item
	for i := range 20_000 {
		items = append(items, item{path: fmt.Sprintf("d%d", i), data: []byte("x")})
	}
	p := pack(t, items...)
	left := disk
	written := func(string) error { left -= block; return nil }
	cfg := config(t, p).Faulty(&folder.Faults{Make: written}).WithRoom(func() (int64, int64) { return left, disk })
	if err := p.receive(cfg); !errors.Is(err, bulk.ErrNoSpace) || left < disk/2 {
		t.Errorf("begun without room: %v", err)
	}
	// Somebody else needs room meanwhile.
	left = 4 * disk
	f := begin(t, cfg, p)
	left = disk
	if _, err := p.feed(f, 20_000); !errors.Is(err, bulk.ErrNoSpace) {
		t.Errorf("the disk was filled: %v", err)
	}
	if left < disk/20-block || left > disk/5 {
		t.Errorf("%d bytes are left", left)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
