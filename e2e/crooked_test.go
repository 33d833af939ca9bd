//go:build e2e

package e2e

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"feihong/protocol"
)

// crooked is a way to send what is not as it should be.
type crooked struct {
	name string
	make func(t *testing.T) *crook
	// reasons are those with which the transfer may fail, with what is named
	// beside it.
	reasons []string
	leaves  []string // what is in the folder afterwards; nothing in most cases
}

// spoiled replaces a name in a manifest by another one of the same length,
// which no encoder of ours would write.
func spoiled(from, to string) func(t *testing.T) *crook {
	return func(t *testing.T) *crook {
		t.Helper()
		c := honest(t, "folder", 10, 10)
		if len(from) != len(to) || !bytes.Contains(c.manifest, []byte(from)) {
			t.Fatalf("%q cannot become %q", from, to)
		}
		c.manifest = bytes.Replace(c.manifest, []byte(from), []byte(to), 1)
		c.commit()
		return c
	}
}

var crookedSenders = []crooked{
	{name: "a name with slashes", make: spoiled("file0001.bin", "../../../e/v"), reasons: []string{"hostile"}},
	{name: "an absolute name", make: spoiled("file0001.bin", "/tmp/evil.sh"), reasons: []string{"hostile"}},
	{name: "the folder above", make: func(t *testing.T) *crook {
		c := offering(t, []protocol.Entry{{Kind: protocol.EntryFolder, Name: "ab"}, {Kind: protocol.EntryFile, Parent: 1, Name: "f", Size: 1}})
		c.manifest = bytes.Replace(c.manifest, []byte("ab"), []byte(".."), 1)
		c.commit()
		return c
	}, reasons: []string{"hostile"}},
	{name: "a name with NUL", make: spoiled("file0001.bin", "file0001\x00bin"), reasons: []string{"hostile"}},
	{name: "a name that is no text", make: spoiled("file0001.bin", "file0001\xffbin"), reasons: []string{"hostile"}},
	{name: "in a folder that comes later", make: func(t *testing.T) *crook {
		c := honest(t, "folder", 10, 10)
		at := bytes.LastIndex(c.manifest, []byte{1, 1, 2}) // parent 1, then the name
		c.manifest[at+1] = 9
		c.commit()
		return c
	}, reasons: []string{"hostile"}},
	{name: "a million entries", make: func(t *testing.T) *crook {
		c := offering(t, []protocol.Entry{{Kind: protocol.EntryFile, Name: "f", Size: 1}})
		one := c.manifest
		c.offer.Files, c.offer.Bytes = protocol.MaxEntries, protocol.MaxEntries
		c.offer.Tops = slices.Repeat(c.offer.Tops, protocol.MaxOfferTops)
		c.offer.MoreTops = protocol.MaxEntries - protocol.MaxOfferTops
		c.manifest = bytes.Repeat(one, 1_000_000)
		c.commit()
		return c
	}, reasons: []string{"hostile"}},
	{name: "another manifest than offered", make: func(t *testing.T) *crook {
		c := honest(t, "folder", 10, 10)
		c.manifest = bytes.Replace(c.manifest, []byte("file0001"), []byte("file9999"), 1)
		return c
	}, reasons: []string{"hostile"}},
	{name: "a manifest of another size than offered", make: func(t *testing.T) *crook {
		c := honest(t, "folder", 10, 10)
		c.offer.ManifestBytes--
		return c
	}, reasons: []string{"hostile"}},
	{name: "larger than offered", make: func(t *testing.T) *crook {
		c := honest(t, "folder", 1<<30)
		c.offer.Bytes = 10
		c.offer.Tops[0].Bytes = 10
		return c
	}, reasons: []string{"hostile"}},
	{name: "more files than offered", make: func(t *testing.T) *crook {
		c := honest(t, "folder", 10, 10, 10)
		c.offer.Files, c.offer.Tops[0].Files = 1, 1
		return c
	}, reasons: []string{"hostile"}},
	{name: "more than any disk holds", make: func(t *testing.T) *crook {
		return honest(t, "folder", 1<<49)
	}, reasons: []string{"disk-full"}},
	{name: "chunks that are longer", make: func(t *testing.T) *crook {
		c := honest(t, "folder", 10)
		c.chunk = func(n uint64) []byte { return chunkFrame(n, [32]byte{1}, letters(20)) }
		return c
	}, reasons: []string{"hostile"}},
	{name: "chunks that are shorter", make: func(t *testing.T) *crook {
		c := honest(t, "folder", 10)
		c.chunk = func(n uint64) []byte { return chunkFrame(n, [32]byte{1}, letters(5)) }
		return c
	}, reasons: []string{"hostile"}},
	{name: "wrong chunks", make: func(t *testing.T) *crook {
		c := honest(t, "folder", 3<<20, 5)
		right := c.chunk
		c.chunk = func(n uint64) []byte {
			frame := right(n)
			frame[len(frame)-1] ^= 1
			return frame
		}
		return c
	}, reasons: []string{"hostile"}},
	{name: "chunks of another place", make: func(t *testing.T) *crook {
		c := honest(t, "folder", 5<<20)
		right := c.chunk
		c.chunk = func(n uint64) []byte { return right((n + 1) % 5) }
		return c
	}, reasons: []string{"hostile"}},
	{name: "chunks that nobody asked for", make: func(t *testing.T) *crook {
		c := honest(t, "folder", 5<<20)
		c.chunk = func(uint64) []byte { return chunkFrame(1_000_000, [32]byte{1}, letters(10)) }
		return c
	}, reasons: []string{"hostile"}},
	{name: "a hash of the whole that is wrong", make: func(t *testing.T) *crook {
		c := honest(t, "folder", 3<<20)
		c.root = func(uint32) [32]byte { return [32]byte{1} }
		return c
		// It may as well be an honest sender whose file has changed. The folder
		// comes without it.
	}, reasons: []string{"source-changed"}, leaves: []string{"folder"}},
	{name: "an endless stream of chunks", make: func(t *testing.T) *crook {
		c := honest(t, "folder", 3<<20)
		c.flood = c.chunk(0)
		return c
	}, reasons: []string{"hostile"}},
	{name: "an endless stream of noise", make: func(t *testing.T) *crook {
		c := honest(t, "folder", 3<<20)
		c.flood = binary.BigEndian.AppendUint32(nil, 1<<31)
		return c
	}, reasons: []string{"hostile"}},
	{name: "an endless manifest", make: func(t *testing.T) *crook {
		c := honest(t, "folder", 10)
		c.manifest = bytes.Repeat(c.manifest, 1<<20)
		return c
	}, reasons: []string{"hostile"}},
	{name: "endless unknown frames", make: func(t *testing.T) *crook {
		c := honest(t, "folder", 3<<20)
		c.flood = []byte{0, 0, 0, 4, 0x77, 0x77, 1, 2, 3, 4}
		return c
	}, reasons: []string{"hostile"}},
}

// TestCrookedSenders accepts from somebody who breaks every rule. Each time it
// fails with a clear reason, nothing bears a final name, nothing lies outside
// of the folder, and the program is well.
func TestCrookedSenders(t *testing.T) {
	outer := t.TempDir()
	writeFile(t, filepath.Join(outer, "precious.txt"), 1000, 1)
	before := forest(t, outer)
	bob := newProfile(t, t.TempDir(), "Bob").daemon()
	m := newMallory(t, "Mallory")
	memory := bob.memory()
	for i, crooked := range crookedSenders {
		t.Run(crooked.name, func(t *testing.T) {
			c := crooked.make(t)
			m.offers(bob, c)
			id := c.offer.ID.String()
			into := filepath.Join(outer, fmt.Sprint("into", i))
			before[filepath.Base(into)] = leaf{folder: true}
			if err := os.Mkdir(into, 0o755); err != nil {
				t.Fatal(err)
			}
			bob.accepts(id, into)
			found := bob.reaches(id, patience, "failed", "stalled")
			if !slices.Contains(crooked.reasons, found.Reason) {
				t.Errorf("%s with reason %q (%s), want %q", found.State, found.Reason, found.Detail, crooked.reasons)
			}
			t.Logf("%s: %s %q", found.State, found.Reason, found.Detail)
			if found.Reason == "hostile" && found.Detail == "" {
				t.Error("it does not say which rule was broken")
			}
			if found.State == "stalled" {
				bob.does("cancel", id)
			}
			eventually(t, fmt.Sprintf("%q is left", crooked.leaves), func() bool {
				return slices.Equal(slices.Sorted(maps.Keys(forest(t, into))), crooked.leaves)
			})
			for _, name := range crooked.leaves {
				before[filepath.Join(filepath.Base(into), name)] = leaf{folder: true}
			}
			if line := bob.must(0, "files", "list", "--all", "--json").out; !strings.Contains(line, id) {
				t.Errorf("it is not listed: %s", line)
			}
		})
	}
	sameForest(t, before, forest(t, outer), false)
	if _, err := os.Lstat("/tmp/evil.sh"); err == nil {
		t.Error("something was written outside")
	}
	// A manifest may be large; the memory for it is given back only slowly.
	if growth := bob.memory() - memory; growth > mostGrowth+2*protocol.MaxManifestBytes {
		t.Errorf("Bob grew by %d MiB", growth>>20)
	}

	// And an honest one works still.
	c := honest(t, "honest", 3<<20, 10, 0)
	m.offers(bob, c)
	into := filepath.Join(outer, "honest")
	bob.accepts(c.offer.ID.String(), into)
	bob.reaches(c.offer.ID.String(), patience, "done", "finishing")
	if got := forest(t, into); len(got) != 4 {
		t.Errorf("there are %d files and folders", len(got))
	}
}
