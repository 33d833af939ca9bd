package chat

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"feihong/protocol"
)

// NudgeEvery is the least time between two nudges of one person, in each
// direction.
const NudgeEvery = 10 * time.Second

// Nudge asks somebody for attention. It fails with a *NudgeError if that was
// done a moment ago.
func (s *Service) Nudge(ctx context.Context, to ContactID) (Message, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Message{}, err
	}
	return call(ctx, s, func(l *loop, reply func(Message, error)) {
		p, err := l.nudgeable(to)
		if err != nil {
			reply(Message{}, err)
			return
		}
		p.nudging = time.Now()
		m := Message{ID: id, Contact: p.ID, Direction: Out, State: Queued, Kind: KindNudge, Time: now()}
		l.turn.add(m, note{person: p, reply: reply})
	})
}

func (l *loop) nudgeable(to ContactID) (*person, error) {
	p, err := l.recipient(to)
	if err != nil {
		return nil, err
	}
	if p.session != nil && !speaks(p.session, protocol.FeatureAmend) {
		return nil, &OldProgramError{Name: p.DisplayName()}
	}
	if since := time.Since(p.nudging); !p.nudging.IsZero() && since < NudgeEvery {
		return nil, &NudgeError{Name: p.DisplayName(), Left: NudgeEvery - since}
	}
	return p, nil
}

// NudgeError is returned for a nudge too soon after another.
type NudgeError struct {
	Name string
	Left time.Duration // until the next one is possible
}

func (e *NudgeError) Error() string {
	return fmt.Sprintf("you nudged %s a moment ago; the next nudge is possible in %v", e.Name, e.Left.Round(time.Second))
}

// UserText gives the translation.
func (e *NudgeError) UserText() (string, map[string]any) {
	return "chat.nudge-again", map[string]any{"name": e.Name, "seconds": max(1, int(e.Left.Round(time.Second)/time.Second))}
}
