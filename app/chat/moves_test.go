package chat_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
	"feihong/protocol"
)

// TestMovedWhileTextWaits lets Bob turn up elsewhere: the text that waits for
// him is there at once, whatever was being tried.
func TestMovedWhileTextWaits(t *testing.T) {
	tests := []struct {
		name   string
		nearby bool          // was sighted at the old address before
		silent time.Duration // dials to the old address last so long
	}{
		{name: "in a pause"},
		{name: "nearby, in a pause", nearby: true},
		{name: "while the old address is silent", silent: 5 * time.Second},
		{name: "nearby, while the old address is silent", nearby: true, silent: 5 * time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRoads(t, memstore.New())
				c := r.metBefore(t, "old:1")
				r.delay("old:1", test.silent)
				if test.nearby {
					r.service.Seen(sighting("Bob", "old:1"))
				}
				mustSend(t, r.service, c.ID, "waiting")
				pass(time.Hour)
				r.taken()
				for test.silent > 0 && len(r.taken()) == 0 {
					pass(100 * time.Millisecond) // until a dial is under way
				}
				bob := &scripted{name: "Bob", peer: c.Peer}
				r.answer("new:2", bob)
				r.service.Seen(sighting("Bob", "new:2"))
				pass(250 * time.Millisecond)
				synctest.Wait()
				expect(t, "Bob got", bob.texts(), "waiting")
				s := summaryOf(t, r.service, c.Peer)
				if s.ID != c.ID || s.Address != "new:2" || !s.Proven {
					t.Errorf("contact %d at %q (proven %v), want %d at new:2", s.ID, s.Address, s.Proven, c.ID)
				}
			})
		})
	}
}

func TestComesNearWhileTextWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		c := r.metBefore(t, "b:1")
		mustSend(t, r.service, c.ID, "waiting")
		pass(time.Hour)
		bob := &scripted{name: "Bob", peer: c.Peer}
		r.answer("b:1", bob)
		r.service.Seen(sighting("Bob", "b:1"))
		pass(250 * time.Millisecond)
		synctest.Wait()
		expect(t, "Bob got", bob.texts(), "waiting")
	})
}

func TestCandidatesInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		c := r.metBefore(t, "old:1")
		r.taken()
		bob := &scripted{name: "Bob", peer: c.Peer}
		r.answer("c:3", bob)
		r.fail("a:1", &chat.DialError{Reason: chat.ReasonSelf, Err: errors.New("that is you")})
		r.fail("b:2", &chat.DialError{Reason: chat.ReasonWrongPeer, Peer: peerOf("Eve"), Name: "Eve", Err: errors.New("Eve")})
		where := sighting("Bob", "a:1", "b:2", "c:3", "d:4")
		r.service.Seen(where)
		synctest.Wait()
		expect(t, "dials before anything is written", r.taken())
		mustSend(t, r.service, c.ID, "hello")
		synctest.Wait()
		expect(t, "dials", r.taken(), "a:1", "b:2", "c:3")
		expect(t, "Bob got", bob.texts(), "hello")
		r.service.Seen(where)
		synctest.Wait()
		if s := summaryOf(t, r.service, c.Peer); s.Address != "c:3" || !s.Proven || s.Problem != nil {
			t.Errorf("address %q (proven %v), problem %v; want the one that answered", s.Address, s.Proven, s.Problem)
		}
	})
}

// TestOutcomeOfARound tells what a round of several failures comes to.
func TestOutcomeOfARound(t *testing.T) {
	tests := []struct {
		name    string
		reasons []chat.DialReason
		dials   int
		problem chat.DialReason
		state   chat.State
	}{
		{"the first problem", []chat.DialReason{chat.ReasonForeign, chat.ReasonUnreachable}, 2, chat.ReasonForeign, chat.Queued},
		{"our own address says little", []chat.DialReason{chat.ReasonSelf, chat.ReasonForeign}, 2, chat.ReasonForeign, chat.Queued},
		{"refused by the person", []chat.DialReason{chat.ReasonUnreachable, chat.ReasonRefused, chat.ReasonForeign}, 2, chat.ReasonRefused, chat.Failed},
		{"no version in common", []chat.DialReason{chat.ReasonForeign, chat.ReasonVersion, chat.ReasonForeign}, 2, chat.ReasonVersion, chat.Queued},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRoads(t, memstore.New())
				var addresses []string
				for i, reason := range test.reasons {
					addresses = append(addresses, fmt.Sprintf("a:%d", i+1))
					r.fail(addresses[i], &chat.DialError{Reason: reason, Err: errors.New(string(reason))})
				}
				r.service.Seen(sighting("Bob", addresses...))
				synctest.Wait()
				c := mustFind(t, r.service, "Bob")
				m := mustSend(t, r.service, c.ID, "hello")
				synctest.Wait()
				expect(t, "dials", r.taken(), addresses[:test.dials]...)
				s := summaryOf(t, r.service, c.Peer)
				var problem *chat.DialError
				if !errors.As(s.Problem, &problem) || problem.Reason != test.problem || s.Address != "a:1" {
					t.Errorf("problem %v at %q, want %v", s.Problem, s.Address, test.problem)
				}
				if s.Last.ID != m.ID || s.Last.State != test.state {
					t.Errorf("the text is %v, want %v", s.Last.State, test.state)
				}
			})
		})
	}
}

// TestMoreAddressesDuringADial adds the right address while the one before it
// is tried.
func TestMoreAddressesDuringADial(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		r.service.Seen(sighting("Bob", "a:1"))
		synctest.Wait()
		c := mustFind(t, r.service, "Bob")
		r.delay("a:1", 5*time.Second)
		mustSend(t, r.service, c.ID, "waiting")
		pass(time.Second)
		bob := &scripted{name: "Bob", peer: c.Peer}
		r.answer("b:2", bob)
		r.service.Seen(sighting("Bob", "a:1", "b:2"))
		pass(4100 * time.Millisecond)
		synctest.Wait()
		expect(t, "dials", r.taken(), "a:1", "b:2")
		expect(t, "Bob got", bob.texts(), "waiting")
	})
}

// TestWhereTheyAnsweredBefore is somebody behind a forwarded port, who knows
// their own addresses only.
func TestWhereTheyAnsweredBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		bob := &scripted{name: "Bob", peer: peerOf("Bob")}
		r.answer("router:9", bob)
		c := contactAt(t, r.service, "router:9")
		mustSend(t, r.service, c.ID, "one")
		synctest.Wait()
		r.service.Seen(sighting("Bob", "inside:1"))
		synctest.Wait()
		if s := summaryOf(t, r.service, bob.peer); s.Address != "router:9" || !s.Proven {
			t.Errorf("address %q while the session is up", s.Address)
		}
		r.service.Down(bob, errors.New("cut"))
		r.taken()
		mustSend(t, r.service, c.ID, "two")
		pass(10 * time.Second)
		synctest.Wait()
		expect(t, "dials", r.taken(), "inside:1", "router:9")
		if got := bob.texts(); !slices.Contains(got, "two") {
			t.Errorf("Bob got %q", got)
		}
	})
}

// TestRoundsArePaused has a person at none of many addresses.
func TestRoundsArePaused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		c := r.metBefore(t, "a:1")
		var addresses []string
		for i := range 20 {
			addresses = append(addresses, fmt.Sprint("a:", i))
		}
		r.service.Seen(sighting("Bob", append(addresses, "no address", ":1", "a:0")...))
		synctest.Wait()
		r.taken()
		calls := r.called()
		mustSend(t, r.service, c.ID, "hello")
		pass(time.Hour)
		dials := r.taken()
		rounds := len(dials) / 8
		if rounds < 100 || rounds > 260 || len(dials)%8 != 0 {
			t.Errorf("%d dials in an hour to 8 of 23 addresses, which is %d rounds; want one in about half a minute", len(dials), rounds)
		}
		expect(t, "a round", dials[8:16], "a:1", "a:2", "a:3", "a:4", "a:5", "a:6", "a:7", "a:8")
		if n := r.called() - calls; n != rounds {
			t.Errorf("asked %d times to be dialled in %d rounds", n, rounds)
		}
	})
}

// TestFlutteringSightings has somebody say another address all the time.
func TestFlutteringSightings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		c := r.metBefore(t, "a:1")
		mustSend(t, r.service, c.ID, "hello")
		pass(time.Minute)
		r.taken()
		for i := range 1000 {
			r.service.Seen(sighting("Bob", fmt.Sprintf("a:%d", i+2)))
			pass(10 * time.Millisecond)
		}
		if n := len(r.taken()); n > 110 {
			t.Errorf("%d dials within ten seconds, want two in each fifth of a second", n)
		}
	})
}

func TestPendingAddressIsDialledWhenSomebodyIsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		c := contactAt(t, r.service, "b:1")
		mustSend(t, r.service, c.ID, "for whoever is there")
		pass(time.Hour)
		r.service.Seen(sighting("Carl", "b:2")) // another port
		synctest.Wait()
		bob := &scripted{name: "Bob", peer: peerOf("Bob")}
		r.answer("b:1", bob)
		r.taken()
		r.service.Seen(sighting("Bob", "b:9", "b:1"))
		pass(250 * time.Millisecond)
		synctest.Wait()
		expect(t, "dials", r.taken(), "b:1")
		expect(t, "Bob got", bob.texts(), "for whoever is there")
		if people, err := r.service.People(t.Context()); err != nil || len(people) != 2 {
			t.Errorf("%d contacts, %v; want Bob and Carl", len(people), err)
		}
	})
}

// TestSightedIsNotWhoAnswers writes to an address at which Mallory says to be.
// Bob is there.
func TestSightedIsNotWhoAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		c := contactAt(t, r.service, "b:1")
		mustSend(t, r.service, c.ID, "for Bob")
		bob := &scripted{name: "Bob", peer: peerOf("Bob")}
		r.answer("b:1", bob)
		r.service.Seen(sighting("Mallory", "b:1"))
		pass(time.Minute)
		synctest.Wait()
		expect(t, "Bob got", bob.texts(), "for Bob")
		if m := summaryOf(t, r.service, peerOf("Mallory")); m.Last != nil || m.Proven {
			t.Errorf("Mallory has %+v", m)
		}
	})
}

// TestRemovedAddressIsForgotten removes an address at which somebody answers
// later.
func TestRemovedAddressIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, memstore.New(), nobody)
		if err := s.Discard(t.Context(), contactAt(t, s, "b:1").ID); err != nil {
			t.Fatal(err)
		}
		bob := &scripted{name: "Bob", peer: peerOf("Bob"), dialed: "b:1"}
		s.Up(bob)
		synctest.Wait()
		mustSend(t, s, mustFind(t, s, "Bob").ID, "hello")
		synctest.Wait()
		expect(t, "Bob got", bob.texts(), "hello")
	})
}

// TestSessionDuringADial has Bob dial us, be blocked or go again while we dial
// an address where nobody answers for long.
func TestSessionDuringADial(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		c := r.metBefore(t, "b:1")
		r.delay("b:1", 5*time.Second)
		mustSend(t, r.service, c.ID, "hello")
		pass(time.Minute)
		for range 50 {
			bob := &scripted{name: "Bob", peer: c.Peer}
			r.service.Up(bob)
			pass(time.Second)
			r.service.Down(bob, nil)
			pass(700 * time.Millisecond)
			for _, blocked := range []bool{true, false} {
				if err := r.service.SetBlocked(t.Context(), c.ID, blocked); err != nil {
					t.Fatal(err)
				}
			}
			r.service.Seen(sighting("Bob", "b:1"))
		}
		bob := &scripted{name: "Bob", peer: c.Peer}
		r.answer("b:1", bob)
		pass(time.Minute)
		synctest.Wait()
		expect(t, "Bob got", bob.texts(), "hello")
	})
}

func TestKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := memstore.New()
		r := newRoads(t, store)
		chosen := sighting("Bob", "x:1", "y:2")
		chosen.Department = "财务部"
		c, err := r.service.Known(t.Context(), chosen)
		if err != nil || c.Peer != peerOf("Bob") || c.Address != "x:1" || c.Department != "财务部" || c.Proven {
			t.Fatalf("%+v, %v", c, err)
		}
		stored, err := store.Contacts(t.Context())
		if err != nil || len(stored) != 1 || stored[0] != c {
			t.Errorf("stored: %+v, %v; want %+v", stored, err, c)
		}
		chosen.Department = "研发部"
		again, err := r.service.Known(t.Context(), chosen)
		if stored, _ := store.Contacts(t.Context()); err != nil || again.ID != c.ID || again.Department != "研发部" || stored[0] != again {
			t.Errorf("the second time: %+v, %v; stored %+v", again, err, stored)
		}
		if s := summaryOf(t, r.service, c.Peer); s.Online || s.Nearby {
			t.Errorf("an answer to one question makes somebody present: %+v", s)
		}
		bob := &scripted{name: "Bob", peer: c.Peer}
		r.answer("x:1", &scripted{name: "Eve", peer: peerOf("Eve")})
		r.answer("y:2", bob)
		mustSend(t, r.service, c.ID, "for Bob alone")
		pass(time.Second)
		synctest.Wait()
		expect(t, "Bob got", bob.texts(), "for Bob alone")
		for _, peer := range []protocol.PeerID{{}, peerOf("me")} {
			if _, err := r.service.Known(t.Context(), chat.Sighting{Peer: peer, Name: "nobody"}); !errors.Is(err, chat.ErrNoContact) {
				t.Errorf("%s: %v", peer.Short(), err)
			}
		}
	})
}
