package discovery

import (
	"net/netip"
	"time"

	"feihong/protocol"
)

// Bounds of what those who tell of others can make us ask. A list may name any
// addresses at all, of people who were invented for it.
const (
	maxTellers    = 256 // who told of somebody, and how many are asked for them, is remembered
	furtherGreets = 2   // addresses of one person asked when the first does not answer
	currentWithin = 3 * time.Minute
)

var (
	rateTeller = rate{512.0 / 600, 512}   // greets because of one person, whatever their sessions
	rateGreets = rate{4096.0 / 600, 4096} // greets because of all
)

// hearsay is an announcement that others told us of.
type hearsay struct {
	signed []byte
	heard  time.Time
	teller protocol.PeerID
}

// digest looks at some of what we were told.
func (l *loop) digest() {
	for range min(backlogTurn, len(l.backlog)) {
		told := l.backlog[0]
		l.backlog[0] = hearsay{}
		l.backlog = l.backlog[1:]
		r := l.take(arrival{signed: told.signed, way: WayExchange, told: true, heard: told.heard,
			teller: told.teller, vouched: l.vouches(&told)})
		if r != nil {
			l.planGreet(r, told.teller)
		}
	}
	if len(l.backlog) == 0 {
		l.backlog = nil
	}
}

// vouches tells whether a neighbour says that somebody was there just now: then
// a newcomer may see them before they are heard.
func (l *loop) vouches(told *hearsay) bool {
	_, _, sequence, err := protocol.PeekAnnouncement(told.signed)
	teller := l.table.byID[told.teller]
	return err == nil && teller != nil && teller.isFirstHand() && !l.elsewhere(teller) &&
		l.wall().Sub(time.UnixMilli(int64(sequence))).Abs() <= currentWithin
}

// planGreet plans to ask somebody of whom we were told, once, whether they are
// there.
func (l *loop) planGreet(r *record, teller protocol.PeerID) {
	if r.isFirstHand() || r.greeted || r.reported || !l.visible() || !l.mayGreet(teller) {
		return
	}
	r.greeted = l.greets.add(func() { l.greet(r) })
}

// mayGreet limits whom anybody can make us ask. Who is still not seen when the
// allowance is used up, is seen when they are heard.
func (l *loop) mayGreet(teller protocol.PeerID) bool {
	used := l.tellers[teller]
	if used == nil {
		used = l.newTeller(teller)
	}
	return used != nil && used.take(l.now, rateTeller) && l.greeted.take(l.now, rateGreets)
}

// newTeller makes room for somebody who tells, if there is anybody whose
// allowance is whole again.
func (l *loop) newTeller(id protocol.PeerID) *bucket {
	if len(l.tellers) >= maxTellers {
		for other, used := range l.tellers {
			if used.left(l.now, rateTeller) >= rateTeller.burst {
				delete(l.tellers, other)
			}
		}
	}
	if len(l.tellers) >= maxTellers {
		return nil
	}
	l.tellers[id] = &bucket{}
	return l.tellers[id]
}

// greet asks somebody of whom others told, whether they are there. The
// question tells them of us. It goes to one address first; others follow only
// if they are of the kind that offices have.
func (l *loop) greet(r *record) {
	if l.table.all[r.key] != r || r.isFirstHand() || !l.visible() {
		return
	}
	to, further := l.greetTargets(r)
	q := &inquiry{
		to: to, further: further, waits: onceWaits,
		got: func(who *record, _ *protocol.Announcement, _ origin) bool { return who == r },
		failed: func() {
			if l.table.all[r.key] == r && !r.isFirstHand() && !l.isListed(r) {
				l.lose(r)
			}
		},
	}
	if len(further) > 0 {
		q.waits = greetWaits
	}
	l.ask(q)
}

// greetTargets are the address for the first try, and those for all further
// ones.
func (l *loop) greetTargets(r *record) (to, further []netip.Addr) {
	var outside []netip.Addr
	for _, addr := range l.targets(r) {
		switch {
		case l.links.broadcast(addr):
		case l.inside(addr):
			further = append(further, addr)
		default:
			outside = append(outside, addr)
		}
	}
	if len(further) == 0 {
		return outside[:min(len(outside), 1)], nil
	}
	return further[:1:1], further[:min(len(further), 1+furtherGreets)]
}

// inside tells whether an address is of the kind that offices have, one of our
// own networks, or one that the user wants to be searched.
func (l *loop) inside(addr netip.Addr) bool {
	if addr.IsPrivate() || addr.IsLinkLocalUnicast() || l.links.onLink(addr) {
		return true
	}
	if l.config.Ranges == nil {
		return false
	}
	for _, r := range l.config.Ranges() {
		if r.First.Compare(addr) <= 0 && addr.Compare(r.Last) <= 0 {
			return true
		}
	}
	return false
}
