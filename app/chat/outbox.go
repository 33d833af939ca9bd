package chat

import (
	"time"

	"feihong/protocol"
)

// At most this much is under way to one person without being acknowledged: it
// hides the round trip and the receiver's disk, and stays far below what a
// session may queue.
const (
	windowMessages = 1024
	windowBytes    = 1 << 20
)

// refillAgain is how long to wait after the store could not be read.
const refillAgain = time.Second

// maxUseless is how many receipts without effect a session may bring. A few
// are ordinary, because receipts are repeated; more are a flood.
const maxUseless = 8192

// outbox is the front of the queue to one person: the messages that are not
// acknowledged yet, in order. The rest of a long queue waits in the store.
type outbox struct {
	queue   []*outgoing // oldest first; acknowledged ones are gone
	byID    map[protocol.MessageID]*outgoing
	lastSeq int64 // highest Seq ever in queue
	more    bool  // the store may hold more after lastSeq
	unsent  int   // index in queue of the first one not handed to the session
	bytes   int   // text handed to the session and not acknowledged
}

type outgoing struct {
	Message
	underway     bool      // handed to the session that is up
	sent         time.Time // when, if underway
	acknowledged bool
}

func (o *outbox) init() { o.byID = make(map[protocol.MessageID]*outgoing) }

// add appends a message that was just committed. A message behind others that
// are still in the store only, waits there.
func (o *outbox) add(m Message) {
	if o.more || len(o.queue) >= windowMessages {
		o.more = true
		return
	}
	o.push(m)
}

func (o *outbox) push(m Message) {
	e := &outgoing{Message: m}
	o.queue = append(o.queue, e)
	o.byID[m.ID] = e
	o.lastSeq = max(o.lastSeq, m.Seq)
}

// remove takes out a message that needs nothing more.
func (o *outbox) remove(id protocol.MessageID) (Message, bool) {
	e := o.byID[id]
	if e == nil {
		return Message{}, false
	}
	delete(o.byID, id)
	e.acknowledged = true
	if e.underway {
		o.bytes -= e.size()
	}
	n := 0
	for n < len(o.queue) && o.queue[n].acknowledged {
		o.queue[n] = nil
		n++
	}
	o.queue = o.queue[n:]
	o.unsent = max(0, o.unsent-n)
	return e.Message, true
}

// rewind makes everything unacknowledged due again, for a new session. What
// was handed to a session once goes on being shown as sent.
func (o *outbox) rewind() {
	for _, e := range o.queue {
		e.underway = false
	}
	o.unsent, o.bytes = 0, 0
}

// reload forgets the queue and reads it again from the store when needed.
func (o *outbox) reload() {
	*o = outbox{more: true}
	o.init()
}

// empty says that nothing waits for this person, in memory or in the store.
func (o *outbox) empty() bool { return len(o.byID) == 0 && !o.more }

// overlay gives a message read from the store the state it has in memory:
// that a message was handed to a session is not written down by itself, because
// after a crash it would have to be sent again in any case.
func (o *outbox) overlay(m *Message) {
	if m.Direction != Out || m.State != Queued {
		return
	}
	if e := o.byID[m.ID]; e != nil {
		m.State, m.Sent = e.State, e.Sent
	}
}

// pump hands messages to the session until the window is full.
func (l *loop) pump(p *person) {
	o := &p.outbox
	if p.session == nil {
		return
	}
	l.refill(p)
	for o.unsent < len(o.queue) && o.bytes < windowBytes {
		e := o.queue[o.unsent]
		if e.acknowledged {
			o.unsent++
			continue
		}
		if reason := l.unsendable(p, e); reason != "" {
			o.unsent++
			l.queueReceipt(p, nil, StateChange{ID: e.ID, State: Failed, Reason: reason})
			continue
		}
		if e.Kind == KindText {
			l.traffic.Hold()
		}
		if !l.transmit(p, e) {
			return
		}
		o.unsent++
		o.bytes += e.size()
		e.underway, e.sent = true, time.Now()
		l.watch(p)
		if e.State != Sent {
			e.State, e.Sent = Sent, now()
			l.publishState(e.Message)
		}
	}
}

// refill loads the next part of the queue once there is room for half of it.
func (l *loop) refill(p *person) {
	o := &p.outbox
	if !o.more || len(o.queue) > windowMessages/2 {
		return
	}
	room := windowMessages - len(o.queue)
	next, err := l.store.Outbox(l.ctx, p.ID, o.lastSeq, room)
	if err != nil {
		l.tellStore(err)
		l.after(refillAgain, func(l *loop) { l.pump(p) })
		return
	}
	for _, m := range next {
		m.State = Queued
		o.push(m)
	}
	o.more = len(next) == room
}

func (l *loop) transmit(p *person, e *outgoing) bool {
	body, err := l.encode(e)
	if err != nil {
		l.log.Error("encode message", "id", e.ID, "error", err)
		return false
	}
	return p.session.Send(protocol.AppChat, body) == nil
}

func (l *loop) encode(e *outgoing) ([]byte, error) {
	written := max(0, e.Time.UnixMilli())
	switch e.Kind {
	case KindFiles:
		return l.offerBody(e)
	case KindNudge:
		return protocol.EncodeChat(&protocol.Nudge{ID: e.ID, Time: written})
	case KindEdit:
		return protocol.EncodeChat(&protocol.Edit{ID: e.ID, Time: written, Target: e.Target.ID, Body: e.Text})
	case KindRecall:
		return protocol.EncodeChat(&protocol.Recall{ID: e.ID, Time: written, Target: e.Target.ID})
	case KindReaction:
		return protocol.EncodeChat(&protocol.Reaction{ID: e.ID, Time: written, Target: e.Target.told(), Emoji: e.Text})
	}
	return protocol.EncodeChat(&protocol.Text{ID: e.ID, Time: written, Body: e.Text, Answers: e.ReplyTo.told()})
}

func delivered(ids []protocol.MessageID) protocol.ChatMessage { return &protocol.Delivered{IDs: ids} }

func read(ids []protocol.MessageID) protocol.ChatMessage { return &protocol.Read{IDs: ids} }

// sendReceipts sends the IDs in receipts of the size the protocol allows.
func (l *loop) sendReceipts(s Session, ids []protocol.MessageID, receipt func([]protocol.MessageID) protocol.ChatMessage) {
	for len(ids) > 0 {
		n := min(len(ids), protocol.MaxReceiptIDs)
		body, err := protocol.EncodeChat(receipt(ids[:n]))
		if err != nil {
			l.log.Error("encode receipt", "error", err)
			return
		}
		if s.Send(protocol.AppChat, body) != nil {
			return // the session is ending; the peer sends again and is told again
		}
		ids = ids[n:]
	}
}

// queueReceipt records that a peer (or session nil: this side) settled one of
// our messages. Only messages in the outbox can be delivered or refused;
// messages delivered before can still be read.
func (l *loop) queueReceipt(p *person, s Session, change StateChange) {
	if _, waiting := p.outbox.byID[change.ID]; !waiting && change.State != Read {
		return
	}
	if change.State == Failed {
		l.refusedOffer(p, change.ID, change.Reason)
	} else {
		l.arrivedOffer(p, change.ID)
	}
	change.Contact = p.ID
	l.queueState(p, s, change)
}

// queueState records how far a message has come, and since when that is known.
func (l *loop) queueState(p *person, s Session, change StateChange) {
	change.At = now()
	if e := p.outbox.byID[change.ID]; e != nil {
		change.Sent = e.Sent
	}
	l.turn.batch.States = append(l.turn.batch.States, change)
	l.turn.receipts = append(l.turn.receipts, receipt{person: p, session: s})
}

// countUseless ends a session that floods with what has no effect.
func (l *loop) countUseless(p *person, session Session) {
	if session == nil || p.session != session {
		return
	}
	if p.useless++; p.useless > maxUseless {
		session.Close(protocol.CodeBadMessage, "too much about messages and transfers that do not concern you")
		l.offline(p)
		p.reach.fails++
	}
}

// shutOut settles that a person does not want to hear from us any more: what
// waits for them has failed, and so have the transfers that are not over. Should
// they let us in again, they are told.
func (l *loop) shutOut(p *person) {
	l.failAll(p, protocol.CodeRefused.String())
	for _, f := range p.transfers {
		if !f.Final() {
			l.end(f, TransferFailed, ReasonBlocked, "")
		}
	}
}

// failAll marks everything that waits for a person as failed, at once.
func (l *loop) failAll(p *person, reason string) {
	var after int64
	for {
		part, err := l.store.Outbox(l.ctx, p.ID, after, windowMessages)
		if err != nil {
			l.tellStore(err)
			return
		}
		for _, m := range part {
			after = m.Seq
			l.queueState(p, nil, StateChange{Contact: p.ID, ID: m.ID, State: Failed, Reason: reason})
			l.refusedOffer(p, m.ID, reason)
		}
		if len(part) < windowMessages {
			p.outbox.reload()
			_ = l.commit() // what the store refuses now fails at the next attempt
			return
		}
	}
}

// clampTime keeps a peer's clock from producing dates that cannot be shown:
// a time before 1970 or more than a day ahead becomes now.
func clampTime(ms int64, now time.Time) time.Time {
	t := time.UnixMilli(ms)
	if ms < 0 || t.After(now.Add(24*time.Hour)) {
		t = now
	}
	return t.UTC().Truncate(time.Millisecond)
}
