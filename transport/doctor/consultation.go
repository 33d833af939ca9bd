package doctor

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"slices"
	"sync"

	"feihong/protocol"
)

// Session is a session as far as the doctors of two programs need it;
// *transport.Session is one.
type Session interface {
	Peer() protocol.PeerID
	// Name is what the peer calls themself.
	Name() string
	// Address is where the peer can be dialled, as host:port: the address the
	// session comes from and the port they say to listen on; "" if they do
	// not listen.
	Address() string
	// Dialed is the address that we dialled, "" if they dialled us.
	Dialed() string
	// Send queues a frame.
	Send(protocol.Application, []byte) error
	// Done is closed when the session ends.
	Done() <-chan struct{}
}

// errUnasked says that a colleague cannot be asked now.
var errUnasked = errors.New("the colleague cannot be asked now")

// mostWaiting bounds the questions that wait for an answer to them, each way.
const mostWaiting = 8

// Consultation carries questions and answers between the doctors of this
// program and its peers, over their sessions (protocol.AppDoctor). Serve must
// run for others to get answers. All methods are safe for concurrent use; Up,
// Receive and Down never block.
type Consultation struct {
	responder *Responder
	log       *slog.Logger
	asked     chan question

	mu       sync.Mutex
	sessions map[protocol.PeerID]Session
	waiting  map[uint64]waiting // by ID of the question
	last     uint64
}

type question struct {
	session Session
	about   protocol.Examine
}

type waiting struct {
	session Session
	answer  chan protocol.Examined // room for one
}

// NewConsultation returns a Consultation that answers by responder. logger may
// be nil.
func NewConsultation(responder *Responder, logger *slog.Logger) *Consultation {
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return &Consultation{
		responder: responder,
		log:       logger,
		asked:     make(chan question, mostWaiting),
		sessions:  make(map[protocol.PeerID]Session),
		waiting:   make(map[uint64]waiting),
	}
}

// Serve answers questions until ctx ends.
func (c *Consultation) Serve(ctx context.Context) error {
	var group sync.WaitGroup
	defer group.Wait()
	for range AnswersAtOnce {
		group.Go(func() {
			for {
				select {
				case one := <-c.asked:
					c.answer(ctx, one)
				case <-ctx.Done():
					return
				}
			}
		})
	}
	<-ctx.Done()
	return nil
}

func (c *Consultation) answer(ctx context.Context, one question) {
	ctx, cancel := context.WithCancel(ctx)
	var watch sync.WaitGroup
	defer watch.Wait()
	defer cancel()
	watch.Go(func() {
		select {
		case <-one.session.Done():
			cancel()
		case <-ctx.Done():
		}
	})
	examined := c.responder.Answer(ctx, askerOf(one.session), one.about)
	c.send(one.session, &examined)
}

// askerOf tells who asks. The address of somebody who does not listen is not
// told by the session, so they have none.
func askerOf(s Session) Asker {
	at, err := netip.ParseAddrPort(s.Address())
	if err != nil {
		return Asker{ID: s.Peer()}
	}
	return Asker{ID: s.Peer(), Address: plain(at)}
}

func (c *Consultation) send(s Session, m protocol.DoctorMessage) bool {
	body, err := protocol.EncodeDoctor(m)
	if err == nil {
		err = s.Send(protocol.AppDoctor, body)
	}
	if err != nil {
		c.log.Debug("doctor: not sent", "peer", s.Peer().Short(), "err", err)
	}
	return err == nil
}

// Up notes a session.
func (c *Consultation) Up(s Session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sessions[s.Peer()] = s
}

// Down forgets a session. Who waits for an answer over it waits no longer.
func (c *Consultation) Down(s Session) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sessions[s.Peer()] == s {
		delete(c.sessions, s.Peer())
	}
	for id, one := range c.waiting {
		if one.session == s {
			delete(c.waiting, id)
			close(one.answer)
		}
	}
}

// Receive takes the body of a frame of AppDoctor. The error, as of
// protocol.DecodeDoctor, is for the caller to tell the peer.
func (c *Consultation) Receive(s Session, body []byte) error {
	message, err := protocol.DecodeDoctor(body)
	if err != nil {
		return err
	}
	switch m := message.(type) {
	case *protocol.Examine:
		select {
		case c.asked <- question{s, *m}:
		default:
			c.send(s, &protocol.Examined{ID: m.ID, Refused: true})
		}
	case *protocol.Examined:
		c.arrived(s, *m)
	}
	return nil
}

// arrived gives an answer to who waits for it. One that nobody asked for, or
// from another session, means nothing.
func (c *Consultation) arrived(s Session, m protocol.Examined) {
	c.mu.Lock()
	defer c.mu.Unlock()
	one, ok := c.waiting[m.ID]
	if !ok || one.session != s {
		return
	}
	delete(c.waiting, m.ID)
	one.answer <- m
}

// Ask asks a peer with a session how an address looks from there, and waits
// for the answer until ctx ends. It is Config.AskFar.
func (c *Consultation) Ask(ctx context.Context, who protocol.PeerID, about protocol.Examine) (protocol.Examined, error) {
	session, id, answer := c.prepare(who)
	if session == nil {
		return protocol.Examined{}, errUnasked
	}
	defer c.forget(id)
	about.ID = id
	if !c.send(session, &about) {
		return protocol.Examined{}, errUnasked
	}
	select {
	case examined, ok := <-answer:
		if !ok {
			return protocol.Examined{}, errUnasked
		}
		return examined, nil
	case <-ctx.Done():
		return protocol.Examined{}, ctx.Err()
	}
}

func (c *Consultation) prepare(who protocol.PeerID) (Session, uint64, chan protocol.Examined) {
	c.mu.Lock()
	defer c.mu.Unlock()
	session := c.sessions[who]
	if session == nil || len(c.waiting) >= mostWaiting {
		return nil, 0, nil
	}
	c.last++
	answer := make(chan protocol.Examined, 1)
	c.waiting[c.last] = waiting{session, answer}
	return session, c.last, answer
}

func (c *Consultation) forget(id uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.waiting, id)
}

// Colleagues gives those with a session now. It is Config.Colleagues.
func (c *Consultation) Colleagues() []Colleague {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]Colleague, 0, len(c.sessions))
	for _, s := range c.sessions {
		list = append(list, Colleague{
			ID: s.Peer(), Name: s.Name(), Address: askerOf(s).Address.Addr(), Dialed: s.Dialed() != "",
		})
	}
	slices.SortFunc(list, func(a, b Colleague) int { return a.ID.Compare(b.ID) })
	return list
}
