package dnssd

import (
	"math/rand/v2"
	"net/netip"
	"time"

	"github.com/miekg/dns"
)

// Questions for the TXT record of one service. Anybody can invent services, in
// one message as many as fit, and all on the link hear of them at once: what
// each of them asks then must be little, and once one has asked, the others
// must not.
const (
	// maxAsks is how often a record is asked for that is about to run out, or
	// that is missing.
	maxAsks = 4
	missing = 4 * time.Second // how long a missing one is waited for
	// maxMissing is how many missing ones there may be that one sender named,
	// and maxSources how many such senders: who is left out is found when the
	// TXT record comes by itself.
	maxMissing, maxSources = 16, 64
	// inquiryRate is how many records are asked for on a link in a second, and
	// inquiryBurst how many at once; missing and old ones each.
	inquiryRate, inquiryBurst = 10, 20
	// maxTogether is how many questions there are in a message.
	maxTogether = 10
	// turns is the time over which machines spread the same question, so that
	// one asks and the others overhear it.
	turns = second / 2
)

// gather gives the time, this long from now or a little later, at which records
// are asked for that are missing or have to wait: the same for all, so that
// they share messages.
func (l *link) gather(now time.Time, wait time.Duration) time.Time {
	if earliest := now.Add(wait); l.gathered.Before(earliest) {
		l.gathered = earliest.Add(20*time.Millisecond + rand.N(turns))
	}
	return l.gathered
}

// resolve notes that the TXT record of a service is not missing any more.
func (e *engine) resolve(one *entry) {
	if !one.source.IsValid() {
		return
	}
	if e.missing[one.source]--; e.missing[one.source] <= 0 {
		delete(e.missing, one.source)
	}
	one.source = netip.Addr{}
}

// forget removes a service.
func (e *engine) forget(key string) {
	e.resolve(e.found[key])
	delete(e.found, key)
}

// inquire asks for a TXT record, or later if too much is asked for already.
func (e *engine) inquire(one *entry, now time.Time) {
	l := e.links[one.link]
	if l == nil {
		one.ask = time.Time{}
		return
	}
	limit := &l.renews
	if one.signed == nil {
		limit = &l.first
	}
	if !limit.take(now, inquiryRate, inquiryBurst) {
		one.ask = l.gather(now, second)
		return
	}
	l.inquiries = append(l.inquiries, dns.Question{Name: one.name, Qtype: dns.TypeTXT, Qclass: dns.ClassINET})
	e.asked(l, one, now)
}

// sendInquiries sends the questions that are due, several in a message.
func (e *engine) sendInquiries(l *link) {
	for len(l.inquiries) > 0 {
		some := l.inquiries[:min(len(l.inquiries), maxTogether)]
		l.inquiries = l.inquiries[len(some):]
		e.send(l.Interface, netip.AddrPort{}, &dns.Msg{Compress: true, Question: some})
	}
	l.inquiries = nil
}

// asked notes that a service was asked for on a link, and says when to ask
// again.
func (e *engine) asked(l *link, one *entry, now time.Time) {
	one.asks++
	switch {
	case one.asks >= maxAsks:
		one.ask = time.Time{}
	case one.signed == nil:
		one.ask = l.gather(now, second)
	default:
		one.ask = now.Add(max(one.life/20, second))
	}
}

// overhear notes what others ask for: who was about to ask the same need not
// (RFC 6762, section 7.3).
func (e *engine) overhear(l *link, q dns.Question, open bool, now time.Time) {
	if q.Qclass&flush != 0 {
		return // they want the answer for themselves
	}
	key := keyOf(q.Name)
	if key == serviceName && open && q.Qtype == dns.TypePTR {
		l.heard = now
	}
	one := e.found[key]
	if one == nil || one.link != l.Index || q.Qtype != dns.TypeTXT {
		return
	}
	soon := one.life / 50
	if one.signed == nil {
		soon = second
	}
	if isDue(one.ask, now.Add(soon)) {
		e.asked(l, one, now)
		e.dueAt(one.ask)
	}
}
