package discovery

import (
	"bytes"
	"hash/maphash"
	"net/netip"
	"slices"
	"time"

	"feihong/protocol"
	"feihong/transport/ether"
)

// arrival is an announcement, and how it came.
type arrival struct {
	signed []byte // in a buffer that is used again
	way    string
	from   origin
	source *source   // nil if it came by no datagram
	proven bool      // it is known to be from now: it answers a question, or came over a session with them
	hash   uint64    // of the datagram
	told   bool      // by others
	heard  time.Time // by others

	teller  protocol.PeerID // who told
	vouched bool            // the teller is a neighbour, and it is from now
}

// freshWithin is how old an announcement of somebody unknown may look before
// it is not believed without a question. It is long because many machines have
// no way to set their clocks, and are off by hours. Who repeats announcements
// of that day can make people appear who left, until they are asked.
const freshWithin = 24 * time.Hour

// receive handles a datagram.
func (l *loop) receive(packet *ether.Packet) {
	if !packet.From.IsValid() || packet.From.Port() == 0 {
		return
	}
	hash := maphash.Bytes(l.seed, packet.Data)
	from := origin{addr: packet.From.Addr().Unmap(), zone: l.links.name(packet.Interface)}
	if zone := from.addr.Zone(); zone != "" {
		from.zone = zone
	}
	if r := l.table.byHash[hash]; r != nil {
		l.sources.note(r, from.addr, l.now, len(packet.Data))
		l.again(r, packet.Way.String(), from)
		return
	}
	source := l.sources.get(from.addr, l.now, len(packet.Data))
	datagram, err := protocol.DecodeDatagram(packet.Data)
	if err != nil {
		return
	}
	a := arrival{way: packet.Way.String(), from: from, source: source, hash: hash}
	switch d := datagram.(type) {
	case *protocol.Announce:
		a.signed = d.Signed
		l.announced(packet, d, a)
	case *protocol.Question:
		l.questioned(packet, d, a)
	case *protocol.PassedOn:
		l.passedOn(packet, d)
	case *protocol.Answer:
		a.signed = d.Signed
		l.answeredBy(packet, d, a)
	case *protocol.Call:
		a.signed = d.Signed
		l.calledBy(d, a)
	}
}

// announced handles an announcement that was spread, or sent to us.
func (l *loop) announced(packet *ether.Packet, d *protocol.Announce, a arrival) {
	r := l.take(a)
	if r == nil {
		return
	}
	if d.Want {
		l.welcome(r, packet)
	} else {
		delete(l.pending, r.key)
	}
	l.newcomer.promised(l, r, d.Known)
}

// again notes that the announcement of somebody came by another way too. It
// is no sign of life: anybody can repeat it, from any address; so only those
// count where they say they are, or were heard before.
func (l *loop) again(r *record, way string, from origin) {
	h := Heard{Way: way, When: l.now, From: from.addr, Interface: from.zone}
	known := slices.ContainsFunc(r.ways, func(other Heard) bool { return other.From == h.From })
	if !known && !from.addr.IsLoopback() && !r.signs(from.addr) || !r.copies.take(l.now, rateCopies) {
		return
	}
	isNew := r.way(h)
	if l.better(r, from) {
		l.moveSource(r, from)
		isNew = true
	}
	if isNew {
		l.tell(r)
	}
}

// take takes in an announcement, if it is news. It returns the record of its
// sender if it is, or was, their latest; nil if it is to be ignored.
func (l *loop) take(a arrival) *record {
	peeked, instance, sequence, err := protocol.PeekAnnouncement(a.signed)
	if err != nil {
		return nil
	}
	key := publicKey(peeked)
	if key == l.own && l.ownID != (protocol.PeerID{}) {
		l.mirrored(instance, sequence)
		return nil
	}
	r := l.table.all[key]
	switch {
	case r != nil && !a.proven && slices.Contains(r.retired, instance):
		return nil
	case r != nil && !a.proven && sequence <= r.announcement.Sequence:
		return l.old(r, a, instance)
	case r == nil && !a.proven && !l.credible(key, sequence, &a):
		return nil
	case !l.mayVerify(r, &a):
		return nil
	}
	signed := bytes.Clone(a.signed)
	announcement, err := l.open(signed)
	if err != nil {
		return nil
	}
	if announcement.Status == protocol.StatusOffline {
		l.left(key, announcement, &a)
		return nil
	}
	if r == nil {
		if r = l.enter(key, announcement, &a); r == nil {
			return nil
		}
	}
	l.update(r, announcement, signed, &a)
	return r
}

// old handles an announcement that is no news.
func (l *loop) old(r *record, a arrival, instance [16]byte) *record {
	if !bytes.Equal(a.signed, r.signed) {
		// After a restart with the clock set back, all that somebody says
		// looks old. Ask them.
		if instance != r.announcement.Instance && a.source != nil && l.now.Sub(r.doubted) > askAgain {
			if l.doubt(&a) {
				r.doubted = l.now
			}
		}
		return nil
	}
	if a.told {
		return r
	}
	if a.way != WayDirectory && !r.isFirstHand() {
		// The directory, or somebody else, was faster.
		l.heardFrom(r, &a)
		l.tell(r)
	}
	if a.way == WaySession || a.way == WayDirectory {
		if r.way(Heard{Way: a.way, When: l.now}) {
			l.tell(r)
		}
		return r
	}
	l.table.setHash(r, a.hash)
	l.again(r, a.way, a.from)
	return r
}

// askAgain is how long it takes until somebody is asked again whether they
// really sent what looks old.
const askAgain = 10 * time.Second

// credible tells whether an announcement of somebody unknown can be believed
// without asking them; otherwise it sees to that.
func (l *loop) credible(key publicKey, sequence uint64, a *arrival) bool {
	if gone := l.table.gone[key]; gone != nil && sequence <= gone.sequence {
		if a.source != nil && l.now.Sub(gone.doubted) > askAgain {
			if l.doubt(a) {
				gone.doubted = l.now
			}
		}
		return false
	}
	age := l.wall().Sub(time.UnixMilli(int64(sequence)))
	if age.Abs() <= freshWithin {
		return true
	}
	l.doubt(a)
	return false
}

// mayVerify limits how many signatures are verified.
func (l *loop) mayVerify(r *record, a *arrival) bool {
	if a.proven {
		return true // limited by the questions that we ask
	}
	if a.source != nil && !a.source.verify.take(l.now, rateSource) {
		return false
	}
	if r != nil {
		return l.known.take(l.now, rateKnown)
	}
	// In a flood, an address of which little came goes before one of which
	// much did.
	quiet := a.source == nil || a.source.pressed.take(l.now, ratePressed)
	if !quiet && l.news.pressed(l.now, rateNews) {
		return false
	}
	return l.news.take(l.now, rateNews)
}

// left handles a goodbye, which only the program that is there may say, and no
// other with the same key. Over a session it may come from somebody who was
// never heard of, because they do not want to be seen: then it is told too.
func (l *loop) left(key publicKey, announcement *protocol.Announcement, a *arrival) {
	r := l.table.all[key]
	if r != nil && !a.proven && announcement.Instance != r.announcement.Instance {
		return
	}
	if r != nil {
		l.lose(r)
	}
	if a.way == WaySession && (r == nil || !r.reported) {
		l.config.Handler.Lost(announcement.Peer())
	}
	l.table.depart(key, announcement)
}

// lose takes somebody out who is not there any more. Only news brings them
// back.
func (l *loop) lose(r *record) {
	l.drop(r)
	l.table.depart(r.key, r.announcement)
}

// drop takes somebody out.
func (l *loop) drop(r *record) {
	l.table.remove(r)
	l.agenda.cancel(r.unlisting)
	delete(l.pending, r.key)
	if r.reported {
		l.config.Handler.Lost(r.id)
	}
}

// worth of somebody new who came like this.
func (a *arrival) worth() int {
	switch {
	case a.proven:
		return worthProven
	case a.told:
		return worthTold
	case a.way == WayDirectory:
		return worthListed
	}
	return worthHeard
}

// enter makes room for somebody new; nil if there is none.
func (l *loop) enter(key publicKey, announcement *protocol.Announcement, a *arrival) *record {
	var from netip.Addr
	if a.source != nil {
		from = a.source.addr
	}
	victim, ok := l.table.victim(a.worth(), from, func(r *record) bool { return l.contacts[r.id] != nil })
	if !ok {
		if a.source != nil {
			l.doubt(a) // who proves to be there gets in
		}
		return nil
	}
	r := &record{key: key, id: announcement.Peer(), announcement: announcement, since: l.now, source: from,
		patience: silentAfter + spread(silentAfter/6)}
	if victim != nil {
		l.lose(victim)
	}
	if gone := l.table.gone[key]; gone != nil && gone.sequence >= announcement.Sequence && gone.instance != announcement.Instance {
		r.retired = append(r.retired, gone.instance)
	}
	l.table.add(r)
	return r
}

// update notes the news of somebody.
func (l *loop) update(r *record, announcement *protocol.Announcement, signed []byte, a *arrival) {
	before, from := r.announcement, r.from
	if announcement.Instance != before.Instance {
		if announcement.Instance == r.previous && !r.twice {
			r.twice = true
			l.log.Warn("two programs announce the same key; was a profile copied?", "peer", r.id.Short())
		}
		r.previous = before.Instance
		r.succeed(before, announcement)
	}
	r.announcement, r.signed = announcement, signed
	h := Heard{Way: a.way, When: l.now, From: a.from.addr, Interface: a.from.zone}
	switch {
	case a.told:
		r.told = a.heard
		r.vouched = r.vouched || a.vouched && !l.elsewhere(r)
		h.When = a.heard
	case a.way == WayDirectory:
		r.listed = l.now
	default:
		l.heardFrom(r, a)
	}
	isNew := r.way(h)
	if announcement.Port != before.Port || !slices.Equal(announcement.Addresses, before.Addresses) {
		r.ways = slices.DeleteFunc(r.ways, func(h Heard) bool { return h.From.IsValid() && h.When.Before(l.now) })
		isNew = true
	}
	if !r.reported || isNew || r.from != from || r.asSecondHand || !alike(announcement, before) {
		l.tell(r)
	}
}

// succeed remembers the instance before, if its numbers are greater: then what
// it said looks newer than what is said now, and anybody can repeat it.
func (r *record) succeed(before, now *protocol.Announcement) {
	const most = 4
	r.retired = slices.DeleteFunc(r.retired, func(other [16]byte) bool { return other == now.Instance })
	if now.Sequence > before.Sequence {
		return
	}
	r.retired = append(r.retired, before.Instance)
	r.retired = r.retired[max(len(r.retired)-most, 0):]
}

// alike tells whether two announcements with the same addresses say the same.
func alike(a, b *protocol.Announcement) bool {
	return a.Instance == b.Instance && a.Name == b.Name && a.Host == b.Host && a.Department == b.Department &&
		a.Status == b.Status && a.StatusText == b.StatusText &&
		a.MinVersion == b.MinVersion && a.MaxVersion == b.MaxVersion
}

// heardFrom notes a sign of life.
func (l *loop) heardFrom(r *record, a *arrival) {
	const apartEnough = 1500 * time.Millisecond
	if a.proven || r.isFirstHand() && l.now.Sub(r.since) >= apartEnough {
		r.stands = true
	}
	l.table.setHeard(r, l.now)
	if a.source == nil {
		r.proven = r.proven || a.proven
		return
	}
	r.byDatagram, r.sender = l.now, a.source
	l.table.setHash(r, a.hash)
	if l.better(r, a.from) {
		l.moveSource(r, a.from)
	}
	r.proven = r.proven || a.proven
	if !r.proven && l.elsewhere(r) && l.now.Sub(r.checked) > askAgain {
		l.check(r, a.source)
	}
}

// check asks somebody on another link to prove that they are there, before
// they are sent anything more.
func (l *loop) check(r *record, from *source) {
	if from.credit < protocol.MaxDatagramBytes {
		return
	}
	r.checked = l.now
	l.ask(&inquiry{to: []netip.Addr{from.addr}, waits: onceWaits, pays: true})
}

// mirrored handles an announcement with our own key: our own, or one of a
// program with a copy of the key.
func (l *loop) mirrored(instance [16]byte, sequence uint64) {
	began := uint64(max(l.began.UnixMilli(), 0))
	if l.config.Passive || instance == l.config.Instance || sequence <= began || l.copied {
		return
	}
	l.copied = true
	l.log.Warn("another program announces our key; was the profile copied?")
}
