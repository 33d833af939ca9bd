package discovery

import (
	"net/netip"
	"slices"
	"time"

	"feihong/protocol"
)

// The rhythm of announcements.
const (
	beaconEvery  = 30 * time.Second
	beaconJitter = 0.2
	// burstJitter and firstWithin keep machines apart that start at once: a
	// thousand datagrams in the same millisecond are more than a socket holds.
	burstJitter = 0.5
	firstWithin = 20 * time.Millisecond
	// apart is the least time between two announcements because something
	// changed.
	apart = 500 * time.Millisecond
	// sameWithin is how long the announcements of a burst may be the very
	// same one, which nobody has to verify twice.
	sameWithin = 2 * time.Second
	// publishEvery is how often the directory gets a fresh announcement.
	publishEvery = time.Hour
)

// Times of the announcements after coming to a network. The last of the first
// burst is a new one, which tells a colleague from a replayed datagram.
var (
	startBurst  = []time.Duration{0, 300 * time.Millisecond, time.Second, 3 * time.Second}
	changeBurst = []time.Duration{0, 300 * time.Millisecond, time.Second}
)

// beaconState is what is planned.
type beaconState struct {
	next   *task
	nextAt time.Time
	burst  []time.Duration // what remains of it, since came
	came   time.Time
	last   time.Time            // of the last announcement to all
	spread map[string]time.Time // when last on each interface
	soon   *task                // because something changed
	issued time.Time            // to the directory
}

// arrive begins to announce in a network that is new to us, or we to it.
func (l *loop) arrive(burst []time.Duration) {
	l.beacon.burst, l.beacon.came = burst, l.now
	l.newcomer.begin(l)
	l.planBeacon()
}

// planBeacon plans the next announcement.
func (l *loop) planBeacon() {
	b := &l.beacon
	l.agenda.cancel(b.next)
	wait := about(beaconEvery, beaconJitter)
	if len(b.burst) > 0 {
		at := about(b.burst[0], burstJitter) + spread(firstWithin)
		b.burst = b.burst[1:]
		wait = max(b.came.Add(at).Sub(l.now), 0)
	}
	b.nextAt = l.now.Add(wait)
	b.next = l.agenda.add(b.nextAt, l.signal)
}

// signal is the announcement that was planned.
func (l *loop) signal() {
	inBurst := l.now.Sub(l.beacon.came) < burstEnd
	l.planBeacon()
	if !l.visible() {
		l.vanish()
		return
	}
	fresh := time.Duration(0)
	if inBurst {
		fresh = sameWithin
	}
	signed := l.announcement(fresh)
	l.spreadAll(l.announceBody(signed, inBurst && l.newcomer.want(l)))
	l.publish(signed)
	if len(l.beacon.burst) == 0 {
		l.post(signed)
	}
}

// burstEnd is when a burst is over in any case.
const burstEnd = 5 * time.Second

// vanish says goodbye once, when the user has become invisible.
func (l *loop) vanish() {
	l.leave()
	l.self.said.Status = protocol.StatusOffline
	if l.config.Directory != nil {
		l.config.Directory.Publish(nil, "", 0)
	}
	l.beacon.issued = time.Time{}
}

// announceSoon announces because something changed: at once, but only so often.
func (l *loop) announceSoon() {
	if l.config.Passive || l.beacon.soon != nil {
		return
	}
	wait := max(apart-l.now.Sub(l.self.told), 0)
	l.beacon.soon = l.after(wait, func() {
		l.beacon.soon = nil
		l.tellAll()
	})
}

// retell announces soon if what we say has changed, as our addresses may have.
func (l *loop) retell() {
	for _, r := range l.table.all {
		l.tell(r)
	}
	l.announceSoon()
}

// tellAll announces by all ways.
func (l *loop) tellAll() {
	l.self.told = l.now
	if !l.visible() {
		l.vanish()
		return
	}
	hidden := l.self.signed == nil
	signed := l.announcement(0)
	l.spreadAll(l.announceBody(signed, false))
	l.publish(signed)
	l.post(signed)
	l.tellSessions(signed)
	if hidden {
		l.arrive(startBurst)
		l.planSearch()
	}
}

// publish gives the directory an announcement, if the one that it has is old.
func (l *loop) publish(signed []byte) {
	b := &l.beacon
	if l.config.Directory == nil || signed == nil {
		return
	}
	if !b.issued.IsZero() && l.now.Sub(b.issued) < publishEvery && !l.self.told.Equal(l.now) {
		return
	}
	b.issued = l.now
	l.config.Directory.Publish(signed, l.self.said.Name, l.self.said.Port)
}

// spreadAll sends to everybody on all links.
func (l *loop) spreadAll(body []byte) {
	if body == nil {
		return
	}
	l.beacon.last = l.now
	l.beacon.spread = make(map[string]time.Time)
	for _, i := range l.links.interfaces {
		if len(i.Addresses) == 0 {
			continue
		}
		if err := l.port.Spread(i, body); err != nil {
			l.log.Debug("announce", "interface", i.Name, "error", err)
			continue
		}
		l.beacon.spread[i.Name] = l.now
	}
}

// send sends a datagram to one address, if there is one.
func (l *loop) send(to netip.AddrPort, body []byte) {
	if body == nil || !to.IsValid() {
		return
	}
	if err := l.port.Send(to, body); err != nil {
		l.log.Debug("send", "to", to, "error", err)
	}
}

// post sends an announcement to the people on other links, as they do to us.
func (l *loop) post(signed []byte) {
	body := l.announceBody(signed, false)
	if body == nil {
		return
	}
	l.posts.drop()
	for _, r := range l.away() {
		to := r.mailbox(l)
		l.posts.add(func() { l.send(to, body) })
	}
}

// away are the people on other links who were heard, and are where they say:
// nobody is sent anything because of a forged address.
func (l *loop) away() []*record {
	var list []*record
	for _, r := range l.table.all {
		if len(list) < maxAwayGreets && r.isFirstHand() && r.proven && l.elsewhere(r) {
			list = append(list, r)
		}
	}
	return list
}

// elsewhere tells whether somebody is on none of our links.
func (l *loop) elsewhere(r *record) bool {
	if r.from.addr.IsValid() {
		return !l.links.onLink(r.from.addr)
	}
	// Link-local addresses look the same on every link.
	global := slices.DeleteFunc(slices.Clone(r.announcement.Addresses), netip.Addr.IsLinkLocalUnicast)
	return len(global) > 0 && !slices.ContainsFunc(global, l.links.near)
}

// mailbox is where somebody takes datagrams; invalid if unknown.
func (r *record) mailbox(l *loop) netip.AddrPort {
	if r.from.addr.IsValid() {
		return netip.AddrPortFrom(r.from.addr, uint16(l.config.Port))
	}
	for _, addr := range l.targets(r) {
		return netip.AddrPortFrom(addr, uint16(l.config.Port))
	}
	return netip.AddrPort{}
}

// targets are the addresses to ask somebody at, best first, few.
func (l *loop) targets(r *record) []netip.Addr {
	const most = 4
	var addrs []netip.Addr
	// The order of dialling is right for asking too, whatever the port.
	a := *r.announcement
	a.Port = 1
	for _, at := range l.links.dialable(&a, r.from) {
		if len(addrs) < most {
			addrs = append(addrs, at.Addr())
		}
	}
	return addrs
}
