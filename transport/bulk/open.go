package bulk

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"time"

	"feihong/protocol"
)

// openTime bounds opening a connection.
const openTime = 10 * time.Second

// manyProcessors is from how many on a second connection is worth its place.
const manyProcessors = 4

// DefaultConnections is how many connections a large transfer is worth on a
// machine with so many processors, see
// docs/decisions/009-hashing-and-connections.md.
func DefaultConnections(processors int) int {
	if processors < manyProcessors {
		return 1
	}
	return 2
}

// Open says what a connection that we dialled is for, and waits until the other
// side agrees: at most 10 seconds. sending says that we have the files. If it
// fails, the connection is closed; a *RefusedError says that it was refused.
func Open(ctx context.Context, conn net.Conn, transfer protocol.MessageID, token [32]byte, sending bool) error {
	l := newOpening(conn)
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	err := l.send(&protocol.BulkOpenMessage{Transfer: transfer, Token: token, Sending: sending})
	if err == nil {
		err = opened(conn)
	}
	if err == nil {
		err = conn.SetDeadline(time.Time{})
	}
	if err != nil {
		_ = conn.Close()
		return ended(ctx, err)
	}
	return nil
}

func opened(conn net.Conn) error {
	answer, err := readMessage(conn)
	if err != nil {
		return err
	}
	switch m := answer.(type) {
	case *protocol.Opened:
		return nil
	case *protocol.RefusedOpen:
		return &RefusedError{Code: m.Code, Text: m.Text}
	case *protocol.Stop:
		return &StopError{Code: m.Code, Text: m.Text}
	}
	return &HostileError{Code: protocol.BulkBadMessage, Text: "no answer to an opening"}
}

// Accept learns what a connection that somebody else dialled is for, asks decide
// whether it is welcome, and answers: at most 10 seconds. decide returns nil, or
// why not. If it fails, or the connection was not welcome, which is a
// *RefusedError, the connection is closed.
func Accept(ctx context.Context, conn net.Conn, decide func(*protocol.BulkOpenMessage) *protocol.RefusedOpen) (*protocol.BulkOpenMessage, error) {
	l := newOpening(conn)
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	m, err := readMessage(conn)
	if err != nil {
		l.hangUp(lastWords(violation(err)))
		return nil, ended(ctx, violation(err))
	}
	open, ok := m.(*protocol.BulkOpenMessage)
	if !ok {
		err := &HostileError{Code: protocol.BulkBadMessage, Text: "no opening"}
		l.hangUp(lastWords(err))
		return nil, err
	}
	if refused := decide(open); refused != nil {
		l.hangUp(refused)
		return nil, &RefusedError{Code: refused.Code, Text: refused.Text}
	}
	if err = l.send(&protocol.Opened{}); err == nil {
		err = conn.SetDeadline(time.Time{})
	}
	if err != nil {
		_ = conn.Close()
		return nil, ended(ctx, err)
	}
	return open, nil
}

// Stop tells the other side why a connection is ended on which nothing runs, and
// closes it.
func Stop(conn net.Conn, code protocol.BulkCode, text string) {
	newOpening(conn).hangUp(&protocol.Stop{Code: code, Text: text})
}

func newOpening(conn net.Conn) *link {
	_ = conn.SetDeadline(time.Now().Add(openTime)) // fails if closed, as everything after it then
	return &link{conn: conn, readStall: openTime, writeStall: openTime}
}

// ended is err, unless it only came about because ctx has ended.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// readMessage reads one message and nothing behind it.
func readMessage(conn net.Conn) (protocol.BulkMessage, error) {
	var header [protocol.HeaderBytes]byte
	if _, err := io.ReadFull(conn, header[:]); err != nil {
		return nil, err
	}
	length, kind := binary.BigEndian.Uint32(header[:]), protocol.BulkKind(binary.BigEndian.Uint16(header[4:]))
	if length > protocol.MaxBulkBytes {
		return nil, &HostileError{Code: protocol.BulkBadMessage, Text: "an opening that is too long"}
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(conn, body); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	return protocol.DecodeBulk(kind, body)
}
