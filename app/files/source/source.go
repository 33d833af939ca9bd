package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"feihong/protocol"
	"feihong/transport/atomicfile"
	"feihong/transport/bulk"
	"feihong/transport/bulk/tree"
)

// The files in the folder of a transfer.
const (
	manifestName = "manifest"
	rootsName    = "sources.json"
	ledgerName   = "ledger"
	listingName  = "listing"
)

// Source gives away the files of one transfer. It implements bulk.Source and
// is safe for concurrent use.
type Source struct {
	dir     string
	encoded []byte
	m       *protocol.Manifest
	roots   *Roots
	tops    map[uint32]string // where the entries at the top lie
	values  *values
	handles *handles
	folder  atomic.Pointer[folder] // the one asked for last

	// hashing is held by the one who hashes files again, so that this takes
	// the memory of one chunk only.
	hashing chan struct{}

	// identities are those that the files were seen with last.
	identities []atomic.Uint64
	// touched is when the system has noted any change in them, as seen last.
	touched []atomic.Int64

	mu      sync.Mutex
	changed map[uint32]bool   // files that are no longer those of the manifest
	doubted map[uint32]uint64 // see doubt
}

// folder is where a folder of the manifest lies.
type folder struct {
	entry uint32
	path  string
}

var _ bulk.Source = (*Source)(nil)

// Create notes in the folder dir of a transfer, which it makes if need be, what
// Walk has found, and opens it. It returns a *LimitError if the names are too
// long together.
func Create(dir string, m *protocol.Manifest, roots *Roots) (*Source, error) {
	if err := roots.fit(m); err != nil {
		return nil, err
	}
	encoded, err := m.Encode()
	if err != nil {
		return nil, tooMuch(err)
	}
	list, err := roots.encode()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if err := atomicfile.Write(filepath.Join(dir, manifestName), encoded); err != nil {
		return nil, err
	}
	if err := atomicfile.Write(filepath.Join(dir, rootsName), list); err != nil {
		return nil, err
	}
	return open(dir, encoded, m, roots), nil
}

// NotesError says that what Create has noted is gone or damaged, which does not
// pass.
type NotesError struct{ Err error }

func (e *NotesError) Error() string { return "the notes of a transfer are of no use: " + e.Err.Error() }

func (e *NotesError) Unwrap() error { return e.Err }

// Open opens what Create has noted in dir, or fails with a *NotesError if there
// is no use in trying again. Whether the files are still there is found out when
// they are read.
func Open(dir string) (*Source, error) {
	encoded, err := readAll(filepath.Join(dir, manifestName), protocol.MaxManifestBytes)
	if err != nil {
		return nil, err
	}
	m, err := protocol.DecodeManifest(encoded)
	if err != nil {
		return nil, &NotesError{err}
	}
	roots, err := openRoots(dir, m)
	if err != nil {
		return nil, err
	}
	return open(dir, encoded, m, roots), nil
}

// maxRootsBytes is far above what the longest paths and all identities need.
const maxRootsBytes = 256 << 20

func openRoots(dir string, m *protocol.Manifest) (*Roots, error) {
	list, err := readAll(filepath.Join(dir, rootsName), maxRootsBytes)
	if err != nil {
		return nil, err
	}
	roots, err := decodeRoots(list)
	if err == nil {
		err = roots.fit(m)
	}
	if err != nil {
		return nil, &NotesError{fmt.Errorf("%s: %w", filepath.Join(dir, rootsName), err)}
	}
	return roots, nil
}

// readAll reads a file of at most so many bytes.
func readAll(path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &NotesError{err}
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read from
	data, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(data)) > most {
		err = &NotesError{fmt.Errorf("%s is longer than %d bytes", path, most)}
	}
	return data, err
}

func open(dir string, encoded []byte, m *protocol.Manifest, roots *Roots) *Source {
	s := &Source{
		dir: dir, encoded: encoded, m: m, roots: roots,
		tops:       make(map[uint32]string, len(roots.Paths)),
		values:     openValues(filepath.Join(dir, ledgerName), tree.Sum(encoded), m.Chunks()),
		handles:    newHandles(),
		hashing:    make(chan struct{}, 1),
		identities: make([]atomic.Uint64, len(m.Entries)),
		touched:    make([]atomic.Int64, len(m.Entries)),
		changed:    make(map[uint32]bool),
		doubted:    make(map[uint32]uint64),
	}
	for i := range m.Entries {
		s.identities[i].Store(roots.identities[i])
		s.touched[i].Store(roots.touched[i])
		if m.Entries[i].Parent == 0 {
			s.tops[uint32(i+1)] = roots.Paths[len(s.tops)]
		}
	}
	return s
}

// Manifest gives the encoded manifest, which is not to be changed.
func (s *Source) Manifest() []byte { return s.encoded }

// Decoded gives the manifest.
func (s *Source) Decoded() *protocol.Manifest { return s.m }

// Roots says where everything lies. It is not to be changed.
func (s *Source) Roots() *Roots { return s.roots }

// Close closes all files. A Read at that time may still finish; nothing else
// is called afterwards.
func (s *Source) Close() error {
	s.handles.close()
	return s.values.close()
}

// path gives where an entry lies on this machine.
func (s *Source) path(entry uint32) string {
	parent := s.m.Entries[entry-1].Parent
	if parent == 0 {
		return s.tops[entry]
	}
	in := s.folder.Load()
	if in == nil || in.entry != parent {
		in = &folder{entry: parent, path: s.path(parent)}
		s.folder.Store(in)
	}
	return join(in.path, s.name(entry))
}

// name gives the name of an entry on this machine.
func (s *Source) name(entry uint32) string {
	if name, other := s.roots.names[entry]; other {
		return name
	}
	return s.m.Entries[entry-1].Name
}
