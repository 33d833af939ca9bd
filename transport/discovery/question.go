package discovery

import (
	"crypto/rand"
	"net/netip"
	"slices"
	"time"

	"feihong/protocol"
	"feihong/transport/ether"
)

// inquiry is a question that we ask at the addresses of one machine, several
// times if need be. Each time has a nonce of its own, so that a copy of a
// datagram is told from a second question.
type inquiry struct {
	loop  *loop
	to    []netip.Addr
	waits []time.Duration // before each further time; the last until giving up
	// further are the addresses for all tries but the first; nil: the same.
	further []netip.Addr
	nonces  [][16]byte
	next    *task
	free    bool // the user asks: there is no limit
	pays    bool // no address is sent more than came from it
	// got is told of each answer: several programs may be on the machine. It
	// says whether that is enough and nobody has to be asked again. Nil: any
	// answer is enough.
	got func(r *record, a *protocol.Announcement, from origin) bool
	// failed is told when enough was not heard. Nil: nobody is.
	failed func()
}

// Times between the tries of questions.
var (
	probeWaits  = []time.Duration{500 * time.Millisecond, 500 * time.Millisecond, 500 * time.Millisecond}
	greetWaits  = []time.Duration{2 * time.Second, 3 * time.Second, 3 * time.Second}
	onceWaits   = []time.Duration{2 * time.Second}
	recallWaits = []time.Duration{5 * time.Second, 25 * time.Second, 2 * time.Second}
)

// ask begins to ask.
func (l *loop) ask(q *inquiry) {
	q.loop = l
	if len(l.inquiries) >= maxInquiries || len(q.to) == 0 {
		q.giveUp()
		return
	}
	q.try()
}

func (q *inquiry) try() {
	l := q.loop
	var nonce [16]byte
	_, _ = rand.Read(nonce[:]) // never fails
	q.nonces = append(q.nonces, nonce)
	l.inquiries[nonce] = q
	body := l.encode(&protocol.Question{Nonce: nonce, Signed: l.announcement(time.Second)})
	for _, addr := range q.to {
		source := l.sources.get(addr, l.now, 0)
		if !q.free && !source.tried.take(l.now, rateTried) || q.pays && !source.pay(len(body)) {
			continue
		}
		l.send(netip.AddrPortFrom(addr, uint16(l.config.Port)), body)
	}
	wait := q.waits[0]
	q.waits = q.waits[1:]
	q.next = l.after(wait, func() {
		if len(q.waits) == 0 {
			q.giveUp()
			return
		}
		if q.further != nil {
			q.to, q.further = q.further, nil
		}
		q.try()
	})
}

// end ends it without a word.
func (q *inquiry) end() {
	q.loop.agenda.cancel(q.next)
	for _, nonce := range q.nonces {
		delete(q.loop.inquiries, nonce)
	}
}

func (q *inquiry) giveUp() {
	q.end()
	if failed := q.failed; failed != nil {
		q.failed = nil
		failed()
	}
}

// answeredBy handles an answer. It counts only if it is signed together with
// our nonce, and comes from where we asked, or from somebody who says that
// they are there.
func (l *loop) answeredBy(packet *ether.Packet, d *protocol.Answer, a arrival) {
	signed, nonce, ok := l.nonceOf(d.Signed)
	if !ok {
		return
	}
	q := l.inquiries[nonce]
	if q == nil || !l.expected(q, a.from.addr, signed) {
		return
	}
	a.proven = true
	r := l.take(a)
	if q.got == nil || q.got(r, signed, a.from) {
		q.failed, q.waits = nil, nil // only what is on its way is waited for
	}
	if r != nil {
		l.newcomer.promised(l, r, d.Known)
	}
}

// nonceOf opens the announcement of an answer.
func (l *loop) nonceOf(raw []byte) (a *protocol.Announcement, nonce [16]byte, ok bool) {
	if len(l.inquiries) == 0 || !l.known.take(l.now, rateKnown) {
		return nil, nonce, false
	}
	a, err := l.open(slices.Clone(raw))
	if err != nil || a.Nonce == ([16]byte{}) || a.Status == protocol.StatusOffline {
		return nil, nonce, false
	}
	return a, a.Nonce, publicKey(a.Key) != l.own
}

// expected tells whether an answer comes from where we asked.
func (l *loop) expected(q *inquiry, from netip.Addr, a *protocol.Announcement) bool {
	for _, asked := range q.to {
		if asked.WithZone("") == from.WithZone("") || slices.Contains(a.Addresses, asked.WithZone("")) ||
			l.links.here(asked) && l.links.here(from) {
			return true
		}
	}
	return false
}

// doubt asks somebody whose announcement may be an old one, repeated by
// somebody else. As a question is longer than an announcement, it waits until
// enough came from there. It tells whether the question is planned.
func (l *loop) doubt(a *arrival) bool {
	if l.config.Passive {
		return false
	}
	if a.source == nil {
		return l.doubtFar(a)
	}
	to := a.from.addr
	if a.source.credit < protocol.MaxDatagramBytes || len(l.inquiries) >= maxInquiries/2 ||
		!a.source.doubts.take(l.now, rateDoubted) || !l.doubted.take(l.now, rateDoubts) {
		return false
	}
	// A whole office may doubt a machine whose clock is wrong.
	l.after(l.turnTaking(), func() { l.ask(&inquiry{to: []netip.Addr{to}, waits: onceWaits, pays: true}) })
	return true
}

// doubtFar asks at the addresses that an announcement names, as if somebody
// had told of them.
func (l *loop) doubtFar(a *arrival) bool {
	if !l.visible() || !l.news.take(l.now, rateNews) || !l.mayGreet(a.teller) {
		return false
	}
	announcement, err := l.open(slices.Clone(a.signed))
	if err != nil || announcement.Status == protocol.StatusOffline {
		return false
	}
	to, _ := l.greetTargets(&record{announcement: announcement})
	return l.greets.add(func() {
		if l.visible() {
			l.ask(&inquiry{to: to, waits: onceWaits})
		}
	})
}
