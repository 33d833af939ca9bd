package chat

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"feihong/protocol"
)

// MaxAmendAge is how long after writing a message it can be edited or recalled.
// Both times are those of the writer's clock.
const MaxAmendAge = 48 * time.Hour

// MaxReactionBytes bounds the emoji of a reaction.
const MaxReactionBytes = protocol.MaxEmojiBytes

// ReasonRecalled is why a message was never delivered that its writer has taken
// back before, or an edit of it.
const ReasonRecalled = "recalled"

// Edit replaces the text of a message that the user wrote, here and at the
// other person. It returns the message as it is now.
func (s *Service) Edit(ctx context.Context, contact ContactID, ref Ref, text string) (Message, error) {
	text, err := sendable(text)
	if err != nil {
		return Message{}, err
	}
	return s.amend(ctx, contact, ref, func(l *loop, _ *person, m Message) (*Message, error) {
		pending := l.turn.foresee(&m, KindEdit)
		if err := mayAmend(&m, now()); err != nil {
			return nil, err
		}
		if m.Kind != KindText {
			return nil, &AmendError{Reason: AmendNoText}
		}
		if m.Text == text && !pending {
			return nil, nil
		}
		written := now()
		if !written.After(m.Edited) {
			written = m.Edited.Add(time.Millisecond)
		}
		return &Message{Kind: KindEdit, Text: text, Time: written}, nil
	})
}

// Recall takes back what the user wrote, here and at the other person; an offer
// of files is cancelled. It returns the message as it is now.
func (s *Service) Recall(ctx context.Context, contact ContactID, ref Ref) (Message, error) {
	return s.amend(ctx, contact, ref, func(l *loop, p *person, m Message) (*Message, error) {
		if err := mayAmend(&m, now()); err != nil {
			return nil, err
		}
		if m.Kind == KindNudge {
			return nil, &AmendError{Reason: AmendNoText}
		}
		l.withdrawMessage(p, m)
		return &Message{Kind: KindRecall, Time: now()}, nil
	})
}

// React puts the user's emoji to a message, or takes it back with "". It
// returns the message as it is now.
func (s *Service) React(ctx context.Context, contact ContactID, ref Ref, emoji string) (Message, error) {
	if emoji != "" {
		if err := protocol.CheckEmoji(emoji); err != nil {
			return Message{}, err
		}
	}
	return s.amend(ctx, contact, ref, func(l *loop, _ *person, m Message) (*Message, error) {
		pending := l.turn.foresee(&m, KindReaction)
		if m.Recalled {
			return nil, &AmendError{Reason: AmendRecalled}
		}
		if m.Reactions[Out] == emoji && !pending {
			return nil, nil
		}
		return &Message{Kind: KindReaction, Text: emoji, Time: now()}, nil
	})
}

// mayAmend says why the user cannot edit or recall a message at a moment.
func mayAmend(m *Message, at time.Time) error {
	switch {
	case m.Direction != Out:
		return &AmendError{Reason: AmendNotYours}
	case m.Recalled:
		return &AmendError{Reason: AmendRecalled}
	case at.Sub(m.Time) > MaxAmendAge:
		return &AmendError{Reason: AmendTooOld}
	}
	return nil
}

// amend writes an amendment of a message. What makes it returns nil if there is
// nothing to change.
func (s *Service) amend(ctx context.Context, contact ContactID, ref Ref, what func(*loop, *person, Message) (*Message, error)) (Message, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Message{}, err
	}
	return call(ctx, s, func(l *loop, reply func(Message, error)) {
		p, target, err := l.amendable(contact, ref)
		if err != nil {
			reply(Message{}, err)
			return
		}
		m, err := what(l, p, target)
		if err != nil || m == nil {
			reply(target, err)
			return
		}
		m.ID, m.Contact, m.Direction, m.State, m.Target = id, p.ID, Out, Queued, ref
		l.turn.add(*m, note{person: p, reply: reply})
	})
}

// foresee changes a message as the user has just asked for by others of this
// turn, which are not on disk yet. It tells whether one of them is of a kind:
// whoever asks for the same once more has to wait for the disk too.
func (t *turn) foresee(m *Message, kind Kind) (pending bool) {
	for i := range t.batch.Messages {
		a := &t.batch.Messages[i]
		if a.Direction != Out || a.Contact != m.Contact || a.Target != m.Ref() {
			continue
		}
		pending = pending || a.Kind == kind
		switch a.Kind {
		case KindEdit:
			m.Text, m.Edited = a.Text, a.Time
		case KindReaction:
			m.Reactions[Out] = a.Text
		case KindRecall:
			m.Recalled = true
		}
	}
	return pending
}

// amendable finds a message that may be amended, and whom that is told.
func (l *loop) amendable(contact ContactID, ref Ref) (*person, Message, error) {
	p, err := l.recipient(contact)
	if err != nil {
		return nil, Message{}, err
	}
	m, err := l.visible(p, ref)
	switch {
	case err != nil:
		return nil, Message{}, err
	case p.session != nil && !speaks(p.session, protocol.FeatureAmend):
		return nil, Message{}, &OldProgramError{Name: p.DisplayName()}
	}
	return p, m, nil
}

// visible finds a message that stands in the conversation with a person.
func (l *loop) visible(p *person, ref Ref) (Message, error) {
	m, err := l.store.MessageOf(l.ctx, p.ID, ref)
	if err == nil && m.Kind.Amendment() {
		err = ErrNoMessage
	}
	p.outbox.overlay(&m)
	return m, err
}

// withdrawMessage keeps what is recalled from being sent, as far as it was not
// yet, and cancels a transfer that it offers.
func (l *loop) withdrawMessage(p *person, m Message) {
	if m.Kind == KindFiles {
		l.cancelRecalled(p, m.Ref())
	}
	if m.State.Final() {
		return
	}
	l.queueState(p, nil, StateChange{Contact: p.ID, ID: m.ID, State: Failed, Reason: ReasonRecalled})
}

// cancelRecalled cancels the transfer of an offer that is taken back.
func (l *loop) cancelRecalled(p *person, offer Ref) {
	f, err := l.transfer(offer.ID)
	if err != nil || f.person != p || f.Direction != offer.Direction || f.Final() {
		return
	}
	l.endRecalled(f)
}

func (l *loop) endRecalled(f *transfer) {
	reason := ReasonPeerCancelled
	if f.Direction == Out {
		reason = ""
	}
	l.end(f, TransferCancelled, reason, "")
}

// endAllRecalled cancels what an earlier run of the program did not come to,
// though the offers were taken back.
func (l *loop) endAllRecalled() {
	for _, f := range l.transfers {
		if f.Final() {
			continue
		}
		m, err := l.store.MessageOf(l.ctx, f.Contact, Ref{Direction: f.Direction, ID: f.ID})
		if err == nil && m.Recalled {
			l.endRecalled(f)
		}
	}
}

// FindMessage finds a message by its ID alone, one that the user wrote first.
// Others choose the IDs of what they write: of several that are the same, one is
// found. ErrNoMessage if there is none.
func (s *Service) FindMessage(ctx context.Context, id protocol.MessageID) (Message, error) {
	m, err := s.store.Message(ctx, Out, id)
	if errors.Is(err, ErrNoMessage) {
		m, err = s.store.Message(ctx, In, id)
	}
	if err == nil && m.Kind.Amendment() {
		err = ErrNoMessage
	}
	return m, err
}

// MessageAt returns a message of a conversation, ErrNoMessage if it is not there.
func (s *Service) MessageAt(ctx context.Context, contact ContactID, ref Ref) (Message, error) {
	return ask(ctx, s, func(l *loop) (Message, error) {
		p := l.person(contact)
		if p == nil {
			return Message{}, ErrNoContact
		}
		return l.visible(p, ref)
	})
}
