package chat

import (
	"errors"
	"time"

	"feihong/protocol"
)

// messageKey names a message among all conversations.
type messageKey struct {
	contact ContactID
	ref     Ref
}

// reference is a message as the other person names it, seen from here.
func reference(r protocol.Reference) Ref {
	switch {
	case r == protocol.Reference{}:
		return Ref{}
	case r.Own:
		return Ref{Direction: In, ID: r.ID}
	}
	return Ref{Direction: Out, ID: r.ID}
}

// told is a message as it is named to the other person.
func (r Ref) told() protocol.Reference {
	return protocol.Reference{Own: r.Direction == Out && !r.IsZero(), ID: r.ID}
}

// receiveAmendment takes what changes another message. What it must not change,
// or what is not there, is acknowledged and dropped: it would come again
// otherwise, and never become right.
func (l *loop) receiveAmendment(p *person, session Session, m Message) {
	m.Contact, m.Direction, m.State = p.ID, In, Read
	target, err := l.written(p, m.Target)
	switch {
	case err == nil && admissible(&m, &target):
		if m.Kind == KindRecall && target.Kind == KindFiles {
			l.cancelRecalled(p, m.Target)
		}
		l.turn.add(m, note{person: p, session: session})
	case err == nil || errors.Is(err, ErrNoMessage):
		l.countUseless(p, session)
		l.sendReceipts(session, []protocol.MessageID{m.ID}, delivered)
	default:
		l.tellStore(err)
		l.endForStorage(p, session)
	}
}

// editedAt is when a person wrote an edit. If their clock is so wrong that ours
// is taken instead, edits stay in the order in which they come.
func (p *person) editedAt(ms int64) time.Time {
	at := clampTime(ms, now())
	if at.UnixMilli() == ms {
		return at
	}
	if !at.After(p.edited) {
		at = p.edited.Add(time.Millisecond)
	}
	p.edited = at
	return at
}

// admissible says that somebody may change a message as they want to.
func admissible(m, target *Message) bool {
	if target.Kind.Amendment() || target.Recalled {
		return false
	}
	if m.Kind == KindReaction {
		return true
	}
	return target.Direction == m.Direction && target.Kind != KindNudge &&
		(m.Kind == KindRecall || target.Kind == KindText) && m.Time.Sub(target.Time) <= MaxAmendAge
}

// written finds a message of a conversation, be it in this turn.
func (l *loop) written(p *person, ref Ref) (Message, error) {
	m, err := l.store.MessageOf(l.ctx, p.ID, ref)
	if !errors.Is(err, ErrNoMessage) {
		return m, err
	}
	for i := range l.turn.batch.Messages {
		if m := &l.turn.batch.Messages[i]; m.ID == ref.ID && m.Contact == p.ID && m.Direction == ref.Direction {
			return *m, nil
		}
	}
	return Message{}, err
}

// settleAmendment goes on with an amendment that is on disk: one of ours
// is sent, one of theirs acknowledged.
func (l *loop) settleAmendment(n note, m Message, amended map[messageKey]Message, ack *acknowledgement) {
	if ack != nil {
		ack.delivered = append(ack.delivered, m.ID)
		n.person.reach.fails = 0
		return
	}
	n.person.outbox.add(m)
	l.pump(n.person)
	l.want(n.person)
	target, ok := amended[messageKey{m.Contact, m.Target}]
	if !ok {
		var err error
		if target, err = l.store.MessageOf(l.ctx, m.Contact, m.Target); err != nil {
			n.reply(Message{}, err)
			return
		}
	}
	n.person.outbox.overlay(&target)
	n.reply(target, nil)
}

// settleAmended shows what amendments have made of a message.
func (l *loop) settleAmended(m Message) {
	p := l.people[m.Contact]
	if p == nil {
		return
	}
	p.outbox.amend(m)
	p.outbox.overlay(&m)
	if last := p.overview.Last; last != nil && last.Ref() == m.Ref() {
		p.overview.Last = &m
		l.show(p)
	}
	if m.Recalled && m.Kind == KindFiles {
		l.forgetOffer(p, m)
	}
	l.feed.publish(MessageChanged{Message: m, Amended: true})
}

// forgetOffer removes from a transfer in memory what its sender has taken back,
// as the store did.
func (l *loop) forgetOffer(p *person, m Message) {
	f, err := l.transfer(m.ID)
	if err != nil || f.person != p || f.Direction != m.Direction {
		return
	}
	f.Forget()
	f.changed = false
	l.feed.publish(TransferChanged{Transfer: f.Transfer, Contact: p.Contact})
}

// amend takes over what amendments have made of a message that waits, and drops
// the text of its edits if it was recalled.
func (o *outbox) amend(m Message) {
	if m.Direction != Out {
		return
	}
	if e := o.byID[m.ID]; e != nil {
		m.State, m.Sent = e.State, e.Sent
		o.replace(e, m)
	}
	if !m.Recalled {
		return
	}
	for _, e := range o.queue {
		if e.Kind == KindEdit && e.Target == m.Ref() {
			edit := e.Message
			edit.Text = ""
			o.replace(e, edit)
		}
	}
}

// replace changes what waits, and counts anew how much of it is under way.
func (o *outbox) replace(e *outgoing, m Message) {
	if e.underway && !e.acknowledged {
		o.bytes += m.size() - e.size()
	}
	e.Message = m
}

// receiveNudge takes a call for attention. More than one in NudgeEvery is
// acknowledged and not shown.
func (l *loop) receiveNudge(p *person, session Session, m *protocol.Nudge) {
	if !p.nudged.IsZero() && time.Since(p.nudged) < NudgeEvery {
		l.countUseless(p, session)
		l.sendReceipts(session, []protocol.MessageID{m.ID}, delivered)
		return
	}
	p.nudged = time.Now()
	l.turn.add(Message{
		ID: m.ID, Contact: p.ID, Direction: In, State: Delivered, Kind: KindNudge, Time: clampTime(m.Time, now()),
	}, note{person: p, session: session})
}
