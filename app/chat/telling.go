package chat

import (
	"feihong/protocol"
)

// telling is what somebody was told of a transfer.
type telling struct {
	session Session // nil: never
	phase   protocol.TransferPhase
	reason  TransferReason
}

// telling is what there is to be told of a transfer now.
func (f *transfer) telling() telling {
	return telling{session: f.person.session, phase: f.phase(), reason: f.toldReason()}
}

// speaks says that the peer of a session knows a feature.
func speaks(s Session, feature string) bool {
	if s == nil {
		return false
	}
	can, ok := s.(interface{ Speaks(feature string) bool })
	return ok && can.Speaks(feature)
}

// phase is the state of a transfer as it travels.
func (t *Transfer) phase() protocol.TransferPhase {
	switch t.State {
	case TransferOffered:
		return protocol.PhaseOffered
	case TransferFinishing:
		return protocol.PhaseReceived
	case TransferDone:
		return protocol.PhaseDone
	case TransferRejected:
		return protocol.PhaseRejected
	case TransferCancelled:
		return protocol.PhaseCancelled
	case TransferFailed:
		return protocol.PhaseFailed
	}
	if t.PausedHere {
		return protocol.PhasePaused
	}
	return protocol.PhaseAccepted
}

// retell tells everything about all transfers with a person, for a new session.
func (l *loop) retell(p *person) {
	for _, f := range p.transfers {
		l.tell(f)
	}
	if p.busy > 0 {
		l.carry.nudge(p.Peer)
	}
}

// tell says where a transfer is, now, or when the person is back. The first
// time in a session, and until an end is confirmed, it asks for their side.
func (l *loop) tell(f *transfer) {
	session := f.person.session
	if f.stirred || !speaks(session, protocol.FeatureFiles) || !f.known && !f.Final() {
		return
	}
	phase := f.phase()
	if phase == protocol.PhaseDone {
		l.sendReceipt(session, f) // first, so that they are done too when they hear that we are
	}
	l.sendFiles(session, &protocol.TransferState{
		ID:     f.ID,
		Phase:  phase,
		Reason: f.toldReason(),
		Detail: f.toldDetail(),
		Done:   uint64(max(0, f.Done)),
		Answer: f.Final() && !f.Confirmed || !f.Final() && f.told.session != session,
	})
	if phase == protocol.PhaseReceived && f.Direction == In {
		l.sendReceipt(session, f)
	}
	f.told = f.telling()
	f.owed = false
}

// tellNews tells where a transfer is if they were told something else.
func (l *loop) tellNews(f *transfer) {
	if f.owed || f.told != f.telling() {
		l.tell(f)
	}
}

// toldReason is the reason as the other side may know it: why it has failed, or
// what the receiver waits for.
func (t *Transfer) toldReason() TransferReason {
	if t.State == TransferFailed || t.Direction == In && (t.State == TransferStalled || t.queued()) {
		return t.Reason
	}
	return ""
}

// toldDetail is what the reason is about. What is in the way of the receiver
// concerns folders of theirs, which are nobody else's business.
func (t *Transfer) toldDetail() string {
	if t.State != TransferFailed {
		return ""
	}
	return t.Detail
}

func (l *loop) sendReceipt(s Session, f *transfer) {
	if len(f.Receipt) > 0 {
		l.sendFiles(s, &protocol.TransferReceipt{ID: f.ID, Receipt: f.Receipt})
	}
}

func (l *loop) sendFiles(s Session, m protocol.FilesMessage) {
	body, err := protocol.EncodeFiles(m)
	if err != nil {
		l.log.Error("encode state of a transfer", "error", err)
		return
	}
	_ = s.Send(protocol.AppFiles, body) // told again in the next session
}

// CallForFiles asks a person to connect to us for a transfer, if there is a
// session with them. It does not wait.
func (s *Service) CallForFiles(peer protocol.PeerID, id protocol.MessageID) {
	s.post(func(l *loop) {
		p := l.byPeer[peer]
		f := l.transfers[id]
		if p == nil || f == nil || f.person != p || !f.busy() || !speaks(p.session, protocol.FeatureFiles) {
			return
		}
		l.sendFiles(p.session, &protocol.TransferCall{ID: id})
	})
}
