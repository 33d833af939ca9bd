package bulk

import (
	"sync"

	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

const (
	// poolBuffers is how many batches a receiving connection has.
	poolBuffers = 4
	// batchBytes has room for the greatest chunk with what surrounds it.
	batchBytes = tree.ChunkSize + 4<<10
	// batchEnough is how full a batch of small chunks is before it goes on.
	batchEnough = 256 << 10
	// batchItems is how many chunks there are in a batch at most.
	batchItems = 64
)

// Both packages must mean the same.
var _ = [1]struct{}{}[tree.ChunkSize-protocol.ChunkSize]

// batch is some chunks on their way through a connection.
type batch struct {
	buf   []byte // of a fixed capacity, batchBytes
	items []item
}

// item is one chunk of a batch, or, if root is set, the hash of a file.
type item struct {
	chunk  uint64
	entry  uint32
	length int
	only   bool   // the file has no other chunk
	index  uint64 // number of the chunk in its file
	value  tree.Value
	zero   bool
	root   bool
	data   []byte // part of buf; the receiver's
	hashed bool   // sum is the value that the data has; the receiver's
	sum    tree.Value
}

// batches are used again, by whichever connection needs one.
var batches = sync.Pool{New: func() any {
	return &batch{buf: make([]byte, 0, batchBytes), items: make([]item, 0, batchItems)}
}}

func getBatch() *batch { return batches.Get().(*batch) }

// putBatch gives a batch to whoever needs one next.
func putBatch(b *batch) {
	b.reset()
	batches.Put(b)
}

func (b *batch) empty() bool { return len(b.items) == 0 && len(b.buf) == 0 }

func (b *batch) reset() {
	b.buf, b.items = b.buf[:0], b.items[:0]
}

// flow is the batches of one connection: one stage takes free ones and passes
// them on full, the next one gives them back.
type flow struct {
	free chan *batch
	full chan *batch
}

func newFlow() *flow {
	f := &flow{free: make(chan *batch, poolBuffers), full: make(chan *batch, poolBuffers)}
	for range poolBuffers {
		f.free <- getBatch()
	}
	return f
}

// giveBack empties a batch for the next use.
func (f *flow) giveBack(b *batch) {
	b.reset()
	f.free <- b
}

// close returns the batches that are in the flow. Nobody uses it any more.
func (f *flow) close() {
	for _, c := range []chan *batch{f.free, f.full} {
		for len(c) > 0 {
			putBatch(<-c)
		}
	}
}
