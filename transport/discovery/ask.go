package discovery

import (
	"context"
	"net/netip"
	"time"

	"feihong/protocol"
)

// Times of Ask.
var askWaits = []time.Duration{250 * time.Millisecond, 350 * time.Millisecond, 400 * time.Millisecond}

// siblingsWithin is how long after the first answer others from the same
// machine are waited for.
const siblingsWithin = 150 * time.Millisecond

// Ask asks who is at an address, which may be one of this machine, and returns
// all programs there but this one. It returns none and no error if nobody
// answered within about a second, or before ctx ended, and ErrClosed if the
// service has ended. It needs Serve to run, and works when the service is
// passive.
func (s *Service) Ask(ctx context.Context, addr netip.Addr) ([]Peer, error) {
	answers := make(chan []Peer, 1)
	question := &asking{addr: addr.Unmap(), reply: answers}
	select {
	case s.events <- question.begin:
	case <-ctx.Done():
		return nil, nil
	case <-s.ended:
		return nil, ErrClosed
	}
	select {
	case peers := <-answers:
		return peers, nil
	case <-s.ended:
		return nil, ErrClosed
	case <-ctx.Done():
		if s.do(func(*loop) { question.finish() }) != nil {
			return nil, ErrClosed
		}
	}
	select {
	case peers := <-answers:
		return peers, nil
	case <-s.ended:
		return nil, ErrClosed
	}
}

// asking is a call of Ask. All but addr and reply belongs to the loop.
type asking struct {
	addr     netip.Addr
	reply    chan<- []Peer
	inquiry  *inquiry
	peers    []Peer
	siblings *task
	done     bool
}

func (q *asking) begin(l *loop) {
	if l.asks >= maxAsks || !q.addr.IsValid() || q.addr.IsUnspecified() || q.addr.IsMulticast() {
		q.done = true
		q.reply <- nil
		return
	}
	l.asks++
	q.inquiry = &inquiry{to: []netip.Addr{q.addr}, waits: askWaits, free: true, failed: q.finish,
		got: func(r *record, a *protocol.Announcement, from origin) bool {
			q.add(l, r, a, from)
			return true
		}}
	l.ask(q.inquiry)
}

// add notes an answer.
func (q *asking) add(l *loop, r *record, a *protocol.Announcement, from origin) {
	const most = 64
	peer := peerOf(a.Peer(), a)
	peer.Addresses = l.links.dialable(a, from)
	peer.Ways = []Heard{{Way: wayAnswer, When: l.now, From: from.addr, Interface: from.zone}}
	if r != nil {
		peer = l.describe(r)
	}
	peer.Proven = true
	for i := range q.peers {
		if q.peers[i].ID == peer.ID {
			q.peers[i] = peer
			return
		}
	}
	if len(q.peers) < most {
		q.peers = append(q.peers, peer)
	}
	if q.siblings == nil {
		q.siblings = l.after(siblingsWithin, q.finish)
	}
}

// wayAnswer is how an answer comes.
const wayAnswer = "unicast"

func (q *asking) finish() {
	if q.done {
		return
	}
	q.done = true
	l := q.inquiry.loop
	l.asks--
	l.agenda.cancel(q.siblings)
	q.inquiry.failed = nil
	q.inquiry.end()
	q.reply <- q.peers
}
