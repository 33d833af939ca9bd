package chat

import (
	"context"
	"slices"
	"strings"

	"feihong/protocol"
)

// turn is what the inputs of one round of the loop want to have on disk, and
// what is due once it is there.
type turn struct {
	batch     Batch
	bytes     int         // of text in batch.Messages
	transfers []*transfer // one for each of batch.Transfers
	messages  []note      // one for each of batch.Messages
	receipts  []receipt   // one for each of batch.States
	replies   []func(error)
	changed   []*person
}

// note belongs to a message of the batch: one that came from a session, or one
// that was written here and has somebody waiting.
type note struct {
	person  *person
	session Session
	reply   func(Message, error)
}

// receipt belongs to the element of batch.States with the same index.
type receipt struct {
	person  *person
	session Session // nil if the change did not come from a peer
}

func (t *turn) add(m Message, n note) {
	t.batch.Messages = append(t.batch.Messages, m)
	t.messages = append(t.messages, n)
	t.bytes += m.size()
}

func (t *turn) full() bool {
	return len(t.batch.Messages)+len(t.batch.States) >= maxTurnChanges || t.bytes >= maxTurnBytes
}

func (b *Batch) empty() bool {
	return len(b.Contacts) == 0 && len(b.Merges) == 0 && len(b.Messages) == 0 && len(b.Transfers) == 0 &&
		len(b.Pictures) == 0 && len(b.States) == 0 && len(b.ReadUpTo) == 0 && len(b.Drafts) == 0 && len(b.Removals) == 0
}

// commit puts the turn on disk and then does what was waiting for that. What
// that changes in turn is committed too, unless the store refuses. Inputs that
// need a clean slate call it in the middle of a turn.
func (l *loop) commit() error {
	for {
		if err := l.commitTurn(); err != nil {
			return err
		}
		if len(l.dirty) == 0 && len(l.stirred) == 0 && l.turn.batch.empty() {
			return nil
		}
	}
}

func (l *loop) commitTurn() error {
	t := l.turn
	l.turn = turn{}
	for _, p := range l.dirty {
		t.batch.Contacts = append(t.batch.Contacts, p.Contact)
	}
	for _, f := range l.stirred {
		t.batch.Transfers = append(t.batch.Transfers, f.Transfer)
	}
	t.transfers = l.stirred
	var err error
	if !t.batch.empty() {
		var done Committed
		if done, err = l.write(t.batch); err != nil {
			l.fail(&t, err)
		} else {
			l.saved()
			l.calm()
			l.settle(&t, done)
		}
	}
	for _, reply := range t.replies {
		reply(err)
	}
	l.publishChanged(t.changed)
	l.publishChanged(l.turn.changed)
	l.turn.changed = nil
	return err
}

func (l *loop) write(batch Batch) (Committed, error) {
	done, err := l.store.Commit(context.WithoutCancel(l.ctx), batch)
	l.tellStore(err)
	return done, err
}

// settle does what was waiting for the disk, in the order of the batch.
func (l *loop) settle(t *turn, done Committed) {
	acks := make(map[Session]*acknowledgement)
	amended := make(map[messageKey]Message, len(done.Amended))
	for _, m := range done.Amended {
		amended[messageKey{m.Contact, m.Ref()}] = m
	}
	for i, n := range t.messages {
		m := t.batch.Messages[i]
		m.Seq = done.Seq[i]
		if n.session != nil && acks[n.session] == nil {
			acks[n.session] = &acknowledgement{}
		}
		switch ack := acks[n.session]; {
		case m.Kind.Amendment():
			l.settleAmendment(n, m, amended, ack)
		case ack == nil:
			l.settleSending(n, m)
		default:
			l.settleArrival(n, m, ack)
		}
	}
	for _, m := range done.Amended {
		l.settleAmended(m)
	}
	for session, a := range acks {
		l.sendReceipts(session, a.delivered, delivered)
		l.sendReceipts(session, a.read, read)
		l.traffic.Release()
	}
	for i, change := range t.batch.States {
		l.settleState(t.receipts[i], change, done.Changed[i])
	}
	for _, f := range t.transfers {
		l.settleTransfer(f)
	}
	for id, ids := range done.Read {
		if p := l.people[id]; p != nil {
			p.overview.Unread = max(0, p.overview.Unread-len(ids))
			l.show(p)
			l.tellRead(p, ids)
		}
	}
	for _, draft := range t.batch.Drafts {
		if p := l.people[draft.Contact]; p != nil {
			p.overview.Draft = draft.Text
			l.show(p)
		}
	}
}

// acknowledgement is what a session is told about the texts it brought.
type acknowledgement struct{ delivered, read []protocol.MessageID }

func (l *loop) settleSending(n note, m Message) {
	n.person.newest(m)
	l.feed.publish(MessageAdded{Message: m, Contact: n.person.Contact})
	l.show(n.person)
	n.reply(m, nil)
	n.person.outbox.add(m)
	l.pump(n.person)
	l.want(n.person)
}

// settleArrival shows a text that is new. One that was seen before is only
// acknowledged again, as read if it was.
func (l *loop) settleArrival(n note, m Message, ack *acknowledgement) {
	if m.Seq == 0 {
		known, err := l.store.Message(l.ctx, In, m.ID)
		if err == nil && known.Contact == m.Contact && known.State == Read && l.policy.Receipts {
			ack.read = append(ack.read, m.ID)
			return
		}
		ack.delivered = append(ack.delivered, m.ID)
		return
	}
	ack.delivered = append(ack.delivered, m.ID)
	n.person.newest(m)
	n.person.overview.Unread++
	n.person.reach.fails = 0
	l.feed.publish(MessageAdded{Message: m, Contact: n.person.Contact})
	l.show(n.person)
	if n.person.session == nil { // gone meanwhile, and no stranger any more
		n.person.reach.fails = 1 // not at once, see down
		l.reachFor(n.person)
	}
}

func (p *person) newest(m Message) {
	if last := p.overview.Last; last == nil || last.Seq < m.Seq {
		p.overview.Last = &m
	}
}

func (l *loop) settleState(r receipt, change StateChange, changed bool) {
	p := r.person
	m, waiting := p.outbox.remove(change.ID)
	if waiting {
		l.traffic.Release()
		p.reach.fails = 0
		l.pump(p)
	}
	if !changed {
		l.countUseless(r.person, r.session)
		return
	}
	if !waiting {
		var err error
		if m, err = l.store.Message(l.ctx, Out, change.ID); err != nil {
			l.tellStore(err)
			return
		}
	}
	change.Apply(&m)
	if last := p.overview.Last; last != nil && last.Direction == Out && last.ID == change.ID {
		change.Apply(last)
		l.show(p)
	}
	l.publishState(m)
	var why error
	if m.State == Failed {
		why = p.reach.problem
	}
	l.wake(change.ID, m, why)
}

// publishState tells how far a message has come. Of an amendment, which nobody
// sees, only that it has failed.
func (l *loop) publishState(m Message) {
	if !m.Kind.Amendment() || m.State == Failed {
		l.feed.publish(MessageChanged{Message: m})
	}
}

// fail undoes a turn that the store refused. Sessions whose texts or receipts
// are not on disk are ended: when they come back, the peer sends again.
func (l *loop) fail(t *turn, err error) {
	for _, n := range t.messages {
		if n.session == nil {
			n.reply(Message{}, err)
			continue
		}
		l.endForStorage(n.person, n.session)
	}
	for _, r := range t.receipts {
		l.endForStorage(r.person, r.session)
	}
	for _, f := range slices.Clone(t.transfers) {
		if f.fresh {
			l.undo(f)
		}
	}
	l.storeAgain()
}

func (l *loop) endForStorage(p *person, session Session) {
	if session == nil || p.session != session {
		return
	}
	session.Close(protocol.CodeStorage, "cannot store messages at the moment")
	l.offline(p)
	p.reach.fails++
	l.reachFor(p)
}

// tellStore publishes the first failure of a row of failures.
func (l *loop) tellStore(err error) {
	if err != nil && l.storeErr == nil {
		l.log.Error("store", "error", err)
		l.feed.publish(StoreFailed{Err: err})
	}
	l.storeErr = err
}

// publishChanged tells of people in whose summary anything is different from
// what was told before.
func (l *loop) publishChanged(changed []*person) {
	for _, p := range changed {
		p.changed = false
		if l.people[p.ID] != p {
			continue
		}
		s := p.summary()
		if p.told == nil || !p.told.same(&s) {
			p.told = &s
			l.feed.publish(ContactChanged{Summary: s})
		}
	}
}

// merge joins a contact known by address alone with the person who turned out
// to answer there. It has a transaction of its own, so that nothing else of a
// turn can stand half on the one and half on the other. If the store refuses,
// both stay as they are, and the next dial to the address tries again.
func (l *loop) merge(from, into *person) {
	if l.commit() != nil {
		return
	}
	if _, err := l.write(Batch{Merges: []Merge{{From: from.ID, Into: into.ID}}}); err != nil {
		return
	}
	from.reach.stop()
	l.drop(from)
	l.moved[from.ID] = into.ID
	for old, now := range l.moved {
		if now == from.ID {
			l.moved[old] = into.ID
		}
	}
	for _, list := range l.waiters {
		for _, w := range list {
			if w.contact == from.ID {
				w.contact = into.ID
			}
		}
	}
	if last := from.overview.Last; last != nil {
		moved := *last
		moved.Contact = into.ID
		into.newest(moved)
	}
	into.overview.Unread += from.overview.Unread
	if draft := from.overview.Draft; draft != "" {
		into.overview.Draft = strings.TrimPrefix(into.overview.Draft+"\n"+draft, "\n") // as the store does
	}
	into.outbox.reload()
	l.moveTransfers(from, into)
	l.place(into, from.Address, true)
	l.feed.publish(ContactMerged{From: from.ID, Into: into.ID})
	l.touch(into)
	l.pump(into)
	into.reach.asked = into.reach.asked || from.reach.asked
	into.reach.stop()
	into.reach.fails = 1 // not at once, see down
	l.reachFor(into)
}

// remove deletes contacts, with everything that was written to them.
func (l *loop) remove(people ...*person) error {
	if err := l.commit(); err != nil {
		return err
	}
	var batch Batch
	for _, p := range people {
		batch.Removals = append(batch.Removals, p.ID)
	}
	if _, err := l.write(batch); err != nil {
		return err
	}
	for _, p := range people {
		p.reach.stop()
		l.removeTransfers(p)
		l.countName(p.Name, -1)
		l.drop(p)
		delete(l.byPeer, p.Peer)
		l.setAdmitted(p.Peer, false)
		l.feed.publish(ContactRemoved{ID: p.ID})
	}
	return nil
}

// drop takes out a person who is not in the store any more.
func (l *loop) drop(p *person) {
	delete(l.people, p.ID)
	delete(l.pending, p.ID)
	delete(l.unsaved, p.ID)
}
