package discovery

import (
	"slices"
)

// tell tells the handler of somebody, if there is anything new.
func (l *loop) tell(r *record) {
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
	return peer
}

func (l *loop) peers() []Peer {
	list := make([]Peer, 0, len(l.table.all))
	for _, r := range l.table.all {
		list = append(list, l.describe(r))
	}
	return list
}
