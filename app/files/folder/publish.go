package folder

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"feihong/protocol"
)

const (
	// fewFiles is up to how many files are put on the disk one by one, rather
	// than everything that anybody has written to the file system.
	fewFiles = 4
)

// Publish gives their final names to everything at the top that is whole:
// first its data is put on the disk, then what will get which name is noted,
// durably, and then it gets it. A name that is taken gets a number; nothing is
// ever replaced. Whatever fails is tried again with the next Publish.
//
// It takes as long as the disk needs. Only one at a time works; others wait.
func (f *Folder) Publish(ctx context.Context) error {
	f.publishing.Lock()
	defer f.publishing.Unlock()
	f.mu.Lock()
	ready := f.ready
	f.ready = nil
	f.mu.Unlock()
	if len(ready) == 0 {
		return nil
	}
	rest, err := f.publish(ctx, ready)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ready = append(rest, f.ready...)
	return f.refused(err)
}

// publish returns those that have no name yet.
func (f *Folder) publish(ctx context.Context, tops []uint32) (rest []uint32, err error) {
	tops = slices.DeleteFunc(tops, f.isOver)
	whole := make([]uint32, 0, len(tops))
	var gone error
	for i, top := range tops {
		switch err := f.prepare(ctx, top); {
		case errors.Is(err, errGone):
			gone = err
		case err != nil:
			return append(whole, tops[i:]...), err
		case !f.isOver(top):
			whole = append(whole, top)
		}
	}
	if err := f.flush(ctx, whole); err != nil {
		return whole, errors.Join(err, f.distrust())
	}
	intents := make([]naming, 0, len(whole))
	for _, top := range whole {
		seen, err := f.staging.look(f.plan.staged(top))
		if err != nil {
			return whole, err
		}
		intents = append(intents, naming{Entry: top, Inode: seen.inode, Target: f.where.Target})
	}
	rest, err = f.nameAll(ctx, intents)
	return rest, errors.Join(err, gone)
}

// isOver marks a file at the top that failed: it needs no name. What is not
// whole any more comes again when it is.
func (f *Folder) isOver(top uint32) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.marks[top-1]&markFailed != 0 {
		f.marks[top-1] |= markNamed
	}
	return f.marks[top-1]&markNamed != 0 || f.open[top-1] > 0
}

// prepare brings what is staged into the state that it is to have: all files
// are there, all folders too, also empty ones, nothing is left of files that
// failed, and times are as they were. It fails with errGone if a file is not
// there any more.
func (f *Folder) prepare(ctx context.Context, top uint32) error {
	all := f.plan.under(top)
	var gone error
	for _, n := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := f.settleEntry(n)
		if err != nil && !errors.Is(err, errGone) {
			return err
		}
		gone = errors.Join(gone, err)
	}
	if gone != nil {
		return errGone
	}
	// From the innermost out, because making something in a folder changes
	// the time of that folder.
	for _, n := range slices.Backward(all) {
		if !f.plan.isFolder(n) || f.has(n, markFailed) {
			continue
		}
		if err := f.stampFolder(n); err != nil {
			return err
		}
	}
	return nil
}

func (f *Folder) settleEntry(n uint32) error {
	if f.plan.isFolder(n) {
		room, err := f.enter(n)
		if errors.Is(err, errUnfit) {
			f.mark(n, markFailed) // what it lies in was noted
			return nil
		}
		if err != nil {
			return err
		}
		f.rooms.give(room)
		return nil
	}
	if f.has(n, markFailed) {
		return f.discard(n)
	}
	if err := f.parts.drop(n); err != nil {
		return err
	}
	there, err := f.isThere(n)
	if there || err != nil {
		return err
	}
	return f.lose(n)
}

// isThere tells whether a whole file is where it was put.
func (f *Folder) isThere(n uint32) (bool, error) {
	room, err := f.enter(f.plan.entry(n).Parent)
	if errors.Is(err, errUnfit) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.rooms.give(room)
	seen, err := room.thing.look(f.plan.staged(n))
	if notThere(err) {
		return false, nil
	}
	return seen.regular && uint64(seen.size) == f.plan.entry(n).Size, err
}

// maxGone is how often a file may vanish before it is given up: somebody does
// not want it here, such as a virus scanner.
const maxGone = 3

// lose forgets a whole file that has vanished, so that it is fetched again.
func (f *Folder) lose(n uint32) error {
	lock := f.lock(n)
	lock.Lock()
	defer lock.Unlock()
	f.cfg.Logger.Warn("a file has vanished before it got its name", "file", f.plan.final(n))
	if err := f.note(false, record{Gone: n}); err != nil {
		return err
	}
	f.mu.Lock()
	f.past.add(record{Gone: n})
	again := f.past.gone[n] < maxGone
	f.mu.Unlock()
	if !again {
		f.giveUp(n, fmt.Errorf("it vanished %d times", maxGone))
		return nil
	}
	first, count := f.plan.manifest.ChunksOf(n)
	if err := f.ledger.Clear(first, count); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.marks[n-1] &^= markDone | markMade
	f.left[n-1] = uint32(count)
	f.open[f.plan.tops[n-1]-1]++
	f.files--
	f.bytes -= int64(f.plan.entry(n).Size)
	return errGone
}

// giveUp makes a whole file one that cannot be had.
func (f *Folder) giveUp(n uint32, why error) {
	failed := failing{Entry: n, Code: protocol.BulkStorage, Text: protocol.SafeName(why.Error())}
	if err := f.note(false, record{Failed: &failed}); err != nil {
		f.cfg.Logger.Warn("a failure was not noted", "file", f.plan.final(n), "err", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.past.failed[n] = failed
	f.marks[n-1] = f.marks[n-1]&^markDone | markFailed
	f.files--
	f.bytes -= int64(f.plan.entry(n).Size)
}

// giveUpTop makes something at the top, with all in it, one that cannot be had,
// because there can be nothing of its name.
func (f *Folder) giveUpTop(top uint32, why error) {
	f.cfg.Logger.Warn("a name is not possible in the target", "name", f.plan.final(top), "err", why)
	if f.plan.isFolder(top) {
		f.failFolder(top, why)
	}
	for _, n := range f.plan.under(top) {
		if f.isFile(n) && !f.has(n, markFailed) {
			f.giveUp(n, why)
		}
	}
	f.mark(top, markNamed)
}

func (f *Folder) stampFolder(n uint32) error {
	// Where an open folder cannot get another name, it must not be open.
	if err := f.rooms.drop(n); err != nil {
		return err
	}
	outer, err := f.enter(f.plan.entry(n).Parent)
	if err != nil {
		return err
	}
	defer f.rooms.give(outer)
	return f.untimed(outer.thing.stamp(f.plan.staged(n), f.modified(n)))
}

// flush puts on the disk what the entries at the top consist of, and what the
// ledger says of it.
func (f *Folder) flush(ctx context.Context, tops []uint32) error {
	if err := f.cfg.probe("flush"); err != nil {
		return err
	}
	plain := len(tops) <= fewFiles && !slices.ContainsFunc(tops, f.plan.isFolder)
	if !plain {
		err := f.staging.flushAll()
		if err == nil {
			return f.ledger.Sync()
		}
		if !errors.Is(err, errors.ErrUnsupported) {
			return err
		}
	}
	for _, top := range tops {
		if err := f.flushTop(ctx, top); err != nil {
			return err
		}
	}
	return f.ledger.Sync()
}

func (f *Folder) flushTop(ctx context.Context, top uint32) error {
	for _, n := range f.plan.under(top) {
		if f.has(n, markFailed) {
			continue
		}
		if err := errors.Join(ctx.Err(), f.flushEntry(n)); err != nil {
			return err
		}
	}
	return nil
}

func (f *Folder) flushEntry(n uint32) error {
	room, err := f.enter(f.plan.entry(n).Parent)
	if err != nil {
		return err
	}
	defer f.rooms.give(room)
	if f.plan.isFolder(n) {
		inner, err := room.thing.sub(f.plan.staged(n))
		if err != nil {
			return err
		}
		return errors.Join(inner.flush(), inner.Close())
	}
	file, err := room.thing.open(f.plan.staged(n))
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// Settle publishes what is left, and removes the staging folder. It fails if
// not everything is done or failed yet.
func (f *Folder) Settle(ctx context.Context) error {
	if err := f.Publish(ctx); err != nil {
		return err
	}
	if n := f.unnamed(); n != 0 {
		return fmt.Errorf("%q is not finished", f.plan.final(n))
	}
	err := errors.Join(f.parts.clear(), f.rooms.clear())
	return f.refused(errors.Join(err, f.target.removeTree(f.where.Staging)))
}

// unnamed gives an entry at the top that has no name yet, or 0.
func (f *Folder) unnamed() uint32 {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.marks {
		if f.plan.entry(uint32(i+1)).Parent == 0 && f.marks[i]&(markNamed|markFailed) == 0 {
			return uint32(i + 1)
		}
	}
	return 0
}

// times of hostile manifests may be any; what a file system cannot have, it
// rounds or refuses, and neither is worth a failure.
func (f *Folder) modified(n uint32) time.Time {
	return time.Unix(0, f.plan.entry(n).Modified)
}
