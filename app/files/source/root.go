package source

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"feihong/app/files/ledger"
	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

// Keep remembers the value of a chunk that was read. What cannot be remembered
// is hashed again when it is needed.
func (s *Source) Keep(chunk uint64, value tree.Value) { _ = s.keep(chunk, value) }

func (s *Source) keep(chunk uint64, value tree.Value) error {
	known, has := s.values.get(chunk)
	if has && known == value {
		return nil
	}
	if has {
		// The file has become another one without a sign of it. If it has
		// one chunk, that one counts which was sent last.
		entry, _, _ := s.m.Locate(chunk)
		if _, count := s.m.ChunksOf(entry); count > 1 {
			return s.change(entry)
		}
	}
	return s.values.set(chunk, value)
}

// Root gives the hash of the file of an entry, after looking once more whether
// it is still the one of the manifest; it returns errors as Read does. What the
// ledger does not know is read and hashed again. If ctx ends meanwhile, the
// next call goes on where this one was.
func (s *Source) Root(ctx context.Context, entry uint32) (tree.Value, error) {
	root, err := s.hash(ctx, entry)
	if err != nil {
		return tree.Value{}, err
	}
	now, err := look(s.path(entry))
	if err != nil {
		return tree.Value{}, s.failure(entry, err)
	}
	if !s.resembles(entry, now) || s.isChanged(entry) {
		return tree.Value{}, s.change(entry)
	}
	s.handles.drop(entry)
	return root, nil
}

// hash gives the hash of the file of an entry as it was read.
func (s *Source) hash(ctx context.Context, entry uint32) (tree.Value, error) {
	first, count := s.m.ChunksOf(entry)
	if _, doubted := s.doubtedFrom(entry); doubted || len(s.values.missing(first, count)) > 0 {
		if err := s.hashAgain(ctx, entry); err != nil {
			return tree.Value{}, err
		}
	}
	if s.isChanged(entry) {
		return tree.Value{}, s.fault(entry, protocol.BulkSourceChanged)
	}
	return s.values.root(first, count)
}

// hashAgain reads and hashes the chunks of a file that the ledger does not know
// or that are in doubt.
func (s *Source) hashAgain(ctx context.Context, entry uint32) error {
	select {
	case s.hashing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.hashing }()
	buf := make([]byte, min(protocol.ChunkSize, s.m.Entries[entry-1].Size))
	first, count := s.m.ChunksOf(entry)
	for _, run := range s.values.missing(first, count) {
		for chunk := run.First; chunk < run.First+run.Count; chunk++ {
			if err := s.hashChunk(ctx, chunk, buf); err != nil {
				return err
			}
		}
	}
	// Only now, because reading may raise a doubt.
	for {
		next, any := s.doubtedFrom(entry)
		if !any {
			return nil
		}
		if err := s.hashChunk(ctx, first+next, buf); err != nil {
			return err
		}
		s.believe(entry, next+1)
	}
}

// hashChunk reads a chunk and remembers its value, or finds out that it is not
// what it was.
func (s *Source) hashChunk(ctx context.Context, chunk uint64, buf []byte) error {
	entry, offset, length := s.m.Locate(chunk)
	if err := s.Read(ctx, entry, offset, buf[:length]); err != nil {
		return err
	}
	_, count := s.m.ChunksOf(entry)
	value := tree.Chunk(buf[:length], uint64(offset)/protocol.ChunkSize, count == 1)
	return s.keep(chunk, value)
}

// Listing writes the listing of all files into the folder of the transfer and
// gives its hash. Files whose hash is not known are read again; errors are
// those of Read. If it cannot be written, for want of room on the disk, its hash
// is given all the same: only the user has less to look at.
func (s *Source) Listing(ctx context.Context) (sum [32]byte, err error) {
	var unknown error // why a file has no hash
	root := func(entry uint32) (value tree.Value, err error) {
		value, err = s.hash(ctx, entry)
		unknown = err
		return value, err
	}
	sum, err = s.writeListing(root)
	if err == nil || unknown != nil {
		return sum, err
	}
	return ledger.WriteListing(io.Discard, s.m, root)
}

func (s *Source) writeListing(root func(entry uint32) (tree.Value, error)) (sum [32]byte, err error) {
	temp, err := os.CreateTemp(s.dir, "."+listingName+".new-*")
	if err != nil {
		return sum, err
	}
	defer func() {
		if err != nil {
			_ = temp.Close() // closed already, or about to be removed
			_ = os.Remove(temp.Name())
		}
	}()
	if sum, err = ledger.WriteListing(temp, s.m, root); err != nil {
		return sum, err
	}
	if err = temp.Sync(); err != nil {
		return sum, err
	}
	if err = temp.Close(); err != nil {
		return sum, err
	}
	return sum, os.Rename(temp.Name(), filepath.Join(s.dir, listingName))
}
