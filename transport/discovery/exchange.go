package discovery

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"time"

	"feihong/protocol"
)

// Limits of the exchange over sessions.
const (
	maxTold      = 4096             // people in one list
	toldEvery    = 20 * time.Second // how often one session is told who is there
	oldest       = 2 * time.Minute  // what was heard longer ago is not believed
	listWithin   = 10 * time.Second // how long a list may take
	framesAtOnce = 8                // of a list; more wait, so that little is in memory
	framesEvery  = 10 * time.Millisecond

	// graceAfterSession is how long somebody whose session ended may take to
	// come back.
	graceAfterSession = 5 * time.Second
)

var (
	ratePresent = rate{1, 10}
	rateFrames  = rate{20, 200} // messages of one session; the longest list has 86
)

// contact is a session.
type contact struct {
	session Session
	served  time.Time // when they were told who is there
	present bucket
	frames  bucket
	closed  bool  // by us
	list    *list // that we asked for; nil: none is on its way
	asked   bool  // for a list, once
}

// list is a list of people on its way to us.
type list struct {
	count int
	done  func(count int) // called at the end, also if there is none
	limit *task
}

// Up says that a session has begun. For one session, Up, Receive and Down are
// called one after the other, and for one peer the Down of a session comes
// before the Up of the next. They wait for the loop, but not for the network.
func (s *Service) Up(session Session) { _ = s.do(func(l *loop) { l.up(session) }) }

// Receive gives discovery a body of the application AppPresence, which it does
// not keep. A session whose body breaks the rules is closed.
func (s *Service) Receive(session Session, body []byte) {
	message, err := protocol.DecodePresence(bytes.Clone(body))
	var later *protocol.UnknownKindError
	switch {
	case errors.As(err, &later):
		s.log.Debug("presence", "peer", session.Peer().Short(), "error", err)
	case err != nil:
		s.log.Info("presence", "peer", session.Peer().Short(), "error", err)
		session.Close(protocol.CodeBadMessage, "presence: "+err.Error())
	default:
		_ = s.do(func(l *loop) { l.received(session, message) })
	}
}

// Down says that a session has ended.
func (s *Service) Down(session Session) { _ = s.do(func(l *loop) { l.down(session) }) }

func (l *loop) up(session Session) {
	c := &contact{session: session}
	l.contacts[session.Peer()] = c
	l.introduce(c)
	l.newcomer.up(l, c)
}

// introduce tells the other side of a session about us. That somebody has a
// session with us does not mean that they may see us.
func (l *loop) introduce(c *contact) {
	if l.config.Passive && (l.config.Self == nil || l.config.Self().Status != protocol.StatusOffline) {
		return
	}
	signed := l.announcement(time.Second)
	if signed == nil {
		signed = l.goodbye()
	}
	if signed != nil {
		l.say(c, &protocol.Present{Signed: signed})
	}
}

func (l *loop) down(session Session) {
	id := session.Peer()
	c := l.contacts[id]
	if c == nil || c.session != session {
		return
	}
	delete(l.contacts, id)
	if r := l.table.byID[id]; r != nil && r.isFirstHand() {
		// The session spoke for them until now. It may have ended because they
		// are gone, so whoever was not heard otherwise is asked soon.
		if soon := l.now.Add(graceAfterSession - r.patience); r.heard.Before(soon) {
			r.heard = soon
		}
		l.nextSweep = l.now
	}
	l.endList(c)
}

// say sends over a session. If that fails, it is ending.
func (l *loop) say(c *contact, m protocol.PresenceMessage) {
	body, err := protocol.EncodePresence(m)
	if err != nil {
		l.log.Error("cannot encode", "error", err)
		return
	}
	if err := c.session.Send(protocol.AppPresence, body); err != nil {
		l.log.Debug("send", "peer", c.session.Peer().Short(), "error", err)
	}
}

// tellSessions tells those with a session what we say now.
func (l *loop) tellSessions(signed []byte) {
	if signed == nil {
		return
	}
	for _, c := range l.contacts {
		l.say(c, &protocol.Present{Signed: signed})
	}
}

func (l *loop) received(session Session, message protocol.PresenceMessage) {
	c := l.contacts[session.Peer()]
	if c == nil || c.session != session || c.closed {
		return
	}
	if !c.frames.take(l.now, rateFrames) {
		c.closed = true
		session.Close(protocol.CodeBusy, "presence: too many messages")
		return
	}
	switch m := message.(type) {
	case *protocol.Present:
		l.isPresent(c, m.Signed)
	case *protocol.WhoIsThere:
		l.tellPeople(c, int(m.Limit))
	case *protocol.People:
		l.toldPeople(c, m)
	}
}

// isPresent takes in what the other side of a session says of itself.
func (l *loop) isPresent(c *contact, signed []byte) {
	key, instance, _, err := protocol.PeekAnnouncement(signed)
	if err != nil || protocol.PeerIDOf(key) != c.session.Peer() || !c.present.take(l.now, ratePresent) {
		return
	}
	before := l.table.all[publicKey(key)]
	l.take(arrival{
		signed: signed, way: WaySession,
		// Of two announcements of the same program, the session may well have
		// the older one.
		proven: before == nil || before.announcement.Instance != instance,
	})
	// Whether it was news or not: an answer to a question may have been faster.
	if r := l.table.byID[c.session.Peer()]; r != nil && !c.asked && l.elsewhere(r) {
		l.askList(c, nil)
	}
}

// askList asks for the people on the other side.
func (l *loop) askList(c *contact, done func(count int)) {
	if l.config.Passive || c.list != nil {
		return
	}
	c.asked = true
	c.list = &list{done: done}
	c.list.limit = l.after(listWithin, func() { l.endList(c) })
	l.say(c, &protocol.WhoIsThere{Limit: maxTold})
}

func (l *loop) endList(c *contact) {
	ended := c.list
	if ended == nil {
		return
	}
	c.list = nil
	l.agenda.cancel(ended.limit)
	if ended.done != nil {
		ended.done(ended.count)
	}
}

// tellPeople tells of those whom we hear ourselves. Nobody tells what others
// told them, so that nothing goes round in circles.
func (l *loop) tellPeople(c *contact, limit int) {
	if l.config.Passive || !c.served.IsZero() && l.now.Sub(c.served) < toldEvery {
		return
	}
	c.served = l.now
	var people []*record
	for _, r := range l.table.all {
		if r.isFirstHand() && l.now.Sub(r.heard) <= silentAfter && r.id != c.session.Peer() {
			people = append(people, r)
		}
	}
	rand.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
	l.sendPeople(c, people[:min(len(people), limit, maxTold)])
}

func (l *loop) sendPeople(c *contact, people []*record) {
	if l.contacts[c.session.Peer()] != c {
		return
	}
	for range framesAtOnce {
		count := min(len(people), protocol.MaxTold)
		m := &protocol.People{More: len(people) > count}
		for _, r := range people[:count] {
			age := l.now.Sub(r.heard) / time.Second
			m.Told = append(m.Told, protocol.Told{Signed: r.signed, Age: uint16(min(age, 65535))})
		}
		l.say(c, m)
		people = people[count:]
		if !m.More {
			return
		}
	}
	l.after(framesEvery, func() { l.sendPeople(c, people) })
}

// toldPeople takes a part of a list that we asked for.
func (l *loop) toldPeople(c *contact, m *protocol.People) {
	if c.list == nil {
		return
	}
	for _, told := range m.Told {
		age := time.Duration(told.Age) * time.Second
		if c.list.count++; c.list.count > maxTold {
			break
		}
		if age <= oldest && len(l.backlog) < maxBacklog {
			l.backlog = append(l.backlog, hearsay{bytes.Clone(told.Signed), l.now.Add(-age), c.session.Peer()})
		}
	}
	if !m.More || c.list.count > maxTold {
		l.endList(c)
	}
}
