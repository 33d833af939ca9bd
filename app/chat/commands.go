package chat

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"feihong/protocol"
)

// Send writes a text to a contact. It returns once the message is on disk in
// state Queued, and delivers it as soon as the contact can be reached, after
// a restart too. It refuses text that is empty, longer than
// protocol.MaxTextBytes or not UTF-8; control characters are made visible.
func (s *Service) Send(ctx context.Context, to ContactID, text string) (Message, error) {
	return s.write(ctx, to, text, Ref{})
}

// Reply writes a text that answers a message of the same conversation. It is
// Send otherwise.
func (s *Service) Reply(ctx context.Context, to ContactID, text string, answers Ref) (Message, error) {
	if answers.IsZero() {
		return Message{}, ErrNoMessage
	}
	return s.write(ctx, to, text, answers)
}

func (s *Service) write(ctx context.Context, to ContactID, text string, answers Ref) (Message, error) {
	text, err := sendable(text)
	if err != nil {
		return Message{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Message{}, err
	}
	draft := Message{ID: id, Direction: Out, State: Queued, Kind: KindText, Text: text, Time: now(), ReplyTo: answers}
	return call(ctx, s, func(l *loop, reply func(Message, error)) {
		p, err := l.recipient(to)
		if err == nil && !answers.IsZero() {
			_, err = l.visible(p, answers)
		}
		if err != nil {
			reply(Message{}, err)
			return
		}
		draft.Contact = p.ID
		l.turn.add(draft, note{person: p, reply: reply})
	})
}

// sendable is a text as it is stored and sent, or what is wrong with it.
func sendable(text string) (string, error) {
	if err := protocol.CheckText(text); err != nil {
		return "", err
	}
	text = protocol.VisibleText(text)
	return text, protocol.CheckText(text)
}

func (l *loop) recipient(id ContactID) (*person, error) {
	p := l.person(id)
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
	_, err := ask(ctx, s, func(l *loop) (struct{}, error) { l.await(w, m); return struct{}{}, nil })
	if err != nil {
		return s.giveUp(ctx, w, m)
	}
	select {
	case r := <-w.done:
		if now := r.message; now.ID == m.ID {
			m.State, m.Reason = now.State, now.Reason
			m.Sent, m.Delivered, m.Read = now.Sent, now.Delivered, now.Read
		}
		return m, r.err
	case <-s.done:
		return m, ErrClosed
	case <-ctx.Done():
	}
	return s.giveUp(ctx, w, m)
}

func (l *loop) await(w *waiter, m Message) {
	stored, err := l.store.Message(l.ctx, Out, m.ID)
	if err != nil || stored.State.Final() {
		w.done <- waited{stored, err}
		return
	}
	w.contact = stored.Contact
	l.waiters[m.ID] = append(l.waiters[m.ID], w)
}

// giveUp takes a waiter back. It returns the message as it is now, and why the
// contact is out of reach.
func (s *Service) giveUp(ctx context.Context, w *waiter, m Message) (Message, error) {
	now, err := ask(context.WithoutCancel(ctx), s, func(l *loop) (waited, error) {
		l.dropWaiter(w, m.ID)
		state := waited{message: m}
		if stored, err := l.store.Message(l.ctx, Out, m.ID); err == nil {
			state.message = stored
		}
		if p := l.people[state.message.Contact]; p != nil {
			p.outbox.overlay(&state.message)
			state.err = p.reach.problem
		}
		return state, nil
	})
	switch {
	case err != nil:
		return m, err
	case now.err != nil:
		return now.message, now.err
	}
	return now.message, ctx.Err()
}

func (l *loop) dropWaiter(w *waiter, id protocol.MessageID) {
	rest := slices.DeleteFunc(l.waiters[id], func(other *waiter) bool { return other == w })
	if l.waiters[id] = rest; len(rest) == 0 {
		delete(l.waiters, id)
	}
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
	peer, failed := s.network.Dial(ctx, address, contact.Peer)
	settled, err := ask(context.WithoutCancel(ctx), s, func(l *loop) (Contact, error) {
		p := l.person(contact.ID)
		if p == nil {
			return contact, nil
		}
		if failed != nil {
			if p.session == nil {
				l.noteProblem(p, address, failed)
			}
			return p.Contact, nil
		}
		l.answered(p, peer)
		if known := l.byPeer[peer]; known != nil {
			return known.Contact, nil
		}
		return p.Contact, nil
	})
	if err != nil {
		return contact, err
	}
	return settled, failed
}

// ContactAt finds the contact who answers at an address, as far as that is
// known, or makes one that waits for whoever answers there. It tells whether
// they are connected.
func (s *Service) ContactAt(ctx context.Context, address string) (contact Contact, online bool, err error) {
	type found struct {
		contact Contact
		online  bool
	}
	f, err := call(ctx, s, func(l *loop, reply func(found, error)) {
		p := l.at(address)
		if p == nil {
			p = l.meet(Contact{Address: address})
		}
		if p == nil {
			reply(found{}, ErrTooManyContacts)
			return
		}
		p.reach.asked = true
		f := found{p.Contact, p.session != nil}
		l.turn.replies = append(l.turn.replies, func(err error) { reply(f, err) })
	})
	return f.contact, f.online, err
}

// Discard removes a contact that is nothing but an address, if nothing was
// written to it: one that was entered by mistake. Others stay.
func (s *Service) Discard(ctx context.Context, id ContactID) error {
	_, err := ask(ctx, s, func(l *loop) (struct{}, error) {
		if err := l.commit(); err != nil { // what is on its way to this contact counts
			return struct{}{}, err
		}
		p := l.people[id]
		switch {
		case p == nil:
			return struct{}{}, ErrNoContact
		case !p.Pending() || p.overview.Last != nil:
			return struct{}{}, nil
		}
		return struct{}{}, l.remove(p)
	})
	return err
}

// Delete removes a contact that is nothing but an address, with everything
// that was written to it and has not been sent. It fails with ErrAnswered if
// somebody has answered there.
func (s *Service) Delete(ctx context.Context, id ContactID) error {
	_, err := ask(ctx, s, func(l *loop) (struct{}, error) {
		if err := l.commit(); err != nil { // what is on its way to this contact goes too
			return struct{}{}, err
		}
		p := l.people[id]
		switch {
		case p == nil:
			return struct{}{}, ErrNoContact
		case !p.Pending():
			return struct{}{}, ErrAnswered
		}
		if err := l.remove(p); err != nil {
			return struct{}{}, err
		}
		l.wakeFor(p, ErrNoContact)
		return struct{}{}, nil
	})
	return err
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
		l.turn.batch.ReadUpTo = append(l.turn.batch.ReadUpTo, ReadMark{Contact: p.ID, UpTo: upTo})
	})
}

// SetDraft keeps what is typed but not sent. An empty text removes it.
func (s *Service) SetDraft(ctx context.Context, id ContactID, text string) error {
	return s.change(ctx, id, func(l *loop, p *person) {
		l.turn.batch.Drafts = append(l.turn.batch.Drafts, Draft{Contact: p.ID, Text: text})
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
		if p := l.person(id); p != nil && p.session != nil && (l.policy.Typing || !active) {
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
			l.endAll(p)
			p.session.Close(protocol.CodeRefused, "")
			l.offline(p)
		case blocked:
			l.endAll(p)
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

// SetPinned keeps a conversation on top of the list.
func (s *Service) SetPinned(ctx context.Context, id ContactID, pinned bool) error {
	return s.change(ctx, id, func(l *loop, p *person) {
		p.Pinned = pinned
		l.touch(p)
	})
}

// SetMuted silences somebody until a moment; a zero time ends it.
func (s *Service) SetMuted(ctx context.Context, id ContactID, until time.Time) error {
	return s.change(ctx, id, func(l *loop, p *person) {
		p.MutedUntil = until.UTC().Truncate(time.Millisecond)
		l.touch(p)
	})
}

// SetVerified says that the two people have compared their codes, or not. With
// an address where nobody has answered there is nothing to compare: ErrNoContact.
func (s *Service) SetVerified(ctx context.Context, id ContactID, verified bool) error {
	_, err := call(ctx, s, func(l *loop, reply func(struct{}, error)) {
		p := l.person(id)
		if p == nil || p.Pending() {
			reply(struct{}{}, ErrNoContact)
			return
		}
		p.Verified = verified
		l.touch(p)
		l.turn.replies = append(l.turn.replies, func(err error) { reply(struct{}{}, err) })
	})
	return err
}

// change runs a command about one contact and waits until it is on disk.
func (s *Service) change(ctx context.Context, id ContactID, command func(*loop, *person)) error {
	_, err := call(ctx, s, func(l *loop, reply func(struct{}, error)) {
		p := l.person(id)
		if p == nil {
			reply(struct{}{}, ErrNoContact)
			return
		}
		command(l, p)
		l.turn.replies = append(l.turn.replies, func(err error) { reply(struct{}{}, err) })
	})
	return err
}

// People returns everybody, in no particular order.
func (s *Service) People(ctx context.Context) ([]Summary, error) {
	return ask(ctx, s, func(l *loop) ([]Summary, error) {
		all := make([]Summary, 0, len(l.people))
		for _, p := range l.people {
			all = append(all, p.summary())
		}
		return all, nil
	})
}

// History reads messages, oldest first.
func (s *Service) History(ctx context.Context, query HistoryQuery) ([]Message, error) {
	messages, err := s.store.History(ctx, query)
	if err != nil {
		return nil, err
	}
	return ask(ctx, s, func(l *loop) ([]Message, error) {
		for i := range messages {
			if p := l.people[messages[i].Contact]; p != nil {
				p.outbox.overlay(&messages[i])
			}
		}
		return messages, nil
	})
}
