package bulk

import (
	"context"

	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

// ask keeps enough asked for.
func (a *attachment) ask() error {
	w := &a.receiver.work
	for {
		news := w.news() // before looking, so that none is missed
		asks, roots := a.expected.add(w)
		a.receiver.lookDone() // what was left may have been of files that failed
		if len(asks)+len(roots) > 0 {
			a.useful.Store(true)
			a.link.await(true)
			if err := a.send(asks, roots); err != nil {
				return err
			}
		}
		select {
		case <-a.answered:
		case <-news:
		case <-a.ctx.Done():
			return context.Cause(a.ctx)
		}
	}
}

func (a *attachment) send(asks [][]protocol.ChunkRun, roots []uint32) (err error) {
	var out []byte
	for _, runs := range asks {
		if out, err = protocol.AppendBulk(out, &protocol.Want{Runs: runs}); err != nil {
			return err
		}
	}
	for _, entry := range roots {
		if out, err = protocol.AppendBulk(out, &protocol.WantRoot{Entry: entry}); err != nil {
			return err
		}
	}
	return a.link.write(out)
}

// verify checks and stores what has arrived.
func (a *attachment) verify() error {
	for {
		b, err := get(a.ctx, a.flow.full)
		if err != nil {
			return err
		}
		for i := range b.items {
			if err := a.verifyItem(&b.items[i]); err != nil {
				a.lose(b.items[i:])
				a.flow.giveBack(b)
				return err
			}
		}
		a.flow.giveBack(b)
	}
}

func (a *attachment) verifyItem(one *item) error {
	if one.root {
		return asSinkError(a.receiver.finish(one.entry, one.value))
	}
	if one.hash() == one.value {
		return asSinkError(a.receiver.store(a.ctx, one))
	}
	if !a.receiver.work.badChunk(one.chunk) {
		return &HostileError{Code: protocol.BulkBadChunk, Text: "a chunk does not fit its hash, again and again"}
	}
	a.receiver.log.Warn("a chunk does not fit its hash", "chunk", one.chunk)
	a.lose([]item{*one})
	return nil
}

func (one *item) hash() tree.Value {
	switch {
	case one.hashed:
		return one.sum
	case one.zero:
		return tree.Zero(one.length, one.index, one.only)
	}
	return tree.Chunk(one.data, one.index, one.only)
}

// lose returns items that were not stored, to be asked for again.
func (a *attachment) lose(items []item) {
	var runs []protocol.ChunkRun
	var roots []uint32
	for i := range items {
		if items[i].root {
			roots = append(roots, items[i].entry)
		} else {
			runs = appendRun(runs, items[i].chunk, 1)
		}
	}
	a.receiver.work.giveBack(runs, roots)
}

// giveBack returns, at the end, what was asked for and is not stored.
func (a *attachment) giveBack() {
	if a.now != nil {
		a.handOver()
	}
	for len(a.flow.full) > 0 {
		b := <-a.flow.full
		a.lose(b.items)
		a.flow.giveBack(b)
	}
	a.expected.giveBack(&a.receiver.work)
	a.flow.close()
}
