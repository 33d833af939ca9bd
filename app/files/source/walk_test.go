package source_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"feihong/app/files/source"
	"feihong/protocol"
)

func TestWalkFindsEverything(t *testing.T) {
	dir := folder(t)
	write(t, filepath.Join(dir, "photos", "b.jpg"), []byte("bb"))
	write(t, filepath.Join(dir, "photos", "a", "deep", "文.txt"), []byte("x"))
	write(t, filepath.Join(dir, "photos", "a", "none"), nil)
	write(t, filepath.Join(dir, "run.sh"), []byte("#!"))
	for _, name := range []string{"empty", "a b"} {
		if err := os.Mkdir(filepath.Join(dir, "photos", name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(dir, "run.sh"), 0o755); err != nil {
		t.Fatal(err)
	}
	old := time.Unix(-3600, 5000)
	for _, path := range []string{"photos/a/deep", "photos/a", "photos/a b", "photos/empty", "photos"} {
		setTime(t, filepath.Join(dir, path), old)
	}
	m, roots := walk(t, filepath.Join(dir, "run.sh"), filepath.Join(dir, "photos"))
	at, folders := long.UnixNano(), old.UnixNano()
	want := []protocol.Entry{
		{Kind: protocol.EntryFile, Name: "run.sh", Size: 2, Modified: at, Executable: runtime.GOOS != "windows"},
		{Kind: protocol.EntryFolder, Name: "photos", Modified: folders},
		{Kind: protocol.EntryFolder, Parent: 2, Name: "a", Modified: folders},
		{Kind: protocol.EntryFolder, Parent: 3, Name: "deep", Modified: folders},
		{Kind: protocol.EntryFile, Parent: 4, Name: "文.txt", Size: 1, Modified: at},
		{Kind: protocol.EntryFile, Parent: 3, Name: "none", Modified: at},
		{Kind: protocol.EntryFolder, Parent: 2, Name: "a b", Modified: folders},
		{Kind: protocol.EntryFile, Parent: 2, Name: "b.jpg", Size: 2, Modified: at},
		{Kind: protocol.EntryFolder, Parent: 2, Name: "empty", Modified: folders},
	}
	for i, entry := range m.Entries {
		if i >= len(want) || entry != want[i] {
			t.Errorf("entry %d is %+v", i+1, entry)
		}
	}
	if len(m.Entries) != len(want) {
		t.Errorf("%d entries, want %d", len(m.Entries), len(want))
	}
	if paths := []string{filepath.Join(dir, "run.sh"), filepath.Join(dir, "photos")}; !slices.Equal(roots.Paths, paths) {
		t.Errorf("roots %q, want %q", roots.Paths, paths)
	}
	if skipped := roots.Skipped; skipped.Links+skipped.Others > 0 || len(skipped.Names) > 0 {
		t.Errorf("skipped %+v", skipped)
	}
}

func TestWalkTakesEachPathOnce(t *testing.T) {
	dir := folder(t)
	first, second := filepath.Join(dir, "1", "same"), filepath.Join(dir, "2", "same")
	write(t, first, []byte("first"))
	write(t, second, []byte("2nd"))
	s, _ := create(t, first, second, filepath.Join(dir, "2", ".", "same"), first)
	var sizes []uint64
	for _, entry := range s.Decoded().Entries {
		if entry.Name != "same" {
			t.Errorf("name %q", entry.Name)
		}
		sizes = append(sizes, entry.Size)
	}
	if !slices.Equal(sizes, []uint64{5, 3}) {
		t.Errorf("sizes %v", sizes)
	}
	buf := make([]byte, 3)
	if err := s.Read(t.Context(), 2, 0, buf); err != nil || string(buf) != "2nd" {
		t.Errorf("read %q, %v", buf, err)
	}
}

func TestWalkSaysWhatCannotBeSent(t *testing.T) {
	dir := folder(t)
	missing := filepath.Join(dir, "missing")
	tests := []struct {
		name string
		path string
		key  string
	}{
		{"missing", missing, "files.walk.missing"},
		{"in a file", filepath.Join(dir, "file", "in"), "files.walk.missing"},
		{"relative", filepath.Join("some", "where"), "files.walk.relative"},
		{"empty", "", "files.walk.relative"},
		{"not a path", dir + "\x00", "files.walk.unreadable"},
	}
	write(t, filepath.Join(dir, "file"), nil)
	for _, test := range tests {
		_, _, err := source.Walk(t.Context(), []string{filepath.Join(dir, "file"), test.path}, source.Limits{})
		var unsent *source.PathError
		if !errors.As(err, &unsent) || unsent.Path != filepath.Clean(test.path) {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if key, args := unsent.UserText(); key != test.key || args["path"] != unsent.Path {
			t.Errorf("%s: %s %v", test.name, key, args)
		}
	}
	var nothing *source.NothingError
	if _, _, err := source.Walk(t.Context(), nil, source.Limits{}); !errors.As(err, &nothing) {
		t.Errorf("no paths: %v", err)
	}
	if _, _, err := source.Walk(t.Context(), []string{missing}, source.Limits{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
}

func TestWalkKeepsToLimits(t *testing.T) {
	dir := folder(t)
	top := filepath.Join(dir, "t")
	write(t, filepath.Join(top, "a", "b", "file"), []byte("12345"))
	write(t, filepath.Join(top, "a", "b", "more"), []byte("123"))
	// t, a, b and two files: 5 entries, 3 folders deep, 8 bytes;
	// the paths t, t/a, t/a/b, t/a/b/file, t/a/b/more: 1+3+5+10+10.
	exact := source.Limits{Entries: 5, Depth: 3, Bytes: 8, PathBytes: 29}
	if _, _, err := source.Walk(t.Context(), []string{top}, exact); err != nil {
		t.Errorf("at all limits: %v", err)
	}
	tests := []struct {
		limits source.Limits
		want   source.Limit
		key    string
	}{
		{source.Limits{Entries: 4}, source.LimitEntries, "files.walk.too-many"},
		{source.Limits{Entries: 3}, source.LimitEntries, "files.walk.too-many"},
		{source.Limits{Depth: 2}, source.LimitDepth, "files.walk.too-deep"},
		{source.Limits{Bytes: 7}, source.LimitBytes, "files.walk.too-large"},
		{source.Limits{PathBytes: 28}, source.LimitNames, "files.walk.names-too-long"},
	}
	for _, test := range tests {
		_, _, err := source.Walk(t.Context(), []string{top}, test.limits)
		var limit *source.LimitError
		if !errors.As(err, &limit) || limit.Limit != test.want {
			t.Errorf("%+v: %v", test.limits, err)
			continue
		}
		if key, _ := limit.UserText(); key != test.key || limit.Error() == "" {
			t.Errorf("%+v: %s", test.limits, key)
		}
	}
}

// The limits of the walk and of the manifest are the same.
func TestWalkGoesAsDeepAsManifests(t *testing.T) {
	top := filepath.Join(folder(t), "0")
	deepest := filepath.Join(top, strings.Repeat("d"+string(filepath.Separator), protocol.MaxDepth-1))
	write(t, filepath.Join(deepest, "file"), nil)
	if m, _ := walk(t, top); m.Folders() != protocol.MaxDepth || m.Files() != 1 {
		t.Errorf("%d folders, %d files", m.Folders(), m.Files())
	}
	if err := os.Mkdir(filepath.Join(deepest, "one more"), 0o755); err != nil {
		t.Fatal(err)
	}
	var limit *source.LimitError
	if _, _, err := source.Walk(t.Context(), []string{top}, source.Limits{}); !errors.As(err, &limit) ||
		limit.Limit != source.LimitDepth || filepath.Base(limit.Path) != "one more" {
		t.Errorf("one more: %v", err)
	}
}

// A manifest can be too long though every name and their number are allowed.
func TestNamesTooLongTogether(t *testing.T) {
	const files = 40_000
	entries := make([]protocol.Entry, files)
	roots := &source.Roots{Paths: make([]string, files)}
	for i := range entries {
		entries[i] = protocol.Entry{Kind: protocol.EntryFile, Name: strings.Repeat("n", 1000)}
	}
	m, err := protocol.NewManifest(entries)
	if err != nil {
		t.Fatal(err)
	}
	source.Identify(roots, files)
	var limit *source.LimitError
	if _, err := source.Create(t.TempDir(), m, roots); !errors.As(err, &limit) || limit.Limit != source.LimitNames {
		t.Errorf("%v", err)
	}
}

func TestWalkCanBeCancelled(t *testing.T) {
	dir := folder(t)
	for _, name := range []string{"1", "2", "3"} {
		write(t, filepath.Join(dir, "top", name), nil)
	}
	// It is looked at for the folder, and for each file when it is found and
	// when it is added.
	for asked := range 7 {
		ctx := &countedContext{Context: t.Context(), left: asked}
		if _, _, err := source.Walk(ctx, []string{filepath.Join(dir, "top")}, source.Limits{}); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled after %d steps: %v", asked, err)
		}
	}
}

// countedContext is cancelled when it has been asked so many times.
type countedContext struct {
	context.Context
	left int
}

func (c *countedContext) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestWalkLeavesOutOwnFolders looks that neither a profile, which holds a
// private key, nor what is only half received is sent.
func TestWalkLeavesOutOwnFolders(t *testing.T) {
	home := folder(t)
	at := func(path string) string { return filepath.Join(home, filepath.FromSlash(path)) }
	for _, path := range []string{
		"letter.txt", "data/profile/identity.key", "data/profile/received/photo.jpg", "data/notes.txt",
		"Downloads/.feihong-0123abcd/1.part", "Downloads/.feihong-0123abcd/id", "Downloads/done.txt",
		"Downloads/.feihong-mine/id", "Downloads/.feihong-76543210/y",
	} {
		write(t, at(path), []byte(path))
	}
	limits := source.Limits{
		Private: []string{at("data/profile"), at("nowhere")},
		Public:  []string{at("data/profile/received")},
	}
	m, roots, err := source.Walk(t.Context(), []string{home}, limits)
	if err != nil {
		t.Fatal(err)
	}
	var sent []string
	for i := range m.Entries {
		if m.Entries[i].Kind == protocol.EntryFile {
			sent = append(sent, strings.Join(m.Path(uint32(i + 1))[1:], "/"))
		}
	}
	want := []string{"Downloads/.feihong-76543210/y", "Downloads/.feihong-mine/id", "Downloads/done.txt", "data/notes.txt", "letter.txt"}
	if !slices.Equal(sent, want) {
		t.Errorf("%q is sent, want %q", sent, want)
	}
	if s := roots.Skipped; s.Own != 2 || s.Count() != 2 || len(s.Names) != 2 {
		t.Errorf("skipped %+v", s)
	}
	for path, allowed := range map[string]bool{
		"data/profile": false, "data/profile/identity.key": false, "data/notes.txt": true, "data": true,
		"data/profile/received": true, "data/profile/received/photo.jpg": true,
	} {
		_, _, err := source.Walk(t.Context(), []string{at(path)}, limits)
		var refused *source.PathError
		if allowed && err != nil || !allowed && (!errors.As(err, &refused) || refused.Path != at(path)) {
			t.Errorf("%s, which may be sent: %v: %v", path, allowed, err)
		}
		if refused != nil {
			if key, _ := refused.UserText(); key != "files.walk.private" {
				t.Errorf("%s: told as %s", path, key)
			}
		}
	}
}
