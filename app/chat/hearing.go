package chat

import (
	"errors"
	"time"

	"feihong/protocol"
)

// callEvery is how often at most a person can make us connect for one transfer.
const callEvery = time.Second

// receiveFiles takes a frame about transfers.
func (s *Service) receiveFiles(session Session, body []byte) {
	message, err := protocol.DecodeFiles(body)
	var newer *protocol.UnknownKindError
	if errors.As(err, &newer) {
		return // from a later version that has more to say
	}
	if err != nil {
		s.log.Warn("bad message about files", "peer", session.Peer().Short(), "error", err)
		session.Close(protocol.CodeBadMessage, err.Error())
		return
	}
	s.enter(session, len(body), func(l *loop, p *person) { l.hear(p, message) })
}

func (l *loop) hear(p *person, message protocol.FilesMessage) {
	if l.carrier == nil {
		return
	}
	switch m := message.(type) {
	case *protocol.TransferState:
		l.hearState(p, m)
	case *protocol.TransferReceipt:
		l.hearReceipt(p, m)
	case *protocol.TransferCall:
		l.hearCall(p, m.ID)
	}
}

// hearState takes over what a person says about a transfer, as far as it is
// theirs to say. What had no effect is counted: everything that they say is
// answered at most once, and not without end.
func (l *loop) hearState(p *person, m *protocol.TransferState) {
	f, ok := l.lookUp(p, m.ID)
	if !ok {
		return
	}
	if f == nil {
		l.countUseless(p, p.session)
		if m.Answer && speaks(p.session, protocol.FeatureFiles) {
			l.sendFiles(p.session, &protocol.TransferState{ID: m.ID, Phase: protocol.PhaseUnknown})
		}
		return
	}
	before := f.Transfer
	l.heed(f, m)
	if before.same(&f.Transfer) {
		l.countUseless(p, p.session)
	}
	if m.Answer {
		f.owed = true
	}
	if f.owed {
		l.tell(f) // or when it is stored, if anything has changed
	}
}

// same says that hearing a state has changed nothing.
func (t *Transfer) same(other *Transfer) bool {
	return t.State == other.State && t.Reason == other.Reason && t.PausedThere == other.PausedThere && t.Confirmed == other.Confirmed
}

func (l *loop) heed(f *transfer, m *protocol.TransferState) {
	if m.Phase != protocol.PhaseUnknown {
		f.known = true
	}
	switch m.Phase {
	case protocol.PhaseUnknown:
		l.heedUnknown(f)
	case protocol.PhaseRejected:
		l.heedEnd(f, TransferRejected, "", "")
	case protocol.PhaseCancelled:
		l.heedEnd(f, TransferCancelled, ReasonPeerCancelled, "")
	case protocol.PhaseFailed:
		reason := m.Reason
		if reason == "" {
			reason = ReasonPeerFailed
		}
		l.heedEnd(f, TransferFailed, reason, m.Detail)
	case protocol.PhaseDone:
		if f.State == TransferDone {
			l.confirm(f)
		} // else the receipt decides, which comes by itself
	default:
		l.heedGoing(f, m)
	}
}

// heedUnknown settles that the other person knows nothing of a transfer. That
// is so before the offer has arrived, and after their profile was lost.
func (l *loop) heedUnknown(f *transfer) {
	switch {
	case f.Final():
		l.confirm(f)
	case f.known:
		l.end(f, TransferFailed, ReasonForgotten, "")
		l.confirm(f)
	}
}

// heedEnd ends a transfer as the other person did. If both have ended it in
// different ways at the same moment, the greater end counts for both: whoever
// has the lesser one takes over the other, which they are told.
func (l *loop) heedEnd(f *transfer, state TransferState, reason TransferReason, detail string) {
	mine := f.State.rank()
	switch {
	case state.rank() > mine:
		l.withdraw(f)
		l.end(f, state, reason, detail)
		l.confirm(f)
	case state.rank() == mine:
		l.confirm(f)
	default:
		f.owed = true
	}
}

// heedGoing takes over where the other person is in a transfer that goes on
// for them. Whether it was accepted, and what has arrived, is the receiver's to
// say; whether they have paused it, is everybody's own.
func (l *loop) heedGoing(f *transfer, m *protocol.TransferState) {
	if f.Final() {
		f.owed = true // they do not know yet
		return
	}
	if f.Direction == Out {
		l.heedReceiver(f, m)
	}
	if !f.active() {
		return
	}
	l.setPaused(f, &f.PausedThere, m.Phase == protocol.PhasePaused)
}

func (l *loop) heedReceiver(f *transfer, m *protocol.TransferState) {
	if done := int64(m.Done); f.State != TransferRunning && done <= f.Bytes {
		f.Done = done
	}
	switch m.Phase {
	case protocol.PhaseOffered:
		if f.State != TransferOffered { // they lost what they knew, and are asked again
			f.PausedHere, f.PausedThere = false, false
			l.move(f, TransferOffered)
		}
		l.heedWaiting(f, m.Reason)
	case protocol.PhaseAccepted, protocol.PhasePaused:
		if !f.active() {
			l.toRest(f)
		}
		l.heedWaiting(f, m.Reason)
	case protocol.PhaseReceived:
		f.there = ""
		if f.State != TransferFinishing {
			f.PausedHere, f.PausedThere = false, false
			f.Reason, f.Detail = "", ""
			f.Done, f.FilesDone = f.Bytes, f.Files
			l.move(f, TransferFinishing)
		}
	}
}

// heedWaiting takes over what the receiver waits for. While they wait nothing
// moves, whatever our carrier still says.
func (l *loop) heedWaiting(f *transfer, reason TransferReason) {
	if f.there == reason {
		return
	}
	f.there = reason
	switch {
	case f.State == TransferOffered:
		f.Reason = reason
		l.move(f, TransferOffered)
	case f.active() && !f.paused() && (reason != "" || f.State == TransferStalled):
		l.toRest(f)
	}
}

// setPaused changes one of the two marks of an active transfer.
func (l *loop) setPaused(f *transfer, mark *bool, paused bool) {
	if *mark == paused {
		return
	}
	*mark = paused
	l.toRest(f)
}

func (l *loop) hearCall(p *person, id protocol.MessageID) {
	f := l.transfers[id]
	if f == nil || f.person != p || !f.busy() || time.Since(f.moment.called) < callEvery {
		l.countUseless(p, p.session)
		return
	}
	f.moment.called = time.Now()
	l.carry.called(p.Peer, id)
}
