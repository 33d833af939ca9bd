package ledger_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"feihong/app/files/ledger"
	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

func newManifest(t *testing.T, entries ...protocol.Entry) *protocol.Manifest {
	t.Helper()
	m, err := protocol.NewManifest(entries)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func file(parent uint32, name string) protocol.Entry {
	return protocol.Entry{Kind: protocol.EntryFile, Parent: parent, Name: name}
}

func folder(parent uint32, name string) protocol.Entry {
	return protocol.Entry{Kind: protocol.EntryFolder, Parent: parent, Name: name}
}

func sumOf(entry uint32) (tree.Value, error) { return tree.Sum([]byte(fmt.Sprint(entry))), nil }

func TestListing(t *testing.T) {
	m := newManifest(t,
		file(0, "a b.txt"), folder(0, "文件夹"), file(2, `back\slash`), folder(2, "empty"),
		file(2, "two\nlines\r"), folder(2, `odd\`), file(6, "plain"), file(0, "-"))
	var text bytes.Buffer
	sum, err := ledger.WriteListing(&text, m, sumOf)
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for _, line := range []struct {
		escaped string
		entry   uint32
		path    string
	}{
		{"", 1, "a b.txt"},
		{`\`, 3, `文件夹/back\\slash`},
		{`\`, 5, `文件夹/two\nlines\r`},
		{`\`, 7, `文件夹/odd\\/plain`},
		{"", 8, "-"},
	} {
		hash, _ := sumOf(line.entry)
		fmt.Fprintf(&want, "%s%x  %s\n", line.escaped, hash[:], line.path)
	}
	if text.String() != want.String() {
		t.Errorf("the listing is\n%s\nwant\n%s", text.String(), want.String())
	}
	if sum != tree.Sum(text.Bytes()) {
		t.Errorf("the hash is %x", sum)
	}
}

// The text is hashed in pieces; whichever length it has, it is the hash of the
// whole.
func TestListingIsHashedWhole(t *testing.T) {
	const line = 64 + 2 + 1 // and the name
	for _, length := range []int{0, line + 1, tree.ChunkSize - 1, tree.ChunkSize, tree.ChunkSize + 1, 2 * tree.ChunkSize, 3*tree.ChunkSize + 5} {
		entries := []protocol.Entry{folder(0, "none")}
		for rest := length; rest > 0; {
			name := min(rest-line, 1000)
			if left := rest - line - name; left > 0 && left <= line {
				name -= 2 * line // so that another one has room
			}
			entries = append(entries, file(0, strings.Repeat("n", name)))
			rest -= line + name
		}
		var text bytes.Buffer
		sum, err := ledger.WriteListing(&text, newManifest(t, entries...), sumOf)
		if err != nil || text.Len() != length || sum != tree.Sum(text.Bytes()) {
			t.Errorf("%d bytes: %d written, %x, %v", length, text.Len(), sum, err)
		}
	}
}

type brokenWriter struct{}

var errBroken = errors.New("broken")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestListingFails(t *testing.T) {
	m := newManifest(t, file(0, "a"), file(0, "b"))
	if _, err := ledger.WriteListing(brokenWriter{}, m, sumOf); !errors.Is(err, errBroken) {
		t.Errorf("a writer that fails: %v", err)
	}
	unknown := func(entry uint32) (tree.Value, error) {
		if entry == 2 {
			return tree.Value{}, &ledger.MissingError{Chunk: 1}
		}
		return sumOf(entry)
	}
	var missing *ledger.MissingError
	if _, err := ledger.WriteListing(io.Discard, m, unknown); !errors.As(err, &missing) {
		t.Errorf("a hash that is not known: %v", err)
	}
}

// The real tool is asked where it is installed: it writes the same lines, and
// finds nothing wrong with ours.
func TestListingIsThatOfTheTool(t *testing.T) {
	tool, err := exec.LookPath("b3sum")
	switch {
	case runtime.GOOS == "windows":
		t.Skip("the names of this test are not possible there")
	case err != nil && os.Getenv("CI") == "true":
		t.Fatal(err)
	case err != nil:
		t.Skip("b3sum is not installed")
	}
	// Without a carriage return: versions of the tool before 1.5.2 know no
	// escape for it.
	names := []string{"plain", "with  spaces ", `back\slash`, "new\nline", `\n`, "ü 文件", " *binary"}
	dir := t.TempDir()
	entries := []protocol.Entry{folder(0, "top")}
	if err := os.Mkdir(filepath.Join(dir, "top"), 0o755); err != nil {
		t.Fatal(err)
	}
	args := []string{"--"}
	for _, name := range names {
		entries = append(entries, file(1, name))
		args = append(args, "top/"+name)
		content := fmt.Append(nil, len(entries))
		if err := os.WriteFile(filepath.Join(dir, "top", name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var text bytes.Buffer
	if _, err := ledger.WriteListing(&text, newManifest(t, entries...), sumOf); err != nil {
		t.Fatal(err)
	}
	sums := exec.Command(tool, args...)
	sums.Dir = dir
	if out, err := sums.Output(); err != nil || !bytes.Equal(out, text.Bytes()) {
		t.Errorf("the tool writes, with %v,\n%s\nwe\n%s", err, out, text.Bytes())
	}
	check := exec.Command(tool, "--check")
	check.Dir, check.Stdin = dir, &text
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("the tool finds: %v\n%s", err, out)
	}
}
