package folder

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"feihong/app/files/ledger"
	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

// Names of files in the state folder.
const (
	manifestName = "manifest"
	listingName  = "listing"
)

// ReadManifest gives the encoded manifest with this hash, if Begin has seen it
// before; nil if not.
func ReadManifest(state string, hash [32]byte) []byte {
	path := filepath.Join(state, manifestName)
	info, err := os.Stat(path)
	if err != nil || info.Size() > protocol.MaxManifestBytes {
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil || tree.Sum(data) != hash {
		return nil
	}
	return data
}

// saveManifest keeps the manifest for the next time. It is checked when it is
// read, so it need not be on the disk, and without it it is fetched again.
func (f *Folder) saveManifest(m *protocol.Manifest) error {
	path := filepath.Join(f.cfg.State, manifestName)
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	data, err := m.Encode()
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// Listing writes the listing of all files, as b3sum does, to the state folder,
// durably, and gives its hash. All files are done.
func (f *Folder) Listing() (sum [32]byte, err error) {
	path := filepath.Join(f.cfg.State, listingName)
	file, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return sum, err
	}
	to := bufio.NewWriter(file)
	sum, err = ledger.WriteListing(to, f.plan.manifest, f.root)
	if err := errors.Join(err, to.Flush(), file.Sync(), file.Close()); err != nil {
		return sum, err
	}
	return sum, os.Rename(path+".new", path)
}

// root is the hash of a file that is done. Most files have one chunk, whose
// value it is.
func (f *Folder) root(entry uint32) (tree.Value, error) {
	first, count := f.plan.manifest.ChunksOf(entry)
	if count > 1 {
		return f.ledger.Root(first, count)
	}
	value, known, err := f.ledger.Get(first)
	if err == nil && !known {
		err = &ledger.MissingError{Chunk: first}
	}
	return value, err
}
