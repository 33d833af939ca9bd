package chat_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

// switchboard is a network in memory. People are plugged in at addresses; what
// is dialled and unplugged behaves as on a wire, but at once and in order.
type switchboard struct {
	mu    sync.Mutex
	lines map[string]*line
	links map[*link]bool
	tasks sync.WaitGroup
	delay func() time.Duration // of a frame; nil: none
}

// line is where somebody can be dialled.
type line struct {
	board   *switchboard
	address string
	peer    protocol.PeerID
	name    string
	service *chat.Service
	failure error       // given to those who dial
	old     atomic.Bool // the program knows neither files nor amendments
	calls   int         // how often this person asked to be dialled
}

func newSwitchboard() *switchboard {
	return &switchboard{lines: make(map[string]*line), links: make(map[*link]bool)}
}

var errNobody = &chat.DialError{Reason: chat.ReasonUnreachable, Err: errors.New("nobody answers")}

// Dial implements chat.Network for the person on this line.
func (l *line) Dial(_ context.Context, address string, want protocol.PeerID) (protocol.PeerID, error) {
	b := l.board
	b.mu.Lock()
	defer b.mu.Unlock()
	other := b.lines[address]
	switch {
	case other == nil || other.service == nil:
		return protocol.PeerID{}, errNobody
	case other.failure != nil:
		return protocol.PeerID{}, other.failure
	case other == l:
		return protocol.PeerID{}, &chat.DialError{Reason: chat.ReasonSelf, Err: errors.New("that is you")}
	case !want.IsZero() && want != other.peer:
		return protocol.PeerID{}, &chat.DialError{Reason: chat.ReasonWrongPeer, Peer: other.peer, Name: other.name, Err: errors.New("somebody else")}
	case other.service.Admit(l.peer) != nil:
		return protocol.PeerID{}, &chat.DialError{Reason: chat.ReasonRefused, Err: errors.New("refused")}
	}
	for existing := range b.links {
		if existing.joins(l, other) {
			return other.peer, nil
		}
	}
	b.connect(l, other, address)
	return other.peer, nil
}

// Call implements chat.Network: who is asked hears of it, if they are there.
func (l *line) Call(peer protocol.PeerID) {
	b := l.board
	b.mu.Lock()
	defer b.mu.Unlock()
	l.calls++
	for _, other := range b.lines {
		if other.peer == peer {
			b.tasks.Go(func() { other.service.Called(l.peer) })
		}
	}
}

// link is a pair of sessions.
type link struct {
	board *switchboard
	ends  [2]*session
	once  sync.Once
	done  chan struct{}
	why   error
}

func (k *link) joins(a, b *line) bool {
	return k.ends[0].owner == a && k.ends[1].owner == b || k.ends[0].owner == b && k.ends[1].owner == a
}

func (b *switchboard) connect(from, to *line, dialed string) {
	k := &link{board: b, done: make(chan struct{})}
	k.ends[0] = &session{link: k, owner: from, other: to, dialed: dialed, in: make(chan frame, 1<<16)}
	k.ends[1] = &session{link: k, owner: to, other: from, in: make(chan frame, 1<<16)}
	b.links[k] = true
	for _, end := range k.ends {
		end.owner.service.Up(end)
		b.tasks.Go(end.serve)
	}
}

type frame struct {
	app  protocol.Application
	body []byte
}

// session is one end of a link; it implements chat.Session.
type session struct {
	link   *link
	owner  *line // who uses this end
	other  *line // whom they speak with
	dialed string
	in     chan frame // for owner
	quiet  bool       // drops what is sent: a wire that is cut without notice
}

func (s *session) Peer() protocol.PeerID { return s.other.peer }
func (s *session) Name() string          { return s.other.name }
func (s *session) Address() string       { return s.other.address }
func (s *session) Dialed() string        { return s.dialed }

func (s *session) Speaks(feature string) bool {
	return (feature == protocol.FeatureFiles || feature == protocol.FeatureAmend) && !s.other.old.Load()
}

func (s *session) Send(app protocol.Application, body []byte) error {
	select {
	case <-s.link.done:
		return errors.New("session has ended")
	default:
	}
	s.link.board.mu.Lock()
	quiet := s.quiet
	s.link.board.mu.Unlock()
	if quiet {
		return nil
	}
	opposite := s.link.ends[0]
	if opposite == s {
		opposite = s.link.ends[1]
	}
	opposite.in <- frame{app, body}
	return nil
}

func (s *session) Close(code protocol.ErrorCode, reason string) {
	s.link.end(&protocol.Error{Code: code, Text: reason})
}

// end cuts the link. It may be called from inside the service, so it only
// starts the end; the goroutines of the two sessions tell it.
func (k *link) end(why error) {
	k.once.Do(func() {
		k.why = why
		close(k.done)
	})
}

func (s *session) serve() {
	defer func() {
		s.link.board.mu.Lock()
		delete(s.link.board.links, s.link)
		s.link.board.mu.Unlock()
		s.owner.service.Down(s, s.link.why)
	}()
	for {
		select {
		case f := <-s.in:
			if delay := s.link.board.delay; delay != nil {
				pass(delay())
			}
			s.owner.service.Receive(s, f.app, f.body)
		case <-s.link.done:
			return
		}
	}
}

// cut ends all links of a person without a word.
func (l *line) cut() {
	b := l.board
	b.mu.Lock()
	defer b.mu.Unlock()
	for k := range b.links {
		if k.ends[0].owner == l || k.ends[1].owner == l {
			k.end(errors.New("cut"))
		}
	}
}

// mute makes everything that a person sends from now on get lost.
func (l *line) mute() {
	b := l.board
	b.mu.Lock()
	defer b.mu.Unlock()
	for k := range b.links {
		for _, end := range k.ends {
			if end.owner == l {
				end.quiet = true
			}
		}
	}
}

// person is a running service with its store, for tests.
type person struct {
	*chat.Service
	t      *testing.T
	line   *line
	store  chat.Store
	events *chat.Subscription
	seen   []chat.Event // complete once leave has returned
	cancel context.CancelFunc
	tasks  sync.WaitGroup
}

// pass lets time go by, inside a synctest bubble.
func pass(d time.Duration) { <-time.After(d) }

// join plugs somebody in and starts their service.
func (b *switchboard) join(t *testing.T, name, address string, store chat.Store) *person {
	t.Helper()
	return b.joinAs(t, name, name, address, store)
}

// joinAs is join for somebody whose key has another seed than the name.
func (b *switchboard) joinAs(t *testing.T, key, name, address string, store chat.Store) *person {
	t.Helper()
	l := &line{board: b, address: address, peer: peerOf(key), name: name}
	return b.run(t, l, chat.Config{Store: store})
}

// run plugs in a line and starts a service there.
func (b *switchboard) run(t *testing.T, l *line, config chat.Config) *person {
	t.Helper()
	config.Self, config.Network = l.peer, l
	service, err := chat.New(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	l.service = service
	ctx, cancel := context.WithCancel(context.Background())
	p := &person{Service: service, t: t, line: l, store: config.Store, cancel: cancel}
	p.events = service.Subscribe()
	b.mu.Lock()
	b.lines[l.address] = l
	b.mu.Unlock()
	p.tasks.Go(func() {
		for e := range p.events.Events() {
			p.seen = append(p.seen, e)
		}
	})
	p.tasks.Go(func() {
		if err := service.Serve(ctx); err != nil {
			t.Errorf("%s: %v", l.name, err)
		}
	})
	return p
}

// leave unplugs somebody, as a crash does: the store stays.
func (p *person) leave() {
	p.line.board.mu.Lock()
	if p.line.board.lines[p.line.address] == p.line {
		delete(p.line.board.lines, p.line.address)
	}
	p.line.board.mu.Unlock()
	p.line.cut()
	p.cancel()
	p.tasks.Wait()
	p.events.Close()
}

// peerOf makes an ID from a word.
func peerOf(word string) protocol.PeerID {
	var key [32]byte
	copy(key[:], word)
	return protocol.PeerIDOf(key[:])
}

// signerOf makes the ID of somebody who can sign from a word, which takes
// longer.
func signerOf(word string) protocol.PeerID {
	return protocol.PeerIDOf(keyOf(word).Public().(ed25519.PublicKey))
}

// keyOf makes a private key from a word.
func keyOf(word string) ed25519.PrivateKey {
	var seed [ed25519.SeedSize]byte
	copy(seed[:], word)
	return ed25519.NewKeyFromSeed(seed[:])
}
