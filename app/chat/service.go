package chat

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"feihong/protocol"
)

// Bounds of what shares one transaction, so that the first of it does not wait
// for an endless stream behind it.
const (
	maxTurn        = 2048 // inputs
	maxTurnChanges = 4096 // messages and states
	maxTurnBytes   = 1 << 20
)

// ErrClosed is returned by commands after Serve has ended.
var ErrClosed = errors.New("the profile is closing")

// Config is what a Service needs.
type Config struct {
	Self    protocol.PeerID // this profile's own ID
	Store   Store
	Network Network
	Logger  *slog.Logger // nil: discards
	// Carrier moves the data of transfers. Nil: files are neither offered nor
	// taken.
	Carrier Carrier
	// Traffic is held while texts are under way. Nil: nothing is.
	Traffic Traffic
	// ReceiveFolder tells where accepted files go if nothing else is said, an
	// absolute path; "" or nil: it has to be said. It returns at once.
	ReceiveFolder func() string
	// Executable tells from its name, and from whether it is marked as such,
	// if a file is a program. Nil: from the mark alone.
	Executable func(name string, marked bool) bool
	// Passive makes the service dial only people for whom a command asked,
	// as a command line that does one thing and ends. Otherwise it keeps in
	// touch with everybody whose address is known.
	Passive bool
}

// Service is the messenger without its window. Its methods are safe for
// concurrent use; those that change something wait until the change is on
// disk, and need Serve to run.
type Service struct {
	self    protocol.PeerID
	store   Store
	network Network
	log     *slog.Logger
	passive bool

	traffic       Traffic
	carrier       Carrier
	carry         *conveyor
	progress      progressInbox
	receiveFolder func() string
	executable    func(name string, marked bool) bool
	signing       chan struct{} // holds an element for each receipt that is being countersigned

	inputs chan func(*loop)
	intake intake
	done   chan struct{} // closed when Serve ends
	dials  sync.WaitGroup
	feed   feed

	blockedMu sync.RWMutex
	blocked   map[protocol.PeerID]bool

	loop *loop
}

// New loads what the store knows. Call Serve to bring the service to life.
func New(ctx context.Context, cfg Config) (*Service, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Service{
		self:    cfg.Self,
		store:   cfg.Store,
		network: cfg.Network,
		log:     cfg.Logger,
		passive: cfg.Passive,
		inputs:  make(chan func(*loop), maxTurn),
		done:    make(chan struct{}),
		blocked: make(map[protocol.PeerID]bool),

		traffic:       cfg.Traffic,
		carrier:       cfg.Carrier,
		carry:         newConveyor(cfg.Carrier),
		receiveFolder: cfg.ReceiveFolder,
		executable:    cfg.Executable,
		signing:       make(chan struct{}, maxSigning),
	}
	if s.traffic == nil {
		s.traffic = noTraffic{}
	}
	l, err := load(ctx, s)
	if err != nil {
		return nil, err
	}
	s.loop = l
	return s, nil
}

// Serve runs the service until ctx ends. It is called once.
func (s *Service) Serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer s.feed.close()
	defer s.dials.Wait()
	defer s.carry.close()
	defer close(s.done)
	defer s.intake.close()
	defer cancel()

	l := s.loop
	l.ctx = ctx
	if s.carrier != nil {
		s.dials.Go(s.carry.serve)
	}
	l.start()
	defer l.stop()
	for {
		select {
		case <-ctx.Done():
			l.drain()
			l.takeLeave()
			l.commit()
			return nil
		case input := <-s.inputs:
			input(l)
			l.drain()
			l.commit()
		}
	}
}

// post hands an input to the loop. It blocks while the loop is behind, which
// is the back-pressure on peers, and drops the input once the service ended.
func (s *Service) post(input func(*loop)) bool {
	select {
	case s.inputs <- input:
		return true
	case <-s.done:
		return false
	}
}

// result is what a command gives back.
type result[T any] struct {
	value T
	err   error
}

// call runs a command in the loop and waits for its reply, which the command
// gives by calling reply exactly once, at the latest when its turn is on disk.
// A caller who stops waiting gets nothing, whatever becomes of the command.
func call[T any](ctx context.Context, s *Service, command func(l *loop, reply func(T, error))) (T, error) {
	answer := make(chan result[T], 1)
	input := func(l *loop) { command(l, func(value T, err error) { answer <- result[T]{value, err} }) }
	var none T
	select {
	case s.inputs <- input:
	case <-s.done:
		return none, ErrClosed
	case <-ctx.Done():
		return none, ctx.Err()
	}
	select {
	case r := <-answer:
		return r.value, r.err
	case <-s.done:
	case <-ctx.Done():
	}
	// The answer may have come together with the end.
	select {
	case r := <-answer:
		return r.value, r.err
	default:
	}
	if ctx.Err() != nil {
		return none, ctx.Err()
	}
	return none, ErrClosed
}

// ask is call for a question that changes nothing.
func ask[T any](ctx context.Context, s *Service, question func(l *loop) (T, error)) (T, error) {
	return call(ctx, s, func(l *loop, reply func(T, error)) { reply(question(l)) })
}

// Admit says whether a peer may have a session: an error tells why not. It is
// called by the network for every connection, from any goroutine.
func (s *Service) Admit(peer protocol.PeerID) error {
	s.blockedMu.RLock()
	defer s.blockedMu.RUnlock()
	if s.blocked[peer] {
		return errBlocked
	}
	return nil
}

func (s *Service) setAdmitted(peer protocol.PeerID, blocked bool) {
	if peer.IsZero() {
		return
	}
	s.blockedMu.Lock()
	defer s.blockedMu.Unlock()
	if blocked {
		s.blocked[peer] = true
	} else {
		delete(s.blocked, peer)
	}
}
