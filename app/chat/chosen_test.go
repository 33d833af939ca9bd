package chat_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat/memstore"
)

// TestReach: a stranger whom the user chose is dialled before anything is
// written, and once.
func TestReach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoads(t, memstore.New())
		r.answer("b:1", &scripted{name: "Bob", peer: peerOf("Bob")})
		bob, err := r.service.Known(t.Context(), sighting("Bob", "b:1"))
		if err != nil {
			t.Fatal(err)
		}
		pass(time.Minute)
		if dials := r.taken(); len(dials) != 0 {
			t.Errorf("dialled %v unasked", dials)
		}
		r.service.Reach(bob.ID)
		r.service.Reach(bob.ID)
		pass(time.Minute)
		if dials := r.taken(); !slices.Equal(dials, []string{"b:1"}) {
			t.Errorf("dialled %v", dials)
		}
	})
}
