package files

import (
	"context"
	"reflect"

	"feihong/app/chat"
	"feihong/protocol"
	"feihong/transport/bulk"
)

// Begin starts a transfer or goes on with it. One that runs already is only
// nudged, unless it is to be received somewhere else now.
func (e *Engine) Begin(begun chat.Job) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.halted, begun.ID)
	if running := e.jobs[begun.ID]; running != nil {
		if reflect.DeepEqual(running.Job, begun) {
			signal(running.nudged)
			return
		}
		running.stop(&bulk.StopError{Code: protocol.BulkOverload})
	}
	ctx, stop := context.WithCancelCause(context.Background())
	j := &job{
		Job: begun, engine: e, ctx: ctx, stop: stop,
		nudged: make(chan struct{}, 1), called: make(chan struct{}, 1), changed: make(chan struct{}, 1), back: make(chan struct{}, 1),
		log: e.cfg.Logger.With("transfer", begun.ID, "peer", begun.Peer.Short()),
	}
	e.jobs[begun.ID] = j
	e.chain(begun.ID, func(serving context.Context) {
		defer context.AfterFunc(serving, func() { stop(context.Cause(serving)) })()
		defer e.over(j)
		j.run(ctx)
	})
}

// over forgets a job that has ended.
func (e *Engine) over(j *job) {
	e.mu.Lock()
	defer e.mu.Unlock()
	j.stop(nil)
	if e.jobs[j.ID] == j {
		delete(e.jobs, j.ID)
	}
}

// Halt ends the connections of a transfer and keeps everything else.
func (e *Engine) Halt(id protocol.MessageID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.signed[id] { // the end
		delete(e.signed, id)
		e.chain(id, func(context.Context) { tidy(e.dir(id)) })
	}
	j := e.jobs[id]
	if j == nil {
		return
	}
	e.end(j, protocol.BulkPaused)
	for other := range e.halted {
		if len(e.halted) < maxHalted {
			break
		}
		delete(e.halted, other)
	}
	e.halted[id] = j.Job
}

// maxHalted is how many halted transfers are remembered, so that whoever
// connects for one is told that it is halted, rather than unknown.
const maxHalted = 1024

// end stops a job. e.mu is held.
func (e *Engine) end(j *job, code protocol.BulkCode) {
	delete(e.jobs, j.ID)
	j.stop(&bulk.StopError{Code: code})
}

// Nudge has all that waits for somebody try again at once.
func (e *Engine) Nudge(peer protocol.PeerID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, j := range e.jobs {
		if j.Peer == peer {
			signal(j.nudged)
			signal(j.back)
		}
	}
}

// Called has a transfer dial somebody who cannot dial us.
func (e *Engine) Called(peer protocol.PeerID, id protocol.MessageID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if j := e.jobs[id]; j != nil && j.Peer == peer {
		signal(j.called)
	}
}

// signal wakes whoever waits for a channel of one.
func signal(channel chan struct{}) {
	select {
	case channel <- struct{}{}:
	default:
	}
}
