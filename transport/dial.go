package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"feihong/protocol"
	"feihong/transport/address"
)

// dialAttempts is how often a dial is made when the peer prefers a session
// that turns out to be gone here.
const dialAttempts = 3

// dial is one attempt to reach an address.
type dial struct {
	node  *Node
	given string // the address as given
	where string // its canonical form
	want  protocol.PeerID
}

// Dial connects to address, a host and a port as address.Parse takes them,
// and returns the session with the peer who answers, after its Up. want is
// whom the caller expects there, or zero for anybody.
//
// If there is a live session with that peer already, or the two sides dialled
// each other at once and keep the other connection, that one is returned. The
// session may end at any time, also before Dial returns.
//
// Dial ends when ctx does. Errors, beside that of ctx: *address.Error,
// *UnreachableError, *NotFeihongError, *WrongPeerError, *SelfError,
// *VersionError, *RefusedError, the one of Config.Admit, and one that is
// net.ErrClosed when the node is closed.
func (n *Node) Dial(ctx context.Context, where string, want protocol.PeerID) (*Session, error) {
	if !n.enter() {
		return nil, errClosed
	}
	defer n.leave()
	parsed, _, err := address.Parse(where, nil)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(n.ctx, cancel)()
	d := &dial{node: n, given: where, where: parsed.String(), want: want}
	s, err := d.run(ctx)
	if err != nil && n.ctx.Err() != nil {
		return nil, errClosed
	}
	return s, err
}

func (d *dial) run(ctx context.Context) (*Session, error) {
	backoff := Backoff{Min: 100 * time.Millisecond, Max: time.Second}
	for attempt := 1; ; attempt++ {
		s, err := d.once(ctx)
		var refused *RefusedError
		again := errors.As(err, &refused) && refused.Code == protocol.CodeDuplicateSession
		if !again || attempt == dialAttempts {
			return s, err
		}
		select {
		case <-time.After(backoff.Next()):
		case <-ctx.Done():
			return nil, d.cancelled(ctx)
		}
	}
}

func (d *dial) once(ctx context.Context) (*Session, error) {
	raw, err := d.connect(ctx)
	if err != nil {
		return nil, err
	}
	keep := false
	defer func() {
		if !keep {
			_ = raw.Close()
		}
	}()
	interrupt := context.AfterFunc(ctx, func() { _ = raw.Close() })
	defer interrupt()
	_ = raw.SetDeadline(time.Now().Add(greetTime)) // fails if closed, as everything after it then
	conn, order := tls.Client(raw, d.node.clientTLS), d.node.order.Add(1)
	peer, err := secure(conn)
	if err != nil {
		return nil, d.failed(ctx, &NotFeihongError{Address: d.where, Answer: answerOf(err), Err: err})
	}
	l := newLink(raw, conn, peer, order)
	if l.peer == d.node.own {
		return nil, &SelfError{Address: d.where}
	}
	if !d.want.IsZero() && l.peer != d.want {
		return nil, d.wrongPeer(l)
	}
	// One dial at a time gets to the hello, so that both sides agree which
	// session is the newer one.
	unlock, err := d.node.registry.lockDial(ctx, l.peer)
	if err != nil {
		return nil, d.cancelled(ctx)
	}
	defer unlock()
	if s := d.node.registry.current(l.peer); s != nil && s.prove() {
		return d.await(ctx, s)
	}
	hello, err := d.exchange(l)
	if err != nil {
		return d.refusedBy(ctx, l, err)
	}
	s := newSession(d.node, l, hello, d.given)
	if !interrupt() {
		return nil, d.cancelled(ctx)
	}
	keep = true
	_ = raw.SetDeadline(time.Time{})
	return d.settle(ctx, l, s)
}

// connect opens a TCP connection, trying all addresses that the host has.
func (d *dial) connect(ctx context.Context) (net.Conn, error) {
	limited, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	raw, err := d.node.config.Dialer(limited, "tcp", d.where)
	if err != nil {
		return nil, d.failed(ctx, &UnreachableError{Address: d.where, Err: err})
	}
	return raw, nil
}

// exchange says hello, and reads and judges the answer. A peer whose answer
// is bad is told so.
func (d *dial) exchange(l *link) (*protocol.Hello, error) {
	if err := l.send(d.node.hello(d.want)); err != nil {
		return nil, err
	}
	hello, err := l.readHello()
	if err == nil {
		err = d.node.judge(l, hello)
	}
	if reason := reasonFor(err); reason != nil {
		_ = l.send(reason) // the connection is about to be closed anyway
	}
	return hello, err
}

// settle makes s the session with its peer, or finds out which one is.
func (d *dial) settle(ctx context.Context, l *link, s *Session) (*Session, error) {
	rival, problem := d.node.registry.claim(s)
	switch {
	case problem == nil:
		s.start()
		return d.await(ctx, s)
	case rival == nil:
		l.reject(problem)
		return nil, &RefusedError{Address: d.where, Code: problem.Code, Text: problem.Text}
	}
	// The peer comes to the same decision by itself, no need to wait.
	if d.node.enter() {
		go func() {
			defer d.node.leave()
			l.reject(problem)
		}()
	} else {
		_ = l.raw.Close()
	}
	return d.await(ctx, rival)
}

// await waits until a session is up, and follows it to the one that replaces
// it meanwhile.
func (d *dial) await(ctx context.Context, s *Session) (*Session, error) {
	for {
		select {
		case <-s.up:
		case <-s.finished:
		case <-ctx.Done():
			return nil, d.cancelled(ctx)
		}
		if !s.ended() {
			return s, nil
		}
		next := d.node.registry.current(s.peer)
		if next == nil {
			return d.lost(s)
		}
		s = next
	}
}

// lost returns a session that has ended with none in its place: if it was up
// its end is told by Down, if not it is an error.
func (d *dial) lost(s *Session) (*Session, error) {
	select {
	case <-s.up:
		return s, nil
	default:
	}
	var told *protocol.Error
	if errors.As(s.cause, &told) {
		return nil, &RefusedError{Address: d.where, Code: told.Code, Text: told.Text}
	}
	return nil, &UnreachableError{Address: d.where, Greeting: true, Err: s.cause}
}

// refusedBy turns the failure to exchange hellos into the error to show, or
// into the session that the peer prefers.
func (d *dial) refusedBy(ctx context.Context, l *link, err error) (*Session, error) {
	var told *peerError
	var version *VersionError
	var refused *refusal
	var broken *protocol.Error
	switch {
	case errors.As(err, &told):
		return d.told(ctx, l, told.told)
	case errors.As(err, &version):
		version.Address = d.where
		return nil, version
	case errors.As(err, &refused):
		return nil, fmt.Errorf("%s: %w", d.where, refused.err)
	case errors.As(err, &broken):
		return nil, &NotFeihongError{Address: d.where, Answer: AnswerOther, Err: err}
	}
	return nil, d.failed(ctx, &UnreachableError{Address: d.where, Greeting: true, Err: err})
}

// told gives the error for what the peer said instead of a hello.
func (d *dial) told(ctx context.Context, l *link, reason *protocol.Error) (*Session, error) {
	switch reason.Code {
	case protocol.CodeSelf:
		return nil, &SelfError{Address: d.where}
	case protocol.CodeVersion:
		return nil, &VersionError{Address: d.where, OurMin: protocol.MinVersion, OurMax: protocol.Version}
	case protocol.CodeDuplicateSession:
		if s := d.node.registry.current(l.peer); s != nil {
			return d.await(ctx, s)
		}
	}
	return nil, &RefusedError{Address: d.where, Code: reason.Code, Text: reason.Text}
}

// wrongPeer greets somebody else than the wanted peer, only to learn their
// name, which comes with their refusal.
func (d *dial) wrongPeer(l *link) error {
	result := &WrongPeerError{Address: d.where, Want: d.want, Got: l.peer}
	if l.send(d.node.hello(d.want)) != nil {
		return result
	}
	hello, err := l.readHello()
	var told *peerError
	switch {
	case err == nil:
		result.GotName = hello.Name
	case errors.As(err, &told) && told.told.Code == protocol.CodeWrongPeer:
		result.GotName = protocol.SafeName(told.told.Text)
	}
	return result
}

// failed is err, unless it only failed because ctx ended.
func (d *dial) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return d.cancelled(ctx)
	}
	return err
}

// cancelled is the error for the end of ctx. Running out of time is like any
// other time-out for the user.
func (d *dial) cancelled(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return &UnreachableError{Address: d.where, Err: ctx.Err()}
	}
	return fmt.Errorf("dial %s: %w", d.where, ctx.Err())
}

// answerOf finds out from a failed TLS handshake what is at the address.
func answerOf(err error) Answer {
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &record):
		return answerByHeader(string(record.RecordHeader[:]))
	case errors.Is(err, os.ErrDeadlineExceeded):
		return AnswerSilence
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, errnoReset):
		return AnswerClosed
	}
	return AnswerTLS
}

func answerByHeader(header string) Answer {
	switch header {
	case "HTTP/":
		return AnswerHTTP
	case "SSH-1", "SSH-2":
		return AnswerSSH
	}
	return AnswerOther
}
