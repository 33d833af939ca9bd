package dnssd

import (
	"bytes"
	"math/rand/v2"
	"net/netip"
	"strings"
	"time"

	"github.com/miekg/dns"

	"feihong/protocol"
)

const (
	// life is how long our own PTR and TXT records last.
	life = 450 * time.Second
	// maxLife is how long those of others last at most.
	maxLife = 75 * time.Minute
	// farewell is the time in which somebody who said goodbye may come back
	// (RFC 6762, section 10.1).
	farewell = second
	// maxGap is the time between two questions who is there, in the end.
	maxGap = time.Hour
	// maxFound is how many services are remembered. If there are more, some
	// are forgotten: they have been reported, and will be again.
	maxFound = 2048
	// maxRecords is how many records of a message are looked at.
	maxRecords = 512
	// maxKnown is how many services are named in a question so that they need
	// not answer: as many as fit into a packet.
	maxKnown = 20
)

// entry is a service that we found.
type entry struct {
	name    string     // as received
	signed  []byte     // nil while its TXT record is missing
	peer    string     // the public key in it
	link    int        // index of the interface
	source  netip.Addr // who named it, while its TXT record is missing
	life    time.Duration
	expires time.Time
	ask     time.Time // when to ask for the TXT record; zero: not
	asks    int
}

// learn takes in the records of a response.
func (e *engine) learn(l *link, m *dns.Msg, source netip.Addr, now time.Time) {
	records := m.Answer
	if len(m.Extra) > 0 {
		records = append(records[:len(records):len(records)], m.Extra...)
	}
	for _, record := range records[:min(len(records), maxRecords)] {
		switch r := record.(type) {
		case *dns.PTR:
			if keyOf(r.Hdr.Name) == serviceName {
				e.learnPointer(l, r, source, now)
			}
		case *dns.TXT:
			e.learnText(l, r, now)
		}
	}
}

// foreign gives the key of a service that is not ours, "" for everything else.
func (e *engine) foreign(name string) string {
	key := keyOf(name)
	if !strings.HasSuffix(key, "."+serviceName) || e.self != nil && key == e.self.key {
		return ""
	}
	return key
}

func (e *engine) learnPointer(l *link, r *dns.PTR, source netip.Addr, now time.Time) {
	key := e.foreign(r.Ptr)
	switch one := e.found[key]; {
	case key == "":
	case one != nil && r.Hdr.Ttl == 0:
		e.leave(one, now)
	case one == nil && r.Hdr.Ttl != 0 && e.missing[source] < maxMissing && len(e.missing) < maxSources:
		// The text mostly comes in the same message; if not, ask for it.
		e.missing[source]++
		e.remember(key, &entry{name: r.Ptr, link: l.Index, source: source, expires: now.Add(missing), ask: l.gather(now, 0)})
	}
}

func (e *engine) learnText(l *link, r *dns.TXT, now time.Time) {
	key := e.foreign(r.Hdr.Name)
	one := e.found[key]
	if key == "" {
		return
	}
	if r.Hdr.Ttl == 0 {
		if one != nil {
			e.leave(one, now)
		}
		return
	}
	signed := signedOf(r.Txt)
	peer, _, _, err := protocol.PeekAnnouncement(signed)
	if err != nil {
		return
	}
	if one == nil {
		one = &entry{name: r.Hdr.Name}
		e.remember(key, one)
	}
	e.resolve(one)
	one.link, one.life = l.Index, min(time.Duration(r.Hdr.Ttl)*time.Second, maxLife)
	one.expires, one.asks = now.Add(one.life), 0
	one.ask = now.Add(one.life*8/10 + rand.N(one.life/50+1))
	e.dueAt(one.ask)
	if !bytes.Equal(one.signed, signed) {
		one.signed, one.peer = signed, string(peer)
		e.report(bytes.Clone(signed), false)
	}
}

// leave takes note of a goodbye.
func (e *engine) leave(one *entry, now time.Time) {
	one.expires, one.ask = earliest(one.expires, now.Add(farewell)), time.Time{}
	e.dueAt(one.expires)
}

// remember adds a service. If there are too many it forgets another one, any,
// so that nobody can keep newcomers out.
func (e *engine) remember(key string, one *entry) {
	if len(e.found) >= maxFound {
		for any := range e.found {
			e.forget(any)
			break
		}
	}
	e.found[key] = one
	e.dueAt(one.expires)
	e.dueAt(one.ask)
}

// tickEntry asks again for a service before it runs out, and reports it when
// it did.
func (e *engine) tickEntry(key string, one *entry, now time.Time) time.Time {
	if isDue(one.expires, now) {
		e.forget(key)
		if one.signed != nil && !e.hasPeer(one.peer) {
			e.report(one.signed, true)
		}
		return time.Time{}
	}
	if isDue(one.ask, now) {
		e.inquire(one, now)
	}
	return earliest(one.expires, one.ask)
}

// hasPeer tells whether somebody is still there, under another name perhaps.
func (e *engine) hasPeer(peer string) bool {
	for _, one := range e.found {
		if one.peer == peer {
			return true
		}
	}
	return false
}

// ask asks who is there, unless somebody else just did.
func (e *engine) ask(l *link, now time.Time) {
	if now.Sub(l.heard) >= second {
		m := question(serviceName, dns.TypePTR)
		m.Answer = e.known(l, now)
		e.send(l.Interface, netip.AddrPort{}, m)
	}
	l.ask = now.Add(l.gap + jitter())
	l.gap = min(3*l.gap, maxGap)
}

// known names services on a link that need not answer.
func (e *engine) known(l *link, now time.Time) []dns.RR {
	var list []dns.RR
	for _, one := range e.found {
		left := one.expires.Sub(now)
		if one.link != l.Index || one.signed == nil || left < one.life/2 {
			continue
		}
		head := dns.RR_Header{Name: serviceName, Rrtype: dns.TypePTR, Class: dns.ClassINET, Ttl: uint32(left / time.Second)}
		if list = append(list, &dns.PTR{Hdr: head, Ptr: one.name}); len(list) == maxKnown {
			break
		}
	}
	return list
}
