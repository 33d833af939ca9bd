package chat

import (
	"context"

	"feihong/protocol"
)

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
