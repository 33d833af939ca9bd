package transport

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"feihong/protocol"
)

const (
	// pingAfter is how long nothing may be received before the peer is asked
	// for a sign of life, deadAfter before the session is given up.
	pingAfter = 30 * time.Second
	deadAfter = 90 * time.Second
	// probeTime is how long a peer may take for a sign of life when another
	// session with it depends on the answer.
	probeTime = 2 * time.Second
)

// Session is a connection with a peer whose key is proven and who said hello.
// Its methods are safe for concurrent use and never block.
type Session struct {
	node     *Node
	raw      net.Conn
	conn     *tls.Conn
	frames   *protocol.FrameReader
	peer     protocol.PeerID
	name     string
	remote   netip.Addr
	port     uint16
	dialed   string
	instance [16]byte
	features []string
	order    uint64
	queue    *queue

	previous <-chan struct{} // finished of the session before, set by claim
	up       chan struct{}   // closed when Up has returned
	written  chan struct{}   // closed when the writer has ended
	finished chan struct{}   // closed when Down has returned

	ending   atomic.Bool
	done     chan struct{} // closed when the end has begun, after cause is set
	cause    error         // why it ended, for Down
	farewell *time.Timer   // closes the connection if the last words take too long; nil if there are none

	began    time.Time
	heard    atomic.Int64 // time since began when something was last received
	handling atomic.Bool  // the handler is busy, so nothing can be received
	unknown  int          // frames that we do not understand so far; the reader's

	pongMu sync.Mutex
	pong   chan struct{} // closed at the next pong, nil if nobody waits for one
}

func newSession(n *Node, l *link, hello *protocol.Hello, dialed string) *Session {
	return &Session{
		node:     n,
		raw:      l.raw,
		conn:     l.conn,
		frames:   l.frames,
		peer:     l.peer,
		name:     hello.Name,
		remote:   l.remote,
		port:     hello.Port,
		dialed:   dialed,
		instance: hello.Instance,
		features: hello.Features,
		order:    l.order,
		queue:    newQueue(),
		up:       make(chan struct{}),
		written:  make(chan struct{}),
		finished: make(chan struct{}),
		done:     make(chan struct{}),
		began:    time.Now(),
	}
}

// Peer is who is at the other end, proven by their key.
func (s *Session) Peer() protocol.PeerID { return s.peer }

// Name is what the peer calls themself, safe to show; it may be empty.
func (s *Session) Name() string { return s.name }

// Address is where the peer can be dialled: the address the connection came
// from and the port the peer says to listen on. It is "" if the peer does not
// listen.
func (s *Session) Address() string { return dialable(s.remote, s.port) }

// Dialed is the address as it was given to Dial, "" if the peer dialled us.
func (s *Session) Dialed() string { return s.dialed }

// Remote is the IP address at the other end of the connection, with a zone if
// it needs one.
func (s *Session) Remote() netip.Addr { return s.remote }

// Speaks says whether the peer told in its hello that it has a feature, such as
// protocol.FeatureFiles.
func (s *Session) Speaks(feature string) bool { return slices.Contains(s.features, feature) }

func (s *Session) byUs() bool { return s.dialed != "" }

// Done is closed when the session begins to end: nothing more can be sent,
// and a Handler should return.
func (s *Session) Done() <-chan struct{} { return s.done }

func (s *Session) ended() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// Send queues one frame and copies its body. Frames arrive in order, or the
// session ends. A body over the limit of its application gives a
// *protocol.LimitError and is not sent. Any other error means that the
// session is ending, either already or because its queue is full: the peer
// does not keep up. What was queued before may or may not arrive.
func (s *Session) Send(app protocol.Application, body []byte) error {
	err := s.queue.put(app, body)
	if errors.Is(err, errQueueFull) {
		reason := &protocol.Error{Code: protocol.CodeBusy, Text: "too much is waiting to be sent"}
		s.queue.clear()
		s.end(reason, reason)
	}
	return err
}

func (s *Session) queueLink(m protocol.LinkMessage) error {
	body, err := protocol.EncodeLink(m)
	if err != nil {
		return err
	}
	return s.Send(protocol.AppLink, body)
}

// Close ends the session and tells the peer why, after what is queued and for
// at most a second. Down gets the same reason. Only the first reason for an
// end counts.
func (s *Session) Close(code protocol.ErrorCode, reason string) {
	e := &protocol.Error{Code: code, Text: reason}
	s.end(e, e)
}

// brokenError says that the connection itself failed.
type brokenError struct{ err error }

func (e *brokenError) Error() string { return "the connection broke: " + e.err.Error() }
func (e *brokenError) Unwrap() error { return e.err }

var timedOut = &protocol.Error{Code: protocol.CodeTimeout, Text: "nothing was heard from the peer"}

// end begins the end of the session. The first caller decides: cause is what
// Down gets; last, if not nil, is sent after what is queued. Without a last
// message the connection is cut.
func (s *Session) end(cause error, last protocol.LinkMessage) {
	if !s.ending.CompareAndSwap(false, true) {
		return
	}
	s.cause = cause
	var frame []byte
	if last != nil {
		var err error
		if frame, err = linkFrame(last); err != nil {
			s.node.log.Error("cannot say why a session ends", "error", err)
		}
	}
	s.queue.seal(frame)
	if frame == nil {
		_ = s.raw.Close()
	} else {
		s.farewell = time.AfterFunc(farewellTime, func() { _ = s.raw.Close() })
		_ = s.raw.SetReadDeadline(time.Unix(1, 0)) // wakes the reader; fails only if closed
	}
	close(s.done)
}

// start runs the session. The caller holds a task of the node.
func (s *Session) start() {
	s.node.tasks.Go(s.write)
	s.node.tasks.Go(s.run)
}

// run is the goroutine that calls the handler.
func (s *Session) run() {
	<-s.previous
	if !s.ended() {
		s.heardNow()
		s.node.log.Debug("session up", "peer", s.peer.Short(), "remote", s.remote, "dialed", s.dialed)
		s.node.config.Handler.Up(s)
		close(s.up)
		s.read()
		<-s.done
		s.node.log.Debug("session down", "peer", s.peer.Short(), "cause", s.cause)
		s.node.config.Handler.Down(s, s.cause)
	}
	close(s.finished)
	s.node.registry.release(s)
	s.hangUp()
}

// hangUp closes the connection after the last words, if there are any.
func (s *Session) hangUp() {
	if s.farewell != nil {
		_ = s.raw.SetReadDeadline(time.Time{}) // fails only if closed
		drain(s.raw)
		<-s.written
		s.farewell.Stop()
	}
	_ = s.raw.Close()
}

// read handles frames until the session ends.
func (s *Session) read() {
	for !s.ended() {
		frame, err := s.frames.Next()
		if err != nil {
			s.readFailed(err, protocol.CodeBadFrame)
			continue
		}
		s.handling.Store(true)
		if frame.App == protocol.AppLink {
			s.receiveLink(frame.Body)
		} else {
			s.node.config.Handler.Receive(s, frame.App, frame.Body)
		}
		s.heardNow()
		s.handling.Store(false)
	}
}

func (s *Session) readFailed(err error, code protocol.ErrorCode) {
	var unknown *protocol.UnknownApplicationError
	if errors.As(err, &unknown) {
		s.heardNow()
		s.notUnderstood(unknown)
		return
	}
	switch e := violation(err, code).(type) {
	case *protocol.Error:
		s.end(e, e)
	default:
		if errors.Is(err, io.EOF) {
			err = io.EOF
		}
		s.end(&brokenError{err}, nil)
	}
}

// notUnderstood answers what a newer version may have sent.
func (s *Session) notUnderstood(what error) {
	if s.unknown++; s.unknown > protocol.MaxUnknownFrames {
		reason := &protocol.Error{Code: protocol.CodeBadFrame, Text: "too many frames that are not understood"}
		s.end(reason, reason)
		return
	}
	s.answer(&protocol.Error{Code: protocol.CodeUnsupported, Text: what.Error()})
}

// answer sends a link message. A failure means that the session is ending.
func (s *Session) answer(m protocol.LinkMessage) { _ = s.queueLink(m) }

func (s *Session) receiveLink(body []byte) {
	message, err := protocol.DecodeLink(body)
	var unknown *protocol.UnknownKindError
	switch {
	case errors.As(err, &unknown):
		s.notUnderstood(unknown)
		return
	case err != nil:
		s.readFailed(err, protocol.CodeBadMessage)
		return
	}
	switch m := message.(type) {
	case *protocol.Ping:
		s.answer(&protocol.Pong{Nonce: m.Nonce})
	case *protocol.Pong:
		s.gotPong()
	case *protocol.Goodbye:
		s.end(nil, nil)
	case *protocol.Error:
		s.told(m)
	default:
		s.Close(protocol.CodeBadMessage, fmt.Sprintf("unexpected %T", m))
	}
}

// told takes in an error from the peer. All are final but the answer to an
// application or message that the peer does not know.
func (s *Session) told(e *protocol.Error) {
	if e.Code == protocol.CodeUnsupported {
		s.node.log.Debug("the peer does not support something", "peer", s.peer.Short(), "error", e)
		return
	}
	s.end(e, nil)
}
