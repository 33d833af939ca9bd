package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"

	"feihong/protocol"
	"feihong/transport/address"
)

const (
	// maxFilesPerPeer bounds the incoming file connections of one peer: a few
	// transfers at once, each over several connections. It is more than the
	// protocol allows, as those that were ended need a moment.
	maxFilesPerPeer = 24
	// maxFiles bounds those of all peers.
	maxFiles = 256
)

// guests counts the incoming file connections whose purpose is known. The zero
// value is ready.
type guests struct {
	mu    sync.Mutex
	total int
	of    map[protocol.PeerID]int
}

// enter counts one more, unless there are enough.
func (g *guests) enter(peer protocol.PeerID) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.total >= maxFiles || g.of[peer] >= maxFilesPerPeer {
		return false
	}
	if g.of == nil {
		g.of = make(map[protocol.PeerID]int)
	}
	g.total++
	g.of[peer]++
	return true
}

func (g *guests) leave(peer protocol.PeerID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.total--
	if g.of[peer]--; g.of[peer] == 0 {
		delete(g.of, peer)
	}
}

// welcomeFiles gives a connection whose peer wants to speak about files to
// Config.Files. admitted is called once the peer is no stranger any more. Keys
// cost nothing, so having one is not enough for that: until it is known what
// the connection is for, it has its place among the strangers, where whoever
// comes with many is in their own way.
func (n *Node) welcomeFiles(w *wire, conn *tls.Conn, peer protocol.PeerID, admitted func()) {
	files := &fileConn{Conn: conn, wire: w}
	defer func() { _ = files.Close() }()
	if reason := n.judgeFiles(peer); reason != nil {
		n.log.Info("refused a file connection", "peer", peer.Short(), "error", reason.Text)
		files.refuse(reason)
		return
	}
	entered := false
	defer func() {
		if entered {
			n.guests.leave(peer)
		}
	}()
	welcome := func() bool {
		if entered = n.guests.enter(peer); entered {
			admitted()
			_ = w.SetDeadline(time.Time{}) // fails only if closed
			w.prepare()
		}
		return entered
	}
	defer context.AfterFunc(n.ctx, func() { _ = w.Close() })()
	n.config.Files(n.ctx, files, peer, welcome)
}

// judgeFiles says why a peer may not speak about files, nil if it may.
func (n *Node) judgeFiles(peer protocol.PeerID) *protocol.RefusedOpen {
	switch {
	case peer == n.own:
		return &protocol.RefusedOpen{Code: protocol.BulkWrongSide, Text: "this is yourself"}
	case n.config.Files == nil:
		return &protocol.RefusedOpen{Code: protocol.BulkUnknownTransfer, Text: "no files are taken here"}
	case n.config.Admit == nil:
		return nil
	}
	if n.config.Admit(peer) != nil { // why is not the peer's business
		return &protocol.RefusedOpen{Code: protocol.BulkNotAccepted}
	}
	return nil
}

// DialFiles opens a file connection to the peer want at address, a host and a
// port as address.Parse takes them. TLS is done, and the peer is proven; what
// the connection is for, package bulk tells them. Whether they refuse it shows
// there, too. The caller closes the connection; closing the node closes it as
// well.
//
// DialFiles ends when ctx does; what happens to ctx later does not matter to
// the connection. Errors, beside that of ctx: *address.Error,
// *UnreachableError, *NotFeihongError, *WrongPeerError, *SelfError, and one
// that is net.ErrClosed when the node is closed.
func (n *Node) DialFiles(ctx context.Context, where string, want protocol.PeerID) (net.Conn, error) {
	if want.IsZero() {
		return nil, errors.New("transport: files need a known peer")
	}
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
	conn, err := d.files(ctx)
	if err != nil && n.ctx.Err() != nil {
		return nil, errClosed
	}
	return conn, err
}

func (d *dial) files(ctx context.Context) (net.Conn, error) {
	raw, err := d.connect(ctx)
	if err != nil {
		return nil, err
	}
	w := newWire(raw)
	interrupt := context.AfterFunc(ctx, func() { _ = raw.Close() })
	_ = raw.SetDeadline(time.Now().Add(greetTime)) // fails if closed, as everything after it then
	conn := tls.Client(w, d.node.filesTLS)
	if err := d.secureFiles(ctx, conn); err != nil {
		interrupt()
		_ = raw.Close()
		return nil, err
	}
	if !interrupt() {
		return nil, d.cancelled(ctx)
	}
	_ = raw.SetDeadline(time.Time{}) // fails only if closed
	w.prepare()
	files := &fileConn{Conn: conn, wire: w}
	files.forget = context.AfterFunc(d.node.ctx, func() { _ = raw.Close() })
	return files, nil
}

// secureFiles runs the handshake and finds out who is there.
func (d *dial) secureFiles(ctx context.Context, conn *tls.Conn) error {
	peer, err := secure(conn)
	switch {
	case err != nil:
		return d.failed(ctx, &NotFeihongError{Address: d.where, Answer: answerOf(err), Err: err})
	case peer == d.node.own:
		return &SelfError{Address: d.where}
	case peer != d.want:
		return &WrongPeerError{Address: d.where, Want: d.want, Got: peer}
	}
	return nil
}
