package discovery

import (
	"net/netip"
	"time"
)

const (
	searchAfter   = 2 * time.Second  // after coming to a network
	searchEvery   = 15 * time.Minute // ranges
	maxRemembered = 1024
)

// planSearch plans a search in a network that is new to us.
func (l *loop) planSearch() {
	l.agenda.cancel(l.searching)
	l.searching = l.after(searchAfter, func() {
		l.recall()
		l.scan()
	})
}

// search asks everywhere now.
func (l *loop) search() {
	if l.config.Passive {
		return
	}
	l.recall()
	l.scan()
}

// scan asks at all addresses of the ranges, and again after a while.
func (l *loop) scan() {
	l.agenda.cancel(l.searching)
	l.searching = l.after(searchEvery, l.scan)
	if l.config.Ranges == nil {
		return
	}
	l.scans.drop()
	for _, r := range l.config.Ranges() {
		for addr := range r.All() {
			if l.links.own(addr) {
				continue
			}
			if !l.scans.add(func() { l.ask(&inquiry{to: []netip.Addr{addr}, waits: onceWaits}) }) {
				return // as many as there may be
			}
		}
	}
}

// recall asks at the last addresses of people who are not heard yet.
func (l *loop) recall() {
	if l.config.Remembered == nil {
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
		l.recalls.add(func() { l.ask(&inquiry{to: []netip.Addr{addr}, waits: recallWaits}) })
	}
}
