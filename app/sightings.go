package app

import (
	"context"
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
	chat *chat.Service
	net  *transport.Node
	wake chan struct{} // holds a token when there is news

	mu   sync.Mutex
	news map[protocol.PeerID]news
}

// news is what has not been handed on about one person.
type news struct {
	seen   *chat.Sighting // nil: no longer there, if gone
	gone   bool
	called bool
}

func newSightings(c *chat.Service, net *transport.Node) *sightings {
	return &sightings{chat: c, net: net, wake: make(chan struct{}, 1), news: make(map[protocol.PeerID]news)}
}

// Found implements discovery.Handler, as do the next two.
func (s *sightings) Found(p discovery.Peer) {
	seen := sightingOf(p)
	s.note(p.ID, func(n *news) { n.seen, n.gone = &seen, false })
}

func (s *sightings) Lost(id protocol.PeerID) {
	s.note(id, func(n *news) { n.seen, n.gone = nil, true })
}

func (s *sightings) Called(p discovery.Peer) {
	seen := sightingOf(p)
	s.note(p.ID, func(n *news) { n.seen, n.gone, n.called = &seen, false, true })
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
		s.mu.Lock()
		taken := s.news
		s.news = make(map[protocol.PeerID]news)
		s.mu.Unlock()
		for id, n := range taken {
			s.handOn(id, n)
			session := s.doubtful(id, n)
			if session == nil {
				continue
			}
			if _, already := proving.LoadOrStore(session, nil); !already {
				proofs.Go(func() {
					session.Prove()
					proving.Delete(session)
				})
			}
		}
	}
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
// they are no more. TCP would notice that only when it has sent in vain for a
// long time.
func (s *sightings) doubtful(id protocol.PeerID, n news) *transport.Session {
	session := s.net.Session(id)
	if session == nil || n.seen == nil {
		return nil
	}
	remote := session.Remote().WithZone("")
	for _, address := range n.seen.Addresses {
		if at, err := netip.ParseAddrPort(address); err == nil && at.Addr().WithZone("") == remote {
			return nil
		}
	}
	return session
}

// sightingOf says in chat's words what discovery knows of somebody.
func sightingOf(p discovery.Peer) chat.Sighting {
	s := chat.Sighting{
		Peer:       p.ID,
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
