package chat_test

import (
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
)

// TestTimesOfStates has every frame be a second on its way.
func TestTimesOfStates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		board.delay = func() time.Duration { return time.Second }
		defer board.tasks.Wait()
		stored := memstore.New()
		alice := board.join(t, "Alice", "a:1", stored)
		defer func() { alice.leave() }()
		to := alice.contact("b:1")
		written := time.Now()
		m := alice.send(to, "hello")
		check := func(when string, sent, delivered, read time.Duration) {
			t.Helper()
			synctest.Wait()
			after := func(d time.Duration) time.Time {
				if d < 0 {
					return time.Time{}
				}
				return written.Add(d)
			}
			same := func(m chat.Message) bool {
				return m.Sent.Equal(after(sent)) && m.Delivered.Equal(after(delivered)) && m.Read.Equal(after(read))
			}
			at, err := alice.MessageAt(t.Context(), to, m.Ref())
			if err != nil || !same(at) {
				t.Errorf("%s: sent %v, delivered %v, read %v; %v", when, at.Sent, at.Delivered, at.Read, err)
			}
			if last := alice.summary(to).Last; last == nil || !same(*last) {
				t.Errorf("%s: the newest message is %+v", when, last)
			}
		}
		pass(time.Minute)
		check("nobody is there", -1, -1, -1)

		bob := board.join(t, "Bob", "b:1", memstore.New())
		defer bob.leave()
		_, err := alice.Connect(t.Context(), "b:1")
		must(t, err)
		check("handed to the session", time.Minute, -1, -1)
		pass(2 * time.Second)
		check("acknowledged", time.Minute, time.Minute+2*time.Second, -1)

		must(t, bob.MarkRead(t.Context(), bob.who("Alice").ID, 0))
		pass(time.Second)
		read := time.Minute + 3*time.Second
		check("read", time.Minute, time.Minute+2*time.Second, read)

		alice.leave()
		for _, e := range alice.seen {
			if changed, ok := e.(chat.MessageChanged); ok && changed.Message.State == chat.Read && changed.Message.Read.IsZero() {
				t.Error("the event does not tell when it was read")
			}
		}
		alice = board.join(t, "Alice", "a:1", stored)
		check("after a restart", time.Minute, time.Minute+2*time.Second, read)
	})
}

// TestTimesAfterWaiting: who waits for the delivery knows when it was.
func TestTimesAfterWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		board.delay = func() time.Duration { return time.Second }
		defer board.tasks.Wait()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		bob := board.join(t, "Bob", "b:1", memstore.New())
		defer bob.leave()
		m, err := alice.Await(t.Context(), alice.send(alice.contact("b:1"), "hello"))
		if err != nil || m.Sent.IsZero() || m.Delivered.Sub(m.Sent) != 2*time.Second || !m.Read.IsZero() {
			t.Errorf("sent %v, delivered %v, read %v; %v", m.Sent, m.Delivered, m.Read, err)
		}
	})
}
