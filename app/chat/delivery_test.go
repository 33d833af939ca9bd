package chat_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
	"feihong/protocol"
)

// contact makes p know who is at an address, without waiting for them.
func (p *person) contact(address string) chat.ContactID {
	p.t.Helper()
	c, _, err := p.ContactAt(p.t.Context(), address)
	if err != nil {
		p.t.Fatal(err)
	}
	return c.ID
}

func (p *person) send(to chat.ContactID, text string) chat.Message {
	p.t.Helper()
	m, err := p.Send(p.t.Context(), to, text)
	if err != nil {
		p.t.Fatal(err)
	}
	return m
}

// texts lists a direction of the history as "state text".
func (p *person) texts(with chat.ContactID, direction chat.Direction) []string {
	p.t.Helper()
	messages, err := p.History(p.t.Context(), chat.HistoryQuery{Contact: with})
	if err != nil {
		p.t.Fatal(err)
	}
	var list []string
	for _, m := range messages {
		if m.Direction == direction {
			list = append(list, m.State.String()+" "+m.Text)
		}
	}
	return list
}

// who finds the one contact with a name.
func (p *person) who(name string) chat.Contact {
	p.t.Helper()
	c, err := p.Find(p.t.Context(), name)
	if err != nil {
		p.t.Fatal(err)
	}
	return c
}

func (p *person) summary(id chat.ContactID) chat.Summary {
	p.t.Helper()
	all, err := p.People(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	for _, s := range all {
		if s.ID == id {
			return s
		}
	}
	p.t.Fatalf("contact %d is gone", id)
	return chat.Summary{}
}

func expect(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

func TestMessageGoesAllTheWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		bob := board.join(t, "Bob", "b:1", memstore.New())
		defer bob.leave()

		to := alice.contact("b:1")
		alice.send(to, "第一条")
		alice.send(to, "second")
		synctest.Wait()
		expect(t, "sent", alice.texts(to, chat.Out), "delivered 第一条", "delivered second")
		from := bob.who("Alice")
		expect(t, "received", bob.texts(from.ID, chat.In), "delivered 第一条", "delivered second")
		if unread := bob.summary(from.ID).Unread; unread != 2 {
			t.Errorf("unread %d, want 2", unread)
		}

		if err := bob.MarkRead(t.Context(), from.ID, 0); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		expect(t, "after reading", alice.texts(to, chat.Out), "read 第一条", "read second")
		if unread := bob.summary(from.ID).Unread; unread != 0 {
			t.Errorf("unread %d, want 0", unread)
		}
	})
}

func TestStatesOnlyMoveForward(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		bob := board.join(t, "Bob", "b:1", memstore.New())
		m := alice.send(alice.contact("b:1"), "hello")
		synctest.Wait()
		if err := bob.MarkRead(t.Context(), bob.who("Alice").ID, 0); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		bob.leave()
		alice.leave()
		var states []string
		for _, e := range alice.seen {
			if changed, ok := e.(chat.MessageChanged); ok && changed.Message.ID == m.ID {
				states = append(states, changed.Message.State.String())
				if changed.Message.Text != "hello" || changed.Message.Seq == 0 {
					t.Errorf("%v is told without the message: %+v", changed.Message.State, changed.Message)
				}
			}
		}
		expect(t, "states", states, "sent", "delivered", "read")
	})
}

func TestTextWaitsForSomebodyAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		to := alice.contact("b:1")
		for i := range 3 {
			alice.send(to, fmt.Sprint(i))
		}
		pass(time.Hour)
		expect(t, "nobody there", alice.texts(to, chat.Out), "queued 0", "queued 1", "queued 2")

		bob := board.join(t, "Bob", "b:1", memstore.New())
		defer bob.leave()
		pass(31 * time.Second) // the longest pause between attempts
		synctest.Wait()
		expect(t, "sent", alice.texts(to, chat.Out), "delivered 0", "delivered 1", "delivered 2")
		expect(t, "received", bob.texts(bob.who("Alice").ID, chat.In), "delivered 0", "delivered 1", "delivered 2")
	})
}

func TestOutboxSurvivesRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		store := memstore.New()
		alice := board.join(t, "Alice", "a:1", store)
		to := alice.contact("b:1")
		const count = 3000 // several windows
		var want []string
		for i := range count {
			alice.send(to, fmt.Sprint(i))
			want = append(want, fmt.Sprint("delivered ", i))
		}
		alice.leave()

		bob := board.join(t, "Bob", "b:1", memstore.New())
		defer bob.leave()
		alice = board.join(t, "Alice", "a:1", store)
		defer alice.leave()
		synctest.Wait()
		expect(t, "received", bob.texts(bob.who("Alice").ID, chat.In), want...)
		expect(t, "sent", alice.texts(to, chat.Out), want...)
	})
}

// TestEverythingArrivesOnce cuts the wire again and again, in every way, while
// both write.
func TestEverythingArrivesOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		stores := map[string]chat.Store{"Alice": memstore.New(), "Bob": memstore.New()}
		alice := board.join(t, "Alice", "a:1", stores["Alice"])
		bob := board.join(t, "Bob", "b:1", stores["Bob"])
		defer func() { alice.leave() }()
		defer func() { bob.leave() }()
		bobs, err := alice.Connect(t.Context(), "b:1")
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		toBob, toAlice := bobs.ID, bob.who("Alice").ID

		random := rand.New(rand.NewPCG(1, 2))
		var fromAlice, fromBob []string
		for i := range 2000 {
			alice.send(toBob, fmt.Sprint("a", i))
			bob.send(toAlice, fmt.Sprint("b", i))
			fromAlice = append(fromAlice, fmt.Sprint("delivered a", i))
			fromBob = append(fromBob, fmt.Sprint("delivered b", i))
			switch random.IntN(60) {
			case 0:
				alice.line.cut()
			case 1:
				alice.line.mute()
				pass(time.Second)
				bob.line.cut()
			case 2:
				alice.leave()
				alice = board.join(t, "Alice", "a:1", stores["Alice"])
			case 3:
				bob.leave()
				bob = board.join(t, "Bob", "b:1", stores["Bob"])
			case 4:
				pass(time.Minute)
			}
		}
		alice.line.cut()
		pass(10 * time.Minute)
		synctest.Wait()
		expect(t, "Bob has", bob.texts(toAlice, chat.In), fromAlice...)
		expect(t, "Alice has", alice.texts(toBob, chat.In), fromBob...)
		expect(t, "Alice sent", alice.texts(toBob, chat.Out), fromAlice...)
		expect(t, "Bob sent", bob.texts(toAlice, chat.Out), fromBob...)
	})
}

func TestReadReceiptReachesThoseWhoWereAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		store := memstore.New()
		alice := board.join(t, "Alice", "a:1", store)
		bob := board.join(t, "Bob", "b:1", memstore.New())
		defer bob.leave()
		to := alice.contact("b:1")
		alice.send(to, "hello")
		synctest.Wait()
		alice.leave()
		synctest.Wait()
		if err := bob.MarkRead(t.Context(), bob.who("Alice").ID, 0); err != nil {
			t.Fatal(err)
		}
		alice = board.join(t, "Alice", "a:1", store)
		defer alice.leave()
		pass(time.Hour)
		synctest.Wait()
		expect(t, "sent", alice.texts(to, chat.Out), "read hello")
	})
}

func TestAwait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		bob := board.join(t, "Bob", "b:1", memstore.New())
		defer bob.leave()
		carol := board.join(t, "Carol", "c:1", memstore.New())
		defer carol.leave()
		carol.line.failure = &chat.DialError{Reason: chat.ReasonForeign, Err: errors.New("a web server")}

		tests := []struct {
			address string
			state   chat.State
			problem chat.DialReason
			longest time.Duration
		}{
			{"b:1", chat.Delivered, "", 0},
			{"c:1", chat.Queued, chat.ReasonForeign, time.Second},
			{"d:1", chat.Queued, chat.ReasonUnreachable, 10 * time.Second},
			{"a:1", chat.Failed, chat.ReasonSelf, time.Second},
		}
		for _, test := range tests {
			begin := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			m := alice.send(alice.contact(test.address), "hello")
			m, err := alice.Await(ctx, m)
			cancel()
			var problem *chat.DialError
			reason := chat.DialReason("")
			if errors.As(err, &problem) {
				reason = problem.Reason
			}
			if m.State == chat.Failed {
				reason = chat.DialReason(m.Reason)
			}
			if m.State != test.state || reason != test.problem {
				t.Errorf("%s: state %v, error %v; want %v, %q", test.address, m.State, err, test.state, test.problem)
			}
			if took := time.Since(begin); took > test.longest {
				t.Errorf("%s: took %v, want at most %v", test.address, took, test.longest)
			}
		}
	})
}

func TestRefusedText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		to := alice.contact("b:1")
		long := make([]byte, protocol.MaxTextBytes+1)
		for i := range long {
			long[i] = 'x'
		}
		for name, text := range map[string]string{"empty": "", "too long": string(long), "not UTF-8": "a\xffb"} {
			var refusal *protocol.TextError
			if _, err := alice.Send(t.Context(), to, text); !errors.As(err, &refusal) {
				t.Errorf("%s: error %v, want a TextError", name, err)
			}
		}
		if _, err := alice.Send(t.Context(), 99, "hello"); !errors.Is(err, chat.ErrNoContact) {
			t.Errorf("nobody: error %v, want ErrNoContact", err)
		}
		m := alice.send(to, "a\x1b[31mb\u202ec")
		if m.Text == "a\x1b[31mb\u202ec" || m.Text != protocol.VisibleText(m.Text) {
			t.Errorf("control characters were kept as they are: %q", m.Text)
		}
	})
}
