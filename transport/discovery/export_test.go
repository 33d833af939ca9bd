package discovery

import (
	"context"
	"sync"
	"time"

	"feihong/protocol"
	"feihong/transport/ether"
)

// MaxPeople and MaxFromSource are bounds that tests run into.
const (
	MaxPeople     = maxPeople
	MaxFromSource = maxFromSource
)

// SetOpen replaces how announcements are verified. Before Serve.
func (s *Service) SetOpen(open func([]byte) (*protocol.Announcement, error)) { s.open = open }

// SetWall replaces the wall clock. Before Serve.
func (s *Service) SetWall(wall func() time.Time) { s.wall = wall }

// Feeder is a loop without goroutines, to which datagrams are fed by hand.
type Feeder struct{ loop *loop }

// NewFeeder makes one.
func NewFeeder(s *Service, port ether.Port) *Feeder {
	l := newLoop(s, context.Background(), &sync.WaitGroup{}, port)
	l.look()
	return &Feeder{loop: l}
}

// Feed handles one datagram, and whatever is due.
func (f *Feeder) Feed(packet ether.Packet) {
	if len(packet.Data) > protocol.MaxDatagramBytes {
		return
	}
	f.loop.tick()
	f.loop.receive(&packet)
}

// Present handles a body that came over a session.
func (f *Feeder) Present(session Session, body []byte) {
	f.loop.tick()
	f.loop.up(session)
	if message, err := protocol.DecodePresence(body); err == nil {
		f.loop.received(session, message)
	}
	for len(f.loop.backlog) > 0 {
		f.loop.digest()
	}
	f.loop.down(session)
}

// Peers are the people.
func (f *Feeder) Peers() []Peer { return f.loop.peers() }

// Sizes tells how much is kept of what others sent.
func (s *Service) Sizes() Sizes {
	return query(s, func(l *loop) Sizes { return l.sizes() })
}

// Sizes of the bounded things.
type Sizes struct{ People, Gone, Sources, Pending, Inquiries, Seen, Hashes, Tasks int }

func (l *loop) sizes() Sizes {
	return Sizes{len(l.table.all), len(l.table.gone), len(l.sources.all), len(l.pending),
		len(l.inquiries), len(l.seen), len(l.table.byHash), len(l.agenda.tasks)}
}
