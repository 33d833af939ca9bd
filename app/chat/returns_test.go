package chat_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
)

// TestReturnsWhileTextWaits has Bob come back to the address where he was: what
// waits for him is there at once.
func TestReturnsWhileTextWaits(t *testing.T) {
	before, another := [16]byte{1}, [16]byte{2}
	tests := []struct {
		name         string
		first, again [16]byte // instances
		returned     bool
		soon         bool
	}{
		{name: "another instance", first: before, again: another, soon: true},
		{name: "gone for a moment", first: before, again: before, returned: true, soon: true},
		{name: "the same instance", first: before, again: before},
		{name: "instance not known before", again: another},
		{name: "instance not known now", first: before},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRoads(t, memstore.New())
				who := sighting("Bob", "b:1")
				who.Instance = test.first
				r.service.Seen(who)
				synctest.Wait()
				mustSend(t, r.service, mustFind(t, r.service, "Bob").ID, "waiting")
				pass(time.Hour)
				r.taken()
				for len(r.taken()) == 0 {
					pass(100 * time.Millisecond) // until the pause has just begun
				}
				bob := &scripted{name: "Bob", peer: who.Peer}
				r.answer("b:1", bob)
				who.Instance, who.Returned = test.again, test.returned
				r.service.Seen(who)
				pass(250 * time.Millisecond)
				synctest.Wait()
				if soon := len(bob.texts()) == 1; soon != test.soon {
					t.Errorf("Bob got %q, want that at once: %v", bob.texts(), test.soon)
				}
			})
		})
	}
}

// TestPendingAddressOfSomebodyKnown has text wait for an address at which
// somebody said to be before, without ever having answered there.
func TestPendingAddressOfSomebodyKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		where := sighting("Bob", "a:1", "b:1")
		r.service.Seen(where)
		synctest.Wait()
		r.service.Gone(where.Peer)
		for _, address := range where.Addresses {
			mustSend(t, r.service, contactAt(t, r.service, address).ID, "to "+address)
		}
		pass(time.Hour)
		atA, atB := &scripted{name: "Bob", peer: where.Peer}, &scripted{name: "Bob", peer: where.Peer}
		r.answer("a:1", atA)
		r.answer("b:1", atB)
		r.service.Seen(where)
		pass(250 * time.Millisecond)
		synctest.Wait()
		got := append(atA.texts(), atB.texts()...)
		for _, text := range []string{"to a:1", "to b:1"} {
			if !slices.Contains(got, text) {
				t.Errorf("Bob got %q, without %q", got, text)
			}
		}
	})
}

// TestInvisibleComesAndGoes has somebody who hides be connected: nobody is told
// that they are there.
func TestInvisibleComesAndGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		c := r.metBefore(t, "b:1")
		where := sighting("Bob", "b:1")
		r.service.Seen(where)
		synctest.Wait()
		goodbye := time.Now()
		r.service.Gone(c.Peer)
		synctest.Wait()
		events := r.service.Subscribe()
		online, told := 0, 0
		done := make(chan struct{})
		go func() {
			defer close(done)
			for e := range events.Events() {
				if change, ok := e.(chat.ContactChanged); ok {
					told++
					if change.Summary.Online || !change.Summary.LastSeen.Equal(goodbye) {
						online++
					}
				}
			}
		}()
		for range 3 {
			pass(time.Hour)
			bob := &scripted{name: "Bob", peer: c.Peer, dialed: "b:1"}
			r.service.Up(bob)
			pass(20 * time.Millisecond)
			r.service.Gone(c.Peer) // as they say over each session
			pass(time.Minute)
			r.service.Down(bob, nil)
		}
		synctest.Wait()
		events.Close()
		<-done
		if online > 0 || told == 0 {
			t.Errorf("%d of %d events show them, or move when they were last seen", online, told)
		}
		bob := &scripted{name: "Bob", peer: c.Peer, dialed: "b:1"}
		r.service.Up(bob)
		r.service.Seen(where)
		synctest.Wait()
		if s := summaryOf(t, r.service, c.Peer); !s.Online || !s.LastSeen.After(goodbye) {
			t.Errorf("visible again: online %v, last seen %v", s.Online, s.LastSeen)
		}
	})
}
