package files

import (
	"cmp"
	"context"
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"feihong/app/chat"
	"feihong/app/files/folder"
	"feihong/app/files/source"
	"feihong/protocol"
	"feihong/transport/bulk"
)

const (
	// lookAgain is after how long a disk that was full, or a folder that was
	// gone, is looked at again.
	lookAgain = 15 * time.Second
	// publishEvery is how often what is whole gets its name while other things
	// are still on their way.
	publishEvery = 2 * time.Second
)

// Reasons beside those of package chat.
const (
	reasonDiskFull   chat.TransferReason = "disk-full"
	reasonMissing    chat.TransferReason = "target-missing"
	reasonUnwritable chat.TransferReason = "target-unwritable"
	reasonHostile    chat.TransferReason = "hostile"
	reasonRefused    chat.TransferReason = "refused"
)

// receive fetches the files of the transfer, and tries again for as long as
// that makes sense.
func (j *job) receive(ctx context.Context) {
	dir := j.engine.dir(j.ID)
	for {
		outcome, err := readOutcome(dir)
		if err == nil && outcome == nil {
			outcome, err = j.attempt(ctx, dir)
		}
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			tidy(dir)
			j.engine.over(j) // from here on it may be begun again
			j.engine.reports.Finished(j.ID, *outcome)
			return
		}
		var hostile *bulk.HostileError
		if errors.As(err, &hostile) {
			j.fail(err, reasonHostile, hostile.Why())
			return
		}
		if !j.stall(ctx, err) {
			return
		}
	}
}

// stall waits until it makes sense to try again, and tells why. It tells
// whether ctx goes on.
func (j *job) stall(ctx context.Context, err error) bool {
	reason := trouble(err)
	j.log.Warn("a transfer cannot go on for now", "reason", reason, "err", err)
	j.engine.reports.Stalled(j.ID, reason, cmp.Or(j.Folder, j.engine.cfg.Dir))
	timer := time.NewTimer(lookAgain)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-j.nudged:
	case <-timer.C:
	}
	j.engine.reports.Stalled(j.ID, "", "")
	return true
}

// trouble is what people are told of an error that may pass.
func trouble(err error) chat.TransferReason {
	var target *folder.TargetError
	switch {
	case errors.Is(err, bulk.ErrNoSpace), errors.Is(err, source.ErrMemory):
		return reasonDiskFull
	case errors.As(err, &target) && target.Missing:
		return reasonMissing
	case errors.As(err, &target):
		return reasonUnwritable
	}
	return chat.ReasonOther
}

// sink is the folder that is received into, and knows when it has begun.
type sink struct {
	*folder.Folder
	begun   atomic.Bool
	current atomic.Uint32
}

func (s *sink) Begin(m *protocol.Manifest) error {
	err := s.Folder.Begin(m)
	s.begun.Store(err == nil)
	return err
}

// attempt receives until everything is there, or something is in the way that
// is not the network.
func (j *job) attempt(ctx context.Context, dir string) (outcome *chat.Outcome, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	begun, err := j.begun(dir)
	if err != nil {
		return nil, err
	}
	places, bytes := &j.engine.places, int64(j.Offer.ManifestBytes)
	if err := places.hold(ctx, j.Peer, bytes, j.waits); err != nil {
		return nil, err
	}
	defer places.release(j.Peer, bytes)
	to, err := folder.Open(folder.Config{
		State: dir, Target: j.Folder, Manifest: j.Offer.Manifest, Logger: j.log,
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	defer context.AfterFunc(ctx, to.Interrupt)()
	if err := j.fetch(ctx, dir, &sink{Folder: to}); err != nil {
		return nil, err
	}
	if err := to.Settle(ctx); err != nil {
		return nil, err
	}
	if outcome, err = j.conclude(to, begun); err != nil {
		return nil, err
	}
	return outcome, writeOutcome(dir, outcome)
}

// fetch fetches everything into to, over connections that it makes or that
// come.
func (j *job) fetch(ctx context.Context, dir string, to *sink) error {
	ctx, cancel := context.WithCancelCause(ctx)
	receiver := bulk.NewReceiver(bulk.ReceiverConfig{
		ManifestHash: j.Offer.Manifest, ManifestBytes: int64(j.Offer.ManifestBytes),
		Manifest: folder.ReadManifest(dir, j.Offer.Manifest),
		Check:    func(m *protocol.Manifest) error { return m.Matches(&j.Offer) },
		Sink:     to, Limiter: j.engine.cfg.Receiving, Logger: j.log,
		Progress: func(event bulk.Event) { to.current.Store(event.Entry) },
	})
	var group sync.WaitGroup
	j.open(within(ctx, receiver.Attach))
	group.Go(func() { j.keepConnected(ctx) })
	group.Go(func() { j.doubt(ctx) })
	group.Go(func() { j.watch(ctx, to.progress) })
	group.Go(func() {
		if err := to.publish(ctx); err != nil {
			cancel(err)
		}
	})
	err := receiver.Serve(ctx)
	// Those that still run end with the receiver, and tell the other side why
	// before they do.
	if err != nil {
		cancel(err)
	}
	j.shut()
	cancel(nil)
	group.Wait()
	return err
}

// progress is how far things are.
func (s *sink) progress() chat.Progress {
	if !s.begun.Load() {
		return chat.Progress{}
	}
	bytes, files := s.Done()
	return chat.Progress{Done: bytes, FilesDone: files, Current: s.Name(s.current.Load())}
}

// publish gives names to what is whole, until ctx ends.
func (s *sink) publish(ctx context.Context) error {
	ticker := time.NewTicker(publishEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		if !s.begun.Load() {
			continue
		}
		if err := s.Publish(ctx); err != nil && ctx.Err() == nil {
			return err
		}
	}
}
