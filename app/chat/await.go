package chat

import (
	"context"
	"slices"

	"feihong/protocol"
)

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
