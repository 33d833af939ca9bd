package chat

import (
	"errors"
	"time"

	"feihong/protocol"
)

// typingFor is how long "is typing" is shown without being renewed.
const typingFor = 6 * time.Second

// When a peer comes back, they are told what was read while they were away, as
// long as this program runs, and again what was read of the newest messages,
// because a receipt may have got lost or the program ended.
const (
	maxOwed   = 1 << 16
	readAgain = 1024 // messages
)

// steady is how long a session must last before another attempt after its end
// is a first one again. Otherwise a peer who ends each session at once would
// be dialled, and sent everything, without a pause.
const steady = 30 * time.Second

// Up is called by the network when a session is ready.
func (s *Service) Up(session Session) {
	s.post(func(l *loop) { l.up(session) })
}

// Receive is called by the network for each frame, in order. The body is not
// kept. It blocks while the service is behind.
func (s *Service) Receive(session Session, app protocol.Application, body []byte) {
	switch app {
	case protocol.AppChat:
		s.receiveChat(session, body)
	case protocol.AppFiles:
		s.receiveFiles(session, body)
	}
}

func (s *Service) receiveChat(session Session, body []byte) {
	message, err := protocol.DecodeChat(body)
	var newer *protocol.UnknownKindError
	if errors.As(err, &newer) {
		return // from a later version that has more to say
	}
	if err != nil {
		s.log.Warn("bad message", "peer", session.Peer().Short(), "error", err)
		session.Close(protocol.CodeBadMessage, err.Error())
		return
	}
	s.enter(session, len(body), func(l *loop, p *person) { l.receive(p, session, message) })
}

// enter brings what a session has said into the loop, unless the session has
// ended by then: what that left behind is said again.
func (s *Service) enter(session Session, size int, input func(*loop, *person)) {
	weight, ok := s.intake.enter(session, size)
	if !ok {
		return
	}
	s.post(func(l *loop) {
		s.intake.leave(session, weight)
		p := l.byPeer[session.Peer()]
		if p == nil || p.session != session {
			return
		}
		p.doubt.heard = time.Now()
		input(l, p)
	})
}

// Down is called by the network once a session has ended, with the reason.
func (s *Service) Down(session Session, err error) {
	s.post(func(l *loop) { l.down(session, err) })
}

func (l *loop) up(session Session) {
	if session.Peer() == l.self {
		return
	}
	p := l.whoCame(session)
	if p == nil {
		session.Close(protocol.CodeBusy, "too many contacts")
		return
	}
	if p.Blocked {
		session.Close(protocol.CodeRefused, "")
		return
	}
	l.greet(p, session)
	p.session = session
	p.via = "incoming"
	if session.Dialed() != "" {
		p.via = "address"
	}
	l.relocate(p)
	p.since, p.useless = time.Now(), 0
	p.reach.stop()
	p.reach.endRound()
	p.reach.problem = nil
	p.outbox.rewind()
	l.touch(p)
	l.repeatRead(p)
	l.pump(p)
	l.retell(p)
	l.tellPicture(p)
}

// greet takes over what the peer says about themself.
func (l *loop) greet(p *person, session Session) {
	if name := session.Name(); name != "" {
		l.rename(p, name)
	}
	switch {
	case session.Dialed() != "":
		l.place(p, session.Dialed(), true)
	case session.Address() != "":
		l.place(p, session.Address(), false)
	}
	if !p.presence.hidden {
		p.LastSeen = now()
	}
}

// whoCame finds the person of a session, or makes one. The first to answer at
// an address to which the user wrote is pinned.
func (l *loop) whoCame(session Session) *person {
	known := l.byPeer[session.Peer()]
	expected := l.pendingAt(session.Dialed())
	switch {
	case known == nil && expected == nil:
		return l.meet(Contact{Peer: session.Peer(), Name: session.Name()})
	case known == nil:
		l.pin(expected, session.Peer(), session.Name())
		return expected
	case expected != nil:
		l.merge(expected, known)
	}
	return known
}

func (l *loop) pin(p *person, peer protocol.PeerID, name string) {
	p.Peer = peer
	delete(l.pending, p.ID)
	l.rename(p, name)
	l.byPeer[peer] = p
	l.touch(p)
}

func (l *loop) down(session Session, err error) {
	p := l.byPeer[session.Peer()]
	if p == nil || p.session != session {
		return
	}
	if time.Since(p.since) >= steady {
		p.reach.fails = 0
	}
	l.offline(p)
	if Refused(err) {
		p.reach.problem = err
		l.shutOut(p)
	}
	// Not at once: a session that another one replaces ends in the same way,
	// and dialling then would replace that one too.
	p.reach.fails++
	l.reachFor(p)
}

func (l *loop) offline(p *person) {
	p.session = nil
	p.via = ""
	p.typing = false
	if !p.presence.hidden {
		p.LastSeen = now()
	}
	l.relocate(p)
	p.outbox.rewind()
	l.touch(p)
}

// Refused says that a problem with reaching somebody is that they do not want
// to hear from the user, so that waiting does not help.
func Refused(problem error) bool {
	var e *protocol.Error
	var dial *DialError
	return errors.As(problem, &e) && e.Code == protocol.CodeRefused ||
		errors.As(problem, &dial) && dial.Reason == ReasonRefused
}

func (l *loop) receive(p *person, session Session, message protocol.ChatMessage) {
	switch m := message.(type) {
	case *protocol.Text:
		l.receiveText(p, session, m)
	case *protocol.Offer:
		l.receiveOffer(p, session, m)
	case *protocol.Delivered:
		for _, id := range m.IDs {
			l.heardPicture(p, id)
			l.queueReceipt(p, session, StateChange{ID: id, State: Delivered})
		}
	case *protocol.Read:
		for _, id := range m.IDs {
			l.queueReceipt(p, session, StateChange{ID: id, State: Read})
		}
	case *protocol.Refused:
		l.queueReceipt(p, session, StateChange{ID: m.ID, State: Failed, Reason: m.Code.String()})
	case *protocol.Typing:
		l.showTyping(p, m.Active)
	case *protocol.Nudge:
		l.receiveNudge(p, session, m)
	case *protocol.Picture:
		l.receivePicture(p, session, m)
	default:
		l.receiveChange(p, session, message)
	}
}

// receiveChange takes what changes another message.
func (l *loop) receiveChange(p *person, session Session, message protocol.ChatMessage) {
	switch m := message.(type) {
	case *protocol.Edit:
		l.receiveAmendment(p, session, Message{
			ID: m.ID, Kind: KindEdit, Text: protocol.VisibleText(m.Body), Time: p.editedAt(m.Time), Target: Ref{Direction: In, ID: m.Target},
		})
	case *protocol.Recall:
		l.receiveAmendment(p, session, Message{
			ID: m.ID, Kind: KindRecall, Time: clampTime(m.Time, now()), Target: Ref{Direction: In, ID: m.Target},
		})
	case *protocol.Reaction:
		l.receiveAmendment(p, session, Message{
			ID: m.ID, Kind: KindReaction, Text: m.Emoji, Time: clampTime(m.Time, now()), Target: reference(m.Target),
		})
	}
}

func (l *loop) receiveText(p *person, session Session, m *protocol.Text) {
	l.traffic.Hold()
	l.turn.add(Message{
		ID:        m.ID,
		Contact:   p.ID,
		Direction: In,
		State:     Delivered,
		Kind:      KindText,
		Text:      protocol.VisibleText(m.Body),
		Time:      clampTime(m.Time, now()),
		ReplyTo:   reference(m.Answers),
	}, note{person: p, session: session})
	if p.typing {
		l.showTyping(p, false)
	}
}

func (l *loop) showTyping(p *person, active bool) {
	if p.typingTimer != nil {
		p.typingTimer.Stop()
		p.typingTimer = nil
	}
	if active {
		p.typingTimer = l.after(typingFor, func(l *loop) { l.showTyping(p, false) })
	}
	if p.typing == active {
		return
	}
	p.typing = active
	l.show(p)
}

// tellRead sends read receipts, now or when the peer is back.
func (l *loop) tellRead(p *person, ids []protocol.MessageID) {
	if !l.policy.Receipts {
		return
	}
	if p.session == nil {
		if len(p.owed)+len(ids) <= maxOwed {
			p.owed = append(p.owed, ids...)
		}
		return
	}
	l.sendReceipts(p.session, ids, read)
}

// repeatRead sends the read receipts that are owed, and those of the newest
// messages again.
func (l *loop) repeatRead(p *person) {
	owed := p.owed
	p.owed = nil
	l.tellRead(p, owed)
	if p.overview.Last == nil || !l.policy.Receipts {
		return
	}
	recent, err := l.store.History(l.ctx, HistoryQuery{Contact: p.ID, Limit: readAgain})
	if err != nil {
		l.tellStore(err)
		return
	}
	var ids []protocol.MessageID
	for _, m := range recent {
		if m.Direction == In && m.State == Read {
			ids = append(ids, m.ID)
		}
	}
	l.tellRead(p, ids)
}

// now is the present, as precise as it travels. A clock before 1970 is taken
// for 1970: such times cannot be sent.
func now() time.Time {
	t := time.Now().UTC().Truncate(time.Millisecond)
	if t.Unix() < 0 {
		return time.Unix(0, 0).UTC()
	}
	return t
}
