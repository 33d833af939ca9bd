package discovery_test

import (
	"slices"
	"testing"
	"time"

	"feihong/protocol"
)

func (s *fakeSession) ends() []protocol.ErrorCode {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.closed)
}

func TestBrokenPresenceEndsTheSession(t *testing.T) {
	for _, test := range []struct {
		name string
		body []byte
		want []protocol.ErrorCode
	}{
		{"no body", []byte{0xff, 1, 2, 3}, []protocol.ErrorCode{protocol.CodeBadMessage}},
		{"empty", nil, []protocol.ErrorCode{protocol.CodeBadMessage}},
		{"of a later version", []byte{0xa1, 0x00, 0x18, 0x63}, nil}, // {0: 99}
	} {
		inBubble(t, func(t *testing.T, o *office) {
			a, other := o.hire("a").start(), o.hire("other")
			s := &fakeSession{peer: other.id.PeerID()}
			a.service.Up(s)
			a.service.Receive(s, test.body)
			if got := s.ends(); !slices.Equal(got, test.want) {
				t.Errorf("%s: closed with %v, want %v", test.name, got, test.want)
			}
			a.service.Down(s)
		})
	}
}

// The longest list passes; a flood of messages ends the session, once.
func TestPresenceFlood(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, teller := o.hire("a").start(), o.hire("teller")
		pass(5 * time.Second)
		s := a.meet(teller, 0)
		for range 86 {
			a.service.Receive(s, presence(t, &protocol.People{More: true}))
		}
		pass(time.Second)
		if got := s.ends(); len(got) > 0 {
			t.Errorf("a list ended the session with %v", got)
		}
		for range 1000 {
			a.service.Receive(s, presence(t, &protocol.People{More: true}))
		}
		pass(time.Second)
		if got := s.ends(); !slices.Equal(got, []protocol.ErrorCode{protocol.CodeBusy}) {
			t.Errorf("closed with %v", got)
		}
		a.service.Down(s)
	})
}
