package folder_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"feihong/app/files/folder"
	"feihong/protocol"
)

// TestOneUnfitName: what the file system cannot take is a failure of its own,
// and everything else arrives.
func TestOneUnfitName(t *testing.T) {
	for _, cause := range errsOfOne {
		for name, lost := range map[string][]string{
			"two":    {"dir/two"},
			"2.part": {"big"}, // such as one that is too large
			"sub":    {"dir/sub", "dir/sub/three"},
		} {
			t.Run(cause.Error()+" "+name, func(t *testing.T) {
				checkUnfit(t, lost, &folder.Faults{Make: only(name, cause)})
			})
		}
		for name, lost := range map[string][]string{
			"one": {"one"},
			"big": {"big"},
			"dir": {"dir", "dir/empty", "dir/sub/three", "dir/two"},
		} {
			t.Run(cause.Error()+" named "+name, func(t *testing.T) {
				checkUnfit(t, lost, &folder.Faults{Move: only(name, cause)})
			})
		}
	}
}

func only(name string, err error) func(string) error {
	return func(each string) error {
		if each == name {
			return err
		}
		return nil
	}
}

func checkUnfit(t *testing.T, lost []string, faults *folder.Faults) {
	t.Helper()
	p := small(t)
	cfg := config(t, p).Faulty(faults)
	for again := range 2 {
		f := begin(t, cfg, p)
		if _, err := p.feed(f, 100); err != nil {
			t.Fatal(err)
		}
		if again > 0 && len(f.Missing()) > 0 {
			t.Errorf("%v is still wanted", f.Missing())
		}
		if err := f.Settle(context.Background()); err != nil {
			t.Fatal(err)
		}
		var failed []string
		for _, failure := range f.Failures() {
			failed = append(failed, failure.Name)
			if failure.Code != protocol.BulkStorage {
				t.Errorf("%s failed by %v", failure.Name, failure.Code)
			}
		}
		slices.Sort(failed)
		if !slices.Equal(failed, lost) {
			t.Errorf("the failures are %q", failed)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	want := p.expected()
	for name := range want {
		if slices.ContainsFunc(lost, func(gone string) bool { return name == gone || strings.HasPrefix(name, gone+"/") }) {
			delete(want, name)
		}
	}
	same(t, contents(t, cfg.Target), want)
}

// TestTimesThatCannotBeSet are no failure, and are told once.
func TestTimesThatCannotBeSet(t *testing.T) {
	p := small(t)
	faults := &folder.Faults{Stamp: syscall.EPERM}
	cfg := config(t, p).Faulty(faults)
	var log bytes.Buffer
	cfg.Logger = slog.New(slog.NewTextHandler(&log, nil))
	if err := p.receive(cfg); err != nil {
		t.Fatal(err)
	}
	same(t, contents(t, cfg.Target), p.expected())
	if lines := strings.Count(log.String(), "\n"); lines != 1 {
		t.Errorf("%d lines were logged: %s", lines, log.String())
	}
	var target *folder.TargetError
	faults.Stamp = syscall.EIO
	if err := p.receive(config(t, p).Faulty(faults)); !errors.As(err, &target) {
		t.Errorf("a broken disk was passed over: %v", err)
	}
}

func TestTimesBefore1970(t *testing.T) {
	old := time.Date(1955, 11, 5, 6, 0, 0, 0, time.UTC)
	p := (&parcel{data: map[uint32][]byte{1: []byte("old")}}).of(t, []protocol.Entry{
		{Kind: protocol.EntryFile, Name: "old", Size: 3, Modified: old.UnixNano()}})
	cfg := config(t, p)
	if err := p.receive(cfg); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(cfg.Target, "old"))
	if err != nil || !info.ModTime().Equal(old) {
		t.Errorf("it is of %v, %v", info.ModTime(), err)
	}
}

// TestNamesTakenForTheSame by a file system in a way that nobody knew: one of
// them arrives, and the other one is a failure with a name.
func TestNamesTakenForTheSame(t *testing.T) {
	for _, most := range []int{100, 1} { // 1: begun anew after each chunk
		p := pack(t, item{path: "d/"}, item{path: "d/x/"}, item{path: "d/x\u00a7/"},
			item{path: "d/x/f", data: []byte("first")}, item{path: "d/x\u00a7/f", data: []byte("second")},
			item{path: "d/g", data: []byte("third")}, item{path: "d/g\u00a7", data: []byte("fourth")},
			item{path: "d/h/"}, item{path: "d/h\u00a7", data: []byte("fifth")}, item{path: "d/h/f", data: []byte("sixth")})
		cfg := config(t, p).Ignoring("\u00a7")
		var f *folder.Folder
		for all, err := false, error(nil); !all; {
			if f = begin(t, cfg, p); len(f.Missing()) == 0 {
				break
			}
			if all, err = p.feed(f, most); err != nil {
				t.Fatal(err)
			}
			if !all {
				if err := f.Close(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := f.Settle(context.Background()); err != nil {
			t.Fatal(err)
		}
		got, gone := contents(t, cfg.Target), f.Failures()
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		for name, data := range got {
			if is := p.expected()[name]; is != data {
				t.Errorf("%q holds %q, not %q", name, data, is)
			}
		}
		for name := range p.expected() {
			lost := slices.ContainsFunc(gone, func(f folder.Failure) bool { return name == f.Name })
			if _, there := got[name]; there == lost {
				t.Errorf("%q: there %v, failed %v", name, there, lost)
			}
		}
		if len(gone) < 4 {
			t.Errorf("the failures are %v", gone)
		}
	}
}

func TestIgnoredMarksAreFolded(t *testing.T) {
	for _, pair := range [][2]string{{"\u2764", "\u2764\ufe0f"}, {"a\u034fb", "ab"}, {"x\U000e0101", "X"}} {
		if folder.FoldName(pair[0]) != folder.FoldName(pair[1]) {
			t.Errorf("%+q and %+q are told apart", pair[0], pair[1])
		}
	}
}
