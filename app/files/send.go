package files

import (
	"context"
	"net"
	"sync"
	"sync/atomic"

	"feihong/app/chat"
	"feihong/app/files/folder"
	"feihong/app/files/source"
	"feihong/protocol"
	"feihong/transport/bulk"
)

// send gives away the files of the transfer to whoever may have them.
func (j *job) send(ctx context.Context) {
	files, err := source.Open(j.engine.dir(j.ID))
	if err != nil {
		j.fail(err, chat.ReasonOther, "")
		return
	}
	ctx, cancel := context.WithCancelCause(ctx)
	j.lend(files)
	sent := sending{manifest: files.Decoded()}
	config := bulk.SenderConfig{
		Manifest: files.Decoded(), Limiter: j.engine.cfg.Limiter, Logger: j.log,
		Progress: func(event bulk.Event) { sent.add(event); j.carried.Add(1) },
	}
	j.open(within(ctx, func(ctx context.Context, conn net.Conn) error {
		return bulk.ServeSource(ctx, conn, files, config)
	}))
	var group sync.WaitGroup
	group.Go(func() { j.watch(ctx, func() chat.Progress { return sent.progress(j) }) })
	j.answerCalls(ctx)
	cancel(context.Cause(ctx))
	group.Wait()
	j.lend(nil)
	j.shut()
	if err := files.Close(); err != nil {
		j.log.Warn("closing what was sent", "err", err)
	}
}

// sending counts what was handed to the network in this run of the program.
type sending struct {
	manifest *protocol.Manifest
	bytes    atomic.Int64
	files    atomic.Int64
	current  atomic.Uint32
}

func (s *sending) add(event bulk.Event) {
	s.bytes.Add(int64(event.Bytes))
	s.current.Store(event.Entry)
	if first, count := s.manifest.ChunksOf(event.Entry); event.Chunk == first+count-1 {
		s.files.Add(1)
	}
}

// progress is an estimate: what got lost on the way is counted again when it is
// sent again, and what was sent before this run of the program is not counted.
func (s *sending) progress(j *job) chat.Progress {
	p := chat.Progress{
		Done:      min(s.bytes.Load(), int64(j.Offer.Bytes)),
		FilesDone: int(min(s.files.Load(), int64(j.Offer.Files))),
	}
	if entry := s.current.Load(); entry != 0 {
		p.Current = folder.SafeFileName(s.manifest.Entries[entry-1].Name)
	}
	return p
}

// fail tells that the transfer has failed as a whole.
func (j *job) fail(err error, reason chat.TransferReason, detail string) {
	j.log.Warn("a transfer failed", "err", err)
	j.engine.over(j)
	j.engine.reports.Finished(j.ID, chat.Outcome{Err: err, Reason: reason, Detail: detail})
}
