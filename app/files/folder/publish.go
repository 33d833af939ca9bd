package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"
)

const (
	// fewFiles is up to how many files are put on the disk one by one, rather
	// than everything that anybody has written to the file system.
	fewFiles = 4

	// maxNumber is how many taken names are passed over.
	maxNumber = 100_000
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
	for _, top := range tops {
		if err := f.prepare(top); err != nil {
			return tops, err
		}
	}
	if err := f.flush(tops); err != nil {
		doubt := true
		return tops, errors.Join(err, f.note(false, record{Doubt: &doubt}))
	}
	intents := make([]naming, 0, len(tops))
	for _, top := range tops {
		seen, err := f.staging.look(f.plan.staged(top))
		if err != nil {
			return tops, err
		}
		intents = append(intents, naming{Entry: top, Inode: seen.inode, Target: f.where.Target})
	}
	rest, err = f.nameAll(ctx, intents)
	return rest, err
}

// isOver marks a file at the top that failed: it needs no name.
func (f *Folder) isOver(top uint32) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.marks[top-1]&markFailed != 0 {
		f.marks[top-1] |= markNamed
	}
	return f.marks[top-1]&markNamed != 0
}

// prepare brings what is staged into the state that it is to have: all folders
// are there, also empty ones, nothing is left of files that failed, and times
// are as they were.
func (f *Folder) prepare(top uint32) error {
	if !f.plan.isFolder(top) {
		return f.parts.drop(top)
	}
	var all []uint32
	f.plan.under(top, func(n uint32) { all = append(all, n) })
	for _, n := range all {
		if err := f.settleEntry(n); err != nil {
			return err
		}
	}
	// From the innermost out, because making something in a folder changes
	// the time of that folder.
	for _, n := range slices.Backward(all) {
		if !f.plan.isFolder(n) {
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
		if err != nil {
			return err
		}
		f.rooms.give(room)
		return nil
	}
	if f.has(n, markFailed) {
		return f.discard(n)
	}
	return nil
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
	return outer.thing.stamp(f.plan.staged(n), f.modified(n))
}

// flush puts on the disk what the entries at the top consist of, and what the
// ledger says of it.
func (f *Folder) flush(tops []uint32) error {
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
		if err := f.flushTop(top); err != nil {
			return err
		}
	}
	return f.ledger.Sync()
}

func (f *Folder) flushTop(top uint32) (err error) {
	f.plan.under(top, func(n uint32) {
		if err == nil && !f.has(n, markFailed) {
			err = f.flushEntry(n)
		}
	})
	return err
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

// nameAll gives names until all have one, or something else is wrong than that
// a name was taken meanwhile. It returns those without.
func (f *Folder) nameAll(ctx context.Context, intents []naming) (rest []uint32, err error) {
	next := make(map[uint32]int) // the number from which on to look
	for len(intents) > 0 && err == nil {
		if err = ctx.Err(); err != nil {
			break
		}
		intents, err = f.nameRound(intents, next)
	}
	for _, intent := range intents {
		rest = append(rest, intent.Entry)
	}
	return rest, err
}

// nameRound chooses a free name for each, notes them, and gives them. It
// returns those that did not get theirs.
func (f *Folder) nameRound(intents []naming, next map[uint32]int) ([]naming, error) {
	records := make([]record, len(intents))
	for i := range intents {
		if err := f.choose(&intents[i], next); err != nil {
			return intents, err
		}
		records[i] = record{Intend: &intents[i]}
	}
	if err := f.note(true, records...); err != nil {
		return intents, err
	}
	var named []record
	var taken []naming
	for i, intent := range intents {
		err := f.staging.move(f.plan.staged(intent.Entry), f.target, intent.Name)
		if errors.Is(err, fs.ErrExist) {
			taken = append(taken, intent)
			next[intent.Entry]++
			continue
		}
		if err != nil {
			return append(taken, intents[i:]...), errors.Join(err, f.confirm(named))
		}
		named = append(named, record{Named: &intents[i]})
	}
	return taken, f.confirm(named)
}

// confirm notes which names were given, when they are on the disk.
func (f *Folder) confirm(named []record) error {
	err := f.target.flush()
	if err == nil {
		err = f.note(false, named...)
	}
	// They have their names, whatever the notes say: those are a matter of
	// the next start, which finds it out.
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range named {
		f.past.add(r)
		f.marks[r.Named.Entry-1] |= markNamed
	}
	return err
}

// choose finds a free name.
func (f *Folder) choose(intent *naming, next map[uint32]int) error {
	final := f.plan.final(intent.Entry)
	for number := next[intent.Entry]; number < maxNumber; number++ {
		intent.Name = numbered(final, number)
		_, err := f.target.look(intent.Name)
		if errors.Is(err, fs.ErrNotExist) {
			next[intent.Entry] = number
			return nil
		}
		if err != nil {
			return err
		}
	}
	return fmt.Errorf("%q: %w", final, fs.ErrExist)
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
	return time.Unix(0, max(0, f.plan.entry(n).Modified))
}
