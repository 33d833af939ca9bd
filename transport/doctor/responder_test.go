package doctor_test

import (
	"context"
	"net/netip"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"feihong/protocol"
	"feihong/transport"
	"feihong/transport/doctor"
)

// surgery is a Responder on a stage, which knows Wei at one address.
func surgery(s *stage) *doctor.Responder {
	return doctor.NewResponder(doctor.ResponderConfig{
		Ask: s.ask,
		Dial: func(_ context.Context, _ string, want protocol.PeerID) (protocol.PeerID, string, error) {
			return s.dial(want)
		},
		Knows: func(at netip.AddrPort, who protocol.PeerID) bool {
			return at == netip.AddrPortFrom(away, 50002) && (who == wei || who.IsZero())
		},
		System: s,
	})
}

var meiAsks = doctor.Asker{ID: mei, Address: netip.AddrPortFrom(desk, 50001)}

func TestResponderRule(t *testing.T) {
	tests := []struct {
		name    string
		from    doctor.Asker
		address string
		who     protocol.PeerID
		allowed bool
	}{
		{"themself", meiAsks, "192.168.1.30:50001", mei, true},
		{"themself, not named", meiAsks, "192.168.1.30:50001", protocol.PeerID{}, true},
		{"themself without port", meiAsks, "192.168.1.30:0", mei, true},
		{"themself in IPv6", meiAsks, "[::ffff:192.168.1.30]:50001", mei, true},
		{"another port of theirs", meiAsks, "192.168.1.30:22", mei, false},
		{"somebody else at their address", meiAsks, "192.168.1.30:50001", wei, false},
		{"somebody known", meiAsks, "10.8.0.30:50002", wei, true},
		{"somebody known, not named", meiAsks, "10.8.0.30:50002", protocol.PeerID{}, true},
		{"another port of somebody known", meiAsks, "10.8.0.30:22", wei, false},
		{"somebody known elsewhere", meiAsks, "10.8.0.31:50002", wei, false},
		{"a stranger", meiAsks, "192.168.1.99:50001", peer(9), false},
		{"loopback", doctor.Asker{ID: mei, Address: netip.MustParseAddrPort("127.0.0.1:50001")}, "127.0.0.1:50001", mei, false},
		{"link-local", doctor.Asker{ID: mei, Address: netip.MustParseAddrPort("[fe80::1]:50001")}, "[fe80::1]:50001", mei, false},
		{"multicast", meiAsks, "239.255.42.50:50001", mei, false},
		{"unspecified", doctor.Asker{ID: mei, Address: netip.MustParseAddrPort("0.0.0.0:1")}, "0.0.0.0:1", mei, false},
		{"no address", doctor.Asker{ID: mei}, "192.168.1.30:50001", mei, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := office().meiAt(desk, 50001)
			s.connect[50002] = nil
			about := protocol.Examine{ID: 7, Address: netip.MustParseAddrPort(test.address), Peer: test.who}
			got := surgery(s).Answer(t.Context(), test.from, about)
			if got.ID != 7 || got.Refused == test.allowed || len(got.Steps) > 0 != test.allowed {
				t.Errorf("got %+v", got)
			}
			if _, err := protocol.EncodeDoctor(&got); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestResponderKnowsNobodyByDefault(t *testing.T) {
	r := doctor.NewResponder(doctor.ResponderConfig{System: office()})
	about := protocol.Examine{Address: netip.AddrPortFrom(away, 50002), Peer: wei}
	if got := r.Answer(t.Context(), meiAsks, about); !got.Refused {
		t.Errorf("got %+v", got)
	}
}

func TestResponderLooks(t *testing.T) {
	const ok, silent, refused, noRoute, foreign, wrong, skipped = protocol.OutcomeOK, protocol.OutcomeNoAnswer,
		protocol.OutcomeRefused, protocol.OutcomeNoRoute, protocol.OutcomeForeign, protocol.OutcomeWrongPeer, protocol.OutcomeSkipped
	type outcomes [5]protocol.ExamineOutcome
	tests := []struct {
		name   string
		port   uint16
		who    protocol.PeerID
		change func(*stage)
		want   outcomes
	}{
		{"all well", 50001, mei, func(s *stage) {}, outcomes{ok, ok, ok, ok, ok}},
		{"anybody", 50001, protocol.PeerID{}, func(s *stage) {}, outcomes{ok, ok, ok, skipped, skipped}},
		{"no port", 0, mei, func(s *stage) {}, outcomes{ok, ok, skipped, skipped, skipped}},
		{"no ping", 50001, mei, func(s *stage) { s.ping = doctor.ErrCannot }, outcomes{skipped, ok, ok, ok, ok}},
		{"silence", 50001, mei, func(s *stage) {
			s.ping, s.instances, s.connect = doctor.ErrSilent, nil, nil
		}, outcomes{silent, silent, silent, skipped, skipped}},
		{"refused", 50001, mei, func(s *stage) { s.connect[50001] = syscall.ECONNREFUSED }, outcomes{ok, ok, refused, skipped, skipped}},
		{"no route", 50001, mei, func(s *stage) {
			s.ping, s.connect[50001] = syscall.ENETUNREACH, syscall.ENETUNREACH
		}, outcomes{noRoute, ok, noRoute, skipped, skipped}},
		{"somebody else by UDP", 50001, mei, func(s *stage) { s.instances[0].ID = wei }, outcomes{ok, wrong, ok, ok, ok}},
		{"somebody else", 50001, mei, func(s *stage) { s.dial = fails(&transport.WrongPeerError{}) }, outcomes{ok, ok, ok, wrong, wrong}},
		{"another program", 50001, mei, func(s *stage) { s.dial = fails(&transport.NotFeihongError{}) }, outcomes{ok, ok, ok, foreign, skipped}},
		{"not wanted", 50001, mei, func(s *stage) { s.dial = fails(&transport.RefusedError{}) }, outcomes{ok, ok, ok, refused, skipped}},
		{"broken", 50001, mei, func(s *stage) {
			s.dial = fails(&transport.UnreachableError{Greeting: true, Err: syscall.ECONNRESET})
		}, outcomes{ok, ok, ok, silent, skipped}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := office().meiAt(desk, 50001)
				test.change(s)
				began := time.Now()
				about := protocol.Examine{Address: netip.AddrPortFrom(desk, test.port), Peer: test.who}
				got := surgery(s).Answer(t.Context(), meiAsks, about)
				var outcomes outcomes
				for i, step := range got.Steps {
					outcomes[i] = step.Outcome
				}
				if outcomes != test.want {
					t.Errorf("got %v, want %v", outcomes, test.want)
				}
				if took := time.Since(began); took > 6*time.Second {
					t.Errorf("took %v", took)
				}
			})
		})
	}
}

func TestResponderRates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := surgery(office().meiAt(desk, 50001))
		asks := func(n byte) bool {
			from := doctor.Asker{ID: peer(n), Address: netip.AddrPortFrom(desk, 50001)}
			return !r.Answer(t.Context(), from, protocol.Examine{Address: from.Address}).Refused
		}
		if !asks(10) || asks(10) {
			t.Error("the second question of a peer comes too soon")
		}
		time.Sleep(9 * time.Second)
		if asks(10) {
			t.Error("9 s are too soon")
		}
		time.Sleep(time.Second)
		if !asks(10) {
			t.Error("10 s are enough")
		}
		for n := range byte(20) {
			if got, want := asks(20+n), n < 4; got != want {
				t.Errorf("question %d of the minute: %v", n+3, got)
			}
		}
		time.Sleep(time.Minute)
		if !asks(30) {
			t.Error("nothing is answered after a minute")
		}
	})
}

func TestResponderAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := office()
		r := surgery(s)
		var group sync.WaitGroup
		var answered atomic.Int32
		for n := range byte(5) {
			group.Go(func() {
				from := doctor.Asker{ID: peer(n), Address: netip.AddrPortFrom(desk, 50001)}
				if !r.Answer(t.Context(), from, protocol.Examine{Address: from.Address}).Refused {
					answered.Add(1)
				}
			})
		}
		group.Wait()
		if answered.Load() != doctor.AnswersAtOnce {
			t.Errorf("%d at once", answered.Load())
		}
	})
}
