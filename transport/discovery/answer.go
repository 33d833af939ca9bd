package discovery

import (
	"net/netip"
	"slices"
	"time"

	"feihong/protocol"
	"feihong/transport/ether"
)

// Answers to newcomers.
const (
	turnEach  = 4 * time.Millisecond // of delay for each person who could answer
	turnMost  = 5 * time.Second
	turnLeast = 5           // people, even if fewer are known
	soonAgain = time.Second // an announcement to all is as good, if it comes as soon
	perPeer   = 10 * time.Second
	seenFor   = 5 * time.Second // how long a question is the same
)

// pendingAnswer is an answer to a newcomer that waits for its time.
type pendingAnswer struct {
	to       netip.AddrPort
	from     netip.Addr
	zone     string // of the interface
	since    time.Time
	deferred int
}

// turnTaking is a random delay that keeps everybody from answering at once.
func (l *loop) turnTaking() time.Duration {
	count := max(int(l.table.known()), turnLeast)
	return spread(min(time.Duration(count)*turnEach, turnMost))
}

// welcome plans to tell a newcomer about us, if they cannot but hear us
// otherwise.
func (l *loop) welcome(r *record, packet *ether.Packet) {
	from := packet.From.Addr()
	signed := slices.Contains(r.announcement.Addresses, from.WithZone(""))
	switch {
	case !l.visible() || l.pending[r.key] != nil || len(l.pending) >= maxPending:
		return
	case !from.IsLoopback() && (!signed || !l.links.onLink(from)):
		return // nobody is sent anything because of a forged address
	case l.now.Sub(r.welcomed) < perPeer && !r.welcomed.IsZero():
		return
	}
	delay := l.turnTaking()
	if l.beacon.nextAt.Before(l.now.Add(delay + soonAgain)) {
		return
	}
	p := &pendingAnswer{to: packet.From, zone: l.links.name(packet.Interface), since: l.now}
	if packet.Way == ether.Unicast {
		p.from = packet.To
	}
	l.pending[r.key] = p
	l.after(delay, func() { l.answerNewcomer(r, p) })
}

// answerNewcomer is the planned answer, if there is still a need.
func (l *loop) answerNewcomer(r *record, p *pendingAnswer) {
	const deferMost = 4
	if l.pending[r.key] != p {
		return
	}
	body := l.announceBody(l.announcement(time.Second), false)
	announced := !l.beacon.spread[p.zone].Before(p.since) || l.beacon.nextAt.Before(l.now.Add(soonAgain))
	source := l.sources.get(p.to.Addr().Unmap(), l.now, 0)
	if body == nil || announced {
		delete(l.pending, r.key)
		return
	}
	if source.credit < len(body) && p.deferred < deferMost {
		// They are likely to send another announcement.
		p.deferred++
		l.after(apart, func() { l.answerNewcomer(r, p) })
		return
	}
	delete(l.pending, r.key)
	if !source.answers.take(l.now, rateTarget) || !l.welcomed.take(l.now, rateAnswers) || !source.pay(len(body)) {
		return
	}
	r.welcomed = l.now
	if err := l.port.Answer(p.to, p.from, body); err != nil {
		l.log.Debug("answer", "to", p.to, "error", err)
	}
}

// questioned handles a question, which came to one of the programs on this
// machine that share the port.
func (l *loop) questioned(packet *ether.Packet, d *protocol.Question, a arrival) {
	if packet.Way != ether.Unicast {
		return // a question to all would be answered by all
	}
	own := l.inquiries[d.Nonce] != nil
	if !own && !l.mayAnswer(d.Nonce, a.source) {
		return
	}
	if body := l.encode(&protocol.PassedOn{Nonce: d.Nonce, Asker: l.zoned(packet.From)}); body != nil {
		if err := l.port.PassOn(body); err != nil {
			l.log.Debug("pass on", "error", err)
		}
	}
	if own {
		return
	}
	if d.Signed != nil {
		a.signed = d.Signed
		a.hash = 0
		l.take(a)
	}
	l.answer(d.Nonce, packet.From, packet.To, a.source)
}

// zoned is an address in the form of PassedOn, where only link-local IPv6 has
// a zone.
func (l *loop) zoned(at netip.AddrPort) netip.AddrPort {
	addr := at.Addr().Unmap()
	if !addr.IsLinkLocalUnicast() {
		addr = addr.WithZone("")
	}
	return netip.AddrPortFrom(addr, at.Port())
}

// passedOn handles a question that came to another program on this machine.
func (l *loop) passedOn(packet *ether.Packet, d *protocol.PassedOn) {
	if !l.links.here(packet.From.Addr().Unmap()) || l.inquiries[d.Nonce] != nil {
		return
	}
	// The program that got the question got its bytes.
	source := l.sources.get(d.Asker.Addr(), l.now, protocol.MaxDatagramBytes)
	if l.mayAnswer(d.Nonce, source) {
		l.answer(d.Nonce, d.Asker, netip.Addr{}, source)
	}
}

// mayAnswer limits how many questions are answered, and each once.
func (l *loop) mayAnswer(nonce [16]byte, source *source) bool {
	if at, ok := l.seen[nonce]; ok && l.now.Sub(at) < seenFor {
		return false
	}
	if !source.asked.take(l.now, rateAsker) || !l.answered.take(l.now, rateQuestions) {
		return false
	}
	for other, at := range l.seen {
		if len(l.seen) < maxSeen && l.now.Sub(at) < seenFor {
			break
		}
		delete(l.seen, other)
	}
	l.seen[nonce] = l.now
	return true
}

// answer answers a question with an announcement that shows, by its nonce,
// that it was made just now.
func (l *loop) answer(nonce [16]byte, to netip.AddrPort, from netip.Addr, source *source) {
	if !l.visible() {
		return
	}
	signed := l.sign(l.config.Self(), nonce)
	if signed == nil {
		return
	}
	body := l.encode(&protocol.Answer{Signed: signed, Known: l.table.known()})
	if body == nil || !source.pay(len(body)) {
		return
	}
	if err := l.port.Answer(to, from, body); err != nil {
		l.log.Debug("answer", "to", to, "error", err)
	}
}
