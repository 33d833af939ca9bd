package chat

import (
	"net"
	"net/netip"
	"slices"
	"time"

	"feihong/protocol"
)

const (
	// maxSighted bounds the addresses of one person that are tried, and
	// maxAddressBytes each of them.
	maxSighted      = 8
	maxAddressBytes = 128

	// saveAfter is how long what was learnt by sight may wait for the disk. It
	// is one write for all who come, go and move meanwhile, however often.
	saveAfter = 10 * time.Second

	// noteEvery is how often it is stored that people are still there, for the
	// case that the program has no chance to take leave.
	noteEvery = 10 * time.Minute
)

// presence is what discovery knows of a person.
type presence struct {
	nearby bool // heard of now
	// hidden says that the person took leave and was not sighted since: while
	// there is a session, they do not want to be seen.
	hidden    bool
	instance  [16]byte // of their program, zero if unknown
	status    Status   // as last sighted, kept when the sighting is lost
	text      string
	via       string
	addresses []string // where they say they can be dialled, best first
}

// said is what a person who is there says about themself.
func (c *presence) said() (Status, string) {
	if c.status == "" {
		return StatusOnline, c.text
	}
	return c.status, c.text
}

// online says that a person is there, and does not hide it.
func (p *person) online() bool {
	return p.presence.nearby || p.session != nil && !p.presence.hidden
}

func (l *loop) seen(s Sighting) {
	if s.Peer.IsZero() || s.Peer == l.self {
		return
	}
	if s.Status == StatusOffline {
		l.gone(s.Peer)
		return
	}
	p := l.byPeer[s.Peer]
	if p == nil {
		p = l.meet(Contact{Peer: s.Peer, Name: protocol.SafeName(s.Name)})
	}
	if p == nil {
		return // the profile is full of people who are no strangers
	}
	came := !p.presence.nearby || s.Returned || p.presence.restarted(s.Instance)
	p.presence.nearby, p.presence.hidden = true, false
	p.presence.status, p.presence.text = visible(s.Status), protocol.SafeName(s.StatusText)
	p.presence.via, p.presence.instance = s.Via, s.Instance
	p.LastSeen = now()
	fresh := l.describe(p, s)
	l.show(p)
	if (came || len(fresh) > 0) && p.urgent() {
		l.hurry(p)
	}
	if came {
		fresh = p.presence.addresses // text may wait there, whoever was known to be there
	}
	l.answerPending(fresh)
}

// restarted says that the program of a person is not the one that was sighted
// before: what failed with that one may succeed now.
func (c *presence) restarted(instance [16]byte) bool {
	return c.instance != instance && c.instance != [16]byte{} && instance != [16]byte{}
}

// visible is a status that somebody who is there can have: StatusOnline for
// words from later versions.
func visible(s Status) Status {
	if s == StatusAway || s == StatusBusy {
		return s
	}
	return StatusOnline
}

// describe takes over what a sighting says about a person, and where they are.
// It returns the addresses that are new.
func (l *loop) describe(p *person, s Sighting) (fresh []string) {
	before := p.Contact
	if name := protocol.SafeName(s.Name); name != "" {
		l.rename(p, name)
	}
	p.Department, p.Host = protocol.SafeName(s.Department), protocol.SafeName(s.Host)
	addresses := dialable(s.Addresses)
	for _, address := range addresses {
		if address != before.Address && !slices.Contains(p.presence.addresses, address) {
			fresh = append(fresh, address)
		}
	}
	p.presence.addresses = addresses
	l.relocate(p)
	if p.Contact != before {
		l.keep(p)
	}
	return fresh
}

// dialable picks the addresses that can be tried.
func dialable(addresses []string) []string {
	var good []string
	for _, address := range addresses {
		host, port, err := net.SplitHostPort(address)
		if err != nil || host == "" || port == "" || port == "0" || len(address) > maxAddressBytes || slices.Contains(good, address) {
			continue
		}
		if good = append(good, address); len(good) == maxSighted {
			break
		}
	}
	return good
}

// relocate moves a person to the best address at which they were sighted,
// unless the one they have is as good, or they have just answered there. For
// showing and for keeping, one that means the same on every machine is best.
func (l *loop) relocate(p *person) {
	sighted := p.presence.addresses
	if len(sighted) == 0 || p.session != nil && p.session.Dialed() == p.Address {
		return
	}
	best := sighted[max(0, slices.IndexFunc(sighted, global))]
	if slices.ContainsFunc(sighted, p.isAt) && (p.Proven || global(p.Address) || !global(best)) {
		return
	}
	l.place(p, best, false)
}

// global says that an address leads to the same place from everywhere.
// Loopback and link-local ones do not.
func global(address string) bool {
	at, err := netip.ParseAddrPort(address)
	return err != nil || !at.Addr().IsLoopback() && !at.Addr().IsLinkLocalUnicast()
}

func (p *person) isAt(address string) bool { return sameAddress(p.Address, address) }

// answerPending dials contacts that are nothing but an address at which
// somebody was sighted. Who it is, they tell themselves.
func (l *loop) answerPending(fresh []string) {
	for _, address := range fresh {
		if p := l.pendingAt(address); p != nil {
			l.hurry(p)
		}
	}
}

func (l *loop) gone(peer protocol.PeerID) {
	p := l.byPeer[peer]
	if p == nil {
		return
	}
	wasOnline := p.online()
	p.presence.hidden = true
	if !wasOnline {
		return
	}
	p.presence.nearby = false
	p.presence.addresses = nil
	p.LastSeen = now()
	l.show(p)
	l.keep(p)
}

// keep marks a person for storing, in a while.
func (l *loop) keep(p *person) {
	l.unsaved[p.ID] = p
	l.saveSoon()
}

func (l *loop) saveSoon() {
	if l.saveTimer == nil {
		l.saveTimer = l.after(saveAfter, (*loop).save)
	}
}

// save stores the unsaved with the current turn.
func (l *loop) save() {
	if l.saveTimer != nil {
		l.saveTimer.Stop()
		l.saveTimer = nil
	}
	for id, p := range l.unsaved {
		l.dirty[id] = p
	}
	clear(l.unsaved)
	for _, f := range l.transfers {
		if f.unsaved {
			l.stir(f)
		}
	}
}

// saved notes that the store has everybody who was to be stored.
func (l *loop) saved() {
	for id := range l.dirty {
		delete(l.unsaved, id)
	}
	clear(l.dirty)
}

// notePresent stores from time to time who is there, with all that waits to be
// stored.
func (l *loop) notePresent() {
	l.takeLeave()
	l.noteTimer = l.after(noteEvery, (*loop).notePresent)
}

// takeLeave stores until when people were seen, because nobody is seen any more
// once the service has ended.
func (l *loop) takeLeave() {
	l.save()
	for id, p := range l.people {
		if p.online() {
			p.LastSeen = now()
			l.dirty[id] = p
		}
	}
}
