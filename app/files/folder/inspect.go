package folder

import (
	"errors"
	"fmt"
	"io"

	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

// inspect clears from the ledger what is not on the disk. With trust it is
// enough that a file is there and has its size: whatever was written since the
// system was started is there. Without, all that the ledger claims is hashed
// again.
func (f *Folder) inspect(trust bool) error {
	buf := make([]byte, protocol.ChunkSize)
	for i := range f.plan.names {
		n := uint32(i + 1)
		if f.plan.isFolder(n) || f.marks[f.plan.tops[i]-1]&markNamed != 0 {
			continue
		}
		if f.closing.Load() {
			return ErrInterrupted
		}
		if err := f.inspectFile(n, trust, buf); err != nil {
			return fmt.Errorf("looking again at %q: %w", f.plan.final(n), err)
		}
	}
	if trust {
		return nil
	}
	if err := f.ledger.Confirm(); err != nil {
		return err
	}
	doubt := false
	f.past.doubt = false
	return f.note(false, record{Doubt: &doubt})
}

func (f *Folder) inspectFile(n uint32, trust bool, buf []byte) error {
	first, count := f.plan.manifest.ChunksOf(n)
	if missing := f.ledger.MissingIn(first, count); len(missing) == 1 && missing[0].Count == count {
		return nil
	}
	room, err := f.enter(f.plan.entry(n).Parent)
	if errors.Is(err, errUnfit) {
		return f.forget(n, first, count)
	}
	if err != nil {
		return err
	}
	defer f.rooms.give(room)
	seen, err := room.thing.look(f.plan.staged(n))
	if err != nil && !notThere(err) {
		return err
	}
	if err != nil || !seen.regular || uint64(seen.size) != f.plan.entry(n).Size {
		return f.forget(n, first, count)
	}
	if trust {
		return nil
	}
	return f.rehash(n, room.thing, buf)
}

// rehash clears the chunks of a file that are not on the disk as the ledger
// says.
func (f *Folder) rehash(n uint32, room place, buf []byte) (err error) {
	file, err := room.open(f.plan.staged(n))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	first, count := f.plan.manifest.ChunksOf(n)
	for chunk := first; chunk < first+count; chunk++ {
		if f.closing.Load() {
			return ErrInterrupted
		}
		claimed, known, err := f.ledger.Get(chunk)
		if err != nil {
			return err
		}
		if !known {
			continue
		}
		_, offset, length := f.plan.manifest.Locate(chunk)
		read, err := file.ReadAt(buf[:length], offset)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if read == length && tree.Chunk(buf[:length], chunk-first, count == 1) == claimed {
			continue
		}
		if err := f.forget(n, chunk, 1); err != nil {
			return err
		}
	}
	return nil
}

// forget clears chunks of a file. Until they are there again, and its hash was
// compared once more, it is not whole.
func (f *Folder) forget(n uint32, first, count uint64) error {
	if f.past.finished[n] {
		if err := f.note(false, record{Unfinished: n}); err != nil {
			return err
		}
		delete(f.past.finished, n)
	}
	return f.ledger.Clear(first, count)
}
