package protocol

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// EntryKind says what an entry of a manifest is.
type EntryKind uint8

// The kinds of entries. There are no links, devices and the like.
const (
	EntryFile EntryKind = 1 + iota
	EntryFolder
)

// Entry is a file or a folder as the sender has it. It names the folder that
// it lies in by number and has no path, so there is no way to spell a place
// outside of what is sent.
type Entry struct {
	Kind       EntryKind
	Executable bool   // of a file: the sender may run it
	Parent     uint32 // number of the folder it lies in, which is an earlier entry; 0: at the top
	Name       string // the sender's, UTF-8, 1 to MaxEntryNameBytes; not "." or "..", without "/" and NUL, and NOT safe otherwise
	Size       uint64 // of a file, in bytes, at most MaxFileBytes
	Modified   int64  // when it was changed last, in ns since 1970 UTC
}

// Manifest lists all files and folders of an offer, those before what lies in
// them. An entry's number is its place in the list, counted from 1. The chunks
// of all files are numbered through in the same order, from 0. Two entries of
// one folder may have the same name.
//
// It comes from NewManifest or DecodeManifest and is not to be changed; all of
// its methods may be called from several goroutines at once. See
// docs/protocol.md#manifests.
type Manifest struct {
	Entries []Entry // entry number n is Entries[n-1]

	starts      []uint64 // number of the first chunk of each entry, and behind the last how many there are
	files       int
	executables int
	bytes       uint64
	paths       int64 // lengths of all paths together
}

// NewManifest returns the manifest of entries, which it keeps. It returns a
// *LimitError if they are too many, too large or too deep in each other, or
// their paths too long, and a *FormatError if one of them is not as it should
// be, which wraps ErrEntryName, ErrParent, ErrNotUTF8 or ErrField.
func NewManifest(entries []Entry) (*Manifest, error) {
	if len(entries) == 0 {
		return nil, badField("manifest", "no entries")
	}
	if len(entries) > MaxEntries {
		return nil, tooManyEntries(len(entries))
	}
	m := &Manifest{Entries: entries, starts: make([]uint64, 1, len(entries)+1)}
	places := make([]place, len(entries))
	for i := range entries {
		if err := m.add(i, places); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// place is where an entry lies.
type place struct {
	depth uint32 // folders in each other, with itself if it is one
	path  uint32 // bytes of its path
}

func tooManyEntries(n int) *LimitError {
	return &LimitError{What: "manifest", Size: int64(n), Limit: MaxEntries}
}

// add checks the entry with index i and counts it. It fills in its place from
// that of its folder.
func (m *Manifest) add(i int, places []place) error {
	e := &m.Entries[i]
	if err := e.check(); err != nil {
		return &FormatError{What: entryName(i), Err: err}
	}
	at := place{path: uint32(len(e.Name))}
	if e.Parent > 0 {
		if uint64(e.Parent) > uint64(i) || m.Entries[e.Parent-1].Kind != EntryFolder {
			return &FormatError{What: entryName(i), Err: ErrParent}
		}
		within := places[e.Parent-1]
		at = place{depth: within.depth, path: within.path + 1 + at.path}
	}
	chunks := uint64(0)
	if e.Kind == EntryFile {
		chunks = chunksOf(e.Size)
		m.files++
	} else {
		at.depth++
	}
	if e.Executable {
		m.executables++
	}
	places[i] = at
	m.bytes += e.Size
	m.paths += int64(at.path)
	if err := m.checkTotals(i, at.depth); err != nil {
		return err
	}
	m.starts = append(m.starts, m.starts[i]+chunks)
	return nil
}

// checkTotals compares what was counted up to the entry with index i with its
// limits. The size of the entry is within them.
func (m *Manifest) checkTotals(i int, depth uint32) error {
	switch {
	case depth > MaxDepth:
		return &LimitError{What: "path of " + entryName(i), Size: int64(depth), Limit: MaxDepth}
	case m.bytes > MaxFileBytes:
		return &LimitError{What: "content of the manifest", Size: int64(m.bytes), Limit: MaxFileBytes}
	case m.paths > MaxPathsBytes:
		return &LimitError{What: "list of the manifest's paths", Size: m.paths, Limit: MaxPathsBytes}
	}
	return nil
}

// entryName names the entry with index i in errors.
func entryName(i int) string { return fmt.Sprintf("manifest entry %d", i+1) }

// check finds what is wrong with an entry by itself.
func (e *Entry) check() error {
	switch {
	case e.Kind != EntryFile && e.Kind != EntryFolder:
		return fmt.Errorf("%w: kind %d", ErrField, e.Kind)
	case e.Size > MaxFileBytes:
		return fmt.Errorf("%w: the size is out of range", ErrField)
	case e.Kind == EntryFolder && (e.Size > 0 || e.Executable):
		return fmt.Errorf("%w: a folder with the size or mode of a file", ErrField)
	case len(e.Name) > MaxEntryNameBytes:
		return fmt.Errorf("%w: the name is too long", ErrField)
	case e.Name == "" || e.Name == "." || e.Name == ".." || strings.ContainsAny(e.Name, "/\x00"):
		return ErrEntryName
	case !utf8.ValidString(e.Name):
		return ErrNotUTF8
	}
	return nil
}

// chunksOf is how many chunks a file has: an empty one has an empty one.
func chunksOf(size uint64) uint64 { return max(1, (size+ChunkSize-1)/ChunkSize) }

// Files is how many files there are.
func (m *Manifest) Files() int { return m.files }

// Folders is how many folders there are.
func (m *Manifest) Folders() int { return len(m.Entries) - m.files }

// Executables is how many files are marked as executable.
func (m *Manifest) Executables() int { return m.executables }

// Bytes is the size of all files together, at most MaxFileBytes.
func (m *Manifest) Bytes() uint64 { return m.bytes }

// Chunks is how many chunks all files have together.
func (m *Manifest) Chunks() uint64 { return m.starts[len(m.Entries)] }

// Path is where entry n lies: the names of its folders, from the top, and its
// own. They are the sender's and NOT safe. There is none for a number without
// an entry.
func (m *Manifest) Path(n uint32) []string {
	if !m.has(n) {
		return nil
	}
	var path []string
	for ; n > 0; n = m.Entries[n-1].Parent {
		path = append(path, m.Entries[n-1].Name)
	}
	slices.Reverse(path)
	return path
}

func (m *Manifest) has(n uint32) bool { return n > 0 && uint64(n) <= uint64(len(m.Entries)) }

// ChunksOf is the number of the first chunk of entry n, and how many it has: at
// least one for a file, none for a folder or a number without an entry.
func (m *Manifest) ChunksOf(n uint32) (first, count uint64) {
	if !m.has(n) {
		return 0, 0
	}
	return m.starts[n-1], m.starts[n] - m.starts[n-1]
}

// Locate finds a chunk: the number of the file that it is a part of, where in
// it the chunk begins, and how many bytes it has, 0 to ChunkSize. The number is
// 0 if there is no such chunk.
func (m *Manifest) Locate(chunk uint64) (n uint32, offset int64, length int) {
	if chunk >= m.Chunks() {
		return 0, 0, 0
	}
	i := sort.Search(len(m.Entries), func(i int) bool { return m.starts[i+1] > chunk })
	at := (chunk - m.starts[i]) * ChunkSize
	return uint32(i + 1), int64(at), int(min(ChunkSize, m.Entries[i].Size-at))
}

// Summarize fills in what an offer says about the manifest, all but its hash
// and length.
func (m *Manifest) Summarize(o *Offer) {
	o.Files, o.Folders = uint32(m.Files()), uint32(m.Folders())
	o.Bytes, o.Executables = m.bytes, uint32(m.executables)
	o.Tops, o.MoreTops = nil, 0
	under := make([]uint8, len(m.Entries)) // which of Tops each entry is in
	for i := range m.Entries {
		e := &m.Entries[i]
		switch {
		case e.Parent > 0:
			under[i] = under[e.Parent-1]
		case len(o.Tops) < MaxOfferTops:
			under[i] = uint8(len(o.Tops))
			o.Tops = append(o.Tops, OfferTop{Name: safeTopName(e.Name), Folder: e.Kind == EntryFolder})
		default:
			under[i] = MaxOfferTops
			o.MoreTops++
		}
		if under[i] == MaxOfferTops {
			continue
		}
		top := &o.Tops[under[i]]
		top.Bytes += e.Size
		if top.Folder && e.Kind == EntryFile {
			top.Files++
		}
	}
}

// Matches says whether an offer was honest about the manifest: it returns nil,
// or a *FormatError that wraps ErrMismatch. Its hash and length are the
// caller's matter.
func (m *Manifest) Matches(o *Offer) error {
	var is Offer
	m.Summarize(&is)
	switch {
	case o.Files != is.Files || o.Folders != is.Folders:
		return mismatch("%d files and %d folders instead of %d and %d", is.Files, is.Folders, o.Files, o.Folders)
	case o.Bytes != is.Bytes:
		return mismatch("%d bytes instead of %d", is.Bytes, o.Bytes)
	case o.Executables != is.Executables:
		return mismatch("%d executable files instead of %d", is.Executables, o.Executables)
	case o.MoreTops != is.MoreTops || !slices.Equal(o.Tops, is.Tops):
		return mismatch("something else at the top")
	}
	return nil
}

func mismatch(format string, args ...any) *FormatError {
	return &FormatError{What: "manifest", Err: fmt.Errorf("%w: %s", ErrMismatch, fmt.Sprintf(format, args...))}
}
