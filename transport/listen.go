package transport

import (
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"time"

	"feihong/protocol"
)

// bind opens the listener. Without an IP address Go opens one socket for IPv4
// and IPv6; where the system refuses that, IPv4 alone must do.
func (n *Node) bind() error {
	listener := n.config.Listener
	if listener == nil {
		var err error
		where := net.JoinHostPort(n.config.Listen, strconv.Itoa(n.config.Port))
		listener, err = net.Listen("tcp", where)
		if err != nil && n.config.Listen == "" && !errors.Is(err, errnoInUse) {
			listener, err = net.Listen("tcp4", where)
		}
		if err != nil {
			return &ListenError{Listen: n.config.Listen, Port: n.config.Port, Err: err}
		}
	}
	n.listener = listener
	n.port = addrPort(listener.Addr()).Port()
	return nil
}

// acceptAll accepts connections until the listener is closed. Other failures,
// such as too many open files, pass.
func (n *Node) acceptAll() {
	backoff := Backoff{Min: 5 * time.Millisecond, Max: time.Second}
	for {
		raw, err := n.listener.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			n.log.Warn("cannot accept connections", "error", err)
			if !n.pause(backoff.Next()) {
				return
			}
			continue
		}
		backoff.Reset()
		order := n.order.Add(1)
		if !n.enter() {
			_ = raw.Close()
			return
		}
		// Here and not in the goroutine: those who wait are in the order in which
		// they came, or a flood could push out who came after it.
		done, ok := n.pending.add(raw, addrPort(raw.RemoteAddr()).Addr())
		if !ok {
			_ = raw.Close()
			n.leave()
			return
		}
		go func() {
			defer n.leave()
			defer done()
			n.welcome(raw, order, done)
		}()
	}
}

// pause waits and returns true, or false at once when the node is closed.
func (n *Node) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-n.ctx.Done():
		return false
	}
}

// welcome finds out who dialled us and what for. It calls admitted once they
// are no stranger any more.
func (n *Node) welcome(raw net.Conn, order uint64, admitted func()) {
	log := n.log.With("from", addrPort(raw.RemoteAddr()))
	_ = raw.SetDeadline(time.Now().Add(greetTime)) // fails if closed, as everything after it then
	below := newWire(raw)
	conn := tls.Server(below, n.serverTLS)
	peer, err := secure(conn)
	if err != nil {
		log.Debug("not a Feihong connection", "error", err)
		_ = raw.Close()
		return
	}
	if conn.ConnectionState().NegotiatedProtocol == protocol.FilesALPN {
		n.welcomeFiles(below, conn, peer, admitted)
		return
	}
	n.welcomeSession(newLink(raw, conn, peer, order), admitted)
}

// welcomeSession greets somebody who dialled us, and starts a session with them
// if all is well. It calls admitted once they have said hello.
func (n *Node) welcomeSession(l *link, admitted func()) {
	log := n.log.With("from", addrPort(l.raw.RemoteAddr()))
	hello, err := l.readHello()
	if err != nil {
		log.Debug("no hello", "peer", l.peer.Short(), "error", err)
		l.reject(err)
		return
	}
	if err := n.judge(l, hello); err != nil {
		log.Info("refused a connection", "peer", l.peer.Short(), "error", err)
		n.decline(l, err)
		return
	}
	admitted() // from here on it is no stranger, and must not be closed as one
	_ = l.raw.SetDeadline(time.Time{})
	s := newSession(n, l, hello, "")
	if err := s.queueLink(n.hello(protocol.PeerID{})); err != nil {
		log.Error("cannot say hello", "error", err)
		_ = l.raw.Close()
		return
	}
	if problem := n.settle(s); problem != nil {
		log.Debug("a session was not taken", "peer", l.peer.Short(), "error", problem)
		l.reject(problem)
	}
}

// settle makes an incoming session the one with its peer and starts it, or
// says why not. A rival that would be kept instead must first prove that it
// is alive: the peer may have lost it without our knowing.
func (n *Node) settle(s *Session) *protocol.Error {
	rival, problem := n.registry.claim(s)
	if rival != nil && !rival.prove() {
		_, problem = n.registry.claim(s)
	}
	if problem == nil {
		s.start()
	}
	return problem
}

// decline rejects a peer whose hello was read. One who speaks other versions
// gets our hello first, to learn which we speak.
func (n *Node) decline(l *link, err error) {
	var version *VersionError
	if errors.As(err, &version) {
		_ = l.send(n.hello(protocol.PeerID{})) // the reason follows in any case
	}
	l.reject(err)
}
