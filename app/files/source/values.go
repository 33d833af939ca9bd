package source

import (
	"errors"
	"sync"

	"feihong/app/files/ledger"
	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

// maxSpare bounds the values in memory: those of a tebibyte.
const maxSpare = 1 << 20

// ErrMemory is returned when values of chunks can be kept neither on the disk
// nor in memory, so that the hash of a file cannot be found out.
var ErrMemory = errors.New("there is no room for the hashes of what is sent")

// values are those of the chunks that were read. They are in the ledger, or, as
// far as that cannot be written because the disk is full or away, in memory:
// to send, no room on the disk is needed. Safe for concurrent use.
type values struct {
	ledger *ledger.Ledger // nil: could not be opened

	mu    sync.Mutex
	spare map[uint64]tree.Value
}

// openValues opens what is noted. Values of another boot are forgotten: hashing
// again is cheap beside telling a wrong hash.
func openValues(path string, manifest tree.Value, chunks uint64) *values {
	v := &values{spare: make(map[uint64]tree.Value)}
	l, sameBoot, err := ledger.Open(path, manifest, chunks)
	if err != nil {
		return v
	}
	if !sameBoot {
		if err = l.Clear(0, chunks); err == nil {
			err = l.Confirm()
		}
	}
	if err != nil {
		_ = l.Close() // nothing was written
		return v
	}
	v.ledger = l
	return v
}

// get gives the value of a chunk, if it is known.
func (v *values) get(chunk uint64) (tree.Value, bool) {
	v.mu.Lock()
	value, known := v.spare[chunk]
	v.mu.Unlock()
	if known || v.ledger == nil {
		return value, known
	}
	value, known, err := v.ledger.Get(chunk)
	return value, known && err == nil
}

// set remembers the value of a chunk.
func (v *values) set(chunk uint64, value tree.Value) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ledger != nil && v.ledger.Set(chunk, value) == nil {
		delete(v.spare, chunk)
		return nil
	}
	if _, has := v.spare[chunk]; !has && len(v.spare) >= maxSpare {
		return ErrMemory
	}
	v.spare[chunk] = value
	return nil
}

// missing gives the runs of chunks, among count from first on, of which nothing
// is known.
func (v *values) missing(first, count uint64) []protocol.ChunkRun {
	runs := []protocol.ChunkRun{{First: first, Count: count}}
	if v.ledger != nil {
		runs = v.ledger.MissingIn(first, count)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.spare) == 0 {
		return runs
	}
	var rest []protocol.ChunkRun
	for _, run := range runs {
		for chunk := run.First; chunk < run.First+run.Count; chunk++ {
			if _, known := v.spare[chunk]; known {
				continue
			}
			if last := len(rest) - 1; last >= 0 && rest[last].First+rest[last].Count == chunk {
				rest[last].Count++
				continue
			}
			rest = append(rest, protocol.ChunkRun{First: chunk, Count: 1})
		}
	}
	return rest
}

// root gives the hash of the file that has count chunks from first on. It fails
// with a *ledger.MissingError if one is not known.
func (v *values) root(first, count uint64) (tree.Value, error) {
	v.mu.Lock()
	spare := len(v.spare)
	v.mu.Unlock()
	if spare == 0 && v.ledger != nil {
		return v.ledger.Root(first, count)
	}
	all := make([]tree.Value, 0, count)
	for chunk := first; chunk < first+count; chunk++ {
		value, known := v.get(chunk)
		if !known {
			return tree.Value{}, &ledger.MissingError{Chunk: chunk}
		}
		all = append(all, value)
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return tree.Root(all), nil
}

func (v *values) close() error {
	if v.ledger == nil {
		return nil
	}
	return v.ledger.Close()
}
