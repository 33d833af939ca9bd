package folder

import (
	"errors"
	"io"
	"sync"
)

// shelf keeps a bounded number of things open, by number of their entry. What
// is in use is never closed: a descriptor that was closed too early could be
// that of something else by then. So there may be more than most, by as many
// as are in use at once. Safe for concurrent use.
type shelf[T io.Closer] struct {
	most int

	mu   sync.Mutex
	kept map[uint32]*kept[T]
	uses uint64 // a clock: counts what is taken
}

// kept is a thing on the shelf, or one that was taken from it before it was
// dropped.
type kept[T io.Closer] struct {
	thing   T
	users   int
	last    uint64 // when it was taken last
	dropped bool   // the last user closes it
}

func newShelf[T io.Closer](most int) *shelf[T] {
	return &shelf[T]{most: most, kept: make(map[uint32]*kept[T])}
}

// take gives what is open for n, or nil. Whoever takes, gives back.
func (s *shelf[T]) take(n uint32) *kept[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.use(s.kept[n])
}

func (s *shelf[T]) use(k *kept[T]) *kept[T] {
	if k != nil {
		s.uses++
		k.users, k.last = k.users+1, s.uses
	}
	return k
}

// put lays thing down for n and takes it. If another was quicker, thing is
// closed and the other one is taken.
func (s *shelf[T]) put(n uint32, thing T) *kept[T] {
	s.mu.Lock()
	defer s.mu.Unlock()
	if there := s.kept[n]; there != nil {
		_ = thing.Close() // nothing was done with it
		return s.use(there)
	}
	k := &kept[T]{thing: thing}
	s.kept[n] = k
	s.use(k)
	s.shrink()
	return k
}

// shrink closes what was not used for longest.
func (s *shelf[T]) shrink() {
	if len(s.kept) <= s.most {
		return
	}
	var oldest *kept[T]
	var of uint32
	for n, k := range s.kept {
		if k.users == 0 && (oldest == nil || k.last < oldest.last) {
			oldest, of = k, n
		}
	}
	if oldest != nil {
		delete(s.kept, of)
		_ = oldest.thing.Close() // what matters is flushed before anything is said to be done
	}
}

// give gives back what was taken.
func (s *shelf[T]) give(k *kept[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k.users--
	if k.dropped && k.users == 0 {
		_ = k.thing.Close() // nobody waits for it any more
	}
}

// drop closes what is open for n, now or when nobody uses it any more.
func (s *shelf[T]) drop(n uint32) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.close(n)
}

func (s *shelf[T]) close(n uint32) error {
	k := s.kept[n]
	if k == nil {
		return nil
	}
	delete(s.kept, n)
	if k.users > 0 {
		k.dropped = true
		return nil
	}
	return k.thing.Close()
}

// clear closes everything.
func (s *shelf[T]) clear() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all error
	for n := range s.kept {
		all = errors.Join(all, s.close(n))
	}
	return all
}
