package chat

import (
	"context"

	"github.com/google/uuid"

	"feihong/protocol"
)

// Send writes a text to a contact. It returns once the message is on disk in
// state Queued, and delivers it as soon as the contact can be reached, after
// a restart too. It refuses text that is empty, longer than
// protocol.MaxTextBytes or not UTF-8; control characters are made visible.
func (s *Service) Send(ctx context.Context, to ContactID, text string) (Message, error) {
	if err := protocol.CheckText(text); err != nil {
		return Message{}, err
	}
	text = protocol.VisibleText(text)
	if err := protocol.CheckText(text); err != nil {
		return Message{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Message{}, err
	}
	draft := Message{ID: id, Contact: to, Direction: Out, State: Queued, Kind: KindText, Text: text, Time: now()}
	var sent Message
	err = s.call(ctx, func(l *loop, reply func(error)) {
		p, err := l.recipient(to)
		if err != nil {
			reply(err)
			return
		}
		l.turn.sendings = append(l.turn.sendings, sending{
			person: p,
			index:  len(l.turn.batch.Messages),
			reply: func(m Message, err error) {
				sent = m
				reply(err)
			},
		})
		l.turn.batch.Messages = append(l.turn.batch.Messages, draft)
	})
	if err != nil {
		return Message{}, err
	}
	return sent, nil
}

func (l *loop) recipient(id ContactID) (*person, error) {
	p := l.people[id]
	if p == nil {
		return nil, ErrNoContact
	}
	if p.Blocked {
		return nil, &BlockedError{Name: p.DisplayName()}
	}
	return p, nil
}

// waiter waits for a message to be settled.
type waiter struct {
	contact ContactID
	done    chan waited // buffered
}

type waited struct {
	message Message
	err     error
}

// Await waits until a message written here is delivered, read or failed, and
// returns it as it then is. When the contact turns out to be out of reach in
// a way that does not mend itself soon (another program or person answers
// there), or when ctx ends, it returns the message as it is, with the reason.
// A message that failed comes with the reason too, where one is known.
func (s *Service) Await(ctx context.Context, m Message) (Message, error) {
	w := &waiter{contact: m.Contact, done: make(chan waited, 1)}
	err := s.call(ctx, func(l *loop, reply func(error)) { l.await(w, m, reply) })
	if err != nil {
		return m, err
	}
	select {
	case r := <-w.done:
		if r.message.ID == m.ID {
			m.State, m.Reason = r.message.State, r.message.Reason
		}
		return m, r.err
	case <-s.done:
		return m, ErrClosed
	case <-ctx.Done():
	}
	err = s.giveUp(ctx, w, &m)
	return m, err
}

func (l *loop) await(w *waiter, m Message, reply func(error)) {
	defer reply(nil)
	stored, err := l.store.Message(l.ctx, Out, m.ID)
	if err != nil || stored.State.Final() {
		w.done <- waited{stored, err}
		return
	}
	l.waiters[m.ID] = append(l.waiters[m.ID], w)
}

// giveUp takes a waiter back and tells why the contact is out of reach.
func (s *Service) giveUp(ctx context.Context, w *waiter, m *Message) error {
	var problem error
	err := s.call(context.WithoutCancel(ctx), func(l *loop, reply func(error)) {
		list := l.waiters[m.ID]
		for i, other := range list {
			if other == w {
				l.waiters[m.ID] = append(list[:i:i], list[i+1:]...)
			}
		}
		if len(l.waiters[m.ID]) == 0 {
			delete(l.waiters, m.ID)
		}
		if p := l.people[m.Contact]; p != nil {
			p.outbox.overlay(m)
			problem = p.reach.problem
		}
		reply(nil)
	})
	if err == nil && problem == nil {
		return ctx.Err()
	}
	if err != nil {
		return err
	}
	return problem
}

func (l *loop) wake(id protocol.MessageID, m Message, err error) {
	for _, w := range l.waiters[id] {
		w.done <- waited{m, err}
	}
	delete(l.waiters, id)
}

// wakeFor ends the waits for messages to one person.
func (l *loop) wakeFor(p *person, err error) {
	for id, list := range l.waiters {
		if list[0].contact == p.ID {
			l.wake(id, Message{}, err)
		}
	}
}

// Connect finds or makes the contact at an address (host:port, as the address
// parser gives it) and dials at once. If nobody answers, the error says why
// and the contact is still valid: texts to it wait until somebody does.
func (s *Service) Connect(ctx context.Context, address string) (Contact, error) {
	contact, online, err := s.ContactAt(ctx, address)
	if err != nil || online {
		return contact, err
	}
	peer, err := s.network.Dial(ctx, address, contact.Peer)
	failed := err
	err = s.call(ctx, func(l *loop, reply func(error)) {
		defer reply(nil)
		p := l.people[contact.ID]
		if failed == nil {
			if p != nil {
				l.answered(p, peer)
			}
			if known := l.byPeer[peer]; known != nil {
				contact = known.Contact
			}
			return
		}
		if p != nil && p.session == nil {
			l.noteProblem(p, address, failed)
		}
	})
	if err != nil {
		return contact, err
	}
	return contact, failed
}

// ContactAt finds the contact last known at an address, or makes one that
// waits for whoever answers there. It tells whether they are connected.
func (s *Service) ContactAt(ctx context.Context, address string) (contact Contact, online bool, err error) {
	err = s.call(ctx, func(l *loop, reply func(error)) {
		p := l.at(address)
		if p == nil {
			p = l.meet(Contact{Address: address})
		}
		if p == nil {
			reply(ErrTooManyContacts)
			return
		}
		p.reach.asked = true
		contact, online = p.Contact, p.session != nil
		l.turn.replies = append(l.turn.replies, reply)
	})
	return contact, online, err
}

// Discard removes a contact that is nothing but an address, if nothing was
// written to it: one that was entered by mistake. Others stay.
func (s *Service) Discard(ctx context.Context, id ContactID) error {
	return s.change(ctx, id, func(l *loop, p *person) {
		if !p.Pending() || p.overview.Last != nil || l.turn.mentions(id) {
			return
		}
		p.reach.stop()
		delete(l.people, id)
		delete(l.dirty, id)
		l.turn.removed = append(l.turn.removed, p)
		l.turn.batch.Removals = append(l.turn.batch.Removals, id)
	})
}

// MarkRead marks what the contact wrote, up to and including the message with
// the Seq upTo, or everything so far for 0, as read and tells them, now or
// when they are back.
func (s *Service) MarkRead(ctx context.Context, id ContactID, upTo int64) error {
	return s.change(ctx, id, func(l *loop, p *person) {
		if p.overview.Unread == 0 || p.overview.Last == nil {
			return
		}
		if upTo == 0 {
			upTo = p.overview.Last.Seq
		}
		l.turn.batch.ReadUpTo = append(l.turn.batch.ReadUpTo, ReadMark{Contact: id, UpTo: upTo})
	})
}

// SetDraft keeps what is typed but not sent. An empty text removes it.
func (s *Service) SetDraft(ctx context.Context, id ContactID, text string) error {
	return s.change(ctx, id, func(l *loop, p *person) {
		if p.overview.Draft == text {
			return
		}
		p.overview.Draft = text
		l.turn.batch.Drafts = append(l.turn.batch.Drafts, Draft{Contact: id, Text: text})
		l.show(p)
	})
}

// SetTyping tells the contact, if connected, that the user is typing or has
// stopped. It does not wait.
func (s *Service) SetTyping(id ContactID, active bool) {
	body, err := protocol.EncodeChat(&protocol.Typing{Active: active})
	if err != nil {
		return
	}
	s.post(func(l *loop) {
		if p := l.people[id]; p != nil && p.session != nil {
			_ = p.session.Send(protocol.AppChat, body) // nothing depends on it
		}
	})
}

// SetBlocked puts a contact on the block list or takes them off. A blocked
// person gets no session; their program is told that it is refused.
func (s *Service) SetBlocked(ctx context.Context, id ContactID, blocked bool) error {
	return s.change(ctx, id, func(l *loop, p *person) {
		if p.Blocked == blocked {
			return
		}
		p.Blocked = blocked
		l.setAdmitted(p.Peer, blocked)
		l.touch(p)
		switch {
		case blocked && p.session != nil:
			p.session.Close(protocol.CodeRefused, "")
			l.offline(p)
		case blocked:
			p.reach.reset()
		default:
			l.reachFor(p)
		}
	})
}

// SetRemark gives a contact a name of the user's choice; empty removes it.
func (s *Service) SetRemark(ctx context.Context, id ContactID, remark string) error {
	return s.change(ctx, id, func(l *loop, p *person) {
		p.Remark = protocol.SafeName(remark)
		l.touch(p)
	})
}

// change runs a command about one contact and waits until it is on disk.
func (s *Service) change(ctx context.Context, id ContactID, command func(*loop, *person)) error {
	return s.call(ctx, func(l *loop, reply func(error)) {
		p := l.people[id]
		if p == nil {
			reply(ErrNoContact)
			return
		}
		command(l, p)
		l.turn.replies = append(l.turn.replies, reply)
	})
}

// People returns everybody, in no particular order.
func (s *Service) People(ctx context.Context) ([]Summary, error) {
	var all []Summary
	err := s.call(ctx, func(l *loop, reply func(error)) {
		all = make([]Summary, 0, len(l.people))
		for _, p := range l.people {
			all = append(all, p.summary())
		}
		reply(nil)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// History reads messages, oldest first.
func (s *Service) History(ctx context.Context, query HistoryQuery) ([]Message, error) {
	messages, err := s.store.History(ctx, query)
	if err != nil {
		return nil, err
	}
	err = s.call(ctx, func(l *loop, reply func(error)) {
		for i := range messages {
			if p := l.people[messages[i].Contact]; p != nil {
				p.outbox.overlay(&messages[i])
			}
		}
		reply(nil)
	})
	if err != nil {
		return nil, err
	}
	return messages, nil
}
