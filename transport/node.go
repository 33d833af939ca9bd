package transport

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"feihong/protocol"
	"feihong/transport/identity"
)

const (
	// dialTime bounds finding the address of a host name and the TCP connect.
	dialTime = 5 * time.Second
	// greetTime bounds TLS and both hellos together.
	greetTime = 10 * time.Second
	// farewellTime bounds sending the reason for which a connection ends.
	farewellTime = time.Second
)

// Config says how a Node is to work.
type Config struct {
	// Identity is who we are. Required.
	Identity *identity.Identity
	// Name gives what the user calls themself; asked at each hello. Nil: no name.
	Name func() string
	// Program is the name and version of the program, such as "feihong 0.1.0".
	Program string
	// Listen is the IP address to listen on; "" means all, IPv4 and IPv6.
	Listen string
	// Port to listen on; 0 lets the system pick a free one.
	Port int
	// NoListen makes a node that only dials.
	NoListen bool
	// Admit is asked about each peer after its hello; an error refuses the
	// peer, who is told CodeRefused and nothing else. Nil admits everybody.
	// It is called from many goroutines and must not block for long.
	Admit func(protocol.PeerID) error
	// Handler gets what happens. Required.
	Handler Handler
	// Files gets each incoming file connection whose peer was admitted. It
	// owns the connection until it returns; then, and when ctx ends, which
	// is when the node is closed, the connection is closed. Close waits for
	// it. Nil: file connections are refused. It is called from many
	// goroutines.
	//
	// Files calls welcome, at most once, when it knows what the connection is
	// for and wants it. Until then the connection is a stranger's, which may
	// be closed to make room for other strangers, and has to hurry. If welcome
	// returns false there are too many connections of the peer or of all, and
	// this one has to be refused.
	Files func(ctx context.Context, conn net.Conn, peer protocol.PeerID, welcome func() bool)
	// Logger gets what may help to find out why nobody is reached. Nil: silence.
	Logger *slog.Logger

	// Listener and Dialer replace the network of the system, for tests with
	// connections in memory. Nil: TCP.
	Listener net.Listener
	Dialer   func(ctx context.Context, network, address string) (net.Conn, error)
}

// Handler is told about sessions. The calls for one session come from one
// goroutine: Up, then any number of Receive, then Down. For one peer the Down
// of the old session has returned before the Up of a new one is called.
//
// A method must not call Node.Dial, Node.Serve or Node.Close, which may be
// waiting for it; the methods of Session are fine.
type Handler interface {
	Up(*Session)
	// Receive gets one frame; body is only valid during the call. While it
	// blocks, nothing more is read from this peer. It must return once the
	// session's Done is closed.
	Receive(s *Session, app protocol.Application, body []byte)
	// Down says that the session has ended and why. Nil: one of the two
	// programs is leaving on purpose. A *protocol.Error: one side told the
	// other so. Anything else: the connection broke.
	Down(s *Session, err error)
}

// Node is one profile's place on the network. Its methods are safe for
// concurrent use.
type Node struct {
	config    Config
	log       *slog.Logger
	own       protocol.PeerID
	instance  [16]byte
	listener  net.Listener // nil if the node only dials
	port      uint16       // 0 if the node only dials
	serverTLS *tls.Config
	clientTLS *tls.Config
	filesTLS  *tls.Config
	pending   pending
	guests    guests
	registry  *registry
	order     atomic.Uint64 // numbers connections as they come about

	// ctx ends when the node is being closed.
	ctx  context.Context
	stop context.CancelFunc

	mu     sync.Mutex
	closed bool
	tasks  sync.WaitGroup // added to only by holders of a task, or under mu
}

// New makes a node and binds its port, so that Port and Addresses are known.
// An error in binding is a *ListenError. The node accepts connections once
// Serve runs; if Serve will never be called, Close releases the port.
func New(config Config) (*Node, error) {
	if config.Identity == nil || config.Handler == nil {
		return nil, errors.New("transport: a node needs an identity and a handler")
	}
	if config.Name == nil {
		config.Name = func() string { return "" }
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	if config.Dialer == nil {
		config.Dialer = (&net.Dialer{}).DialContext
	}
	n := &Node{
		config:    config,
		log:       config.Logger,
		own:       config.Identity.PeerID(),
		serverTLS: config.Identity.ServerTLS(),
		clientTLS: config.Identity.ClientTLS(),
		filesTLS:  config.Identity.FilesTLS(),
		registry:  newRegistry(),
	}
	if _, err := rand.Read(n.instance[:]); err != nil {
		return nil, err
	}
	if !config.NoListen {
		if err := n.bind(); err != nil {
			return nil, err
		}
	}
	n.ctx, n.stop = context.WithCancel(context.Background())
	return n, nil
}

// Serve accepts connections until ctx ends. Then it says goodbye to everybody
// and returns, within about a second, when every session is down and every
// goroutine of the node has ended. It can be called once.
func (n *Node) Serve(ctx context.Context) error {
	if !n.enter() {
		return errClosed
	}
	cancel := context.AfterFunc(ctx, n.shutdown)
	if n.listener != nil {
		n.acceptAll()
	}
	<-n.ctx.Done()
	cancel()
	n.leave()
	n.Close()
	return nil
}

// Close ends everything as the end of Serve's context does, and waits for it.
// It may be called several times.
func (n *Node) Close() {
	n.shutdown()
	n.tasks.Wait()
}

// shutdown starts the end of everything without waiting for it.
func (n *Node) shutdown() {
	n.mu.Lock()
	n.closed = true
	n.mu.Unlock()
	n.stop()
	if n.listener != nil {
		_ = n.listener.Close() // a second close is refused, as it may be
	}
	n.pending.close()
	n.registry.close()
}

// enter takes a task, which Close waits for. It fails if the node is closed.
func (n *Node) enter() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.closed {
		n.tasks.Add(1)
	}
	return !n.closed
}

func (n *Node) leave() { n.tasks.Done() }

// Port is the TCP port the node listens on, 0 if it only dials.
func (n *Node) Port() int { return int(n.port) }

// Instance is the random number of this start of the program, as in its hello.
func (n *Node) Instance() [16]byte { return n.instance }

// Session is the live session with a peer, nil if there is none.
func (n *Node) Session(peer protocol.PeerID) *Session { return n.registry.current(peer) }

// Sessions are the live sessions, in no particular order.
func (n *Node) Sessions() []*Session { return n.registry.live() }

// hello is what this node says to a peer. want is zero for anybody.
func (n *Node) hello(want protocol.PeerID) *protocol.Hello {
	return &protocol.Hello{
		MinVersion: protocol.MinVersion,
		MaxVersion: protocol.Version,
		Peer:       n.own,
		Want:       want,
		Instance:   n.instance,
		Name:       n.config.Name(),
		Program:    n.config.Program,
		Features:   n.features(),
		Port:       n.port,
	}
}

// features are what this node can do beyond the first version.
func (n *Node) features() []string {
	features := []string{protocol.FeatureAmend}
	if n.config.Files != nil {
		features = append(features, protocol.FeatureFiles)
	}
	return features
}
