package chat

import (
	"context"
	"path/filepath"

	"feihong/protocol"
)

// Accept accepts an offer. What is offered goes to the folder (an absolute
// path; "" is the usual one). What was accepted before and is not all there goes
// to another folder from then on, if one is given: what has its final name
// already stays where it is, the rest is fetched again.
func (s *Service) Accept(ctx context.Context, id protocol.MessageID, folder string) error {
	into := folder
	if into == "" && s.receiveFolder != nil {
		into = s.receiveFolder()
	}
	if !filepath.IsAbs(into) {
		return &PathError{Path: into}
	}
	return s.steer(ctx, id, "accept", func(l *loop, f *transfer) bool {
		switch {
		case f.Direction == In && f.active():
			if folder != "" {
				l.retarget(f, folder)
			}
			return true
		case !f.undecided():
			return false
		}
		f.Folder, f.Reason = into, ""
		l.move(f, TransferAccepted)
		return true
	})
}

// retarget lets an active transfer go to another folder.
func (l *loop) retarget(f *transfer, folder string) {
	if filepath.Clean(folder) == filepath.Clean(f.Folder) {
		return
	}
	f.Folder = folder
	f.ordered = orderNone
	l.toRest(f)
}

// Reject declines an offer.
func (s *Service) Reject(ctx context.Context, id protocol.MessageID) error {
	return s.steer(ctx, id, "reject", func(l *loop, f *transfer) bool {
		switch {
		case f.Direction == In && f.State == TransferRejected:
			return true
		case !f.undecided():
			return false
		}
		l.end(f, TransferRejected, "", "")
		return true
	})
}

// Pause lets a transfer rest, on both sides, until this side resumes it. The
// other one may have paused it too.
func (s *Service) Pause(ctx context.Context, id protocol.MessageID) error {
	return s.pause(ctx, id, "pause", true)
}

// Resume takes back Pause. It goes on unless the other one has paused it too.
func (s *Service) Resume(ctx context.Context, id protocol.MessageID) error {
	return s.pause(ctx, id, "resume", false)
}

func (s *Service) pause(ctx context.Context, id protocol.MessageID, action string, paused bool) error {
	return s.steer(ctx, id, action, func(l *loop, f *transfer) bool {
		if !f.active() {
			return false
		}
		l.setPaused(f, &f.PausedHere, paused)
		return true
	})
}

// Cancel ends a transfer for both sides. What has arrived as a whole already
// stays where it is; the rest is removed. Cancelling an offer that waits for
// this side's answer rejects it.
func (s *Service) Cancel(ctx context.Context, id protocol.MessageID) error {
	return s.steer(ctx, id, "cancel", func(l *loop, f *transfer) bool {
		switch {
		case f.State == TransferCancelled:
			return true
		case f.Final():
			return false
		case f.undecided():
			l.end(f, TransferRejected, "", "")
			return true
		}
		l.withdraw(f)
		l.end(f, TransferCancelled, "", "")
		return true
	})
}

// Again tries a transfer again. One that is not over goes on at once, without
// waiting for its next attempt. One of ours that is over is offered anew, from
// the same paths, which gives another transfer. One that was received and is
// over only the sender can offer again: ErrAskSender.
func (s *Service) Again(ctx context.Context, id protocol.MessageID) (Transfer, error) {
	t, err := ask(ctx, s, func(l *loop) (Transfer, error) {
		f, err := l.transfer(id)
		if err != nil {
			return Transfer{}, err
		}
		if f.active() && !f.paused() {
			f.ordered = orderNone
			l.direct(f)
			l.want(f.person)
		}
		return f.Transfer, nil
	})
	switch {
	case err != nil || !t.Final():
		return t, err
	case t.Direction == In:
		return Transfer{}, ErrAskSender
	}
	return s.offer(ctx, t.Contact, t.Paths, t.Text, t.Preview, t.ID)
}

// steer runs a command about one transfer and waits until it is on disk. The
// command returns false if the transfer is not in a state for it.
func (s *Service) steer(ctx context.Context, id protocol.MessageID, action string, command func(*loop, *transfer) bool) error {
	_, err := call(ctx, s, func(l *loop, reply func(struct{}, error)) {
		f, err := l.transfer(id)
		if err == nil && !command(l, f) {
			err = f.unfit(action)
		}
		if err != nil {
			reply(struct{}{}, err)
			return
		}
		l.turn.replies = append(l.turn.replies, func(err error) { reply(struct{}{}, err) })
	})
	return err
}

// unfit says that a transfer is not in a state for what was to be done.
func (t *Transfer) unfit(action string) error {
	e := &TransferStateError{Action: action, State: t.State, Direction: t.Direction}
	if len(t.Tops) > 0 {
		e.Name = t.Tops[0].Name
	}
	return e
}

// SetAutoAccept chooses up to how many bytes offers of a contact are accepted
// without asking: 0 none, negative any. Those that wait already for the user go
// on waiting.
func (s *Service) SetAutoAccept(ctx context.Context, contact ContactID, limit int64) error {
	return s.change(ctx, contact, func(l *loop, p *person) {
		p.AutoAccept = max(limit, -1)
		l.touch(p)
		l.acceptQueued(p)
	})
}
