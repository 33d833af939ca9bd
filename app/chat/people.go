package chat

import (
	"context"
	"time"

	"feihong/protocol"
)

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
