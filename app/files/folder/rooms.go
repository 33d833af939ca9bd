package folder

import (
	"errors"
	"io/fs"
)

// enter opens the staged folder of entry n, 0 being the staging folder itself,
// and makes it and what it lies in if it is not there. The caller gives it back
// to f.rooms.
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
	outer, err := f.enter(f.plan.entry(n).Parent)
	if err != nil {
		return nil, err
	}
	defer f.rooms.give(outer)
	room, err := descend(outer.thing, f.plan.staged(n))
	if err != nil {
		return nil, err
	}
	return f.rooms.put(n, room), nil
}

// descend opens a folder, and makes it if it is not there. Something else in
// its place is none of ours and is taken away, which never touches what a link
// leads to.
func descend(outer place, name string) (place, error) {
	room, err := outer.sub(name)
	if errors.Is(err, errIrregular) {
		if err := outer.remove(name); err != nil {
			return nil, err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return room, err
	}
	// Somebody else may make it at the same time.
	if err := outer.mkdir(name, folderMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return outer.sub(name)
}
