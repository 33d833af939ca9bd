package discovery

import (
	"net/netip"
	"time"

	"feihong/transport/ether"
)

const (
	searchAfter   = 2 * time.Second  // after coming to a network
	searchEvery   = 15 * time.Minute // ranges
	searchApart   = time.Minute      // at least, between two that nobody wished
	wishedApart   = 5 * time.Second  // at least, between two that the user wished
	maxRemembered = 1024
)

// searchState is what was searched, and will be.
type searchState struct {
	next     *task
	nextAt   time.Time
	last     time.Time // zero: never
	wish     *task     // of the user, who must wait
	wishedAt time.Time
}

// planSearch plans a search in a network that is new to us.
func (l *loop) planSearch() {
	at := l.now.Add(searchAfter)
	if least := l.search.last.Add(searchApart); !l.search.last.IsZero() && at.Before(least) {
		at = least
	}
	if l.search.next == nil || at.Before(l.search.nextAt) {
		l.searchAt(at)
	}
}

func (l *loop) searchAt(at time.Time) {
	l.agenda.cancel(l.search.next)
	l.search.nextAt = at
	l.search.next = l.agenda.add(at, func() {
		l.search.next = nil
		l.searchAt(l.now.Add(searchEvery))
		if l.visible() {
			l.search.last = l.now
		}
		l.recall()
		l.scan()
	})
}

// searchNow searches because the user wishes it.
func (l *loop) searchNow() {
	s := &l.search
	if l.config.Passive || s.wish != nil {
		return
	}
	wait := time.Duration(0)
	if !s.wishedAt.IsZero() {
		wait = max(wishedApart-l.now.Sub(s.wishedAt), 0)
	}
	s.wish = l.after(wait, func() {
		s.wish, s.wishedAt = nil, l.now
		l.arriveAgain(false) // whoever is in our networks answers
		l.nearScans.drop()   // the ranges may be others now
		l.farScans.drop()
		l.searchAt(l.now)
	})
}

// isRoutable tells whether there may be people to be searched for, now that a
// prefix is there. Containers and virtual machines, whose interfaces come and
// go, bring none.
func isRoutable(i ether.Interface, prefix netip.Prefix) bool {
	addr := prefix.Addr()
	return (!i.Virtual || i.PointToPoint) && !i.Loopback && !addr.IsLoopback() && !addr.IsLinkLocalUnicast()
}

// newNetwork tells whether an interface has a prefix now that none had before,
// and that may lead to somebody.
func newNetwork(before, after []ether.Interface) bool {
	known := make(map[netip.Prefix]bool)
	for _, i := range before {
		for _, prefix := range i.Addresses {
			known[prefix] = true
		}
	}
	for _, i := range after {
		for _, prefix := range i.Addresses {
			if !known[prefix] && isRoutable(i, prefix) {
				return true
			}
		}
	}
	return false
}

// scan asks at all addresses of the ranges. If it is still at it, it goes on
// where it was. Who is invisible asks nobody, as that is to be seen.
func (l *loop) scan() {
	if l.config.Ranges == nil || !l.visible() || len(l.nearScans.queue)+len(l.farScans.queue) > 0 {
		return
	}
	for _, r := range l.config.Ranges() {
		for addr := range r.All() {
			if l.links.own(addr) || l.links.broadcast(addr) {
				continue
			}
			scans := &l.farScans
			if l.links.near(addr) {
				scans = &l.nearScans
			}
			if !scans.add(func() { l.askQuietly(addr, onceWaits) }) {
				break // as many as there may be
			}
		}
	}
}

// askQuietly asks whoever is at an address, unless the user has become
// invisible meanwhile.
func (l *loop) askQuietly(addr netip.Addr, waits []time.Duration) {
	if l.visible() {
		l.ask(&inquiry{to: []netip.Addr{addr}, waits: waits})
	}
}

// recall asks at the last addresses of people who are not heard yet.
func (l *loop) recall() {
	if l.config.Remembered == nil || !l.visible() {
		return
	}
	l.recalls.drop()
	heard := make(map[netip.Addr]bool)
	for _, r := range l.table.all {
		if r.isFirstHand() {
			heard[r.from.addr] = true
		}
	}
	for _, addr := range l.config.Remembered() {
		addr = addr.Unmap()
		if !addr.IsValid() || heard[addr] || l.links.own(addr) {
			continue
		}
		heard[addr] = true
		l.recalls.add(func() { l.askQuietly(addr, recallWaits) })
	}
}
