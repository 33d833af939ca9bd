package protocol_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"feihong/protocol"
)

// describeManifest has times as decimal text, as not every JSON reader has
// numbers of 64 bits.
func describeManifest(m *protocol.Manifest) any {
	entries := []any{}
	for i, e := range m.Entries {
		out := map[string]any{"kind": "file", "parent": e.Parent, "name": e.Name, "modified": strconv.FormatInt(e.Modified, 10)}
		if e.Kind == protocol.EntryFolder {
			out["kind"] = "folder"
		} else {
			first, count := m.ChunksOf(uint32(i + 1))
			out["size"], out["executable"], out["first_chunk"], out["chunks"] = e.Size, e.Executable, first, count
		}
		entries = append(entries, out)
	}
	var o protocol.Offer
	m.Summarize(&o)
	return map[string]any{"kind": "manifest", "entries": entries, "offer": describeOffer(&o)}
}

func file(parent uint32, name string, size uint64) protocol.Entry {
	return protocol.Entry{Kind: protocol.EntryFile, Parent: parent, Name: name, Size: size, Modified: 1767225600123456789}
}

func folder(parent uint32, name string) protocol.Entry {
	return protocol.Entry{Kind: protocol.EntryFolder, Parent: parent, Name: name, Modified: -1}
}

// tree is a manifest of all sorts of entries.
func tree() []protocol.Entry {
	run := file(0, "run.sh", 12)
	run.Executable = true
	return []protocol.Entry{
		run,                          // chunk 0
		folder(0, "照片"),              // 2
		file(2, "1.jpg", 3<<20),      // chunks 1 to 3
		file(2, "empty", 0),          // chunk 4
		folder(2, "older"),           // 5
		folder(5, "empty"),           // 6
		file(5, "2.jpg", 1<<20+1),    // chunks 5 and 6
		file(2, "1.jpg", 1<<20),      // 8: the same name again; chunk 7
		folder(0, "照片"),              // 9
		file(0, "a\\b:c\u202E*?", 1), // chunk 8
	}
}

func mustManifest(tb testing.TB, entries []protocol.Entry) *protocol.Manifest {
	tb.Helper()
	m, err := protocol.NewManifest(entries)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func mustEncodeManifest(tb testing.TB, m *protocol.Manifest) []byte {
	tb.Helper()
	raw, err := m.Encode()
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

func manifests(tb testing.TB) map[string]*protocol.Manifest {
	oldest, latest, great := file(0, "oldest", 0), file(0, "latest", 23), file(0, "great", protocol.MaxFileBytes)
	oldest.Modified, latest.Modified = math.MinInt64, math.MaxInt64
	many := []protocol.Entry{folder(0, "many")}
	for i := range 2 * protocol.MaxOfferTops {
		many = append(many, file(uint32(i%2), "f"+strconv.Itoa(i), uint64(i)))
	}
	out := make(map[string]*protocol.Manifest)
	for name, entries := range map[string][]protocol.Entry{
		"tree":                        tree(),
		"empty file":                  {file(0, "empty", 0)},
		"empty folder":                {folder(0, "empty")},
		"first and last time":         {oldest, latest},
		"file of a pebibyte":          {great},
		"name of 1024 bytes":          {file(0, strings.Repeat("n", protocol.MaxEntryNameBytes), 1)},
		"name of 300 bytes":           {file(0, strings.Repeat("字", 98)+".exe..", 1)},
		"names to be made safe":       {file(0, "..\\..\\x", 1), file(0, "CON", 1), file(0, "...", 1), file(0, " \n", 1), file(0, "\u200B", 1)},
		"more at the top than named":  many,
		"folders, as deep as allowed": deep(protocol.MaxDepth),
	} {
		out[name] = mustManifest(tb, entries)
	}
	return out
}

// deep is n folders in each other, and a file in the last.
func deep(n int) []protocol.Entry {
	var entries []protocol.Entry
	for i := range n {
		entries = append(entries, folder(uint32(i), "d"))
	}
	return append(entries, file(uint32(n), "f", 1))
}

func manifestTable(tb testing.TB) []bodyVector {
	var table []bodyVector
	for name, m := range sorted(manifests(tb)) {
		table = append(table, accepted(name, mustEncodeManifest(tb, m), describeManifest(m)))
	}
	return append(table, manifestOdd(tb)...)
}

const (
	fileEntry   = "a6 00 01 01 00 02 61 66 03 00 04 05 05 f4" // "f" of 5 bytes
	folderEntry = "a4 00 02 01 00 02 61 64 03 00"             // "d"
)

func fileFields() fields {
	return fields{0: "01", 1: "00", 2: textItem("f"), 3: "00", 4: "05", 5: "f4"}
}

func folderFields() fields {
	return fields{0: "02", 1: "00", 2: textItem("d"), 3: "00"}
}

func manifestOdd(tb testing.TB) []bodyVector {
	f, d := fileFields(), folderFields()
	plain := file(0, "f", 5)
	plain.Modified = 0
	one := describeManifest(mustManifest(tb, []protocol.Entry{plain}))
	bare := folder(0, "d")
	bare.Modified = 0
	none := describeManifest(mustManifest(tb, []protocol.Entry{bare}))
	table := []bodyVector{
		altered("file with unknown fields", f.with(6, "f5").with(100, "80").octets(), one),
		altered("folder with the fields of a file", d.with(4, "05").with(5, "f5").octets(), none),
		altered("folder with other things for the fields of a file", d.with(4, "f5").with(5, "60").octets(), none),
		rejected("nothing", "truncated", octets{""}),
		rejected("entry of a later version", "unknown-kind", octets{"a2 00 03 02 05"}),
		rejected("entry of a later version behind a file", "unknown-kind", octets{fileEntry, "a1 00 18 ff"}),
		rejected("one byte behind the end", "no-kind", octets{fileEntry, "00"}),
		rejected("cut off", "truncated", octets{fileEntry, fileEntry[:len(fileEntry)-3]}),
		rejected("longer than the limit", "limit", octets{"00*33554433"}),
		rejected("200001 files", "limit", octets{fileEntry + "*200001"}),
		rejected("1000000 folders", "limit", octets{folderEntry + "*1000000"}),
		rejected("folders too deep", "limit", deepOctets(protocol.MaxDepth+1)),
		rejected("two pebibytes", "limit", octets{"a6 00 01 01 00 02 61 66 03 00 04 1b 00 04 00 00 00 00 00 00 05 f4*2"}),
		rejected("paths of more than 64 MiB", "limit", octets{
			"a4 00 02 01 00 02 79 04 00", "61*1024", "03 00 a4 00 02 01 01 02 79 04 00", "61*1024", "03 00",
			"a6 00 01 01 02 02 61 66 03 00 04 05 05 f4*33000",
		}),
		rejected("no map", "no-kind", octets{"80"}),
		rejected("all in an array", "no-kind", octets{"81" + fileEntry}),
		rejected("indefinite length", "encoding", octets{"bf" + fileEntry[3:] + "ff"}),
		rejected("kind last", "no-kind", octets{"a6 01 00 02 61 66 03 00 04 05 05 f4 00 01"}),
		rejected("keys out of order", "encoding", octets{"a6 00 01 02 61 66 01 00 03 00 04 05 05 f4"}),
		rejected("key twice", "duplicate-key", octets{"a7 00 01 01 00 02 61 66 02 61 67 03 00 04 05 05 f4"}),
		rejected("33 pairs", "too-many", octets{"b8 21 00 01"}),
		rejected("size in long form", "encoding", f.with(4, "18 05").octets()),
		rejected("unknown field of null", "item", f.with(6, "f6").octets()),
		rejected("unknown field too deep", "nesting", f.with(6, "81 81 81 81 00").octets()),
		rejected("name not UTF-8", "not-utf8", f.with(2, "62 c3 28").octets()),
		rejected("name declared with 1024 bytes", "truncated", octets{"a6 00 01 01 00 02 79 04 00 61"}),
		rejected("name declared with 4 GiB", "field", octets{"a6 00 01 01 00 02 7a ff ff ff ff 61"}),
		rejected("in itself", "parent", octets{"a4 00 02 01 01 02 61 64 03 00"}),
		rejected("in a later folder", "parent", octets{"a6 00 01 01 02 02 61 66 03 00 04 05 05 f4", folderEntry}),
		rejected("in a file", "parent", octets{fileEntry, "a6 00 01 01 01 02 61 66 03 00 04 05 05 f4"}),
		rejected("in what is not there", "parent", octets{folderEntry, "a6 00 01 01 1a ff ff ff ff 02 61 66 03 00 04 05 05 f4"}),
	}
	for key, name := range [...]string{1: "parent", 2: "name", 3: "time", 4: "size", 5: "mode"} {
		if key > 0 {
			table = append(table, rejected("file without "+name, "missing", f.without(uint(key)).octets()))
		}
		if key > 0 && key < 4 {
			table = append(table, rejected("folder without "+name, "missing", d.without(uint(key)).octets()))
		}
	}
	for _, name := range []string{"", ".", "..", "/", "a/b", "../x", "/etc/passwd", "\x00", "a\x00b"} {
		table = append(table, rejected("file "+strconv.Quote(name), "name", f.with(2, textItem(name)).octets()))
		table = append(table, rejected("folder "+strconv.Quote(name), "name", d.with(2, textItem(name)).octets()))
	}
	return append(table, manifestFields(f)...)
}

func manifestFields(f fields) []bodyVector {
	var table []bodyVector
	for _, v := range []struct {
		name  string
		key   uint
		value string
	}{
		{"parent over 32 bits", 1, "1b 00 00 00 01 00 00 00 00"},
		{"parent negative", 1, "20"},
		{"name as bytes", 2, "41 66"},
		{"name of 1025 bytes", 2, textItem(strings.Repeat("n", 1025))},
		{"time after 64 bits", 3, "1b 80 00 00 00 00 00 00 00"},
		{"time before 64 bits", 3, "3b 80 00 00 00 00 00 00 00"},
		{"time as text", 3, "61 30"},
		{"size negative", 4, "20"},
		{"size over a pebibyte", 4, "1b 00 04 00 00 00 00 00 01"},
		{"size of 2^64-1", 4, "1b ff ff ff ff ff ff ff ff"},
		{"mode as a number", 5, "01"},
	} {
		table = append(table, rejected("file, "+v.name, "field", f.with(v.key, v.value).octets()))
	}
	return table
}

func deepOctets(n int) octets {
	out := octets{folderEntry}
	for parent := 1; parent < n; parent++ {
		out = append(out, "a4 00 02 01"+head(0, parent)+"02 61 64 03 00")
	}
	return out
}

const aboutManifests = "Manifests of transfers. See docs/protocol.md#golden-vectors."

func TestManifestVectors(t *testing.T) {
	for _, v := range loadGolden(t, "manifest.json", aboutManifests, manifestTable(t)) {
		t.Run(v.Name, func(t *testing.T) {
			m, err := protocol.DecodeManifest(v.Bytes.bytes(t))
			if err != nil {
				checkBody(t, v, nil, nil, err)
				return
			}
			checkBody(t, v, describeManifest(m), mustEncodeManifest(t, m), nil)
		})
	}
}
