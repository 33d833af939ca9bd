package app

import (
	"context"
	"maps"
	"net/netip"
	"slices"
	"sync"

	"feihong/app/chat"
	"feihong/protocol"
	"feihong/transport"
	"feihong/transport/discovery"
)

// sightings hands on to chat what discovery reports. Neither waits for the
// other: of each person only the newest news is kept until chat takes it.
type sightings struct {
	chat    listener
	session func(protocol.PeerID) session // nil if there is none
	wake    chan struct{}                 // holds a token when there is news

	mu   sync.Mutex
	news map[protocol.PeerID]news

	// handed is what was handed on about people who are there, and about those
	// who went while there was a session with them. Only Serve uses it.
	handed map[protocol.PeerID]handed
}

// listener is told of people: a chat.Service.
type listener interface {
	Seen(chat.Sighting)
	Gone(protocol.PeerID)
	Called(protocol.PeerID)
}

// session is a transport.Session, as far as it can be doubted.
type session interface {
	Remote() netip.Addr
	Prove() bool
}

// news is what has not been handed on about one person.
type news struct {
	seen   *chat.Sighting // nil: no longer there, if gone
	gone   bool
	called bool
}

// handed is what was handed on last about one person.
type handed struct {
	instance [16]byte
	there    bool
}

func newSightings(c listener, net *transport.Node) *sightings {
	return &sightings{
		chat: c,
		session: func(peer protocol.PeerID) session {
			if s := net.Session(peer); s != nil {
				return s
			}
			return nil
		},
		wake:   make(chan struct{}, 1),
		news:   make(map[protocol.PeerID]news),
		handed: make(map[protocol.PeerID]handed),
	}
}

// Found implements discovery.Handler, as do the next two.
func (s *sightings) Found(p discovery.Peer) {
	seen := sightingOf(p)
	s.note(p.ID, func(n *news) { n.found(seen) })
}

func (s *sightings) Lost(id protocol.PeerID) {
	s.note(id, func(n *news) { n.seen, n.gone = nil, true })
}

func (s *sightings) Called(p discovery.Peer) {
	theirs := callerFirst(&p)
	seen := sightingOf(p)
	s.note(p.ID, func(n *news) {
		n.found(seen)
		n.called = n.called || theirs
	})
}

// found takes over where somebody is. That they were gone since the last
// handover must not get lost: what failed before may succeed now.
func (n *news) found(seen chat.Sighting) {
	seen.Returned = n.gone || n.seen != nil && n.seen.Returned
	n.seen, n.gone = &seen, false
}

// callerFirst puts the address that a call came from first. There is none if
// they do not say that it is theirs: then they want us to dial somebody else.
func callerFirst(p *discovery.Peer) bool {
	if len(p.Ways) == 0 {
		return false
	}
	from := p.Ways[0].From.WithZone("")
	at := slices.IndexFunc(p.Addresses, func(a netip.AddrPort) bool { return a.Addr().WithZone("") == from })
	if at < 0 {
		return false
	}
	first := p.Addresses[at]
	p.Addresses = slices.Insert(slices.Delete(slices.Clone(p.Addresses), at, at+1), 0, first)
	return true
}

func (s *sightings) note(id protocol.PeerID, change func(*news)) {
	s.mu.Lock()
	n := s.news[id]
	change(&n)
	s.news[id] = n
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Serve hands on until ctx ends.
func (s *sightings) Serve(ctx context.Context) error {
	var proofs sync.WaitGroup
	defer proofs.Wait()
	var proving sync.Map // the sessions that are being proven
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.wake:
		}
		for _, session := range s.handOver() {
			if _, already := proving.LoadOrStore(session, nil); !already {
				proofs.Go(func() {
					session.Prove()
					proving.Delete(session)
				})
			}
		}
	}
}

// handOver hands on all the news there is. It returns the sessions that are to
// be proven.
func (s *sightings) handOver() (doubted []session) {
	s.mu.Lock()
	taken := s.news
	s.news = make(map[protocol.PeerID]news)
	s.mu.Unlock()
	for id, n := range taken {
		s.handOn(id, n)
		if session := s.doubtful(id, n); session != nil {
			doubted = append(doubted, session)
		}
		s.remember(id, n)
	}
	return doubted
}

func (s *sightings) handOn(id protocol.PeerID, n news) {
	switch {
	case n.gone:
		s.chat.Gone(id)
	case n.seen != nil:
		s.chat.Seen(*n.seen)
	}
	if n.called {
		s.chat.Called(id)
	}
}

// doubtful is the session with somebody who has moved, if it leads to where
// they are no more, or whose program started anew or who was away. TCP would
// notice that only when it has sent in vain for a long time.
func (s *sightings) doubtful(id protocol.PeerID, n news) session {
	if n.seen == nil {
		return nil
	}
	session := s.session(id)
	if session == nil {
		return nil
	}
	before, known := s.handed[id]
	if n.seen.Returned || known && (!before.there || before.instance != n.seen.Instance) {
		return session
	}
	remote := session.Remote().WithZone("")
	for _, address := range n.seen.Addresses {
		if at, err := netip.ParseAddrPort(address); err == nil && at.Addr().WithZone("") == remote {
			return nil
		}
	}
	return session
}

// remember keeps what the next doubt is about. Of those who are away it keeps
// no more than there are sessions.
func (s *sightings) remember(id protocol.PeerID, n news) {
	switch {
	case n.seen != nil:
		s.handed[id] = handed{instance: n.seen.Instance, there: true}
	case n.gone:
		s.handed[id] = handed{}
		maps.DeleteFunc(s.handed, func(id protocol.PeerID, h handed) bool { return !h.there && s.session(id) == nil })
	}
}

// sightingOf says in chat's words what discovery knows of somebody.
func sightingOf(p discovery.Peer) chat.Sighting {
	s := chat.Sighting{
		Peer:       p.ID,
		Instance:   p.Instance,
		Name:       p.Name,
		Host:       p.Host,
		Department: p.Department,
		Status:     chat.Status(p.Status.String()),
		StatusText: p.StatusText,
	}
	for _, a := range p.Addresses {
		s.Addresses = append(s.Addresses, a.String())
	}
	if len(p.Ways) > 0 {
		s.Via = p.Ways[0].Way
	}
	return s
}
