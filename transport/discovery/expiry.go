package discovery

import (
	"net/netip"
	"time"

	"feihong/protocol"
)

// silentAfter is how long somebody may be silent before they are asked whether
// they are still there: three periods, and a little more for each of them.
const silentAfter = 3 * beaconEvery

// listedFor is how long an announcement in a directory counts as a sign of
// life: directories keep what nobody withdrew, and it is renewed each
// publishEvery.
const listedFor = publishEvery * 5 / 2

// toldFor is how long somebody may be known from others alone before they are
// asked.
const toldFor = 2 * beaconEvery

// due is when somebody counts as silent.
func (r *record) due() time.Time {
	if r.isFirstHand() || r.told.IsZero() {
		return r.lastSign().Add(r.patience)
	}
	if r.since.After(r.told) {
		return r.since.Add(toldFor)
	}
	return r.told.Add(toldFor)
}

// sweep looks for those who fell silent, when somebody can have.
func (l *loop) sweep() {
	if l.now.Before(l.nextSweep) {
		return
	}
	l.nextSweep = l.now.Add(silentAfter / 4)
	for _, r := range l.table.all {
		if due := r.due(); due.After(l.now) {
			if due.Before(l.nextSweep) {
				l.nextSweep = due
			}
			continue
		}
		if !r.isShown() {
			l.drop(r) // there is nobody to be missed
			continue
		}
		if r.probing || l.contacts[r.id] != nil || l.isListed(r) {
			continue
		}
		r.probing = l.probes.add(func() { l.probe(r) })
	}
	if len(l.sources.all) > maxSources/4 {
		l.sources.forget(l.now, time.Minute)
	}
}

// isListed tells whether a directory says that somebody is there, who was not
// heard otherwise for a while before. For those who were, their silence says
// more.
func (l *loop) isListed(r *record) bool {
	return !r.listed.IsZero() && r.listed.Sub(r.byDatagram) > silentAfter && l.now.Sub(r.listed) < listedFor
}

// probe asks somebody silent whether they are still there.
func (l *loop) probe(r *record) {
	if l.table.all[r.key] != r {
		return
	}
	to := l.targets(r)
	if !r.proven {
		to = to[:min(len(to), 1)]
		if r.from.addr.IsValid() {
			to = []netip.Addr{r.from.addr}
		}
	}
	waits := probeWaits
	if !r.isFirstHand() && !r.unlisted {
		waits = onceWaits // a list makes us ask each of them once
	}
	l.ask(&inquiry{
		to: to, waits: waits, pays: !r.proven && r.from.addr.IsValid(),
		got: func(who *record, _ *protocol.Announcement, _ origin) bool {
			if who == r {
				r.probing = false
			}
			return who == r
		},
		failed: func() { l.silent(r) },
	})
}

// silent gives up somebody who did not answer, unless there was another sign
// of life meanwhile.
func (l *loop) silent(r *record) {
	r.probing = false
	alive := l.contacts[r.id] != nil || l.isListed(r) || r.due().After(l.now)
	switch {
	case l.table.all[r.key] != r || alive:
	case r.unlisted && !r.isFirstHand():
		// The same announcement counts when the directory has it again.
		l.drop(r)
	default:
		l.lose(r)
	}
}
