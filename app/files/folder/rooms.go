package folder

import (
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/text/unicode/norm"

	"feihong/protocol"
)

// enter opens the staged folder of entry n, 0 being the staging folder itself,
// and makes it and what it lies in if it is not there. The caller gives it back
// to f.rooms. It fails with errUnfit if there can be no such folder.
func (f *Folder) enter(n uint32) (*kept[place], error) {
	if room := f.rooms.take(n); room != nil {
		return room, nil
	}
	if n == 0 {
		again, err := f.target.sub(f.where.Staging)
		if err != nil {
			return nil, err
		}
		return f.rooms.put(0, again), nil
	}
	if f.has(n, markFailed) {
		return nil, errUnfit
	}
	outer, err := f.enter(f.plan.entry(n).Parent)
	if err != nil {
		return nil, err
	}
	defer f.rooms.give(outer)
	room, err := f.descend(n, outer.thing)
	if isUnfit(err) {
		f.failFolder(n, err)
		return nil, fmt.Errorf("%w: %w", errUnfit, err)
	}
	if err != nil {
		return nil, err
	}
	return f.rooms.put(n, room), nil
}

// descend opens the folder of entry n, and makes it if it is not there.
// Something else in its place is none of ours and is taken away, which never
// touches what a link leads to.
func (f *Folder) descend(n uint32, outer place) (place, error) {
	f.making.Lock()
	defer f.making.Unlock()
	name := f.plan.staged(n)
	if f.has(n, markMade) {
		room, err := outer.sub(name)
		if !notThere(err) {
			return room, err
		}
	}
	err := f.makeFolder(outer, name)
	if errors.Is(err, fs.ErrExist) {
		if err := f.expectOurs(n, outer); err != nil {
			return nil, err
		}
		room, err := outer.sub(name)
		if !errors.Is(err, errIrregular) {
			f.mark(n, markMade)
			return room, err
		}
		if err := errors.Join(outer.remove(name), f.makeFolder(outer, name)); err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	f.mark(n, markMade)
	return outer.sub(name)
}

func (f *Folder) makeFolder(outer place, name string) error {
	if err := f.takeRoom(block); err != nil {
		return err
	}
	return outer.mkdir(name, folderMode)
}

func (f *Folder) mark(n uint32, as mark) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.marks[n-1] |= as
}

// expectOurs fails with errClash if what answers to the name of entry n in room
// has another name: then the file system takes two names for the same, and
// what is there belongs to another entry. f.making is held.
func (f *Folder) expectOurs(n uint32, room place) error {
	outer, name := f.plan.entry(n).Parent, f.plan.staged(n)
	// What was there before has the names that were there before, so that
	// going on with a hundred thousand files does not read them as often.
	if f.listed[outer][name] {
		return nil
	}
	names, err := room.names()
	if err != nil {
		return err
	}
	listed := make(map[string]bool, len(names))
	for _, each := range names {
		listed[norm.NFC.String(each)] = true // some file systems take names apart
	}
	f.listed[outer] = listed
	if !listed[name] {
		return errClash
	}
	return nil
}

// clearAway removes what an earlier attempt has left under exactly the name of
// entry n. It fails with errClash if that is another one's.
func (f *Folder) clearAway(n uint32, room place) error {
	f.making.Lock()
	defer f.making.Unlock()
	if err := f.expectOurs(n, room); err != nil {
		return err
	}
	delete(f.listed[f.plan.entry(n).Parent], f.plan.staged(n))
	return room.removeTree(f.plan.staged(n))
}

// failFolder notes that there can be no folder for entry n. What lies in it
// fails when its turn comes.
func (f *Folder) failFolder(n uint32, why error) {
	failed := failing{Entry: n, Code: protocol.BulkStorage, Text: protocol.SafeName(why.Error())}
	if err := f.note(false, record{Failed: &failed}); err != nil {
		f.cfg.Logger.Warn("a failure was not noted", "folder", f.plan.final(n), "err", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.past.failed[n] = failed
	f.marks[n-1] |= markFailed
}
