package bulk

import (
	"slices"
	"sync"

	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

// expected is what was asked for on a connection and has not come. The zero
// value is ready. Its lock comes before that of work.
type expected struct {
	mu    sync.Mutex
	asks  [][]protocol.ChunkRun // one for each request, in order
	roots []uint32
}

// next is the chunk that has to come now, if any.
func (e *expected) next(m *protocol.Manifest) (one item, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.asks) == 0 {
		return item{}, false
	}
	chunk := e.asks[0][0].First
	entry, offset, length := m.Locate(chunk)
	_, of := m.ChunksOf(entry)
	return item{chunk: chunk, entry: entry, length: length, only: of == 1, index: uint64(offset) / tree.ChunkSize}, true
}

// arrive takes off the chunk that next told. It says whether there is room for
// more requests, and whether nothing is expected any more.
func (e *expected) arrive() (more, none bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	run := &e.asks[0][0]
	run.First++
	if run.Count--; run.Count > 0 {
		return false, false
	}
	if e.asks[0] = e.asks[0][1:]; len(e.asks[0]) > 0 {
		return false, false
	}
	e.asks = e.asks[1:]
	return true, len(e.asks)+len(e.roots) == 0
}

func (e *expected) none() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.asks)+len(e.roots) == 0
}

func (e *expected) wantsRoots() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.roots) > 0
}

// add takes from work what can be asked for now.
func (e *expected) add(w *work) (asks [][]protocol.ChunkRun, roots []uint32) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for len(e.asks) < asksAhead {
		runs := w.takeChunks()
		if len(runs) == 0 {
			break
		}
		e.asks = append(e.asks, slices.Clone(runs)) // ours shrinks as they come
		asks = append(asks, runs)
	}
	roots = w.takeRoots(askRoots - len(e.roots))
	e.roots = append(e.roots, roots...)
	return asks, roots
}

// dropRoot takes off a file whose hash has come.
func (e *expected) dropRoot(entry uint32) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := slices.Index(e.roots, entry)
	if i >= 0 {
		e.roots = slices.Delete(e.roots, i, i+1)
	}
	return i >= 0
}

// has says whether anything of a file is expected.
func (e *expected) has(m *protocol.Manifest, entry uint32) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	first, of := m.ChunksOf(entry)
	for _, runs := range e.asks {
		for _, run := range runs {
			if run.First < first+of && first < run.First+run.Count {
				return true
			}
		}
	}
	return slices.Contains(e.roots, entry)
}

// drop takes off everything of a file, and says how many chunks that was.
func (e *expected) drop(m *protocol.Manifest, entry uint32) (dropped uint64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	first, of := m.ChunksOf(entry)
	var asks [][]protocol.ChunkRun
	for _, runs := range e.asks {
		rest, n := without(runs, first, first+of)
		dropped += n
		if len(rest) > 0 {
			asks = append(asks, rest)
		}
	}
	e.asks = asks
	e.roots = slices.DeleteFunc(e.roots, func(r uint32) bool { return r == entry })
	return dropped
}

// without is runs without the chunks from first to before end, and how many of
// them there were.
func without(runs []protocol.ChunkRun, first, end uint64) (rest []protocol.ChunkRun, dropped uint64) {
	for _, run := range runs {
		stop := run.First + run.Count
		from, to := max(run.First, first), min(stop, end)
		if from >= to {
			rest = append(rest, run)
			continue
		}
		dropped += to - from
		if run.First < from {
			rest = append(rest, protocol.ChunkRun{First: run.First, Count: from - run.First})
		}
		if to < stop {
			rest = append(rest, protocol.ChunkRun{First: to, Count: stop - to})
		}
	}
	return rest, dropped
}

// giveBack returns all that is expected to work.
func (e *expected) giveBack(w *work) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var runs []protocol.ChunkRun
	for _, ask := range e.asks {
		runs = append(runs, ask...)
	}
	w.giveBack(runs, e.roots)
	e.asks, e.roots = nil, nil
}
