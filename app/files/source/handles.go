package source

import (
	"container/list"
	"context"
	"sync"
)

// How many files are open at a time: those of several chunks, which stay open
// until others need their place, and those that are read in one go.
const (
	mostKept  = 48
	mostBrief = 16
)

// handle is an open file of the manifest.
type handle struct {
	entry uint32
	file  file
	users int
	place *list.Element // in handles.recent; nil if it is not kept
}

// handles keeps the files open that are being read. It is safe for concurrent
// use.
type handles struct {
	brief chan struct{} // a place for each file that is open but not kept

	mu     sync.Mutex
	kept   map[uint32]*handle
	recent list.List // of *handle, the one used last in front
	closed bool
}

func newHandles() *handles {
	return &handles{brief: make(chan struct{}, mostBrief), kept: make(map[uint32]*handle)}
}

// briefly calls use while the number of open files allows one more.
func (h *handles) briefly(ctx context.Context, use func() error) error {
	select {
	case h.brief <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-h.brief }()
	return use()
}

// take gives the open file of an entry, if there is one, until release.
func (h *handles) take(entry uint32) *handle {
	h.mu.Lock()
	defer h.mu.Unlock()
	kept := h.kept[entry]
	if kept != nil {
		kept.users++
		h.recent.MoveToFront(kept.place)
	}
	return kept
}

// keep takes over a file that was opened for an entry and gives it back as
// take does; or gives another that was opened meanwhile. It reports false if
// there is no place; the file is the caller's then.
func (h *handles) keep(entry uint32, f file) (*handle, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || !h.makeRoom() {
		return nil, false
	}
	if other := h.kept[entry]; other != nil {
		f.close()
		other.users++
		return other, true
	}
	kept := &handle{entry: entry, file: f, users: 1}
	kept.place = h.recent.PushFront(kept)
	h.kept[entry] = kept
	return kept, true
}

// makeRoom closes what was not used for the longest time if all places are
// taken, and reports whether there is one.
func (h *handles) makeRoom() bool {
	if len(h.kept) < mostKept {
		return true
	}
	for place := h.recent.Back(); place != nil; place = place.Prev() {
		if kept := place.Value.(*handle); kept.users == 0 {
			h.forget(kept)
			return true
		}
	}
	return false
}

// release gives back what take or keep gave.
func (h *handles) release(kept *handle) {
	h.mu.Lock()
	defer h.mu.Unlock()
	kept.users--
	if kept.place == nil && kept.users == 0 {
		kept.file.close()
	}
}

// drop closes the file of an entry, at once or when its last user is done.
func (h *handles) drop(entry uint32) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if kept := h.kept[entry]; kept != nil {
		h.forget(kept)
	}
}

func (h *handles) forget(kept *handle) {
	h.recent.Remove(kept.place)
	kept.place = nil
	delete(h.kept, kept.entry)
	if kept.users == 0 {
		kept.file.close()
	}
}

// close drops everything; nothing is kept afterwards.
func (h *handles) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for _, kept := range h.kept {
		h.forget(kept)
	}
}
