package discovery

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"feihong/protocol"
	"feihong/transport/ether"
	"feihong/transport/identity"
)

// Self is what this program says about its user.
type Self struct {
	Name, Host, Department string
	Status                 protocol.Status // StatusOffline: invisible, nothing is announced or answered
	StatusText             string
	Port                   uint16 // TCP port that is listened on; 0: none
	// Only is the one address that is listened on; invalid: all.
	Only netip.Addr
}

// Config is what a Service needs.
type Config struct {
	Identity *identity.Identity
	Instance [16]byte    // random, chosen at each start of the program
	Self     func() Self // asked by the loop at each announcement; must not block
	Ether    ether.Ether
	Port     int // the shared UDP port; 0: protocol.DiscoveryPort
	// Passive is for one command: the service asks, but neither listens on the
	// shared port nor announces anything.
	Passive    bool
	Directory  Directory           // nil: none
	Ranges     func() []Range      // to be searched, set by the user; nil: none
	Remembered func() []netip.Addr // last addresses of people, asked at start and in a new network; nil: none
	// Dial opens a session, which comes back by Service.Up, for an exchange of
	// announcements. It is called by goroutines of the service. Nil: none are
	// opened.
	Dial    func(ctx context.Context, address string, want protocol.PeerID) error
	Handler Handler      // nil: nobody is told
	Logger  *slog.Logger // nil: nothing is logged
}

// Handler is told of people. It is called by the loop's goroutine, one call
// after the other, and must not block: while it does, nothing is heard and
// nothing announced. It must not call the methods Ask, Peers and State, nor Up,
// Receive and Down, which wait for the loop.
type Handler interface {
	// Found says that somebody is new, or that anything about them changed:
	// what they say, their addresses, the ways by which they are heard.
	Found(Peer)
	// Lost says that somebody said goodbye, or fell silent and did not answer.
	Lost(protocol.PeerID)
	// Called says that somebody asks to be dialled, because they could not
	// dial us.
	Called(Peer)
}

// Directory is another way to publish announcements and to find those of
// others, as DNS-SD is.
type Directory interface {
	// Serve publishes and browses until ctx ends. It reports what is there,
	// and what is gone. A report may block for a while.
	Serve(ctx context.Context, report func(signed []byte, gone bool)) error
	// Publish says what to publish from now on; nil withdraws it. It never
	// blocks, and may be called before Serve.
	Publish(signed []byte, name string, port uint16)
	// Refresh says that the interfaces changed. It never blocks.
	Refresh()
}

// Session is a session with a peer, of which discovery uses the application
// AppPresence. Its methods are safe for concurrent use and never block.
type Session interface {
	Peer() protocol.PeerID
	Send(app protocol.Application, body []byte) error
	Close(code protocol.ErrorCode, reason string)
}

// ErrClosed says that the service has ended.
var ErrClosed = errors.New("discovery has ended")

// Service finds people. Make one with New and run it with Serve. Its methods
// are safe for concurrent use.
type Service struct {
	config Config
	own    [32]byte // public key
	ownID  protocol.PeerID
	log    *slog.Logger
	wall   func() time.Time
	open   func(signed []byte) (*protocol.Announcement, error)

	serving atomic.Bool
	events  chan func(*loop) // what the loop is to do
	ended   chan struct{}    // closed when the loop has ended
	wishes  wishes
	inbox   *inbox
}

// wishes are what others want of the loop without waiting for it. They are
// coalesced, so that there is always room.
type wishes struct {
	wake chan struct{} // has room for one

	mu       sync.Mutex
	announce bool
	search   bool
	call     []protocol.PeerID
}

// New makes a service. It fails if something is missing in config.
func New(config Config) (*Service, error) {
	if config.Ether == nil {
		return nil, errors.New("discovery: no ether")
	}
	if !config.Passive && (config.Identity == nil || config.Self == nil) {
		return nil, errors.New("discovery: nothing to announce")
	}
	if config.Port == 0 {
		config.Port = protocol.DiscoveryPort
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	if config.Handler == nil {
		config.Handler = nobody{}
	}
	s := &Service{
		config: config,
		log:    config.Logger,
		wall:   func() time.Time { return time.Now().Round(0) },
		open:   protocol.OpenAnnouncement,
		events: make(chan func(*loop), 64),
		ended:  make(chan struct{}),
		inbox:  newInbox(),
		wishes: wishes{wake: make(chan struct{}, 1)},
	}
	if config.Identity != nil {
		s.own = [32]byte(config.Identity.PublicKey())
		s.ownID = config.Identity.PeerID()
	}
	return s, nil
}

// nobody is a Handler that ignores everything.
type nobody struct{}

func (nobody) Found(Peer)           {}
func (nobody) Lost(protocol.PeerID) {}
func (nobody) Called(Peer)          {}

// Serve runs the service until ctx ends, and says goodbye then. It can be
// called once.
func (s *Service) Serve(ctx context.Context) error {
	if s.serving.Swap(true) {
		return errors.New("discovery: Serve was called twice")
	}
	port, err := s.config.Ether.Open(s.config.Port, s.config.Passive)
	if err != nil {
		close(s.ended)
		return err
	}
	if trouble := port.Trouble(); trouble != nil {
		s.log.Warn("cannot listen for announcements", "port", s.config.Port, "error", trouble)
	}
	// What the loop starts ends with it, and only after its last words.
	within, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var tasks sync.WaitGroup
	tasks.Go(func() { s.receive(port) })
	l := newLoop(s, within, &tasks, port)
	l.run(ctx.Done())
	close(s.ended) // nobody may wait for the loop any more
	cancel()
	err = port.Close()
	tasks.Wait()
	return err
}

// receive takes datagrams from the port until it is closed.
func (s *Service) receive(port ether.Port) {
	for {
		packet, err := port.Receive()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			s.log.Debug("receive", "error", err)
		case len(packet.Data) <= protocol.MaxDatagramBytes:
			s.inbox.put(packet)
		}
	}
}

// do hands the loop something to do. It waits for room among what the loop has
// to do, which does not wait for the network.
func (s *Service) do(event func(*loop)) error {
	select {
	case s.events <- event:
		return nil
	case <-s.ended:
		return ErrClosed
	}
}

func (w *wishes) add(change func()) {
	w.mu.Lock()
	change()
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Announce tells everybody what Self says now. It returns at once.
func (s *Service) Announce() { s.wishes.add(func() { s.wishes.announce = true }) }

// Search asks now in our networks, and at the addresses of the ranges and of
// people remembered. It returns at once.
func (s *Service) Search() { s.wishes.add(func() { s.wishes.search = true }) }

// Call asks somebody to dial us, because dialling them failed. It returns at
// once. Whoever is not known, or was called a moment ago, is not called, and
// nobody is while the user is invisible.
func (s *Service) Call(id protocol.PeerID) {
	const most = 256
	s.wishes.add(func() {
		if len(s.wishes.call) < most {
			s.wishes.call = append(s.wishes.call, id)
		}
	})
}

// Peers returns those who are there, in no order; nil while Serve does not
// run.
func (s *Service) Peers() []Peer {
	return query(s, func(l *loop) []Peer { return l.peers() })
}

// query gets something from the loop; the zero value if it does not run.
func query[T any](s *Service, get func(*loop) T) (zero T) {
	if !s.serving.Load() {
		return zero
	}
	reply := make(chan T, 1)
	if s.do(func(l *loop) { reply <- get(l) }) != nil {
		return zero
	}
	select {
	case result := <-reply:
		return result
	case <-s.ended:
		return zero
	}
}
