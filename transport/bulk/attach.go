package bulk

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"time"

	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

const (
	// maxAlive is how long a sender may say only that it is alive while chunks
	// are wanted: it hangs in reading one, and others could come meanwhile over
	// other connections. maxAliveRoot is the same while the hash of a file is
	// wanted, for which the sender may have to read all of it again.
	maxAlive     = 10 * time.Minute
	maxAliveRoot = 24 * time.Hour
	// verifiers is how many goroutines of a connection verify and store.
	verifiers = 2
	// asksAhead is how many requests for chunks are under way on a connection.
	asksAhead = 2
)

// Attach fetches over one connection that was opened, until nothing is left,
// which is nil, or the connection or the Receiver ends. It closes the
// connection. What was asked for and did not come, others ask for. If ctx ends,
// the other side is told the *StopError that is its cause, or that the program
// is being closed.
//
// Errors: *StopError if the other side ended the connection, *StallError if
// nothing came, what ends Serve as well (a *HostileError or an error of the
// Sink), the cause of ctx, or what happened to the connection.
func (r *Receiver) Attach(ctx context.Context, conn net.Conn) error {
	a := &attachment{
		receiver: r,
		link:     &link{conn: conn, readStall: r.config.Stall, writeStall: r.config.Stall},
		flow:     newFlow(),
		answered: make(chan struct{}, 1),
	}
	a.frames = protocol.NewBulkReader(a)
	g := newGroup(ctx, a.link)
	a.ctx = g.ctx
	g.run(a.watch)
	g.run(func() error {
		err := a.obtain()
		if err == nil {
			g.runWriter(a.ask)
			err = a.read()
		}
		return err
	})
	for range verifiers {
		g.run(a.verify)
	}
	why := g.wait()
	a.giveBack()
	if final(why) {
		r.end(why)
	}
	r.log.Debug("a file connection has ended", "sending", false, "cause", why)
	a.link.hangUp(lastWords(why))
	return outcome(why)
}

// sinkError is an error of the Sink. It ends the transfer, not only the
// connection.
type sinkError struct{ err error }

func (e *sinkError) Error() string { return "cannot store what arrives: " + e.err.Error() }
func (e *sinkError) Unwrap() error { return e.err }

// final says that an error ends more than the connection on which it happened.
func final(err error) bool {
	var hostile *HostileError
	var sink *sinkError
	return errors.As(err, &hostile) || errors.As(err, &sink)
}

// attachment is one connection of a Receiver.
type attachment struct {
	receiver *Receiver
	ctx      context.Context
	link     *link
	frames   *protocol.BulkReader
	flow     *flow
	answered chan struct{} // has a token when less is asked for than could be

	now   *batch // what the reader fills; the reader's
	whole bool   // the reader is between two frames

	expected expected
	useful   atomic.Bool // something else than a sign of life came, or was asked for
	alive    time.Time   // the first sign of life after that; the reader's
}

// patience takes a sign of life. It ends with a sender that says nothing else.
func (a *attachment) patience() error {
	if a.alive.IsZero() || a.useful.Swap(false) {
		a.alive = time.Now()
	}
	limit := maxAlive
	if a.expected.wantsRoots() {
		limit = maxAliveRoot
	}
	if time.Since(a.alive) < limit {
		return nil
	}
	return &StallError{What: "nothing came but signs of life"}
}

// watch ends the connection when the Receiver ends.
func (a *attachment) watch() error {
	select {
	case <-a.receiver.ended:
		return a.receiver.why
	case <-a.ctx.Done():
		return context.Cause(a.ctx)
	}
}

// obtain sees to it that the manifest is there: one connection fetches it, the
// others wait.
func (a *attachment) obtain() error {
	r := a.receiver
	if _, err := get(a.ctx, r.begun); err != nil {
		return err
	}
	defer func() { r.begun <- struct{}{} }()
	if r.manifest.Load() != nil {
		return nil
	}
	if !r.known {
		if err := a.fetchManifest(); err != nil {
			return err
		}
	}
	return asSinkError(r.begin())
}

func asSinkError(err error) error {
	var hostile *HostileError
	if err == nil || errors.As(err, &hostile) {
		return err
	}
	return &sinkError{err}
}

func (a *attachment) fetchManifest() error {
	r := a.receiver
	a.link.await(true)
	defer a.link.await(false)
	if err := a.link.send(&protocol.WantManifest{Offset: uint64(len(r.fetched))}); err != nil {
		return err
	}
	for unknown := 0; int64(len(r.fetched)) < r.config.ManifestBytes; {
		kind, length, err := a.next(&unknown)
		switch {
		case err != nil:
			return err
		case kind != protocol.BulkManifest:
			if err := a.message(kind); err != nil {
				return err
			}
		case length == 0 || int64(len(r.fetched)+length) > r.config.ManifestBytes:
			return &HostileError{Code: protocol.BulkBadManifest, Text: "the manifest is longer than the offer said"}
		default:
			part, err := a.frames.Body(nil)
			if err != nil {
				return err
			}
			r.fetched = append(r.fetched, part...)
			a.useful.Store(true)
		}
	}
	return nil
}

// Read is where the frames come from. When the reader has to wait for one, what
// it has goes on to be verified.
func (a *attachment) Read(p []byte) (int, error) {
	if a.whole {
		a.handOver()
	}
	limiter := a.receiver.config.Limiter
	n, err := a.link.Read(p[:limiter.Piece(len(p))])
	if err == nil {
		err = limiter.Wait(a.ctx, n)
	}
	return n, err
}

func (a *attachment) handOver() {
	if a.now != nil && !a.now.empty() {
		a.flow.full <- a.now // has room for all batches that there are
		a.now = nil
	}
}

// next goes to the next frame that this version knows.
func (a *attachment) next(unknown *int) (protocol.BulkKind, int, error) {
	for {
		a.whole = true
		kind, length, err := a.frames.Next()
		a.whole = false
		var later *protocol.UnknownKindError
		if errors.As(err, &later) && *unknown < protocol.MaxUnknownFrames {
			*unknown++
			continue
		}
		return kind, length, violation(err)
	}
}

// read takes what comes.
func (a *attachment) read() error {
	for unknown := 0; ; {
		kind, length, err := a.next(&unknown)
		if err != nil {
			return err
		}
		if kind == protocol.BulkChunk {
			err = a.chunk(length)
		} else {
			err = a.message(kind)
		}
		if err != nil {
			return err
		}
	}
}

// chunk reads a chunk to where it is verified, if it is the one that has to
// come now.
func (a *attachment) chunk(length int) error {
	one, ok := a.expected.next(a.receiver.manifest.Load())
	full, zero := protocol.ChunkHeaderBytes+one.length, protocol.ChunkHeaderBytes+4
	switch {
	case !ok:
		return &HostileError{Code: protocol.BulkBadMessage, Text: "a chunk that was not asked for"}
	case length != full && (length != zero || one.length == 0):
		return &HostileError{Code: protocol.BulkBadMessage, Text: "a chunk of another length than the manifest says"}
	}
	b, err := a.room(length)
	if err != nil {
		return err
	}
	begin := len(b.buf)
	body := b.buf[begin : begin+length]
	if length == full && one.length > tree.Stretch {
		err = a.readHashed(&one, body)
	} else {
		err = a.frames.Part(body)
	}
	if err != nil {
		return err
	}
	c, err := protocol.ParseChunk(body)
	if err != nil {
		return violation(err)
	}
	if c.Number != one.chunk || c.Length != one.length {
		return &HostileError{Code: protocol.BulkBadMessage, Text: "another chunk than was asked for"}
	}
	b.buf = b.buf[:begin+length]
	one.value, one.zero, one.data = c.Value, c.Zero, c.Data
	a.useful.Store(true)
	b.items = append(b.items, one)
	a.arrived(a.expected.arrive())
	switch {
	case one.hashed && len(b.items) == 1:
		// To pass it on to another processor would take longer than to write
		// it.
		if err := a.verifyItem(&b.items[0]); err != nil {
			return err
		}
		b.reset()
	case len(b.buf) >= batchEnough || len(b.items) == batchItems:
		a.handOver()
	}
	return nil
}

// readHashed reads a chunk and hashes it piece by piece, while it is in the cache
// of the processor.
func (a *attachment) readHashed(one *item, body []byte) error {
	if err := a.frames.Part(body[:protocol.ChunkHeaderBytes]); err != nil {
		return err
	}
	hash := tree.Begin(one.index)
	for rest := body[protocol.ChunkHeaderBytes:]; ; rest = rest[tree.Stretch:] {
		piece := rest[:min(len(rest), tree.Stretch)]
		if err := a.frames.Part(piece); err != nil {
			return err
		}
		if len(piece) == len(rest) {
			one.sum, one.hashed = hash.End(piece, one.only), true
			return nil
		}
		hash.Add(piece)
	}
}

// room is the batch to read into, with space for so many bytes.
func (a *attachment) room(length int) (*batch, error) {
	if a.now != nil && len(a.now.buf)+length > batchBytes {
		a.handOver()
	}
	if a.now == nil {
		var err error
		if a.now, err = get(a.ctx, a.flow.free); err != nil {
			return nil, err
		}
	}
	return a.now, nil
}

// arrived follows what an arrival means for what is awaited.
func (a *attachment) arrived(more, none bool) {
	if none {
		a.link.await(false)
		if !a.expected.none() { // the other goroutine asked meanwhile
			a.link.await(true)
		}
	}
	if more {
		a.wakeAsker()
	}
}

func (a *attachment) wakeAsker() {
	select {
	case a.answered <- struct{}{}:
	default: // it is going to look anyway
	}
}

// message takes what is neither a chunk nor a part of the manifest.
func (a *attachment) message(kind protocol.BulkKind) error {
	if kind == protocol.BulkChunk || kind == protocol.BulkManifest {
		return &HostileError{Code: protocol.BulkBadMessage, Text: kind.String() + " that was not asked for"}
	}
	message, err := a.frames.Message()
	if err != nil {
		return violation(err)
	}
	switch m := message.(type) {
	case *protocol.Alive:
		return a.patience()
	case *protocol.Stop:
		return told(m)
	case *protocol.Root:
		return a.root(m)
	case *protocol.Fault:
		return a.fault(m)
	}
	return &HostileError{Code: protocol.BulkBadMessage, Text: kind.String() + " from who has the files"}
}

func (a *attachment) root(m *protocol.Root) error {
	b, err := a.room(0) // first: what is not expected any more has to be in a batch
	if err != nil {
		return err
	}
	if !a.expected.dropRoot(m.Entry) {
		return &HostileError{Code: protocol.BulkBadMessage, Text: "a hash that was not asked for"}
	}
	a.useful.Store(true)
	b.items = append(b.items, item{entry: m.Entry, value: m.Hash, root: true})
	if len(b.items) == batchItems {
		a.handOver()
	}
	a.arrived(true, a.expected.none())
	return nil
}

func (a *attachment) fault(m *protocol.Fault) error {
	if !a.expected.has(a.receiver.manifest.Load(), m.Entry) {
		return &HostileError{Code: protocol.BulkBadMessage, Text: "a fault of a file that was not asked for"}
	}
	a.useful.Store(true)
	a.receiver.fail(m.Entry, &Fault{Code: m.Code, Text: m.Text})
	dropped := a.expected.drop(a.receiver.manifest.Load(), m.Entry)
	a.receiver.work.dropped(dropped)
	a.receiver.lookDone()
	a.arrived(true, a.expected.none())
	return nil
}
