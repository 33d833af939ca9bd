//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"feihong/protocol"
)

// unsafeNames are such as a sender's system may allow and a receiver's not, or
// that mislead those who read them.
var unsafeNames = []string{
	`..\..\evil.exe`, `C:\evil.exe`, "CON", "con.txt", "LPT1.tar.gz", "a:b", "a|b?c*d<e>f\"g", "invoice\u202egpj.exe",
	"dots...", "space ", " space", ".bashrc", "...", ".feihong-0badcafe", "desktop.ini", "-rf", "\x1b[31mred", "line\nbreak", "tab\tname",
	"Same", "same", "SAME", "caf\u00e9", "cafe\u0301", "same name", "same name", "same name (1)",
	"zero\u200bwidth", "\ufeffmark", "~", "$HOME", "%TEMP%", "a\u2028b", strings.Repeat("長", 341), strings.Repeat("x", 1000) + ".pdf",
}

// TestUnsafeNames: names that are no good are made good, none of them replaces
// another, and all files are there.
func TestUnsafeNames(t *testing.T) {
	outer := t.TempDir()
	bob := newProfile(t, t.TempDir(), "Bob").daemon()
	m := newMallory(t, "Mallory")
	into := filepath.Join(outer, "into")
	if err := os.MkdirAll(filepath.Join(into, "same name"), 0o755); err != nil {
		t.Fatal(err)
	}
	entries := []protocol.Entry{{Kind: protocol.EntryFolder, Name: `..\in a folder.`}}
	for _, name := range unsafeNames {
		entries = append(entries,
			protocol.Entry{Kind: protocol.EntryFile, Name: name, Size: 3, Executable: true},
			protocol.Entry{Kind: protocol.EntryFile, Name: name, Size: 3, Parent: 1})
	}
	c := offering(t, entries)
	m.offers(bob, c)
	bob.accepts(c.offer.ID.String(), into)
	bob.reaches(c.offer.ID.String(), patience, "finishing", "done")

	got := forest(t, outer)
	files, folded := 0, make(map[string]string)
	for path, found := range got {
		name := filepath.Base(path)
		if !found.folder {
			files++
		}
		if bad := strings.IndexFunc(name, func(r rune) bool {
			return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`\/:*?"<>|`+"\u2028\u2029", r)
		}); bad >= 0 || len(name) > 255 || strings.TrimRight(name, ". ") != name || !norm.NFC.IsNormalString(name) {
			t.Errorf("%q is not safe", name)
		}
		if filepath.Dir(path) == "into" && strings.HasPrefix(name, ".") {
			t.Errorf("%q is hidden", name)
		}
		stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
		if stem == "CON" || stem == "LPT1" {
			t.Errorf("%q is a device on Windows", name)
		}
		key := strings.ToLower(path)
		if other, there := folded[key]; there {
			t.Errorf("%q and %q are the same on some systems", path, other)
		}
		folded[key] = path
	}
	if files != 2*len(unsafeNames) {
		t.Errorf("%d files are there, %d were sent", files, 2*len(unsafeNames))
	}
	for path := range got {
		if path != "into" && !strings.HasPrefix(path, "into/") {
			t.Errorf("%q is outside", path)
		}
	}
	within, err := os.ReadDir(filepath.Join(into, "same name"))
	if err != nil || len(within) > 0 {
		t.Errorf("what was there has changed: %v, %v", within, err)
	}
}
