package files

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"

	"feihong/app/chat"
	"feihong/app/files/folder"
	"feihong/app/files/source"
	"feihong/protocol"
	"feihong/transport/bulk"
	"feihong/transport/bulk/tree"
)

// send gives away the files of the transfer to whoever may have them.
func (j *job) send(ctx context.Context) {
	files := j.openFiles(ctx)
	if files == nil {
		return
	}
	ctx, cancel := context.WithCancelCause(ctx)
	j.lend(files)
	sent := sending{manifest: files.Decoded()}
	config := bulk.SenderConfig{
		Manifest: files.Decoded(), Limiter: j.engine.cfg.Sending, Logger: j.log,
		Progress: func(event bulk.Event) { sent.add(event) },
	}
	j.open(within(ctx, func(ctx context.Context, conn net.Conn) error {
		return bulk.ServeSource(ctx, conn, lent{files, j}, config)
	}))
	var group sync.WaitGroup
	group.Go(func() { j.watch(ctx, func() chat.Progress { return sent.progress(j) }) })
	group.Go(func() { j.doubt(ctx) })
	j.answerCalls(ctx)
	cancel(context.Cause(ctx))
	group.Wait()
	j.lend(nil)
	j.shut()
	if err := files.Close(); err != nil {
		j.log.Warn("closing what was sent", "err", err)
	}
}

// openFiles opens what is to be sent, and tries again for as long as that makes
// sense. It gives nil if ctx has ended or the transfer has failed.
func (j *job) openFiles(ctx context.Context) *source.Source {
	for {
		files, err := source.Open(j.engine.dir(j.ID))
		if err == nil {
			return files
		}
		var notes *source.NotesError
		if _, away := os.Stat(j.engine.cfg.Dir); errors.As(err, &notes) && away == nil {
			j.fail(err, chat.ReasonOther, "")
			return nil
		}
		if !j.stall(ctx, err) {
			return nil
		}
	}
}

// lent is a source that tells the user if the hash of a file cannot be found out
// for a reason that is no matter of the file: nobody else would.
type lent struct {
	*source.Source
	job *job
}

// Root implements bulk.Source.
func (l lent) Root(ctx context.Context, entry uint32) (tree.Value, error) {
	root, err := l.Source.Root(ctx, entry)
	var fault *bulk.Fault
	if err != nil && ctx.Err() == nil && !errors.As(err, &fault) {
		l.job.engine.reports.Stalled(l.job.ID, trouble(err), l.job.engine.cfg.Dir)
	}
	return root, err
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
