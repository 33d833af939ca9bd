package discovery

import (
	"slices"
)

// isShown tells whether somebody is there, as far as anybody is told. Whoever
// was but told of, is when they answer or are heard. An exception are those on
// our own links whom a neighbour heard just now.
func (r *record) isShown() bool {
	return r.reported || r.isFirstHand() || !r.listed.IsZero() || r.vouched
}

// tell tells the handler of somebody, if there is anything new.
func (l *loop) tell(r *record) {
	if !r.isShown() {
		return
	}
	peer := l.describe(r)
	print := peer.print(l.seed)
	if r.reported && r.print == print {
		return
	}
	r.reported, r.print, r.asSecondHand = true, print, peer.SecondHand
	l.config.Handler.Found(peer)
}

// describe is somebody as others see them.
func (l *loop) describe(r *record) Peer {
	peer := peerOf(r.id, r.announcement)
	peer.Addresses = l.links.dialable(r.announcement, r.from)
	peer.Ways = slices.Clone(r.ways)
	slices.SortStableFunc(peer.Ways, func(a, b Heard) int { return b.When.Compare(a.When) })
	peer.SecondHand = !r.isFirstHand() && r.listed.IsZero()
	peer.Proven = r.proven || l.contacts[r.id] != nil
	return peer
}

func (l *loop) peers() []Peer {
	list := make([]Peer, 0, len(l.table.all))
	for _, r := range l.table.all {
		if r.isShown() {
			list = append(list, l.describe(r))
		}
	}
	return list
}
