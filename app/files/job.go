package files

import (
	"context"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"

	"feihong/app/chat"
	"feihong/app/files/source"
	"feihong/protocol"
	"feihong/transport/bulk"
)

// job is a transfer that is under way. Its goroutine, run, owns all others.
type job struct {
	chat.Job
	engine *Engine
	log    *slog.Logger
	ctx    context.Context
	stop   context.CancelCauseFunc

	nudged  chan struct{} // holds a token: try again at once
	called  chan struct{} // holds a token: they ask us to dial
	changed chan struct{} // holds a token: there are more or fewer connections
	back    chan struct{} // holds a token: they came back by another way
	ended   atomic.Int32  // how the last connection ended that did, until it is asked for

	mu     sync.Mutex
	carry  func(ctx context.Context, conn net.Conn) error // nil: connections are of no use now
	claims []*claim                                       // connections
	why    chat.TransferReason                            // what the other side said when the last one ended
	files  *source.Source                                 // what is sent; nil: not now
	users  sync.WaitGroup                                 // of carry and files
}

// How a connection ended.
const (
	endedInVain int32 = iota + 1
	endedUseful       // it has carried much, or lived long
)

// run carries the transfer until it is over.
func (j *job) run(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	if j.Direction == chat.Out {
		j.send(ctx)
	} else {
		j.receive(ctx)
	}
}

// open lets connections be used: carry runs one, and closes it.
func (j *job) open(carry func(ctx context.Context, conn net.Conn) error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.carry = carry
}

// shut waits until no connection is used any more. The context that carry runs
// under has ended.
func (j *job) shut() {
	j.open(nil)
	j.users.Wait()
}

// ready tells whether a connection is of use now, and how many there are.
func (j *job) ready() (ready bool, connections int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.carry != nil, len(j.claims)
}

// dial opens a connection for this transfer, and gives what runs it, which has
// to be called.
func (j *job) dial(ctx context.Context) (run func(ctx context.Context), err error) {
	e := j.engine
	if !e.places.enter(j.Peer, true) {
		return nil, errCrowded
	}
	leave := func() { e.places.leave(j.Peer, true) }
	conn, err := e.cfg.Network.Dial(ctx, j.Peer)
	if err == nil {
		err = bulk.Open(ctx, conn, j.ID, j.Offer.Token, j.Direction == chat.Out)
	}
	if err != nil {
		leave()
		return nil, err
	}
	claimed, code := j.claim(leave)
	if claimed == nil {
		leave()
		bulk.Stop(conn, code, "")
		return nil, &bulk.StopError{Code: code}
	}
	return func(ctx context.Context) { claimed.run(ctx, conn) }, nil
}

// within runs carry with a context that ends when one of the two does.
func within(ctx context.Context, carry func(ctx context.Context, conn net.Conn) error) func(context.Context, net.Conn) error {
	return func(outer context.Context, conn net.Conn) error {
		both, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		defer context.AfterFunc(outer, func() { cancel(context.Cause(outer)) })()
		return carry(both, conn)
	}
}

// listing makes the listing of what is being sent, for a receipt; false if
// nothing is.
func (j *job) listing(ctx context.Context, r *protocol.Receipt) (sum [32]byte, sending bool, err error) {
	j.mu.Lock()
	files := j.files
	if files != nil {
		j.users.Add(1)
		defer j.users.Done()
	}
	j.mu.Unlock()
	if files == nil {
		return sum, false, nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(j.ctx, func() { cancel(context.Cause(j.ctx)) })()
	sum, err = listingOf(ctx, files, r)
	return sum, true, err
}

// lend lets files be used by listing; nil ends that.
func (j *job) lend(files *source.Source) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.files = files
}
