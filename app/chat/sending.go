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
