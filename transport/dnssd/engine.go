package dnssd

import (
	"bytes"
	"math/rand/v2"
	"net/netip"
	"slices"
	"time"

	"github.com/miekg/dns"

	"feihong/transport/ether"
	"feihong/transport/ether/socket"
)

// second is the time between two multicasts of the same record on a link, at
// least (RFC 6762, section 6).
const second = time.Second

// engine decides what is sent and reported. It has neither clock nor sockets
// and is used by one goroutine: each call is told the time.
type engine struct {
	// send sends a message on a link: to one address, or to the groups if that
	// is invalid.
	send   func(on ether.Interface, to netip.AddrPort, m *dns.Msg)
	report func(signed []byte, gone bool)

	links map[int]*link
	self  *service // nil: we publish nothing
	found map[string]*entry
	// missing counts, for each sender, the services without TXT record in found
	// that it named.
	missing map[netip.Addr]int
	spare   bucket    // for answers to one address
	next    time.Time // nothing is due before; zero: ever
}

// link is an interface, and what is to be sent on it.
type link struct {
	ether.Interface
	told    time.Time // when our records were sent last
	tell    time.Time // when they are to be sent; zero: not
	repeats int       // how often they are to be sent without being asked for
	kinds   time.Time // when to answer the question for kinds; zero: not
	ask     time.Time // when to ask who is there
	gap     time.Duration
	heard   time.Time // when somebody else asked that

	gathered      time.Time      // when missing records, and those that had to wait, are asked for next
	inquiries     []dns.Question // for records, to be sent now
	first, renews bucket         // for those about missing records, and about old ones
}

func newEngine(send func(ether.Interface, netip.AddrPort, *dns.Msg), report func([]byte, bool)) *engine {
	return &engine{send: send, report: report, links: make(map[int]*link), found: make(map[string]*entry), missing: make(map[netip.Addr]int)}
}

// follow takes the interfaces to be used. On all of them it is asked again who
// is there; on those that are new or have changed, we announce ourselves.
func (e *engine) follow(interfaces []ether.Interface, now time.Time) {
	before := e.links
	e.links = make(map[int]*link)
	for _, i := range interfaces {
		l := before[i.Index]
		if l == nil || !ether.Equal([]ether.Interface{l.Interface}, []ether.Interface{i}) {
			l = &link{Interface: i}
			e.announce(l, now)
		}
		l.ask, l.gap = now.Add(jitter()), second
		e.dueAt(l.ask)
		e.links[i.Index] = l
	}
}

// jitter keeps all machines from speaking at the same moment.
func jitter() time.Duration { return 20*time.Millisecond + rand.N(100*time.Millisecond) }

// publish replaces what we publish; nil withdraws it.
func (e *engine) publish(s *service, now time.Time) {
	if s.equal(e.self) {
		return
	}
	if e.self != nil && (s == nil || s.key != e.self.key) {
		e.goodbye()
	}
	e.self = s
	for _, l := range e.links {
		e.announce(l, now)
	}
}

// announce sends our records soon, and once more a second later.
func (e *engine) announce(l *link, now time.Time) {
	l.tell, l.repeats = time.Time{}, 0
	if e.self != nil {
		l.repeats = 2
		e.tellAt(l, now)
	}
}

// tellAt sends our records at this time, or as soon after as is allowed.
func (e *engine) tellAt(l *link, at time.Time) {
	if allowed := l.told.Add(second); at.Before(allowed) {
		at = allowed
	}
	if l.tell.IsZero() || at.Before(l.tell) {
		l.tell = at
		e.dueAt(at)
	}
}

// dueAt notes that there is something to do at this time.
func (e *engine) dueAt(at time.Time) { e.next = earliest(e.next, at) }

// goodbye says on all links that we are gone.
func (e *engine) goodbye() {
	for _, l := range e.links {
		if e.self != nil {
			e.send(l.Interface, netip.AddrPort{}, e.self.goodbye(l.Interface))
		}
	}
}

// tick does what is due, and returns when it is to be called again; zero if
// never.
func (e *engine) tick(now time.Time) time.Time {
	if !isDue(e.next, now) {
		return e.next
	}
	e.next = time.Time{}
	for _, l := range e.links {
		e.dueAt(e.tickLink(l, now))
	}
	for key, one := range e.found {
		e.dueAt(e.tickEntry(key, one, now))
	}
	for _, l := range e.links {
		e.sendInquiries(l)
	}
	return e.next
}

func (e *engine) tickLink(l *link, now time.Time) time.Time {
	if e.self != nil && isDue(l.tell, now) {
		e.send(l.Interface, netip.AddrPort{}, e.self.all(l.Interface))
		l.told, l.tell = now, time.Time{}
		if l.repeats--; l.repeats > 0 {
			l.tell = now.Add(second)
		}
	}
	if e.self != nil && isDue(l.kinds, now) {
		e.send(l.Interface, netip.AddrPort{}, e.self.kinds())
		l.kinds = time.Time{}
	}
	if isDue(l.ask, now) {
		e.ask(l, now)
	}
	next := l.ask
	if e.self != nil {
		next = earliest(earliest(next, l.tell), l.kinds)
	}
	return next
}

func isDue(at, now time.Time) bool { return !at.IsZero() && !at.After(now) }

// earliest gives the earlier of two times, of which zero is never.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// concerns tells cheaply whether a datagram can be about us. There may be a
// lot of printers.
func concerns(data []byte) bool {
	return bytes.Contains(bytes.ToLower(data), []byte("feihong")) || bytes.Contains(data, []byte("_dns-sd"))
}

// handle takes a datagram. It keeps nothing of its data.
func (e *engine) handle(data []byte, from socket.Origin, now time.Time) {
	l := e.linkOf(from)
	if l == nil {
		return
	}
	var m dns.Msg
	if m.Unpack(data) != nil || m.Opcode != dns.OpcodeQuery || m.Rcode != dns.RcodeSuccess {
		return
	}
	// What was sent to the group cannot come from afar; all else must come from
	// an address on the link (RFC 6762, section 11).
	near := l.Contains(from.From.Addr())
	switch {
	case m.Response && from.From.Port() == port && (near || from.To.IsMulticast()):
		e.learn(l, &m, from.From.Addr(), now)
	case !m.Response:
		own := slices.ContainsFunc(l.Addresses, func(p netip.Prefix) bool {
			return p.Addr() == from.From.Addr().WithZone("")
		})
		e.answer(l, &m, asker{from.From, near, own}, now)
	}
}

// linkOf finds the link that a datagram came in by; by its sender if the
// system does not tell.
func (e *engine) linkOf(from socket.Origin) *link {
	if from.Interface != 0 {
		return e.links[from.Interface]
	}
	for _, l := range e.links {
		if l.Contains(from.From.Addr()) {
			return l
		}
	}
	return nil
}
