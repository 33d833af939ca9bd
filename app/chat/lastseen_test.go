package chat_test

import (
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat/memstore"
)

func TestLastSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		store := memstore.New()
		alice := board.join(t, "Alice", "a:1", store)
		check := func(what string, want time.Time) {
			t.Helper()
			synctest.Wait()
			if s := summaryOf(t, alice.Service, peerOf("Bob")); !s.LastSeen.Equal(want) {
				t.Errorf("%s: last seen %v, want %v", what, s.LastSeen, want)
			}
		}
		alice.Seen(sighting("Bob", "b:1"))
		pass(time.Hour)
		gone := time.Now()
		alice.Gone(peerOf("Bob"))
		alice.leave() // at once
		alice = board.join(t, "Alice", "a:1", store)
		check("goodbye", gone)

		pass(time.Hour)
		bob := &scripted{name: "Bob", peer: peerOf("Bob")}
		alice.Up(bob)
		pass(time.Hour)
		gone = time.Now()
		alice.Gone(peerOf("Bob")) // invisible: the end of the session says nothing of them
		pass(time.Hour)
		alice.Down(bob, nil)
		check("session of somebody invisible", gone)

		alice.Up(bob)
		pass(time.Hour)
		alice.Down(bob, nil)
		check("another session of somebody invisible", gone)

		alice.Up(bob)
		alice.Seen(sighting("Bob", "b:1"))
		pass(time.Hour)
		alice.Down(bob, nil)
		check("session", time.Now())
		alice.leave()
	})
}

func TestLastSeenOfASessionAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := memstore.New()
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", store)
		alice.Up(&scripted{name: "Bob", peer: peerOf("Bob")}) // discovery never hears of him
		synctest.Wait()
		pass(5 * time.Minute)
		end := time.Now()
		alice.leave()
		stored, err := store.Contacts(t.Context())
		if err != nil || len(stored) != 1 || !stored[0].LastSeen.Equal(end) {
			t.Errorf("stored %+v, %v; want last seen %v", stored, err, end)
		}
	})
}

// TestLastSeenIsStoredMeanwhile has everybody be there all day, and no end of
// the program that could store it.
func TestLastSeenIsStoredMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := memstore.New()
		s := serve(t, store, nobody)
		s.Seen(sighting("Bob", "b:1"))
		s.Up(&scripted{name: "Eve", peer: peerOf("Eve")})
		s.Up(&scripted{name: "Zoe", peer: peerOf("Zoe")})
		pass(time.Minute)
		hidden := time.Now()
		s.Gone(peerOf("Zoe")) // invisible
		pass(8 * time.Hour)
		stored, err := store.Contacts(t.Context())
		if err != nil || len(stored) != 3 {
			t.Fatalf("%d stored, %v", len(stored), err)
		}
		for _, c := range stored {
			if ago := time.Since(c.LastSeen); c.Name != "Zoe" && ago > 11*time.Minute {
				t.Errorf("%s: stored as last seen %v ago", c.Name, ago)
			}
			if c.Name == "Zoe" && !c.LastSeen.Equal(hidden) {
				t.Errorf("Zoe hides, and was stored as seen at %v, want %v", c.LastSeen, hidden)
			}
		}
	})
}
