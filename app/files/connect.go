package files

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
	"feihong/transport/bulk"
)

const (
	// firstPause is short: often the other side hears only a moment later that
	// what it has offered was accepted.
	firstPause = 20 * time.Millisecond
	lastPause  = 15 * time.Second

	// furtherPause is how long to wait at least before another try for more
	// connections than one.
	furtherPause = 5 * time.Second

	// tellAfter is how long the pause between two tries has to have become for
	// the user to hear what the other side says: at first it may only not know
	// yet that its offer was accepted.
	tellAfter = time.Second

	// callAfter is how long to dial before the other side is asked to dial
	// us.
	callAfter = time.Second
)

// backoff says how long to wait before the next try: not at all, then longer
// and longer. Waits differ a little, so that two sides do not try in step.
type backoff struct{ next time.Duration }

func (b *backoff) reset() { b.next = 0 }

// grow is called when a try was in vain.
func (b *backoff) grow() { b.next = min(max(firstPause, 2*b.next), lastPause) }

func (b *backoff) pause() time.Duration {
	if b.next == 0 {
		return 0
	}
	return b.next - b.next/8 + rand.N(b.next/4)
}

// keepConnected sees to it that there are as many connections as the transfer
// is worth, until ctx ends. It waits for those that it made.
func (j *job) keepConnected(ctx context.Context) {
	var group sync.WaitGroup
	defer group.Wait()
	var tries backoff
	want := j.engine.connections(j.Offer.Bytes)
	for j.awaitNeed(ctx, want, &tries) {
		_, before := j.ready()
		freed := j.engine.places.open()
		run, err := j.reach(ctx, before == 0)
		if err == nil {
			group.Go(func() { run(ctx) })
			continue
		}
		if ctx.Err() != nil {
			return
		}
		if errors.Is(err, errCrowded) {
			j.waits()
			_, _ = get(ctx, freed)
			continue
		}
		j.note(err)
		tries.grow()
		if before > 0 {
			tries.next = max(tries.next, furtherPause)
		}
		if !j.explain(&tries) {
			j.waits()
		}
	}
}

// note remembers how a connection ended.
func (j *job) note(err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	j.log.Debug("a file connection ended", "err", err)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.why = whyEnded(err)
}

// waits tells that there is no connection, if there is none.
func (j *job) waits() {
	if _, now := j.ready(); now == 0 {
		j.engine.reports.Stalled(j.ID, chat.ReasonWaiting, "")
	}
}

// explain tells why there is no connection, if there is none, and the other side
// says why again and again. It returns whether it did.
func (j *job) explain(tries *backoff) bool {
	j.mu.Lock()
	why, connected := j.why, len(j.claims) > 0
	j.mu.Unlock()
	if connected || why == "" || tries.next < tellAfter {
		return false
	}
	j.engine.reports.Stalled(j.ID, why, "")
	return true
}

// whyEnded is what people are told of what the other side has said at the end of
// a connection; "" if that is only a matter of time.
func whyEnded(err error) chat.TransferReason {
	var refused *bulk.RefusedError
	var stopped *bulk.StopError
	var code protocol.BulkCode
	switch {
	case errors.As(err, &refused):
		code = refused.Code
	case errors.As(err, &stopped):
		code = stopped.Code
	}
	switch code {
	case protocol.BulkUnknownTransfer:
		return chat.ReasonForgotten
	case protocol.BulkBadToken:
		return chat.ReasonBadToken
	case protocol.BulkNotAccepted:
		return reasonRefused
	case protocol.BulkSourceChanged, protocol.BulkSourceMissing, protocol.BulkSourceUnreadable, protocol.BulkStorage:
		return chat.TransferReason(code.String())
	case protocol.BulkBadMessage, protocol.BulkBadChunk, protocol.BulkBadManifest, protocol.BulkWrongSide, protocol.BulkTooMany:
		return chat.ReasonOther
	}
	return ""
}

// awaitNeed waits until there are too few connections and the pause between two
// tries is over. It tells whether ctx goes on.
func (j *job) awaitNeed(ctx context.Context, want int, tries *backoff) bool {
	j.judge(tries)
	pause := time.NewTimer(tries.pause())
	defer pause.Stop()
	over := tries.next == 0
	for {
		if ready, now := j.ready(); over && ready && now < want {
			return ctx.Err() == nil
		}
		select {
		case <-ctx.Done():
			return false
		case <-pause.C:
			over = true
		case <-j.nudged:
			tries.reset()
			over = true
		case <-j.changed:
			if j.judge(tries) {
				pause.Reset(tries.pause())
				over = false
			}
		}
	}
}

// judge looks at how a connection has ended, and tells whether one has. After
// one that was of use, the next is tried at once.
func (j *job) judge(tries *backoff) bool {
	switch j.ended.Swap(0) {
	case endedInVain:
		tries.grow()
		if _, now := j.ready(); now > 0 {
			tries.next = max(tries.next, furtherPause)
		}
		j.explain(tries)
		return true
	case endedUseful:
		tries.reset()
		return true
	}
	return false
}

// reach dials. If that takes long or is in vain, the other side is asked to
// dial us. A nudge ends it: the other side may be somewhere else now.
func (j *job) reach(ctx context.Context, first bool) (run func(context.Context), err error) {
	ctx, cancel := context.WithCancel(ctx)
	var watch sync.WaitGroup
	nudged := false
	watch.Go(func() {
		if _, err := get(ctx, j.nudged); err == nil {
			nudged = true
			cancel()
		}
	})
	defer func() {
		cancel()
		if watch.Wait(); nudged {
			signal(j.nudged) // so that it is tried again at once
		}
	}()
	call := func() { j.engine.cfg.Network.Call(j.Peer, j.ID) }
	if !first {
		return j.dial(ctx)
	}
	slow := time.AfterFunc(callAfter, call)
	run, err = j.dial(ctx)
	var refused *bulk.RefusedError
	if slow.Stop() && err != nil && ctx.Err() == nil && !errors.As(err, &refused) {
		call()
	}
	return run, err
}

// answerCalls dials whenever the other side asks for it, until ctx ends. It
// waits for the connections that it made.
func (j *job) answerCalls(ctx context.Context) {
	var group sync.WaitGroup
	defer group.Wait()
	for {
		select {
		case <-ctx.Done():
			return
		case <-j.nudged: // they dial us, or call
		case <-j.called:
			j.answer(ctx, &group)
		}
	}
}

// answer makes as many connections as the transfer is worth. One try is enough:
// they call again.
func (j *job) answer(ctx context.Context, group *sync.WaitGroup) {
	want := j.engine.connections(j.Offer.Bytes)
	for range want {
		if _, now := j.ready(); now >= want || ctx.Err() != nil {
			return
		}
		run, err := j.dial(ctx)
		if err != nil {
			j.note(err)
			return
		}
		group.Go(func() { run(ctx) })
	}
}

// get receives from a channel unless ctx ends.
func get[T any](ctx context.Context, c <-chan T) (v T, err error) {
	select {
	case v = <-c:
		return v, nil
	case <-ctx.Done():
		return v, context.Cause(ctx)
	}
}

// refusal is the answer to a connection that is not welcome.
func refusal(code protocol.BulkCode) *protocol.RefusedOpen { return &protocol.RefusedOpen{Code: code} }
