package source_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"feihong/app/files/source"
	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

func TestListing(t *testing.T) {
	dir := folder(t)
	paths, contents := sized(t, filepath.Join(dir, "top"))
	s, state := create(t, filepath.Join(dir, "top"))
	var want bytes.Buffer
	for i, content := range contents {
		hash := tree.Sum(content)
		fmt.Fprintf(&want, "%s  top/%s\n", hex.EncodeToString(hash[:]), filepath.Base(paths[i]))
	}
	check := func(when string) {
		t.Helper()
		sum, err := s.Listing(t.Context())
		if err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		path := filepath.Join(state, "listing")
		got, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(got, want.Bytes()) || sum != tree.Sum(got) {
			t.Errorf("%s: %x, %v\n%s\nwant\n%s", when, sum, err, got, want.Bytes())
		}
		if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", when, info.Mode(), err)
		}
	}
	check("nothing was sent")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	check("all is known, and the files are not there any more")
	s = reopen(t, s, state)
	check("after a restart")
}

func TestListingNeedsWhatIsNotKnown(t *testing.T) {
	dir := folder(t)
	paths, contents := sized(t, dir)
	s, state := create(t, paths...)
	if _, err := s.Listing(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// The ledger is of another boot now: what it says is not trusted.
	ledger := filepath.Join(state, "ledger")
	content, err := os.ReadFile(ledger)
	if err != nil {
		t.Fatal(err)
	}
	content[64]++
	if err := os.WriteFile(ledger, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err = source.Open(state); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	const away = 5
	rename(t, paths[away], paths[away]+".away")
	before, err := os.ReadFile(filepath.Join(state, "listing"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Listing(t.Context())
	wantFault(t, err, protocol.BulkSourceMissing)
	rename(t, paths[away]+".away", paths[away])
	sum, err := s.Listing(t.Context())
	if err != nil || sum != tree.Sum(before) {
		t.Errorf("%x, %v", sum, err)
	}
	if root, err := s.Root(t.Context(), away+1); err != nil || root != tree.Sum(contents[away]) {
		t.Errorf("%x, %v", root, err)
	}
	left, err := filepath.Glob(filepath.Join(state, ".*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

func TestStateIsPrivate(t *testing.T) {
	skipOnWindows(t, "there are no such modes")
	path := filepath.Join(folder(t), "file")
	write(t, path, nil)
	_, state := create(t, path)
	for name, want := range map[string]fs.FileMode{"": 0o700, "manifest": 0o600, "sources.json": 0o600, "ledger": 0o600} {
		info, err := os.Stat(filepath.Join(state, name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%q: %v, %v", name, info.Mode(), err)
		}
	}
}

func TestStateThatCannotBeOpened(t *testing.T) {
	path := filepath.Join(folder(t), "file")
	write(t, path, []byte("content"))
	s, state := create(t, path)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	sources, err := os.ReadFile(filepath.Join(state, "sources.json"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(sources, []byte(`"paths":["`)) {
		t.Fatalf("%s", sources)
	}
	tests := []struct {
		name, file, content string
	}{
		{"no manifest", "manifest", ""},
		{"other manifest", "manifest", "\xff"},
		{"no JSON", "sources.json", "{"},
		{"no object", "sources.json", "[]"},
		{"later version", "sources.json", `{"version":2}`},
		{"no paths", "sources.json", `{"version":1}`},
		{"one path too many", "sources.json", strings.Replace(string(sources), `"paths":[`, `"paths":["/x",`, 1)},
		{"too few identities", "sources.json", `{"version":1,"paths":["/x"],"identities":"AAAA"}`},
		{"a name in no code", "sources.json", `{"version":1,"paths":[{"base64":"?"}]}`},
	}
	for _, test := range tests {
		path := filepath.Join(state, test.file)
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := source.Open(state); err == nil {
			t.Errorf("%s: opened", test.name)
			_ = s.Close()
		}
		if err := os.WriteFile(path, before, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err = source.Open(state)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := source.Open(t.TempDir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder without a transfer: %v", err)
	}
}

func TestCreateFails(t *testing.T) {
	dir := folder(t)
	write(t, filepath.Join(dir, "file"), nil)
	m, roots := walk(t, filepath.Join(dir, "file"))
	if _, err := source.Create(filepath.Join(dir, "file", "state"), m, roots); err == nil {
		t.Error("the state is in a file")
	}
	if _, err := source.Create(filepath.Join(dir, "state"), m, &source.Roots{}); err == nil {
		t.Error("the roots are of another manifest")
	}
}

// Whatever is in the list, it is refused or can be relied upon.
func FuzzRoots(f *testing.F) {
	f.Add([]byte(`{"version":1,"paths":["/a",{"base64":"/w=="}],"names":{"3":"n"},"identities":"AAAAAAAAAAE="}`))
	f.Add([]byte(`{"version":1,"names":{"-1":""}}`))
	f.Add([]byte(`{"version":2}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		roots, err := source.DecodeRoots(data)
		if err != nil {
			return
		}
		again, err := source.EncodeRoots(roots)
		if err != nil {
			t.Fatal(err)
		}
		second, err := source.DecodeRoots(again)
		if err != nil {
			t.Fatal(err)
		}
		third, err := source.EncodeRoots(second)
		if err != nil || !bytes.Equal(again, third) {
			t.Fatalf("%s, then %s, %v", again, third, err)
		}
	})
}
