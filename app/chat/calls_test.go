package chat_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
)

// TestCallBack is a firewall on Bob's side: Alice cannot dial him, he can dial
// her.
func TestCallBack(t *testing.T) {
	for _, both := range []bool{false, true} {
		t.Run(fmt.Sprint("both ways closed: ", both), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				board := newSwitchboard()
				alice := board.join(t, "Alice", "a:1", memstore.New())
				defer alice.leave()
				bob := board.join(t, "Bob", "b:1", memstore.New())
				defer bob.leave()
				bob.line.failure = errNobody
				if both {
					alice.line.failure = errNobody
				}
				alice.Seen(sighting("Bob", "b:1"))
				bob.Seen(sighting("Alice", "a:1"))
				synctest.Wait()
				to := alice.who("Bob").ID
				alice.send(to, "hello")
				pass(time.Second)
				synctest.Wait()
				want := "delivered hello"
				if both {
					want = "queued hello"
				}
				expect(t, "sent", alice.texts(to, chat.Out), want)
				pass(time.Hour)
				synctest.Wait()
				if n := alice.line.calls; n == 0 || n > 300 {
					t.Errorf("Alice asked %d times", n)
				}
				if n := bob.line.calls; n != 0 {
					t.Errorf("Bob asked back %d times", n)
				}
			})
		})
	}
}

// TestSilentDialIsNotWaitedFor: what a firewall drops gets no answer, and the
// dial takes long to fail.
func TestSilentDialIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		c := r.metBefore(t, "b:1")
		r.service.Seen(sighting("Bob", "b:1"))
		synctest.Wait()
		r.delay("b:1", 10*time.Second)
		mustSend(t, r.service, c.ID, "hello")
		pass(900 * time.Millisecond)
		if n := r.called(); n != 0 {
			t.Errorf("asked %d times before the dial had its time", n)
		}
		pass(200 * time.Millisecond)
		if n := r.called(); n != 1 {
			t.Errorf("asked %d times after a second of silence", n)
		}
		pass(9 * time.Second)
		if n := r.called(); n != 1 {
			t.Errorf("asked %d times in one round", n)
		}
	})
}

func TestNobodyAwayIsCalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		c := r.metBefore(t, "b:1")
		mustSend(t, r.service, c.ID, "hello")
		pass(time.Hour)
		if n := r.called(); n != 0 {
			t.Errorf("somebody who is not nearby was asked %d times to dial", n)
		}
	})
}

func TestCalled(t *testing.T) {
	tests := map[string]struct {
		prepare func(t *testing.T, r *roads)
		most    int // dials while they call once a second for a minute
		least   int
	}{
		"unknown":  {prepare: func(*testing.T, *roads) {}},
		"stranger": {prepare: func(_ *testing.T, r *roads) { r.service.Seen(sighting("Bob", "b:1")) }, least: 1, most: 13},
		"blocked": {prepare: func(t *testing.T, r *roads) {
			r.service.Seen(sighting("Bob", "b:1"))
			if err := r.service.SetBlocked(t.Context(), mustFind(t, r.service, "Bob").ID, true); err != nil {
				t.Fatal(err)
			}
		}},
		"connected": {prepare: func(_ *testing.T, r *roads) {
			r.service.Up(&scripted{name: "Bob", peer: peerOf("Bob"), address: "b:1"})
		}},
		"away": {prepare: func(_ *testing.T, r *roads) {
			r.service.Seen(sighting("Bob", "b:1"))
			r.service.Gone(peerOf("Bob"))
		}, least: 1, most: 13},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRoads(t, memstore.New())
				test.prepare(t, r)
				for range 60 {
					r.service.Called(peerOf("Bob"))
					pass(time.Second)
				}
				if n := len(r.taken()); n < test.least || n > test.most {
					t.Errorf("%d dials, want %d to %d", n, test.least, test.most)
				}
				people, err := r.service.People(t.Context())
				if err != nil || len(people) > 1 || r.called() > 0 {
					t.Errorf("%d people, %v; called back %d times", len(people), err, r.called())
				}
				for _, p := range people {
					if p.Problem != nil {
						t.Errorf("a problem that is none of the user's: %v", p.Problem)
					}
				}
			})
		})
	}
}

// TestCallIsNotAnsweredByACall lets somebody with whom there is a conversation
// ask to be dialled. It fails, and nobody is asked in turn.
func TestCallIsNotAnsweredByACall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		c := r.metBefore(t, "b:1")
		r.service.Seen(sighting("Bob", "b:1"))
		pass(time.Hour)
		r.taken()
		for range 600 { // until a pause of minutes has just begun
			if pass(time.Second); len(r.taken()) > 0 {
				break
			}
		}
		pass(10 * time.Second)
		calls := r.called()
		r.service.Called(c.Peer)
		synctest.Wait()
		expect(t, "dials", r.taken(), "b:1")
		if n := r.called() - calls; n != 0 || calls == 0 {
			t.Errorf("%d calls before, %d in answer", calls, n)
		}
	})
}

// TestManyStrangersCall has them ask all at once to be dialled at addresses
// where nobody answers for long.
func TestManyStrangersCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		r.delay("victim:1", 5*time.Second)
		for i := range 100 {
			r.service.Seen(sighting(fmt.Sprint("M", i), "victim:1"))
			r.service.Called(peerOf(fmt.Sprint("M", i)))
		}
		pass(time.Minute)
		if n := len(r.taken()); n == 0 || n > 12 {
			t.Errorf("%d dials for one round of calls", n)
		}
		// Nor where every dial fails at once, and each has many addresses.
		for i := range 600 {
			name := fmt.Sprint("N", i)
			r.service.Seen(sighting(name, fmt.Sprint("a", i, ":1"), fmt.Sprint("b", i, ":1"), fmt.Sprint("c", i, ":1")))
			r.service.Called(peerOf(name))
			pass(100 * time.Millisecond)
		}
		if n := len(r.taken()); n == 0 || n > 20 {
			t.Errorf("%d dials in a minute of calls", n)
		}
	})
}
