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
	batch    Batch
	arrivals []arrival // texts received
	sendings []sending // texts written here
	receipts []receipt // one for each of batch.States
	merged   []merged
	removed  []*person
	replies  []func(error)
	changed  []*person
}

// merged is a merge that batch.Merges asks for.
type merged struct{ from, into *person }

// arrival is a received text at index of batch.Messages.
type arrival struct {
	person  *person
	session Session
	index   int
}

// sending is a text written here, at index of batch.Messages.
type sending struct {
	person *person
	index  int
	reply  func(Message, error)
}

// receipt belongs to the element of batch.States with the same index.
type receipt struct {
	person  *person
	session Session // nil if the change did not come from a peer
}

// commit puts the turn on disk and then does what was waiting for that. What
// that changes in turn is committed too, unless the store refuses.
func (l *loop) commit() {
	for l.commitTurn() && (len(l.dirty) > 0 || !l.turn.batch.empty()) {
	}
}

func (l *loop) commitTurn() bool {
	t := l.turn
	l.turn = turn{}
	for _, p := range l.dirty {
		t.batch.Contacts = append(t.batch.Contacts, p.Contact)
	}
	var err error
	if !t.batch.empty() {
		var done Committed
		done, err = l.store.Commit(context.WithoutCancel(l.ctx), t.batch)
		l.tellStore(err)
		if err != nil {
			l.fail(&t, err)
		} else {
			clear(l.dirty)
			l.settle(&t, done)
		}
	}
	for _, reply := range t.replies {
		reply(err)
	}
	l.publishChanged(t.changed)
	l.publishChanged(l.turn.changed)
	l.turn.changed = nil
	return err == nil
}

// mentions says whether the turn has messages with a contact.
func (t *turn) mentions(id ContactID) bool {
	return slices.ContainsFunc(t.batch.Messages, func(m Message) bool { return m.Contact == id })
}

func (b *Batch) empty() bool {
	return len(b.Contacts) == 0 && len(b.Merges) == 0 && len(b.Messages) == 0 &&
		len(b.States) == 0 && len(b.ReadUpTo) == 0 && len(b.Drafts) == 0 && len(b.Removals) == 0
}

// settle does what was waiting for the disk.
func (l *loop) settle(t *turn, done Committed) {
	l.settleArrivals(t, done)
	for _, s := range t.sendings {
		m := t.batch.Messages[s.index]
		m.Seq = done.Seq[s.index]
		s.person.overview.Last = &m
		l.feed.publish(MessageAdded{Message: m, Contact: s.person.Contact})
		l.show(s.person)
		s.reply(m, nil)
		s.person.outbox.add(m)
		l.pump(s.person)
		l.want(s.person)
	}
	for _, m := range t.merged {
		l.settleMerge(m.from, m.into)
	}
	for _, p := range t.removed {
		l.feed.publish(ContactRemoved{ID: p.ID})
	}
	for i, change := range t.batch.States {
		l.settleState(t.receipts[i].person, change, done.Changed[i])
	}
	for id, ids := range done.Read {
		if p := l.people[id]; p != nil {
			p.overview.Unread = max(0, p.overview.Unread-len(ids))
			l.show(p)
			l.tellRead(p, ids)
		}
	}
}

func (l *loop) settleArrivals(t *turn, done Committed) {
	acks := make(map[Session][]protocol.MessageID)
	for _, a := range t.arrivals {
		m := t.batch.Messages[a.index]
		m.Seq = done.Seq[a.index]
		acks[a.session] = append(acks[a.session], m.ID)
		if m.Seq == 0 {
			continue // seen before: acknowledged again, not shown again
		}
		a.person.overview.Last = &m
		a.person.overview.Unread++
		l.feed.publish(MessageAdded{Message: m, Contact: a.person.Contact})
		l.show(a.person)
	}
	for session, ids := range acks {
		l.sendReceipts(session, ids, func(ids []protocol.MessageID) protocol.ChatMessage {
			return &protocol.Delivered{IDs: ids}
		})
	}
}

// settleMerge shows the conversations as one and sends what waited in both.
func (l *loop) settleMerge(from, into *person) {
	if last := from.overview.Last; last != nil && (into.overview.Last == nil || last.Seq > into.overview.Last.Seq) {
		moved := *last
		moved.Contact = into.ID
		into.overview.Last = &moved
	}
	into.overview.Unread += from.overview.Unread
	if draft := from.overview.Draft; draft != "" {
		into.overview.Draft = strings.TrimPrefix(into.overview.Draft+"\n"+draft, "\n") // as the store does
	}
	into.outbox.reload()
	l.feed.publish(ContactMerged{From: from.ID, Into: into.ID})
	l.show(into)
	l.pump(into)
}

func (l *loop) settleState(p *person, change StateChange, changed bool) {
	m, waiting := p.outbox.remove(change.ID)
	if waiting {
		l.pump(p)
	}
	if !changed {
		return
	}
	if !waiting {
		var err error
		if m, err = l.store.Message(l.ctx, Out, change.ID); err != nil {
			l.tellStore(err)
			return
		}
	}
	m.State, m.Reason = change.State, change.Reason
	if last := p.overview.Last; last != nil && last.Direction == Out && last.ID == change.ID {
		last.State, last.Reason = change.State, change.Reason
		l.show(p)
	}
	l.feed.publish(MessageChanged{Message: m})
	var why error
	if m.State == Failed {
		why = p.reach.problem
	}
	l.wake(change.ID, m, why)
}

// fail undoes a turn that the store refused. Sessions whose texts or receipts
// are not on disk are ended: when they come back, the peer sends again.
func (l *loop) fail(t *turn, err error) {
	for _, a := range t.arrivals {
		l.endForStorage(a.person, a.session)
	}
	for _, r := range t.receipts {
		l.endForStorage(r.person, r.session)
	}
	for _, s := range t.sendings {
		s.reply(Message{}, err)
	}
	for _, m := range t.merged {
		l.people[m.from.ID] = m.from
	}
	for _, p := range t.removed {
		l.people[p.ID] = p
	}
}

func (l *loop) endForStorage(p *person, session Session) {
	if session == nil || p.session != session {
		return
	}
	session.Close(protocol.CodeStorage, "cannot store messages at the moment")
	l.offline(p)
}

// tellStore publishes the first failure of a row of failures.
func (l *loop) tellStore(err error) {
	if err != nil && l.storeErr == nil {
		l.log.Error("store", "error", err)
		l.feed.publish(StoreFailed{Err: err})
	}
	l.storeErr = err
}

func (l *loop) publishChanged(changed []*person) {
	for _, p := range changed {
		p.changed = false
		if l.people[p.ID] == p {
			l.feed.publish(ContactChanged{Summary: p.summary()})
		}
	}
}
