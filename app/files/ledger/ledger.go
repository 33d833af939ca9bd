package ledger

import (
	"encoding/binary"
	"fmt"
	"os"
	"sync"

	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

const (
	slotBytes = 32

	// headerBytes is a multiple of slotBytes, so that no slot lies in two
	// pages: a write of one is whole or not there.
	headerBytes = 128

	// maxChunks is what the largest manifest has: every byte in whole chunks,
	// and a shorter one for every entry.
	maxChunks = protocol.MaxFileBytes/protocol.ChunkSize + protocol.MaxEntries

	// stretch is how many slots are read or written at once.
	stretch = 4096
)

// magic begins every ledger; the number is the version of the layout.
const magic = "feihong ledger 1"

// MissingError is returned when the value of a chunk is asked for that is not
// in the ledger.
type MissingError struct{ Chunk uint64 }

func (e *MissingError) Error() string {
	return fmt.Sprintf("chunk %d is not in the ledger", e.Chunk)
}

// Ledger is the file of slots of one transfer. It is safe for concurrent use.
// It costs one bit of memory for each chunk.
type Ledger struct {
	file     *os.File
	manifest [32]byte
	chunks   uint64

	// clearing keeps Clear apart from Set, so that a bit never stands for an
	// empty slot.
	clearing sync.RWMutex
	filled   bitmap
}

// Open opens the ledger at path for the manifest with this hash and so many
// chunks, and creates it, with mode 0600, if there is none or it is of no use.
//
// sameBoot tells that all in it was set since the system was started. If not,
// the caller looks again at what it claims, clears what is wrong, and calls
// Confirm. A new ledger is of the present boot.
func Open(path string, manifest [32]byte, chunks uint64) (l *Ledger, sameBoot bool, err error) {
	if chunks > maxChunks {
		return nil, false, fmt.Errorf("a ledger of %d chunks is over the limit of %d", chunks, uint64(maxChunks))
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, false, err
	}
	defer func() {
		if err != nil {
			_ = file.Close() // the first error says more
		}
	}()
	l = &Ledger{file: file, manifest: manifest, chunks: chunks, filled: newBitmap(chunks)}
	boot, useful, err := l.readHeader()
	if err != nil {
		return nil, false, err
	}
	if !useful {
		if err := l.begin(); err != nil {
			return nil, false, err
		}
		return l, true, nil
	}
	if err := l.readSlots(); err != nil {
		return nil, false, err
	}
	now := bootID()
	return l, now != unknownBoot && boot == now, nil
}

// readHeader tells in which boot the file was confirmed, and whether it is a
// ledger of this manifest at all.
func (l *Ledger) readHeader() (boot [32]byte, useful bool, err error) {
	info, err := l.file.Stat()
	if err != nil {
		return boot, false, err
	}
	if info.Size() != l.size() {
		return boot, false, nil
	}
	var header [headerBytes]byte
	if _, err := l.file.ReadAt(header[:], 0); err != nil {
		return boot, false, err
	}
	expected := l.header()
	copy(boot[:], header[bootAt:])
	copy(expected[bootAt:], boot[:])
	return boot, header == expected, nil
}

// Where things are in the header. The rest is zero.
const (
	manifestAt = 16
	chunksAt   = 48
	bootAt     = 64
)

// header gives the header of this ledger, without a boot.
func (l *Ledger) header() (header [headerBytes]byte) {
	copy(header[:], magic)
	copy(header[manifestAt:], l.manifest[:])
	binary.BigEndian.PutUint64(header[chunksAt:], l.chunks)
	return header
}

func (l *Ledger) size() int64 { return headerBytes + int64(l.chunks)*slotBytes }

// begin makes the file an empty ledger. The header comes last: whatever ends
// the program before, the file is still of no use, and is begun again.
func (l *Ledger) begin() error {
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	if err := l.file.Truncate(l.size()); err != nil {
		return err
	}
	return l.Confirm()
}

// Confirm notes that everything in the ledger is true in the present boot.
func (l *Ledger) Confirm() error {
	header, boot := l.header(), bootID()
	copy(header[bootAt:], boot[:])
	_, err := l.file.WriteAt(header[:], 0)
	return err
}

// readSlots learns which slots are filled.
func (l *Ledger) readSlots() error {
	var buf [stretch * slotBytes]byte
	for first := uint64(0); first < l.chunks; first += stretch {
		count := min(stretch, l.chunks-first)
		if _, err := l.file.ReadAt(buf[:count*slotBytes], at(first)); err != nil {
			return err
		}
		for i := range count {
			if value := tree.Value(buf[i*slotBytes : (i+1)*slotBytes]); !value.IsZero() {
				l.filled.set(first + i)
			}
		}
	}
	return nil
}

func at(chunk uint64) int64 { return headerBytes + int64(chunk)*slotBytes }

// Set notes that chunk is done and has this value. It is remembered when Set
// returns, also if the process is killed then.
func (l *Ledger) Set(chunk uint64, value tree.Value) error {
	if chunk >= l.chunks {
		return fmt.Errorf("chunk %d of %d", chunk, l.chunks)
	}
	if value.IsZero() {
		return fmt.Errorf("chunk %d: no chunk has the value zero", chunk)
	}
	l.clearing.RLock()
	defer l.clearing.RUnlock()
	if _, err := l.file.WriteAt(value[:], at(chunk)); err != nil {
		return err
	}
	l.filled.set(chunk)
	return nil
}

// Has tells whether the value of chunk is known.
func (l *Ledger) Has(chunk uint64) bool {
	return chunk < l.chunks && l.filled.get(chunk)
}

// Get gives the value of chunk, and whether it is known.
func (l *Ledger) Get(chunk uint64) (value tree.Value, known bool, err error) {
	if !l.Has(chunk) {
		return value, false, nil
	}
	if _, err := l.file.ReadAt(value[:], at(chunk)); err != nil {
		return tree.Value{}, false, err
	}
	return value, true, nil
}

// Values gives the values of count chunks from first on. It fails with a
// *MissingError if one is not known.
func (l *Ledger) Values(first, count uint64) ([]tree.Value, error) {
	if first > l.chunks || count > l.chunks-first {
		return nil, fmt.Errorf("chunks %d to %d of %d", first, first+count, l.chunks)
	}
	if missing, any := l.filled.next(first, first+count, false); any {
		return nil, &MissingError{Chunk: missing}
	}
	values := make([]tree.Value, count)
	var buf [stretch * slotBytes]byte
	for done := uint64(0); done < count; {
		part := buf[:min(stretch, count-done)*slotBytes]
		if _, err := l.file.ReadAt(part, at(first+done)); err != nil {
			return nil, err
		}
		for ; len(part) > 0; part = part[slotBytes:] {
			values[done] = tree.Value(part[:slotBytes])
			done++
		}
	}
	return values, nil
}

// Root gives the hash of the file that has count chunks from first on. It
// fails as Values does.
func (l *Ledger) Root(first, count uint64) (tree.Value, error) {
	values, err := l.Values(first, count)
	if err != nil {
		return tree.Value{}, err
	}
	switch len(values) {
	case 0:
		return tree.Value{}, fmt.Errorf("a file of no chunks")
	case 1:
		return values[0], nil
	}
	return tree.Root(values), nil
}

// Missing gives the runs of chunks that are not done, in ascending order, as
// few as there can be.
func (l *Ledger) Missing() []protocol.ChunkRun { return l.MissingIn(0, l.chunks) }

// MissingIn is Missing among count chunks from first on.
func (l *Ledger) MissingIn(first, count uint64) []protocol.ChunkRun {
	var runs []protocol.ChunkRun
	end := l.chunks
	if first < end && count < end-first {
		end = first + count
	}
	for first < end {
		begin, any := l.filled.next(first, end, false)
		if !any {
			break
		}
		if first, any = l.filled.next(begin, end, true); !any {
			first = end
		}
		runs = append(runs, protocol.ChunkRun{First: begin, Count: first - begin})
	}
	return runs
}

// Clear forgets count chunks from first on. The caller sees to it that none of
// them is set meanwhile.
func (l *Ledger) Clear(first, count uint64) error {
	if first > l.chunks || count > l.chunks-first {
		return fmt.Errorf("chunks %d to %d of %d", first, first+count, l.chunks)
	}
	l.clearing.Lock()
	defer l.clearing.Unlock()
	var zeros [stretch * slotBytes]byte
	for end := first + count; ; {
		// What is empty already is passed over, so that it takes no room.
		begin, any := l.filled.next(first, end, true)
		if !any {
			return nil
		}
		if first, any = l.filled.next(begin, min(begin+stretch, end), false); !any {
			first = min(begin+stretch, end)
		}
		l.filled.clear(begin, first)
		if _, err := l.file.WriteAt(zeros[:(first-begin)*slotBytes], at(begin)); err != nil {
			return err
		}
	}
}

// Sync puts everything on the disk, so that it survives a crash of the system.
func (l *Ledger) Sync() error { return l.file.Sync() }

// Close closes the file. It is not used afterwards.
func (l *Ledger) Close() error { return l.file.Close() }
