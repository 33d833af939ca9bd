package folder

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"feihong/protocol"
	"feihong/transport/bulk"
	"feihong/transport/bulk/tree"
)

// piece is what a large file is written in: a piece of zeros takes no room.
const piece = 64 << 10

// zeros is what nothing looks like.
var zeros [protocol.ChunkSize]byte

// part is a large file that is being put together.
type part struct{ *os.File }

// Write stores a chunk whose value fits. A chunk that is there already, or is
// not wanted any more, is passed over.
func (f *Folder) Write(ctx context.Context, chunk uint64, value tree.Value, data []byte, zero bool) error {
	n, offset, length := f.plan.manifest.Locate(chunk)
	if n == 0 || !zero && len(data) != length {
		return fmt.Errorf("chunk %d of %d bytes is not in the manifest", chunk, len(data))
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if zero {
		data = zeros[:length]
	}
	if f.passed(n, chunk) {
		return nil
	}
	need := footprint(int64(length))
	if _, count := f.plan.manifest.ChunksOf(n); count == 1 {
		need += entryBytes
	}
	if err := f.takeRoom(need); err != nil {
		return err
	}
	first, count := f.plan.manifest.ChunksOf(n)
	var err error
	if count == 1 {
		err = f.writeWhole(n, first, data)
	} else {
		err = f.writePart(n, chunk, offset, data, zero)
	}
	if isUnfit(err) {
		return &bulk.Fault{Code: protocol.BulkStorage, Text: err.Error()}
	}
	if err == nil {
		err = f.keep(n, chunk, value, length)
	}
	return f.refused(err)
}

// passed tells whether a chunk is not wanted any more.
func (f *Folder) passed(n uint32, chunk uint64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.marks[n-1]&(markDone|markFailed) != 0 || f.ledger.Has(chunk)
}

func (f *Folder) lock(n uint32) *sync.RWMutex { return &f.locks[n%uint32(len(f.locks))] }

// writeWhole makes a file of one chunk. It is made new in any case: only what
// is in the ledger was written to its end.
func (f *Folder) writeWhole(n uint32, chunk uint64, data []byte) error {
	lock := f.lock(n)
	lock.Lock()
	defer lock.Unlock()
	if f.passed(n, chunk) {
		return nil
	}
	room, err := f.enter(f.plan.entry(n).Parent)
	if err != nil {
		return err
	}
	defer f.rooms.give(room)
	name, executable := f.plan.staged(n), f.plan.entry(n).Executable
	err = f.untimed(room.thing.write(name, executable, data, f.modified(n)))
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := f.clearAway(n, room.thing); err != nil {
		return err
	}
	return f.untimed(room.thing.write(name, executable, data, f.modified(n)))
}

// writePart writes a chunk of a larger file.
func (f *Folder) writePart(n uint32, chunk uint64, offset int64, data []byte, zero bool) error {
	open, err := f.part(n)
	if err != nil {
		return err
	}
	defer f.parts.give(open)
	lock := f.lock(n)
	lock.RLock()
	defer lock.RUnlock()
	switch {
	case f.passed(n, chunk):
		return nil
	case f.has(n, markMade):
		return open.thing.fill(offset, data, zero)
	}
	return open.thing.replace(offset, data, zero)
}

func (f *Folder) has(n uint32, m mark) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.marks[n-1]&m != 0
}

// part opens a large file, or makes it. The caller gives it back to f.parts.
func (f *Folder) part(n uint32) (*kept[*part], error) {
	if open := f.parts.take(n); open != nil {
		return open, nil
	}
	lock := f.lock(n)
	lock.Lock()
	defer lock.Unlock()
	if open := f.parts.take(n); open != nil {
		return open, nil
	}
	room, err := f.enter(f.plan.entry(n).Parent)
	if err != nil {
		return nil, err
	}
	defer f.rooms.give(room)
	file, err := f.openPart(n, room.thing)
	if err != nil {
		return nil, err
	}
	return f.parts.put(n, &part{file}), nil
}

// openPart opens the file if something in it counts, and makes it new if not.
func (f *Folder) openPart(n uint32, room place) (*os.File, error) {
	if f.begun(n) {
		return room.open(f.plan.staged(n))
	}
	name, executable := f.plan.staged(n), f.plan.entry(n).Executable
	file, err := room.create(name, executable)
	if errors.Is(err, fs.ErrExist) {
		if err := f.clearAway(n, room); err != nil {
			return nil, err
		}
		file, err = room.create(name, executable)
	}
	if err != nil {
		return nil, err
	}
	makeSparse(file)
	if err := file.Truncate(int64(f.plan.entry(n).Size)); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.marks[n-1] |= markMade
	return file, nil
}

// begun tells whether something of a large file is on the disk, or was made
// just now.
func (f *Folder) begun(n uint32) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, count := f.plan.manifest.ChunksOf(n)
	return f.marks[n-1]&markMade != 0 || uint64(f.left[n-1]) < count
}

// fill writes where nothing was written before, so zeros are there already.
func (p *part) fill(offset int64, data []byte, zero bool) error {
	if zero {
		return nil
	}
	for begin := 0; begin < len(data); {
		end := begin
		for end < len(data) && !isZero(data[end:min(end+piece, len(data))]) {
			end = min(end+piece, len(data))
		}
		if end > begin {
			if _, err := p.WriteAt(data[begin:end], offset+int64(begin)); err != nil {
				return err
			}
		}
		begin = min(end+piece, len(data))
	}
	startWriting(p.Fd(), offset, int64(len(data)))
	return nil
}

// replace writes where anything may be. Zeros that are there already are left
// as they are, because they may take no room.
func (p *part) replace(offset int64, data []byte, zero bool) error {
	if zero {
		there := make([]byte, len(data))
		read, err := p.ReadAt(there, offset)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if read == len(data) && isZero(there) {
			return nil
		}
	}
	_, err := p.WriteAt(data, offset)
	startWriting(p.Fd(), offset, int64(len(data)))
	return err
}

func isZero(data []byte) bool { return bytes.Equal(data, zeros[:len(data)]) }

// keep notes that a chunk is on the disk.
func (f *Folder) keep(n uint32, chunk uint64, value tree.Value, length int) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.marks[n-1]&(markDone|markFailed) != 0 || f.ledger.Has(chunk) {
		return nil
	}
	if err := f.cfg.probe("ledger"); err != nil {
		return err
	}
	if err := f.ledger.Set(chunk, value); err != nil {
		return err
	}
	f.bytes += int64(length)
	f.left[n-1]--
	if _, count := f.plan.manifest.ChunksOf(n); count == 1 {
		f.settle(n, markDone)
	}
	return nil
}

// settle marks a file that is done or failed. f.mu is held.
func (f *Folder) settle(n uint32, as mark) {
	f.marks[n-1] |= as
	if as == markDone {
		f.files++
	}
	top := f.plan.tops[n-1]
	if f.open[top-1]--; f.open[top-1] == 0 {
		f.ready = append(f.ready, top)
	}
}

// Finish notes that a file with all of its chunks is whole: root is what the
// sender says of it. It fails if the chunks say otherwise.
func (f *Folder) Finish(entry uint32, root tree.Value) error {
	if !f.isFile(entry) {
		return fmt.Errorf("entry %d is no file", entry)
	}
	lock := f.lock(entry)
	lock.Lock()
	defer lock.Unlock()
	if f.has(entry, markDone|markFailed) {
		return nil
	}
	is, err := f.ledger.Root(f.plan.manifest.ChunksOf(entry))
	if err != nil {
		return f.refused(err)
	}
	if is != root {
		return fmt.Errorf("%q has another hash than its sender says", f.plan.final(entry))
	}
	return f.refused(f.finish(entry))
}

func (f *Folder) finish(n uint32) error {
	room, err := f.enter(f.plan.entry(n).Parent)
	if err != nil {
		return err
	}
	defer f.rooms.give(room)
	if err := f.parts.drop(n); err != nil {
		return err
	}
	if err := f.untimed(room.thing.stamp(f.plan.staged(n), f.modified(n))); err != nil {
		return err
	}
	if err := f.note(false, record{Finished: n}); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.past.finished[n] = true
	f.settle(n, markDone)
	return nil
}

// Fail notes that a file cannot be had. What is there of it is removed; all
// others go on.
func (f *Folder) Fail(entry uint32, fault *bulk.Fault) {
	if !f.isFile(entry) {
		return
	}
	lock := f.lock(entry)
	lock.Lock()
	defer lock.Unlock()
	if f.has(entry, markDone|markFailed) {
		return
	}
	failed := failing{Entry: entry, Code: fault.Code, Text: protocol.SafeName(fault.Text)}
	if err := f.note(false, record{Failed: &failed}); err != nil {
		f.cfg.Logger.Warn("a failure was not noted", "file", f.plan.final(entry), "err", err)
	}
	if err := f.discard(entry); err != nil {
		f.cfg.Logger.Warn("a part of a file remains for now", "file", f.plan.final(entry), "err", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	first, count := f.plan.manifest.ChunksOf(entry)
	for _, run := range f.ledger.MissingIn(first, count) {
		count -= run.Count
	}
	f.bytes -= int64(min(count*protocol.ChunkSize, f.plan.entry(entry).Size))
	f.past.failed[entry] = failed
	f.settle(entry, markFailed)
}

// discard removes what is there of a file.
func (f *Folder) discard(n uint32) error {
	dropped := f.parts.drop(n)
	room, err := f.enter(f.plan.entry(n).Parent)
	if errors.Is(err, errUnfit) {
		return dropped
	}
	if err != nil {
		return errors.Join(dropped, err)
	}
	defer f.rooms.give(room)
	_, err = room.thing.look(f.plan.staged(n))
	if err == nil {
		err = f.clearAway(n, room.thing)
	}
	if isUnfit(err) || errors.Is(err, fs.ErrNotExist) {
		err = nil // there is nothing of it
	}
	return errors.Join(dropped, err)
}
