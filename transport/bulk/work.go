package bulk

import (
	"sync"

	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

const (
	// askBytes and askChunks bound what is asked for at once. Two of these are
	// under way on a connection: enough that the fastest LAN has no pause.
	askBytes  = 16 << 20
	askChunks = 2048
	// askShare is the part of what is left that is asked for at once, so that
	// several connections end at the same time, but not less than askLeast.
	askShare = 8
	askLeast = 64
	// askRoots bounds how many hashes of files are asked for at once.
	askRoots = 32
	// maxTries is how often a chunk may come with data that does not fit its
	// hash.
	maxTries = 3
)

// work is what is still to be done, for all connections together.
type work struct {
	mu       sync.Mutex
	manifest *protocol.Manifest
	runs     []protocol.ChunkRun // missing and not asked for, the next one last
	roots    []uint32            // files whose hash is to be asked for
	left     map[uint32]uint64   // chunks that a file of several lacks
	chunks   uint64              // chunks that are not stored
	open     int                 // files of several chunks that are not finished
	failed   map[uint32]bool
	bad      map[uint64]int // how often a chunk was bad
	changed  chan struct{}  // closed and replaced when there is more to ask for
}

func (w *work) init() {
	w.left = make(map[uint32]uint64)
	w.failed = make(map[uint32]bool)
	w.bad = make(map[uint64]int)
	w.changed = make(chan struct{})
}

// begin takes stock.
func (w *work) begin(m *protocol.Manifest, sink Sink) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.manifest = m
	missing := sink.Missing()
	for i := len(missing) - 1; i >= 0; i-- {
		w.runs = append(w.runs, missing[i])
	}
	for _, run := range missing {
		w.chunks += run.Count
		w.eachFile(run, func(entry uint32, count, of uint64) {
			if of > 1 {
				w.left[entry] += count
			}
		})
	}
	w.open = len(w.left)
	for i := range m.Entries {
		entry := uint32(i + 1)
		_, of := m.ChunksOf(entry)
		if of > 1 && w.left[entry] == 0 && sink.Values(entry) != nil {
			w.open++
			w.roots = append(w.roots, entry)
		}
	}
	w.wake()
}

// eachFile goes through the files of a run: how many of the run's chunks are
// of the file, and how many it has.
func (w *work) eachFile(run protocol.ChunkRun, visit func(entry uint32, count, of uint64)) {
	for end := run.First + run.Count; run.First < end; {
		entry, _, _ := w.manifest.Locate(run.First)
		first, of := w.manifest.ChunksOf(entry)
		next := min(first+of, end)
		visit(entry, next-run.First, of)
		run.First = next
	}
}

// wake tells all connections that there is more to ask for. The caller holds mu.
func (w *work) wake() {
	close(w.changed)
	w.changed = make(chan struct{})
}

func (w *work) news() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.changed
}

// done says that nothing is left. It is false before begin.
func (w *work) done() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.manifest != nil && w.chunks == 0 && w.open == 0
}

// takeChunks takes what to ask for next; nothing if there is nothing.
func (w *work) takeChunks() []protocol.ChunkRun {
	w.mu.Lock()
	defer w.mu.Unlock()
	var taken []protocol.ChunkRun
	chunks := min(askChunks, max(askLeast, w.chunks/askShare))
	room := int64(min(askBytes, max(1, w.chunks/askShare)*tree.ChunkSize))
	for room > 0 && chunks > 0 && len(w.runs) > 0 && len(taken) < protocol.MaxRuns {
		next := &w.runs[len(w.runs)-1]
		entry, count, bytes := w.head(*next, room, chunks)
		if !w.failed[entry] {
			taken = appendRun(taken, next.First, count)
			room -= bytes
			chunks -= count
		} else {
			w.chunks -= count
		}
		next.First += count
		if next.Count -= count; next.Count == 0 {
			w.runs = w.runs[:len(w.runs)-1]
		}
	}
	return taken
}

// head is how much of the file at the head of a run fits into what may be asked
// for: at least one chunk.
func (w *work) head(run protocol.ChunkRun, room int64, chunks uint64) (entry uint32, count uint64, bytes int64) {
	entry, offset, length := w.manifest.Locate(run.First)
	first, of := w.manifest.ChunksOf(entry)
	count = min(run.Count, first+of-run.First, chunks, uint64(room+tree.ChunkSize-1)/tree.ChunkSize)
	if count == 1 {
		return entry, 1, int64(length)
	}
	size := int64(w.manifest.Entries[entry-1].Size)
	return entry, count, min(int64(count)*tree.ChunkSize, size-offset)
}

// appendRun appends a run that may go on where the last one ends.
func appendRun(runs []protocol.ChunkRun, first, count uint64) []protocol.ChunkRun {
	if n := len(runs); n > 0 && runs[n-1].First+runs[n-1].Count == first {
		runs[n-1].Count += count
		return runs
	}
	return append(runs, protocol.ChunkRun{First: first, Count: count})
}

// takeRoots takes files whose hash to ask for next, at most n.
func (w *work) takeRoots(n int) []uint32 {
	w.mu.Lock()
	defer w.mu.Unlock()
	var taken []uint32
	for len(w.roots) > 0 && len(taken) < n {
		last := len(w.roots) - 1
		if entry := w.roots[last]; !w.failed[entry] {
			taken = append(taken, entry)
		}
		w.roots = w.roots[:last]
	}
	return taken
}

// giveBack returns what was taken and did not come.
func (w *work) giveBack(runs []protocol.ChunkRun, roots []uint32) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(runs)+len(roots) == 0 {
		return
	}
	for i := len(runs) - 1; i >= 0; i-- {
		w.runs = append(w.runs, runs[i])
	}
	w.roots = append(w.roots, roots...)
	w.wake()
}

// badChunk notes that a chunk was bad, and says whether to try again.
func (w *work) badChunk(chunk uint64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bad[chunk]++
	return w.bad[chunk] < maxTries
}

// stored notes that a chunk has come. If it was the last one of a file that
// still needs its hash, that is to be asked for next.
func (w *work) stored(entry uint32) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.chunks--
	if w.left[entry] == 0 {
		return
	}
	if w.left[entry]--; w.left[entry] > 0 || w.failed[entry] {
		return
	}
	delete(w.left, entry)
	w.roots = append(w.roots, entry)
	w.wake()
}

// finished notes that a file of several chunks is finished.
func (w *work) finished(entry uint32) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.failed[entry] {
		w.open--
	}
}

// fail notes that a file cannot be had. It says whether that is new.
func (w *work) fail(entry uint32) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failed[entry] {
		return false
	}
	w.failed[entry] = true
	if _, of := w.manifest.ChunksOf(entry); of > 1 {
		w.open--
	}
	w.wake() // what is left of it is counted by whoever would ask for it
	return true
}

// dropped notes that so many chunks will not come, because their file failed.
func (w *work) dropped(count uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.chunks -= count
}

func (w *work) hasFailed(entry uint32) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failed[entry]
}
