package discovery

import (
	"slices"
)

// better tells whether datagrams of somebody from there say more about where
// to dial than those so far: a signed address is better than any other, and a
// global one better than a link-local one. What is as good replaces one that
// nothing comes from any more.
func (l *loop) better(r *record, from origin) bool {
	if from == r.from {
		return false
	}
	rank := func(o origin) int {
		signed := r.signs(o.addr)
		switch {
		case !o.addr.IsValid():
			return 0
		case l.links.here(o.addr):
			return 5
		case signed && !o.addr.IsLinkLocalUnicast():
			return 4
		case signed:
			return 3
		case !o.addr.IsLinkLocalUnicast():
			return 2
		}
		return 1
	}
	mine, theirs := rank(r.from), rank(from)
	if mine != theirs {
		// Anybody can repeat a datagram from an address of their own, but a
		// new one from there shows that the old address is no use.
		return theirs > mine || theirs > 2 && !l.stillFrom(r)
	}
	return !l.stillFrom(r)
}

// stillFrom tells whether datagrams of somebody still come from where they
// came best.
func (l *loop) stillFrom(r *record) bool {
	const lately = beaconEvery * 3 / 2
	return slices.ContainsFunc(r.ways, func(h Heard) bool {
		return h.From == r.from.addr && l.now.Sub(h.When) <= lately
	})
}

// moveSource notes where somebody is heard from.
func (l *loop) moveSource(r *record, from origin) {
	if r.from.addr.IsValid() && !from.addr.IsLoopback() && !r.signs(from.addr) {
		r.proven = false // what they proved, they proved elsewhere
	}
	r.from = from
	if l.table.all[r.key] != r || r.source == from.addr {
		return
	}
	l.table.leaveSource(r)
	r.source = from.addr
	l.table.perSource[r.source]++
}
