package discovery

import (
	"net/netip"
	"slices"
	"time"

	"feihong/protocol"
)

type publicKey [32]byte

// record is what is known of somebody.
type record struct {
	key          publicKey
	id           protocol.PeerID
	announcement *protocol.Announcement
	signed       []byte // the same as it came
	datagram     uint64 // hash of the last datagram with it; 0: none
	from         origin // the best source of their datagrams
	source       netip.Addr
	sender       *source // where the last datagram came from; it may be forgotten meanwhile

	since      time.Time // first announcement
	heard      time.Time // last one from themself; zero: never
	told       time.Time // last time that others heard them
	listed     time.Time // since the directory has this announcement; zero: it does not
	unlisted   bool      // the directory had them, and has them no more
	unlisting  *task     // says so, unless the directory has them again
	byDatagram time.Time // last announcement by a datagram; zero: never
	stands     bool      // more than one datagram that anybody may have made up
	proven     bool      // answered a question, or had a session: they are where they say
	checked    time.Time // when they were asked to prove that
	patience   time.Duration

	ways         []Heard
	reported     bool // to the handler
	asSecondHand bool
	print        uint64 // hash of what was reported last
	probing      bool
	greeted      bool
	vouched      bool // a neighbour told of them, and they are on our link
	doubted      time.Time
	welcomed     time.Time // our last answer to them as a newcomer
	lastCall     time.Time // of ours to them
	itsCall      time.Time // of theirs to us
	copies       bucket
	previous     [16]byte   // instance before
	retired      [][16]byte // instances that ended, with greater numbers than the one now
	twice        bool       // logged that two programs have the key
}

func (r *record) isFirstHand() bool { return !r.heard.IsZero() }

// goodbye is what is remembered of somebody who is gone: older announcements
// do not bring them back.
type goodbye struct {
	sequence uint64
	instance [16]byte
	doubted  time.Time
}

// table has the people, and those who are gone.
type table struct {
	all       map[publicKey]*record
	byID      map[protocol.PeerID]*record
	byHash    map[uint64]*record // by the last datagram
	perSource map[netip.Addr]int
	firstHand int
	gone      map[publicKey]*goodbye
}

func newTable() table {
	return table{
		all:       make(map[publicKey]*record),
		byID:      make(map[protocol.PeerID]*record),
		byHash:    make(map[uint64]*record),
		perSource: make(map[netip.Addr]int),
		gone:      make(map[publicKey]*goodbye),
	}
}

// known is how many people could be told of.
func (t *table) known() uint16 { return uint16(min(t.firstHand, maxPeople)) }

func (t *table) add(r *record) {
	t.all[r.key] = r
	t.byID[r.id] = r
	t.perSource[r.source]++
	if r.isFirstHand() {
		t.firstHand++
	}
	delete(t.gone, r.key)
}

func (t *table) remove(r *record) {
	delete(t.all, r.key)
	delete(t.byID, r.id)
	t.setHash(r, 0)
	t.leaveSource(r)
	if r.isFirstHand() {
		t.firstHand--
	}
}

func (t *table) leaveSource(r *record) {
	if t.perSource[r.source]--; t.perSource[r.source] <= 0 {
		delete(t.perSource, r.source)
	}
}

// setHeard notes that somebody was heard themself.
func (t *table) setHeard(r *record, now time.Time) {
	if !r.isFirstHand() && t.all[r.key] == r {
		t.firstHand++
	}
	r.heard = now
}

// setHash notes the datagram by which a record came, so that its copies are
// known without being read.
func (t *table) setHash(r *record, hash uint64) {
	if r.datagram != 0 && t.byHash[r.datagram] == r {
		delete(t.byHash, r.datagram)
	}
	r.datagram = hash
	if hash != 0 {
		t.byHash[hash] = r
	}
}

// depart remembers somebody who is gone.
func (t *table) depart(key publicKey, last *protocol.Announcement) {
	if before := t.gone[key]; before != nil {
		if last.Sequence > before.sequence {
			before.sequence, before.instance = last.Sequence, last.Instance
		}
		return
	}
	for other := range t.gone {
		if len(t.gone) < maxGone {
			break
		}
		delete(t.gone, other)
	}
	t.gone[key] = &goodbye{sequence: last.Sequence, instance: last.Instance}
}

// How much there is to somebody.
const (
	worthTold   = iota // others told of them
	worthListed        // a directory has them
	worthHeard         // heard
	worthStands        // heard more than once
	worthProven        // answered a question, or had a session
)

func (r *record) worth() int {
	switch {
	case r.proven:
		return worthProven
	case r.stands:
		return worthStands
	case r.isFirstHand():
		return worthHeard
	case !r.listed.IsZero():
		return worthListed
	}
	return worthTold
}

// victim chooses who makes room for somebody new of a certain worth, from a
// source; nil if there is room, and not ok if nobody is to go. Nobody goes for
// somebody who is no better, as they are known for longer. But in a full table
// those who were heard but once are as in a waiting room: who is new comes in,
// and who has been there longest without being heard again goes.
func (t *table) victim(worth int, source netip.Addr, keep func(*record) bool) (victim *record, ok bool) {
	mine := source.IsValid() && t.perSource[source] >= maxFromSource
	if !mine && len(t.all) < maxPeople {
		return nil, true
	}
	for _, r := range t.all {
		waits := !mine && worth == worthHeard && r.worth() == worthHeard
		if mine && r.source != source || keep(r) || r.worth() >= worth && !waits {
			continue
		}
		if victim == nil || t.worse(r, victim) {
			victim = r
		}
	}
	return victim, victim != nil
}

// worse tells whether a is to go before b.
func (t *table) worse(a, b *record) bool {
	if x, y := a.worth(), b.worth(); x != y {
		return x < y
	}
	if a.worth() >= worthStands {
		return a.since.After(b.since) // who is known for longer stays
	}
	if x, y := t.perSource[a.source], t.perSource[b.source]; x != y {
		return x > y
	}
	return a.lastSign().Before(b.lastSign())
}

// lastSign is when there was a sign of life.
func (r *record) lastSign() time.Time {
	if r.told.After(r.heard) {
		return r.told
	}
	return r.heard
}

// Time that people get before they count as silent, after this machine came
// to another network, or slept: their next announcement may be a period away,
// or they may be gone for long.
const (
	graceAfterChange = beaconEvery * 4 / 3
	graceAfterSleep  = 10 * time.Second
)

// age makes everybody's last sign of life older, so that only so much time is
// left until they count as silent.
func (t *table) age(now time.Time, left time.Duration) {
	latest := now.Add(left - silentAfter)
	for _, r := range t.all {
		if r.heard.After(latest) {
			r.heard = latest
		}
		if r.told.After(latest) {
			r.told = latest
		}
	}
}

// signs tells whether somebody says that they are at an address.
func (r *record) signs(addr netip.Addr) bool {
	return slices.Contains(r.announcement.Addresses, addr.WithZone(""))
}

// way notes by which way somebody was heard, and tells whether that is new.
func (r *record) way(h Heard) (isNew bool) {
	at := slices.IndexFunc(r.ways, h.same)
	if at >= 0 {
		r.ways[at].When = h.When
		return false
	}
	if len(r.ways) >= maxWays {
		r.forgetWay()
	}
	r.ways = append(r.ways, h)
	return true
}

// forgetWay forgets the oldest way, but not one from where they are heard best.
func (r *record) forgetWay() {
	oldest := -1
	for i, h := range r.ways {
		if h.From == r.from.addr {
			continue
		}
		if oldest < 0 || h.When.Before(r.ways[oldest].When) {
			oldest = i
		}
	}
	r.ways = slices.Delete(r.ways, max(oldest, 0), max(oldest, 0)+1)
}
