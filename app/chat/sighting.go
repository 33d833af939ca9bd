package chat

import (
	"context"

	"feihong/protocol"
)

// Status is what a person lets others see of themself. The words are those of
// the command line and the control interface.
type Status string

// The statuses. Somebody who is invisible looks offline to others.
const (
	StatusOnline  Status = "online"
	StatusAway    Status = "away"
	StatusBusy    Status = "busy"
	StatusOffline Status = "offline"
)

// Sighting is what discovery knows of somebody who is there now. All of it but
// Peer is only what they say, and good for no more than showing it and trying
// there.
type Sighting struct {
	Peer protocol.PeerID
	// Instance is the random number of the start of their program, zero if
	// unknown. Another one than before counts as if they came.
	Instance [16]byte
	// Returned says that they were gone for a moment that was not told by Gone.
	Returned bool
	// Name, Host and Department are made safe before they are shown. An empty
	// Name leaves the one that is known.
	Name, Host, Department string
	Status                 Status // "" stands for StatusOnline
	StatusText             string
	// Addresses are where to dial, host:port, best first.
	Addresses []string
	// Via is the word for the way by which they were heard: "multicast" and so on.
	Via string
}

// Seen tells that somebody is there, or what they say now. Discovery calls it
// when anything changed; to tell it again changes nothing. Somebody unknown
// becomes a contact, whom nobody dials. The addresses are kept.
func (s *Service) Seen(sighting Sighting) {
	s.post(func(l *loop) { l.seen(sighting) })
}

// Gone tells that somebody said goodbye, or is not heard any more. If a session
// with them stays up or comes up, they are invisible: they look offline until
// they are seen again, and text goes on travelling.
func (s *Service) Gone(peer protocol.PeerID) {
	s.post(func(l *loop) { l.gone(peer) })
}

// Called tells that somebody who failed to dial us asks to be dialled.
func (s *Service) Called(peer protocol.PeerID) {
	s.post(func(l *loop) { l.called(peer) })
}

// Reach dials somebody whom the user wants to write to, be it a stranger, if
// there is no session. It does not wait.
func (s *Service) Reach(id ContactID) {
	s.post(func(l *loop) {
		if p := l.person(id); p != nil {
			l.want(p)
		}
	})
}

// Known finds or makes the contact of somebody whom the user chose among those
// found at an address, so that text goes to this person and to no other who may
// be there. It is on disk when it returns. That they were found once does not
// make them nearby: Seen does.
func (s *Service) Known(ctx context.Context, sighting Sighting) (Contact, error) {
	return call(ctx, s, func(l *loop, reply func(Contact, error)) {
		if sighting.Peer.IsZero() || sighting.Peer == l.self {
			reply(Contact{}, ErrNoContact)
			return
		}
		p := l.byPeer[sighting.Peer]
		if p == nil {
			p = l.meet(Contact{Peer: sighting.Peer, Name: protocol.SafeName(sighting.Name)})
		}
		if p == nil {
			reply(Contact{}, ErrTooManyContacts)
			return
		}
		p.reach.asked = true
		l.describe(p, sighting)
		l.touch(p)
		contact := p.Contact
		l.turn.replies = append(l.turn.replies, func(err error) { reply(contact, err) })
	})
}
