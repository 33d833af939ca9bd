package discovery_test

import (
	"context"
	"errors"
	"sync"
	"time"

	"feihong/protocol"
)

// session is one end of a session in memory.
type session struct {
	peer  protocol.PeerID
	other *session
	owner *person
	inbox chan []byte
	once  sync.Once
	done  chan struct{}
}

var errDown = errors.New("the session has ended")

func (s *session) Peer() protocol.PeerID { return s.peer }

func (s *session) Send(_ protocol.Application, body []byte) error {
	s.owner.office.mu.Lock()
	s.owner.office.bytes += int64(len(body))
	s.owner.office.mu.Unlock()
	select {
	case s.other.inbox <- append([]byte(nil), body...):
		return nil
	case <-s.done:
		return errDown
	}
}

func (s *session) Close(protocol.ErrorCode, string) { s.end() }

func (s *session) end() {
	s.once.Do(func() { close(s.done) })
	s.other.once.Do(func() { close(s.other.done) })
}

func (s *session) ended() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

func (s *session) run() {
	s.owner.service.Up(s)
	defer s.owner.service.Down(s)
	for {
		select {
		case body := <-s.inbox:
			pass(200 * time.Microsecond)
			s.owner.service.Receive(s, body)
		case <-s.done:
			return
		}
	}
}

// dial opens a session with whoever is at an address.
func (p *person) dial(ctx context.Context, address string, want protocol.PeerID) error {
	pass(2 * time.Millisecond)
	p.office.mu.Lock()
	other := p.office.byDial[address]
	p.office.mu.Unlock()
	if other == nil || other.cancel == nil || !want.IsZero() && other.id.PeerID() != want {
		return errors.New("nobody there")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.sessions[other.id.PeerID()]; s != nil && !s.ended() {
		return nil
	}
	mine := &session{peer: other.id.PeerID(), owner: p, inbox: make(chan []byte, 1024), done: make(chan struct{})}
	theirs := &session{peer: p.id.PeerID(), owner: other, inbox: make(chan []byte, 1024), done: make(chan struct{})}
	mine.other, theirs.other = theirs, mine
	p.sessions[mine.peer] = mine
	p.office.mu.Lock()
	p.office.sessions++
	p.office.ends = append(p.office.ends, mine, theirs)
	p.office.mu.Unlock()
	p.office.running.Go(mine.run)
	p.office.running.Go(theirs.run)
	return nil
}

// hangUp ends the sessions of p.
func (p *person) hangUp() {
	p.office.mu.Lock()
	defer p.office.mu.Unlock()
	for _, s := range p.office.ends {
		if s.owner == p {
			s.end()
		}
	}
}
