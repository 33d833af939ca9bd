package dnssd

import (
	"net/netip"
	"time"

	"github.com/miekg/dns"
)

const (
	// maxQuestions is how many questions of a message are answered.
	maxQuestions = 32
	// legacyTTL is how many seconds a program that asks as in ordinary DNS may
	// remember the answer.
	legacyTTL = 10
	// recently is how long after a multicast those who would like an answer to
	// themselves alone get it: a quarter of the time our TXT record lasts.
	recently = 112 * time.Second
	// spareRate is how many answers to one address there are in a second, so
	// that forged questions cannot make us flood anybody.
	spareRate = 10
)

// asker is who asked.
type asker struct {
	address netip.AddrPort
	near    bool // the address is on the link
	own     bool // it is our machine
}

// wanted is what was asked for.
type wanted struct{ self, kinds, alone bool }

// answer answers questions. What others ask for, we need not ask for as well.
func (e *engine) answer(l *link, m *dns.Msg, by asker, now time.Time) {
	var want wanted
	for _, q := range m.Question[:min(len(m.Question), maxQuestions)] {
		class := q.Qclass &^ flush
		if class != dns.ClassINET && class != dns.ClassANY {
			continue
		}
		if !by.own && by.address.Port() == port {
			e.overhear(l, q, len(m.Answer) == 0, now)
		}
		e.match(q, &want)
	}
	if e.self == nil {
		return
	}
	legacy := by.address.Port() != port
	if want.self && !legacy && e.isKnown(m.Answer) {
		want.self = false
	}
	switch {
	case legacy:
		e.answerLegacy(l, m, by, want, now)
	case want.self && want.alone && by.near && now.Sub(l.told) < recently && e.spare.take(now, spareRate, spareRate):
		e.send(l.Interface, by.address, e.self.all(l.Interface))
	case want.self:
		e.tellAt(l, now.Add(jitter()))
	}
	if want.kinds && !legacy && l.kinds.IsZero() {
		l.kinds = now.Add(jitter())
		e.dueAt(l.kinds)
	}
}

// match notes what a question asks for.
func (e *engine) match(q dns.Question, want *wanted) {
	if e.self == nil {
		return
	}
	has := func(kinds ...uint16) bool {
		for _, kind := range append(kinds, dns.TypeANY) {
			if q.Qtype == kind {
				return true
			}
		}
		return false
	}
	self := false
	switch keyOf(q.Name) {
	case serviceName:
		self = has(dns.TypePTR)
	case e.self.key:
		self = has(dns.TypeSRV, dns.TypeTXT)
	case keyOf(e.self.records.Hostname()):
		self = has(dns.TypeA, dns.TypeAAAA)
	case metaName:
		want.kinds = has(dns.TypePTR)
	}
	want.self = want.self || self
	want.alone = want.alone || self && q.Qclass&flush != 0
}

// isKnown tells whether the asker knows us already, and for a good while.
func (e *engine) isKnown(answers []dns.RR) bool {
	for _, record := range answers {
		pointer, ok := record.(*dns.PTR)
		if ok && keyOf(pointer.Hdr.Name) == serviceName && keyOf(pointer.Ptr) == e.self.key {
			return time.Duration(pointer.Hdr.Ttl)*time.Second >= life/2
		}
	}
	return false
}

// answerLegacy answers a program that knows ordinary DNS only (RFC 6762,
// section 6.7).
func (e *engine) answerLegacy(l *link, m *dns.Msg, by asker, want wanted, now time.Time) {
	if !want.self && !want.kinds || !by.near || !e.spare.take(now, spareRate, spareRate) {
		return
	}
	reply := e.self.kinds()
	if want.self {
		reply = e.self.all(l.Interface)
	}
	for _, record := range reply.Answer {
		record.Header().Class &^= flush
		record.Header().Ttl = min(record.Header().Ttl, legacyTTL)
	}
	reply.Id = m.Id
	reply.Question = m.Question[:1]
	e.send(l.Interface, by.address, reply)
}

// bucket limits a rate. The zero value is full.
type bucket struct {
	left float64
	at   time.Time
}

// take takes one, if there is one: there are so many in a second, and so many
// more at once.
func (b *bucket) take(now time.Time, perSecond, atOnce float64) bool {
	if b.left += now.Sub(b.at).Seconds() * perSecond; b.at.IsZero() || b.left > atOnce {
		b.left = atOnce
	}
	b.at = now
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}
