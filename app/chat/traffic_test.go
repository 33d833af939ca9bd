package chat_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
)

// held notes when other traffic is held, in seconds from its beginning on.
type held struct {
	begin time.Time
	mu    sync.Mutex
	told  []string
}

func (h *held) Hold()    { h.note("hold") }
func (h *held) Release() { h.note("release") }

func (h *held) note(what string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.told = append(h.told, fmt.Sprintf("%s %.0f", what, time.Since(h.begin).Seconds()))
}

func (h *held) check(t *testing.T, who string, want ...string) {
	t.Helper()
	synctest.Wait()
	h.mu.Lock()
	defer h.mu.Unlock()
	if !slices.Equal(h.told, want) {
		t.Errorf("%s: %q, want %q", who, h.told, want)
	}
	h.told, h.begin = nil, time.Now()
}

// TestTextsHoldTraffic: whoever writes holds everything else from when a text is
// handed to the session until its receipt is here, whoever receives it until the
// receipt is on its way. Every frame takes a second.
func TestTextsHoldTraffic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		board.delay = func() time.Duration { return time.Second }
		defer board.tasks.Wait()
		out, in := &held{begin: time.Now()}, &held{begin: time.Now()}
		alice := board.run(t, &line{board: board, address: "a:1", peer: peerOf("Alice"), name: "Alice"}, chat.Config{Store: memstore.New(), Traffic: out})
		defer alice.leave()
		to := alice.contact("b:1")
		alice.send(to, "nobody is there yet")
		pass(time.Minute)
		out.check(t, "nobody is there")

		bob := board.run(t, &line{board: board, address: "b:1", peer: peerOf("Bob"), name: "Bob"}, chat.Config{Store: memstore.New(), Traffic: in})
		defer bob.leave()
		in.begin = out.begin
		_, err := alice.Connect(t.Context(), "b:1")
		must(t, err)
		pass(10 * time.Second)
		out.check(t, "who writes", "hold 0", "release 2")
		in.check(t, "who receives", "hold 1", "release 1")

		must(t, bob.MarkRead(t.Context(), bob.who("Alice").ID, 0))
		alice.SetTyping(to, true)
		pass(10 * time.Second)
		out.check(t, "other messages")
		in.check(t, "other messages")
	})
}
