package chat_test

import (
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
)

// TestSigningIsFair has the receipts of one person take for ever: those of
// somebody else are countersigned all the same.
func TestSigningIsFair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		y := newYard(nil)
		alice, bob := couple(t, y)
		defer alice.leave()
		defer bob.leave()
		carol := alice.board.joinCourier(t, y, "Carol", "c:1", newStore())
		defer carol.leave()
		alice.porter.hangs = bob.porter.peer
		for range 20 {
			must(t, bob.Accept(t.Context(), offered(t, alice), ""))
		}
		pass(time.Minute)
		alice.meet(carol)
		id := offered(t, alice)
		must(t, carol.Accept(t.Context(), id, ""))
		pass(time.Minute)
		synctest.Wait()
		if state := alice.transfer(id).State; state != chat.TransferDone {
			t.Errorf("Carol's is %v", state)
		}
	})
}

func offered(t *testing.T, c *courier) [16]byte {
	t.Helper()
	id := c.offer("/src/a").ID
	synctest.Wait()
	return id
}
