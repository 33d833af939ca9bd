package chat

import (
	"errors"
	"time"

	"feihong/protocol"
)

// typingFor is how long "is typing" is shown without being renewed.
const typingFor = 6 * time.Second

// readAgain is how many read receipts are repeated when a peer comes back: a
// receipt that was given while the peer was away, or got lost, arrives then.
const readAgain = 256

// Up is called by the network when a session is ready.
func (s *Service) Up(session Session) {
	s.post(func(l *loop) { l.up(session) })
}

// Receive is called by the network for each frame, in order. The body is not
// kept. It blocks while the service is behind.
func (s *Service) Receive(session Session, app protocol.Application, body []byte) {
	if app != protocol.AppChat {
		return
	}
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
	s.post(func(l *loop) { l.receive(session, message) })
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
	p.reach.reset()
	p.outbox.rewind()
	l.touch(p)
	l.repeatRead(p)
	l.pump(p)
}

// greet takes over what the peer says about themself.
func (l *loop) greet(p *person, session Session) {
	if name := session.Name(); name != "" {
		l.rename(p, name)
	}
	switch {
	case session.Dialed() != "":
		p.Address = session.Dialed()
	case session.Address() != "":
		p.Address = session.Address()
	}
	p.LastSeen = now()
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
	p.Namesake = l.nameTaken(name)
	l.rename(p, name)
	l.byPeer[peer] = p
	l.touch(p)
}

// merge joins a contact known by address alone with the person who turned out
// to answer there.
func (l *loop) merge(from, into *person) {
	l.turn.batch.Merges = append(l.turn.batch.Merges, Merge{From: from.ID, Into: into.ID})
	for i := range l.turn.batch.Messages {
		if m := &l.turn.batch.Messages[i]; m.Contact == from.ID {
			m.Contact = into.ID
		}
	}
	for i := range l.turn.sendings {
		if s := &l.turn.sendings[i]; s.person == from {
			s.person = into
		}
	}
	from.reach.stop()
	delete(l.people, from.ID)
	delete(l.dirty, from.ID)
	l.turn.merged = append(l.turn.merged, merged{from, into})
}

func (l *loop) down(session Session, err error) {
	p := l.byPeer[session.Peer()]
	if p == nil || p.session != session {
		return
	}
	l.offline(p)
	if refused(err) {
		p.reach.problem = err
		l.failAll(p, protocol.CodeRefused.String())
	}
	// Not at once: a session that another one replaces ends in the same way,
	// and dialling then would replace that one too.
	p.reach.fails = 1
	l.reachFor(p)
}

func (l *loop) offline(p *person) {
	p.session = nil
	p.via = ""
	p.typing = false
	p.LastSeen = now()
	p.outbox.rewind()
	l.touch(p)
}

func refused(err error) bool {
	var e *protocol.Error
	return errors.As(err, &e) && e.Code == protocol.CodeRefused
}

func (l *loop) receive(session Session, message protocol.ChatMessage) {
	p := l.byPeer[session.Peer()]
	if p == nil || p.session != session {
		return // what a session that has ended left behind is sent again
	}
	switch m := message.(type) {
	case *protocol.Text:
		l.receiveText(p, session, m)
	case *protocol.Delivered:
		for _, id := range m.IDs {
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
	}
}

func (l *loop) receiveText(p *person, session Session, m *protocol.Text) {
	l.turn.arrivals = append(l.turn.arrivals, arrival{person: p, session: session, index: len(l.turn.batch.Messages)})
	l.turn.batch.Messages = append(l.turn.batch.Messages, Message{
		ID:        m.ID,
		Contact:   p.ID,
		Direction: In,
		State:     Delivered,
		Kind:      KindText,
		Text:      protocol.VisibleText(m.Body),
		Time:      clampTime(m.Time, now()),
	})
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

// tellRead sends read receipts, if the peer is there.
func (l *loop) tellRead(p *person, ids []protocol.MessageID) {
	if p.session == nil || len(ids) == 0 {
		return
	}
	l.sendReceipts(p.session, ids, func(ids []protocol.MessageID) protocol.ChatMessage {
		return &protocol.Read{IDs: ids}
	})
}

// repeatRead sends the read receipts of the newest messages again.
func (l *loop) repeatRead(p *person) {
	if p.overview.Last == nil {
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

func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
