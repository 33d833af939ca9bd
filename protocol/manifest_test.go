package protocol_test

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"pgregory.net/rapid"

	"feihong/protocol"
)

// TestManifestRoundTrip: what is decoded answers as what was encoded.
func TestManifestRoundTrip(t *testing.T) {
	for name, m := range manifests(t) {
		got, err := protocol.DecodeManifest(mustEncodeManifest(t, m))
		if err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("%s gave %v, %v", name, got, err)
		}
	}
}

// TestManifestCutOff: a manifest that ends within an entry is refused, and one
// that ends between two is another one, with another hash.
func TestManifestCutOff(t *testing.T) {
	entries := tree()
	between := map[int]int{} // the end of each entry
	for n := range entries {
		between[len(mustEncodeManifest(t, mustManifest(t, entries[:n+1])))] = n + 1
	}
	raw := mustEncodeManifest(t, mustManifest(t, entries))
	for n := range raw {
		m, err := protocol.DecodeManifest(raw[:n])
		switch {
		case between[n] > 0 && (err != nil || len(m.Entries) != between[n]):
			t.Errorf("cut to %d bytes gave %v, %v", n, m, err)
		case between[n] == 0 && (outcome(err) != "truncated" || m != nil):
			t.Errorf("cut to %d bytes gave %v, %v", n, m, err)
		}
	}
}

func TestManifestSharesNothing(t *testing.T) {
	m := mustManifest(t, tree())
	raw := mustEncodeManifest(t, m)
	got, err := protocol.DecodeManifest(raw)
	if err != nil {
		t.Fatal(err)
	}
	clear(raw)
	if !reflect.DeepEqual(got, m) {
		t.Errorf("changed to %v", got)
	}
}

// TestManifestIsCBOR: the encoder here is written by hand; a library for all of
// CBOR writes the same.
func TestManifestIsCBOR(t *testing.T) {
	strict, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range manifests(t) {
		raw, want := mustEncodeManifest(t, m), []byte(nil)
		for _, e := range m.Entries {
			item := map[int]any{0: int(e.Kind), 1: e.Parent, 2: e.Name, 3: e.Modified}
			if e.Kind == protocol.EntryFile {
				item[4], item[5] = e.Size, e.Executable
			}
			body, err := strict.Marshal(item)
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, body...)
		}
		if !bytes.Equal(raw, want) {
			t.Errorf("%s is %x, want %x", name, raw, want)
		}
	}
}

func TestManifestAnswers(t *testing.T) {
	m := mustManifest(t, tree())
	if m.Files() != 6 || m.Folders() != 4 || m.Executables() != 1 || m.Chunks() != 9 || m.Bytes() != 12+3<<20+1<<20+1+1<<20+1 {
		t.Errorf("%d files, %d folders, %d executables, %d chunks, %d bytes", m.Files(), m.Folders(), m.Executables(), m.Chunks(), m.Bytes())
	}
	for n, want := range map[uint32]string{
		0: "", 1: "run.sh", 3: "照片 1.jpg", 5: "照片 older", 6: "照片 older empty", 7: "照片 older 2.jpg", 11: "", math.MaxUint32: "",
	} {
		if got := strings.Join(m.Path(n), " "); got != want {
			t.Errorf("path of %d is %q, want %q", n, got, want)
		}
	}
	for n, want := range map[uint32][2]uint64{
		0: {}, 1: {0, 1}, 2: {1, 0}, 3: {1, 3}, 4: {4, 1}, 5: {5, 0}, 6: {5, 0}, 7: {5, 2}, 8: {7, 1}, 9: {8, 0}, 10: {8, 1}, 11: {}, math.MaxUint32: {},
	} {
		if first, count := m.ChunksOf(n); first != want[0] || count != want[1] {
			t.Errorf("chunks of %d are %d from %d, want %v", n, count, first, want)
		}
	}
	for chunk, want := range [][3]int{
		{1, 0, 12}, {3, 0, 1 << 20}, {3, 1 << 20, 1 << 20}, {3, 2 << 20, 1 << 20}, {4, 0, 0}, {7, 0, 1 << 20}, {7, 1 << 20, 1}, {8, 0, 1 << 20}, {10, 0, 1}, {},
	} {
		if n, offset, length := m.Locate(uint64(chunk)); int(n) != want[0] || int(offset) != want[1] || length != want[2] {
			t.Errorf("chunk %d is %d bytes at %d of %d, want %v", chunk, length, offset, n, want)
		}
	}
	if n, _, _ := m.Locate(math.MaxUint64); n != 0 {
		t.Errorf("the last of all numbers is a chunk of %d", n)
	}
}

// TestChunksCoverAllFiles: for any manifest, the chunks in order are all bytes
// of all files in order, each once.
func TestChunksCoverAllFiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var entries []protocol.Entry
		for range rapid.IntRange(1, 30).Draw(t, "entries") {
			if rapid.Bool().Draw(t, "folder") {
				entries = append(entries, folder(0, "d"))
			} else {
				edge := rapid.Uint64Range(0, 3).Draw(t, "chunks") * protocol.ChunkSize
				entries = append(entries, file(0, "f", edge+rapid.Uint64Range(0, 2).Draw(t, "more")))
			}
		}
		m, err := protocol.NewManifest(entries)
		if err != nil {
			t.Fatal(err)
		}
		seen, chunk := make([]uint64, len(entries)+1), uint64(0)
		for i, e := range entries {
			first, count := m.ChunksOf(uint32(i + 1))
			if first != chunk || e.Kind == protocol.EntryFolder && count != 0 || e.Kind == protocol.EntryFile && count == 0 {
				t.Fatalf("entry %d has %d chunks from %d, want %d", i+1, count, first, chunk)
			}
			for ; chunk < first+count; chunk++ {
				n, offset, length := m.Locate(chunk)
				if n != uint32(i+1) || uint64(offset) != seen[n] || length > protocol.ChunkSize || length == 0 && e.Size > 0 {
					t.Fatalf("chunk %d of %d is %d bytes at %d of %d", chunk, i+1, length, offset, n)
				}
				seen[n] += uint64(length)
			}
			if seen[i+1] != e.Size {
				t.Fatalf("the chunks of entry %d have %d bytes, want %d", i+1, seen[i+1], e.Size)
			}
		}
		if m.Chunks() != chunk {
			t.Fatalf("%d chunks, want %d", m.Chunks(), chunk)
		}
	})
}

// TestNewManifestRefuses: the sender is held to what receivers ask for.
func TestNewManifestRefuses(t *testing.T) {
	executable := folder(0, "d")
	executable.Executable = true
	half := file(0, "f", protocol.MaxFileBytes/2+1)
	long := []protocol.Entry{folder(0, strings.Repeat("d", protocol.MaxEntryNameBytes))}
	for range (protocol.MaxPathsBytes - protocol.MaxEntryNameBytes) / (protocol.MaxEntryNameBytes + 2) {
		long = append(long, file(1, "f", 0))
	}
	for name, test := range map[string]struct {
		entries []protocol.Entry
		want    string
	}{
		"nothing":                {nil, "field"},
		"no kind":                {[]protocol.Entry{{Name: "x"}}, "field"},
		"kind of later":          {[]protocol.Entry{{Kind: 3, Name: "x"}}, "field"},
		"folder with a size":     {[]protocol.Entry{{Kind: protocol.EntryFolder, Name: "x", Size: 1}}, "field"},
		"folder with a mode":     {[]protocol.Entry{executable}, "field"},
		"no name":                {[]protocol.Entry{file(0, "", 1)}, "name"},
		"this folder":            {[]protocol.Entry{folder(0, ".")}, "name"},
		"the folder above":       {[]protocol.Entry{folder(0, "d"), file(1, "..", 1)}, "name"},
		"name with a slash":      {[]protocol.Entry{file(0, "a/b", 1)}, "name"},
		"name with NUL":          {[]protocol.Entry{file(0, "a\x00b", 1)}, "name"},
		"name not UTF-8":         {[]protocol.Entry{file(0, "\xff", 1)}, "not-utf8"},
		"name of 1025 bytes":     {[]protocol.Entry{file(0, strings.Repeat("n", 1025), 1)}, "field"},
		"in itself":              {[]protocol.Entry{folder(1, "d")}, "parent"},
		"in a later folder":      {[]protocol.Entry{file(2, "f", 1), folder(0, "d")}, "parent"},
		"in a file":              {[]protocol.Entry{file(0, "f", 1), file(1, "f", 1)}, "parent"},
		"in the greatest number": {[]protocol.Entry{file(math.MaxUint32, "f", 1)}, "parent"},
		"too large":              {[]protocol.Entry{file(0, "f", protocol.MaxFileBytes+1)}, "field"},
		"as large as possible":   {[]protocol.Entry{file(0, "f", math.MaxUint64)}, "field"},
		"too large together":     {[]protocol.Entry{half, half}, "limit"},
		"too deep":               {deep(protocol.MaxDepth + 1), "limit"},
		"too many":               {slices.Repeat(tree()[:1], protocol.MaxEntries+1), "limit"},
		"as many as possible":    {slices.Repeat(tree()[:1], protocol.MaxEntries), "ok"},
		"longest paths":          {long, "ok"},
		"too long paths":         {append(long[:len(long):len(long)], file(1, "f", 0)), "limit"},
	} {
		m, err := protocol.NewManifest(test.entries)
		if outcome(err) != test.want || (m != nil) != (err == nil) {
			t.Errorf("%s gave %v, want %s", name, err, test.want)
		}
	}
}

// TestManifestTooLongToEncode: long names can take more than is allowed.
func TestManifestTooLongToEncode(t *testing.T) {
	m := mustManifest(t, slices.Repeat([]protocol.Entry{file(0, strings.Repeat("n", 200), 1)}, protocol.MaxEntries))
	if raw, err := m.Encode(); outcome(err) != "limit" || raw != nil {
		t.Errorf("%d bytes, %v", len(raw), err)
	}
}

// TestManifestErrorsTellTheEntry: a person can find what is wrong.
func TestManifestErrorsTellTheEntry(t *testing.T) {
	_, err := protocol.NewManifest([]protocol.Entry{file(0, "f", 1), file(0, "..", 1)})
	var format *protocol.FormatError
	if !errors.As(err, &format) || format.What != "manifest entry 2" {
		t.Errorf("gave %v", err)
	}
}

// TestHostileManifestCostsNothing: manifests that are refused for what they
// hold, after the last of a million entries too, are refused before memory is
// taken for them.
func TestHostileManifestCostsNothing(t *testing.T) {
	for name, spelled := range map[string]octets{
		"1000000 files":       {fileEntry + "*1000000"},
		"1000000 folders":     {folderEntry + "*1000000"},
		"wrong at its end":    {fileEntry + "*200000", "00"},
		"entries of later":    {"a1 00 03*200000"},
		"33 MiB":              {"00*34603008"},
		"name of 4 GiB":       {"a6 00 01 01 00 02 7a ff ff ff ff 61"},
		"very deep":           {"a7 00 01 01 00 02 61 66 03 00 04 05 05 f4 06", "81*1000000"},
		"array of 2^64-1":     {"a7 00 01 01 00 02 61 66 03 00 04 05 05 f4 06 9b ff ff ff ff ff ff ff ff"},
		"not CBOR, but great": {"ff*33554432"},
	} {
		raw := spelled.bytes(t)
		least := uint64(math.MaxUint64)
		for range 3 {
			least = min(least, allocated(func() {
				if _, err := protocol.DecodeManifest(raw); err == nil {
					t.Errorf("%s was accepted", name)
				}
			}))
		}
		if least > 16<<10 {
			t.Errorf("%s: %d bytes allocated", name, least)
		}
	}
}

// greatManifest has as many entries as can be, in folders of a thousand.
func greatManifest(tb testing.TB) []byte {
	tb.Helper()
	entries := make([]protocol.Entry, 0, protocol.MaxEntries)
	for i := range protocol.MaxEntries {
		if name := "a name of usual length " + strconv.Itoa(i); i%1000 == 0 {
			entries = append(entries, folder(0, name))
		} else {
			entries = append(entries, file(uint32(i/1000*1000+1), name+".jpeg", uint64(i)))
		}
	}
	return mustEncodeManifest(tb, mustManifest(tb, entries))
}

// TestGreatManifestTakesLittle: 200,000 entries take some 20 MB and a handful of
// allocations.
func TestGreatManifestTakesLittle(t *testing.T) {
	raw := greatManifest(t)
	decode := func() {
		if m, err := protocol.DecodeManifest(raw); err != nil || len(m.Entries) != protocol.MaxEntries {
			t.Fatal(err)
		}
	}
	if n := allocated(decode); n > 24<<20 {
		t.Errorf("%d bytes allocated", n)
	}
	if n := testing.AllocsPerRun(1, decode); n > 10 {
		t.Errorf("%v allocations", n)
	}
}

// TestOfferMatches: an offer that lies about anything does not match.
func TestOfferMatches(t *testing.T) {
	m := mustManifest(t, tree())
	honest := func() *protocol.Offer {
		o := offer()
		m.Summarize(o)
		body := mustEncodeChat(t, o)
		got, err := protocol.DecodeChat(body)
		if err != nil {
			t.Fatal(err)
		}
		return got.(*protocol.Offer)
	}
	if err := m.Matches(honest()); err != nil {
		t.Errorf("an honest offer gave %v", err)
	}
	for name, lie := range map[string]func(*protocol.Offer){
		"files":          func(o *protocol.Offer) { o.Files++ },
		"folders":        func(o *protocol.Offer) { o.Folders-- },
		"bytes":          func(o *protocol.Offer) { o.Bytes-- },
		"executables":    func(o *protocol.Offer) { o.Executables = 0 },
		"other tops":     func(o *protocol.Offer) { o.MoreTops = 1 },
		"no top":         func(o *protocol.Offer) { o.Tops = nil },
		"one top less":   func(o *protocol.Offer) { o.Tops = o.Tops[1:] },
		"one top more":   func(o *protocol.Offer) { o.Tops = append(o.Tops, o.Tops[0]) },
		"name of a top":  func(o *protocol.Offer) { o.Tops[0].Name = "run.txt" },
		"kind of a top":  func(o *protocol.Offer) { o.Tops[2].Folder = false },
		"files in a top": func(o *protocol.Offer) { o.Tops[1].Files-- },
		"size of a top":  func(o *protocol.Offer) { o.Tops[1].Bytes-- },
	} {
		o := honest()
		lie(o)
		if err := m.Matches(o); outcome(err) != "mismatch" {
			t.Errorf("a lie about %s gave %v", name, err)
		}
	}
}

// TestAllManifestsCanBeOffered: whatever a manifest has, its offer is one that
// receivers take, and matches when it arrives.
func TestAllManifestsCanBeOffered(t *testing.T) {
	for name, m := range manifests(t) {
		o := offer()
		m.Summarize(o)
		got, err := protocol.DecodeChat(mustEncodeChat(t, o))
		if err != nil || !reflect.DeepEqual(got, o) {
			t.Errorf("%s is offered as %v, %v; want %v", name, got, err, o)
			continue
		}
		if err := m.Matches(got.(*protocol.Offer)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
