package transport

import (
	"bufio"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"time"

	"feihong/protocol"
	"feihong/transport/identity"
)

// readBuffer holds what was read ahead; the frame reader shares it.
const readBuffer = 64 << 10

// link is a connection on which TLS is established and the hellos are
// exchanged. One goroutine at a time uses it.
type link struct {
	raw    net.Conn
	conn   *tls.Conn
	ahead  *bufio.Reader
	frames *protocol.FrameReader
	peer   protocol.PeerID
	remote netip.Addr
	order  uint64
}

// secure runs the TLS handshake and tells who is at the other end. The caller
// has set a deadline.
func secure(conn *tls.Conn) (protocol.PeerID, error) {
	if err := conn.Handshake(); err != nil {
		return protocol.PeerID{}, err
	}
	return identity.PeerOf(conn.ConnectionState())
}

// newLink makes a link of a connection whose peer is known.
func newLink(raw net.Conn, conn *tls.Conn, peer protocol.PeerID, order uint64) *link {
	ahead := bufio.NewReaderSize(conn, readBuffer)
	return &link{
		raw:    raw,
		conn:   conn,
		ahead:  ahead,
		frames: protocol.NewFrameReader(ahead),
		peer:   peer,
		remote: addrPort(raw.RemoteAddr()).Addr(),
		order:  order,
	}
}

// send writes one link message at once.
func (l *link) send(m protocol.LinkMessage) error {
	frame, err := linkFrame(m)
	if err != nil {
		return err
	}
	_, err = l.conn.Write(frame)
	return err
}

func linkFrame(m protocol.LinkMessage) ([]byte, error) {
	body, err := protocol.EncodeLink(m)
	if err != nil {
		return nil, err
	}
	return protocol.AppendFrame(nil, protocol.AppLink, body)
}

// readHello reads the peer's first frame. If the peer broke the rules, the
// error is a *protocol.Error to be sent; if it sent an error instead of a
// hello, a *peerError; otherwise what happened to the connection.
func (l *link) readHello() (*protocol.Hello, error) {
	header, err := l.ahead.Peek(protocol.HeaderBytes)
	if err != nil {
		return nil, err
	}
	// Frames of other applications may be longer than a hello, and a stranger
	// has no claim to that much memory.
	if app := protocol.Application(binary.BigEndian.Uint16(header[4:])); app != protocol.AppLink {
		return nil, &protocol.Error{Code: protocol.CodeBadFrame, Text: fmt.Sprintf("a frame of %s instead of a hello", app)}
	}
	frame, err := l.frames.Next()
	if err != nil {
		return nil, violation(err, protocol.CodeBadFrame)
	}
	message, err := protocol.DecodeLink(frame.Body)
	if err != nil {
		return nil, violation(err, protocol.CodeBadMessage)
	}
	switch m := message.(type) {
	case *protocol.Hello:
		return m, nil
	case *protocol.Error:
		return nil, &peerError{m}
	}
	return nil, &protocol.Error{Code: protocol.CodeBadMessage, Text: "the first message is not a hello"}
}

// peerError is an error that the peer told us, unlike one that we tell.
type peerError struct{ told *protocol.Error }

func (e *peerError) Error() string { return "the peer said " + e.told.Error() }
func (e *peerError) Unwrap() error { return e.told }

// violation gives the error to tell a peer who broke the rules: code, unless
// something was too long. An error of the connection is returned as it is.
func violation(err error, code protocol.ErrorCode) error {
	var limit *protocol.LimitError
	var format *protocol.FormatError
	var unknown *protocol.UnknownKindError
	switch {
	case errors.As(err, &limit):
		code = protocol.CodeTooLong
	case errors.As(err, &unknown):
		code = protocol.CodeUnsupported
	case errors.As(err, &format), errors.Is(err, io.ErrUnexpectedEOF):
	default:
		return err
	}
	return &protocol.Error{Code: code, Text: err.Error()}
}

// judge decides whether the peer who said hello is somebody to talk to. The
// error is a *VersionError, a *protocol.Error, or a refusal by Config.Admit.
func (n *Node) judge(l *link, hello *protocol.Hello) error {
	if _, ok := hello.CommonVersion(); !ok {
		return &VersionError{
			OurMin: protocol.MinVersion, OurMax: protocol.Version,
			TheirMin: hello.MinVersion, TheirMax: hello.MaxVersion,
		}
	}
	switch {
	case hello.Peer != l.peer:
		return &protocol.Error{Code: protocol.CodeWrongPeer, Text: "the hello and the certificate name different peers"}
	case l.peer == n.own:
		return &protocol.Error{Code: protocol.CodeSelf}
	case !hello.Want.IsZero() && hello.Want != n.own:
		// The text tells the dialler's user who lives here now.
		return &protocol.Error{Code: protocol.CodeWrongPeer, Text: n.config.Name()}
	}
	if n.config.Admit == nil {
		return nil
	}
	if err := n.config.Admit(l.peer); err != nil {
		return &refusal{err}
	}
	return nil
}

// refusal is an error from Config.Admit, whose text is not the peer's business.
type refusal struct{ err error }

func (e *refusal) Error() string { return "not admitted: " + e.err.Error() }
func (e *refusal) Unwrap() error { return e.err }

// reasonFor is what a peer is told about an error, nil if it is not a reason
// but the state of the connection.
func reasonFor(err error) *protocol.Error {
	switch e := err.(type) {
	case *protocol.Error:
		return e
	case *VersionError:
		return &protocol.Error{Code: protocol.CodeVersion, Text: e.Error()}
	case *refusal:
		return &protocol.Error{Code: protocol.CodeRefused}
	}
	return nil
}

// reject tells the peer the reason, if it is one to be told, and closes the
// connection. It takes up to farewellTime.
func (l *link) reject(err error) {
	defer func() { _ = l.raw.Close() }()
	reason := reasonFor(err)
	if reason == nil {
		return
	}
	if l.raw.SetDeadline(time.Now().Add(farewellTime)) != nil || l.send(reason) != nil {
		return
	}
	endWriting(l.raw, l.conn)
	drain(l.raw)
}

// endWriting tells the peer that nothing more comes. An error only means that
// the peer finds out when the connection is closed.
func endWriting(raw net.Conn, conn *tls.Conn) {
	_ = conn.CloseWrite()
	if half, ok := raw.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}

// drain reads what the peer still sends until it closes. Closing a connection
// with unread data would reset it, and the peer could lose our last words.
func drain(raw net.Conn) { _, _ = io.Copy(io.Discard, raw) }
