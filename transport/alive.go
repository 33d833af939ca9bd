package transport

import (
	"context"
	"time"

	"feihong/protocol"
)

func (s *Session) heardNow() { s.heard.Store(int64(time.Since(s.began))) }

// silence is how long ago something was last received. It is measured with
// the monotonic clock, so setting the clock does no harm.
func (s *Session) silence() time.Duration {
	return time.Since(s.began) - time.Duration(s.heard.Load())
}

// listening says that the reader is reading: the session is up and no handler
// holds the peer back.
func (s *Session) listening() bool {
	select {
	case <-s.up:
		return !s.handling.Load()
	default:
		return false
	}
}

// checkAlive pings a silent peer or gives it up, and returns when to look
// again. While a handler holds the peer back, the silence is our own: then
// the ping only shows the peer that we are alive.
func (s *Session) checkAlive() time.Duration {
	silence := s.silence()
	switch {
	case silence >= deadAfter && s.listening():
		s.end(timedOut, timedOut)
	case silence >= pingAfter:
		s.answer(&protocol.Ping{})
	}
	return pingAfter - silence%pingAfter
}

// Prove finds out whether the peer is still there, and ends the session if
// not: for when there is a reason to doubt it, such as that the peer was seen
// at another address. It takes up to two seconds.
func (s *Session) Prove() bool { return s.prove() }

// prove finds out whether the peer still has this session, and ends the
// session if not. It takes up to probeTime.
func (s *Session) prove() bool {
	if !s.listening() {
		return !s.ended() // it is just beginning, or its peer is held back by us
	}
	pong := s.nextPong()
	s.answer(&protocol.Ping{})
	timer := time.NewTimer(probeTime)
	defer timer.Stop()
	select {
	case <-pong:
	case <-s.done:
	case <-timer.C:
		if s.silence() >= probeTime && s.listening() {
			s.end(timedOut, nil)
		}
	}
	return !s.ended()
}

// RoundTrip measures how long a ping and its answer take. It fails if ctx or
// the session ends first.
func (s *Session) RoundTrip(ctx context.Context) (time.Duration, error) {
	pong := s.nextPong()
	start := time.Now()
	s.answer(&protocol.Ping{})
	select {
	case <-pong:
		return time.Since(start), nil
	case <-s.done:
		return 0, errClosed
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (s *Session) nextPong() <-chan struct{} {
	s.pongMu.Lock()
	defer s.pongMu.Unlock()
	if s.pong == nil {
		s.pong = make(chan struct{})
	}
	return s.pong
}

func (s *Session) gotPong() {
	s.pongMu.Lock()
	defer s.pongMu.Unlock()
	if s.pong != nil {
		close(s.pong)
		s.pong = nil
	}
}
