package chat_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/protocol"
)

// TestSweep ends the program near the end of transfers: at the next start the
// carrier hears what is still needed of what it has.
func TestSweep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, bob := couple(t, newYard(nil))
		defer alice.leave()
		defer func() { bob.leave() }()
		want := map[protocol.MessageID]chat.Fate{uuid.New(): chat.FateGone} // never offered
		offer := func(fate chat.Fate, then func(id protocol.MessageID)) {
			id := alice.offer("/src/a").ID
			synctest.Wait()
			then(id)
			want[id] = fate
		}
		offer(chat.FateOpen, func(protocol.MessageID) {})
		offer(chat.FateOver, func(id protocol.MessageID) { must(t, bob.Accept(t.Context(), id, "")); pass(time.Minute) })
		offer(chat.FateGone, func(id protocol.MessageID) { must(t, bob.Reject(t.Context(), id)); pass(time.Minute) })
		offer(chat.FateGone, func(id protocol.MessageID) { must(t, alice.Cancel(t.Context(), id)); pass(time.Minute) })
		for id := range want {
			bob.porter.left = append(bob.porter.left, id)
		}
		bob.restart(t)
		pass(time.Minute)
		synctest.Wait()
		bob.porter.yard.mu.Lock()
		defer bob.porter.yard.mu.Unlock()
		for id, fate := range want {
			if got := bob.porter.fates[id]; got != fate {
				t.Errorf("fate %v, want %v", got, fate)
			}
		}
	})
}
