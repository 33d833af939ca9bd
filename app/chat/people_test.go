package chat_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
)

func TestFirstToAnswerIsPinned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		bob := board.join(t, "Bob", "b:1", memstore.New())
		to := alice.contact("b:1")
		alice.send(to, "for Bob")
		synctest.Wait()
		bob.leave()
		alice.send(to, "for Bob too")

		mallory := board.join(t, "Mallory", "b:1", memstore.New())
		defer mallory.leave()
		pass(time.Minute)
		synctest.Wait()
		expect(t, "sent", alice.texts(to, chat.Out), "delivered for Bob", "queued for Bob too")
		if got := mallory.texts(0, chat.In); len(got) != 0 {
			t.Errorf("Mallory got %q", got)
		}
		s := alice.summary(to)
		var problem *chat.DialError
		if !errors.As(s.Problem, &problem) || problem.Reason != chat.ReasonWrongPeer || s.Peer != bob.line.peer {
			t.Errorf("problem %v of %v, want a wrong peer at Bob's address", s.Problem, s.Peer.Short())
		}
		if c := alice.who("Mallory"); c.ID == to {
			t.Error("Mallory took Bob's place")
		}
	})
}

func TestSameNameAnotherKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		bob := board.join(t, "Bob", "b:1", memstore.New())
		defer bob.leave()
		other := board.joinAs(t, "another key", "Bob", "c:1", memstore.New())
		defer other.leave()
		first, second := alice.contact("b:1"), alice.contact("c:1")
		alice.send(first, "hello")
		synctest.Wait()
		alice.send(second, "hello")
		synctest.Wait()
		if alice.summary(first).Namesake || !alice.summary(second).Namesake {
			t.Error("the second Bob has to be told from the first, and only he is marked")
		}
		var ambiguous *chat.AmbiguousError
		if _, err := alice.Find(t.Context(), "bob"); !errors.As(err, &ambiguous) || len(ambiguous.Candidates) != 2 {
			t.Errorf("find bob: %v, want two candidates", err)
		}
	})
}

func TestAddressOfSomebodyKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		bob := board.join(t, "Bob", "b:1", memstore.New())
		to := alice.contact("b:1")
		alice.send(to, "one")
		synctest.Wait()
		bob.leave()
		elsewhere := alice.contact("b:2")
		alice.send(elsewhere, "two")
		moved := board.join(t, "Bob", "b:2", bob.store)
		defer moved.leave()
		pass(time.Minute)
		synctest.Wait()
		expect(t, "one conversation", alice.texts(to, chat.Out), "delivered one", "delivered two")
		if address := alice.summary(to).Address; address != "b:2" {
			t.Errorf("address %q, want where Bob is now", address)
		}
		if people, err := alice.People(t.Context()); err != nil || len(people) != 1 {
			t.Errorf("%d contacts, %v; want Bob alone", len(people), err)
		}
	})
}

func TestConnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		bob := board.join(t, "Bob", "b:1", memstore.New())
		defer bob.leave()
		c, err := alice.Connect(t.Context(), "b:1")
		if err != nil || c.Name != "Bob" {
			t.Errorf("connect: %v, %v; want Bob", c.Name, err)
		}
		c, err = alice.Connect(t.Context(), "nobody:1")
		if err == nil || c.ID == 0 || !c.Pending() {
			t.Errorf("connect to nobody: %+v, %v; want a pending contact and an error", c, err)
		}
		if _, err = alice.Connect(t.Context(), "a:1"); err == nil {
			t.Error("connected with oneself")
		}
	})
}

func TestBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		bob := board.join(t, "Bob", "b:1", memstore.New())
		defer bob.leave()
		to := alice.contact("b:1")
		alice.send(to, "before")
		synctest.Wait()
		from := bob.who("Alice").ID
		if err := bob.SetBlocked(t.Context(), from, true); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		alice.send(to, "while blocked")
		pass(time.Hour)
		synctest.Wait()
		expect(t, "sent", alice.texts(to, chat.Out), "delivered before", "failed while blocked")
		expect(t, "received", bob.texts(from, chat.In), "delivered before")
		var blocked *chat.BlockedError
		if _, err := bob.Send(t.Context(), from, "hello"); !errors.As(err, &blocked) {
			t.Errorf("write to somebody blocked: %v", err)
		}
		if err := bob.SetBlocked(t.Context(), from, false); err != nil {
			t.Fatal(err)
		}
		alice.send(to, "after")
		pass(time.Minute)
		synctest.Wait()
		expect(t, "received", bob.texts(from, chat.In), "delivered before", "delivered after")
	})
}

func TestTypingIsShownForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		bob := board.join(t, "Bob", "b:1", memstore.New())
		defer bob.leave()
		to := alice.contact("b:1")
		alice.send(to, "hello")
		synctest.Wait()
		from := bob.who("Alice").ID
		alice.SetTyping(to, true)
		synctest.Wait()
		if !bob.summary(from).Typing {
			t.Error("typing is not shown")
		}
		pass(7 * time.Second)
		synctest.Wait()
		if bob.summary(from).Typing {
			t.Error("typing is shown for ever")
		}
	})
}

func TestDraftAndRemarkSurvive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		store := memstore.New()
		alice := board.join(t, "Alice", "a:1", store)
		to := alice.contact("b:1")
		if err := errors.Join(alice.SetDraft(t.Context(), to, "半句"), alice.SetRemark(t.Context(), to, "二楼的小王")); err != nil {
			t.Fatal(err)
		}
		alice.leave()
		alice = board.join(t, "Alice", "a:1", store)
		defer alice.leave()
		if s := alice.summary(to); s.Draft != "半句" || s.DisplayName() != "二楼的小王" {
			t.Errorf("draft %q of %q", s.Draft, s.DisplayName())
		}
		if c := alice.who("二楼的小王"); c.ID != to {
			t.Error("a remark does not find its contact")
		}
	})
}

func TestFind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		bob := board.join(t, "Bob", "b:1", memstore.New())
		defer bob.leave()
		alice.send(alice.contact("b:1"), "hello")
		synctest.Wait()
		id := bob.line.peer
		for _, who := range []string{"Bob", "bob", " BOB ", id.String(), id.Compact(), id.Compact()[:6], id.Short()} {
			if c, err := alice.Find(t.Context(), who); err != nil || c.Peer != id {
				t.Errorf("find %q: %v, %v", who, c.Peer.Short(), err)
			}
		}
		for _, who := range []string{"", "Bo", id.Compact()[:5], peerOf("nobody").String(), "\x00", "🐦"} {
			var unknown *chat.UnknownError
			if _, err := alice.Find(t.Context(), who); !errors.As(err, &unknown) {
				t.Errorf("find %q: %v, want an UnknownError", who, err)
			}
		}
		var unknown *chat.UnknownError
		if _, err := alice.Find(t.Context(), "Bo"); !errors.As(err, &unknown) || len(unknown.Candidates) != 1 {
			t.Errorf("find Bo: %v, want Bob as a candidate", err)
		}
	})
}

func TestDiscard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		store := memstore.New()
		alice := board.join(t, "Alice", "a:1", store)
		bob := board.join(t, "Bob", "b:1", memstore.New())
		defer bob.leave()
		mistake, written := alice.contact("nobody:1"), alice.contact("nobody:2")
		known, err := alice.Connect(t.Context(), "b:1")
		if err != nil {
			t.Fatal(err)
		}
		alice.send(written, "hello")
		for _, id := range []chat.ContactID{mistake, written, known.ID} {
			if err := alice.Discard(t.Context(), id); err != nil {
				t.Error(err)
			}
		}
		if err := alice.Discard(t.Context(), mistake); !errors.Is(err, chat.ErrNoContact) {
			t.Errorf("discard again: %v", err)
		}
		alice.leave()
		alice = board.join(t, "Alice", "a:1", store)
		defer alice.leave()
		people, err := alice.People(t.Context())
		if err != nil || len(people) != 2 {
			t.Errorf("%d contacts, %v; want the one written to and the one known", len(people), err)
		}
	})
}

func TestDelete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		store := memstore.New()
		alice := board.join(t, "Alice", "a:1", store)
		defer alice.leave()
		bob := board.join(t, "Bob", "b:1", memstore.New())
		defer bob.leave()
		known := alice.contact("b:1")
		alice.send(known, "hello")
		mistake := alice.contact("nobody:1")
		m := alice.send(mistake, "into the blue")
		synctest.Wait()
		if err := alice.Delete(t.Context(), known); !errors.Is(err, chat.ErrAnswered) {
			t.Errorf("delete Bob: %v", err)
		}
		if err := alice.Delete(t.Context(), mistake); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Message(t.Context(), chat.Out, m.ID); !errors.Is(err, chat.ErrNoMessage) {
			t.Errorf("the text is still there: %v", err)
		}
		if _, err := alice.Send(t.Context(), mistake, "again"); !errors.Is(err, chat.ErrNoContact) {
			t.Errorf("write to a deleted contact: %v", err)
		}
		late := board.join(t, "Late", "nobody:1", memstore.New())
		defer late.leave()
		pass(time.Hour)
		synctest.Wait()
		if got := late.texts(0, chat.In); len(got) != 0 {
			t.Errorf("a deleted text was sent: %q", got)
		}
	})
}
