package bulk

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"feihong/protocol"
)

const (
	// farewellTime bounds what is done for last words when a connection ends.
	farewellTime = time.Second
	// writePiece is how much the other side has to take before a write has not
	// stalled.
	writePiece = 256 << 10
)

// errDone ends what runs on a connection without anything being wrong.
var errDone = errors.New("nothing is left to do")

// link is a connection with its time limits. One goroutine reads and one
// writes; the other methods may be called from any.
type link struct {
	conn       net.Conn
	readStall  time.Duration // how long nothing may come while something is awaited
	writeStall time.Duration // how long the other side may take nothing

	mu      sync.Mutex
	ending  bool
	broken  bool      // a write has failed, so nothing more can be written
	awaited bool      // something is to come
	armed   time.Time // when the read deadline was set
}

// Read reads from the connection. While something is awaited, its deadline
// moves on with each call, so the time that we spend elsewhere does not count.
func (l *link) Read(p []byte) (int, error) {
	l.rearm()
	n, err := l.conn.Read(p)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = &StallError{What: "nothing came for too long"}
	}
	return n, err
}

func (l *link) rearm() {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if l.ending || !l.awaited || now.Sub(l.armed) < l.readStall/8 {
		return
	}
	l.armed = now
	_ = l.conn.SetReadDeadline(now.Add(l.readStall)) // fails only if closed
}

// await says whether something is to come from the other side.
func (l *link) await(something bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ending {
		return
	}
	l.awaited, l.armed = something, time.Now()
	deadline := time.Time{}
	if something {
		deadline = l.armed.Add(l.readStall)
	}
	_ = l.conn.SetReadDeadline(deadline) // fails only if closed
}

// write writes all of p.
func (l *link) write(p []byte) error {
	for len(p) > writePiece {
		if err := l.writePart(p[:writePiece]); err != nil {
			return err
		}
		p = p[writePiece:]
	}
	return l.writePart(p)
}

func (l *link) writePart(p []byte) error {
	l.mu.Lock()
	if !l.ending {
		_ = l.conn.SetWriteDeadline(time.Now().Add(l.writeStall)) // fails only if closed
	}
	l.mu.Unlock()
	_, err := l.conn.Write(p)
	if err == nil {
		return nil
	}
	l.mu.Lock()
	l.broken = true
	l.mu.Unlock()
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = &StallError{What: "the other side takes nothing"}
	}
	return err
}

// failed says whether writing has failed.
func (l *link) failed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.broken
}

// send writes one message.
func (l *link) send(m protocol.BulkMessage) error {
	frame, err := protocol.AppendBulk(nil, m)
	if err != nil {
		return err
	}
	return l.write(frame)
}

// end makes reading fail at once, and writing soon.
func (l *link) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ending {
		return
	}
	l.ending = true
	_ = l.conn.SetReadDeadline(time.Unix(1, 0)) // both fail only if closed
	_ = l.conn.SetWriteDeadline(time.Now().Add(farewellTime))
}

// hangUp closes the connection. last, if not nil, is said before. Nobody reads
// or writes any more.
func (l *link) hangUp(last protocol.BulkMessage) {
	defer func() { _ = l.conn.Close() }()
	l.end()
	deadline := time.Now().Add(farewellTime)
	if last == nil || l.failed() || l.conn.SetDeadline(deadline) != nil || l.send(last) != nil {
		return
	}
	half, ok := l.conn.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	// Closing with unread data would reset the connection, and the other side
	// could lose our last words.
	_, _ = io.Copy(io.Discard, l.conn)
}

// group runs the goroutines of one connection. The first error ends all.
type group struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	link   *link
	tasks  sync.WaitGroup
}

func newGroup(ctx context.Context, l *link) *group {
	g := &group{link: l}
	g.ctx, g.cancel = context.WithCancelCause(ctx)
	context.AfterFunc(g.ctx, l.end)
	return g
}

// run starts f, which returns soon after ctx has ended.
func (g *group) run(f func() error) {
	g.tasks.Go(func() {
		if err := f(); err != nil {
			g.cancel(err)
		}
	})
}

// runWriter is run for a goroutine that writes. When that fails, the other side
// may have said why before it closed: the reader gets a moment to find out.
func (g *group) runWriter(f func() error) {
	g.run(func() error {
		err := f()
		if g.ctx.Err() != nil || !g.link.failed() {
			return err
		}
		timer := time.NewTimer(farewellTime)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-g.ctx.Done():
		}
		return err
	})
}

// wait waits for all, and returns why they have ended.
func (g *group) wait() error {
	g.tasks.Wait()
	g.cancel(errDone)
	return context.Cause(g.ctx)
}

// toldError is a Stop that came from the other side, which need not hear it.
type toldError struct{ stop *StopError }

func (e *toldError) Error() string { return e.stop.Error() }
func (e *toldError) Unwrap() error { return e.stop }

func told(m *protocol.Stop) error { return &toldError{&StopError{Code: m.Code, Text: m.Text}} }

// lastWords is what the other side is told about the end of a connection, nil
// for nothing.
func lastWords(err error) protocol.BulkMessage {
	var theirs *toldError
	var stop *StopError
	var hostile *HostileError
	var stall *StallError
	var broken net.Error
	switch {
	case errors.As(err, &theirs), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.ErrClosedPipe):
		return nil
	case errors.As(err, &stop):
		return &protocol.Stop{Code: stop.Code, Text: stop.Text}
	case errors.As(err, &hostile):
		return &protocol.Stop{Code: hostile.Code, Text: hostile.Text}
	case errors.As(err, &stall):
		return &protocol.Stop{Code: protocol.BulkTimeout, Text: stall.What}
	case errors.Is(err, errDone):
		return &protocol.Stop{Code: protocol.BulkFinished}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &protocol.Stop{Code: protocol.BulkClosing}
	case errors.As(err, &broken):
		return nil
	}
	return &protocol.Stop{Code: protocol.BulkStorage}
}

// outcome is what the caller learns about the end of a connection: nil if all
// is done.
func outcome(err error) error {
	var theirs *toldError
	switch {
	case errors.Is(err, errDone):
		return nil
	case errors.As(err, &theirs):
		return theirs.stop
	}
	return err
}

// violation turns what is wrong with a frame into a *HostileError. What happened
// to the connection stays as it is.
func violation(err error) error {
	var limit *protocol.LimitError
	var format *protocol.FormatError
	var unknown *protocol.UnknownKindError
	if errors.As(err, &limit) || errors.As(err, &format) || errors.As(err, &unknown) {
		return &HostileError{Code: protocol.BulkBadMessage, Text: err.Error()}
	}
	return err
}
