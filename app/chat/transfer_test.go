package chat_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
	"feihong/protocol"
)

func newStore() chat.Store { return memstore.New() }

func TestOfferAcceptedAndDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, bob := couple(t, newYard(nil))
		defer alice.leave()
		defer bob.leave()
		id := alice.offer("/src/报告.pdf", "/src/b.txt").ID
		synctest.Wait()
		expect(t, "offered", states(id, alice, bob), "offered", "offered")
		expect(t, "in the conversation", bob.texts(bob.id, chat.In), "delivered ")
		got := bob.transfer(id)
		if got.Direction != chat.In || got.Bytes != 2000 || got.Files != 2 || got.Tops[0].Name != "报告.pdf" || got.Contact != bob.id {
			t.Errorf("offered: %+v", got)
		}
		must(t, bob.Accept(t.Context(), id, ""))
		synctest.Wait()
		expect(t, "accepted", states(id, alice, bob), "accepted", "accepted")
		pass(stepTime + time.Millisecond)
		synctest.Wait()
		expect(t, "under way", states(id, alice, bob), "running", "running")
		if running := bob.transfer(id); running.Done != 500 || running.Rate != 1000 || strings.ContainsRune(running.Current, '\u202e') {
			t.Errorf("under way: %+v", running)
		}
		pass(time.Second)
		synctest.Wait()
		expect(t, "at the end", states(id, alice, bob), "done", "done")
		for _, c := range []*courier{alice, bob} {
			end := c.transfer(id)
			r, err := protocol.DecodeReceipt(end.Receipt)
			if err != nil {
				t.Fatal(err)
			}
			if receiver, sender := r.Verify(); !receiver || !sender {
				t.Errorf("signed by receiver %v, by sender %v", receiver, sender)
			}
			if !end.Confirmed || end.Done != 2000 || end.FilesDone != 2 || end.Finished.IsZero() || end.Rate != 0 {
				t.Errorf("at the end: %+v", end)
			}
		}
		expect(t, "Alice's porter", alice.porter.told(), "prepare", "begin", "countersign", "halt")
		expect(t, "Bob's porter", bob.porter.told(), "begin", "halt")
		if path := bob.transfer(id).Paths; len(path) != 1 || path[0] != "/got/报告.pdf" {
			t.Errorf("paths %q", path)
		}
		alice.leave()
		bob.leave()
		expect(t, "Alice saw", alice.eventsOf(id), "offered", "accepted", "running", "finishing", "done")
		expect(t, "Bob saw", bob.eventsOf(id), "offered", "accepted", "running", "finishing", "done")
	})
}

func TestOfferWaitsForSomebodyAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, bob := couple(t, newYard(nil))
		defer func() { alice.leave() }()
		bob.leave()
		transfer, err := alice.Offer(t.Context(), alice.id, []string{"/src/a"}, "look\x07")
		must(t, err)
		synctest.Wait()
		alice.restart(t)
		bob.restartAfterLeaving(t)
		defer func() { bob.leave() }()
		pass(time.Minute)
		expect(t, "offered", states(transfer.ID, alice, bob), "offered", "offered")
		expect(t, "in the conversation", bob.texts(bob.id, chat.In), "delivered look␇")
		must(t, bob.Accept(t.Context(), transfer.ID, "/else/where"))
		pass(stepTime * 3 / 2)
		alice.restart(t)
		bob.restart(t)
		pass(10 * time.Minute)
		synctest.Wait()
		expect(t, "at the end", states(transfer.ID, alice, bob), "done", "done")
		if folder := bob.transfer(transfer.ID).Folder; folder != "/else/where" {
			t.Errorf("folder %q", folder)
		}
	})
}

// restartAfterLeaving is restart for somebody who has left.
func (c *courier) restartAfterLeaving(t *testing.T) {
	c.porter.restart()
	c.start(t, &line{board: c.line.board, address: c.line.address, peer: c.line.peer, name: c.line.name}, c.store)
}

func TestCommandsOfEitherSide(t *testing.T) {
	type command = func(*courier, protocol.MessageID) error
	cancel := func(c *courier, id protocol.MessageID) error { return c.Cancel(c.t.Context(), id) }
	reject := func(c *courier, id protocol.MessageID) error { return c.Reject(c.t.Context(), id) }
	pause := func(c *courier, id protocol.MessageID) error { return c.Pause(c.t.Context(), id) }
	resume := func(c *courier, id protocol.MessageID) error { return c.Resume(c.t.Context(), id) }
	accept := func(c *courier, id protocol.MessageID) error { return c.Accept(c.t.Context(), id, "") }
	type move struct {
		bob    bool
		do     command
		refuse bool
	}
	tests := []struct {
		name   string
		moves  []move
		end    string
		reason [2]chat.TransferReason
	}{
		{name: "rejected", moves: []move{{bob: true, do: reject}, {bob: true, do: reject}, {bob: true, do: accept, refuse: true}}, end: "rejected"},
		{name: "cancelled by the sender before the answer", moves: []move{{do: cancel}, {bob: true, do: accept, refuse: true}}, end: "cancelled",
			reason: [2]string{"", chat.ReasonPeerCancelled}},
		{name: "cancelled by the receiver before the answer", moves: []move{{bob: true, do: cancel}}, end: "rejected"},
		{name: "cancelled by the receiver", moves: []move{{bob: true, do: accept}, {bob: true, do: cancel}, {bob: true, do: cancel}}, end: "cancelled",
			reason: [2]string{chat.ReasonPeerCancelled, ""}},
		{name: "cancelled by the sender", moves: []move{{bob: true, do: accept}, {do: cancel}}, end: "cancelled", reason: [2]string{"", chat.ReasonPeerCancelled}},
		{name: "paused by the sender", moves: []move{{bob: true, do: accept}, {do: pause}, {do: pause}}, end: "paused"},
		{name: "paused by the receiver", moves: []move{{bob: true, do: accept}, {bob: true, do: pause}}, end: "paused"},
		{name: "resumed by the wrong one", moves: []move{{bob: true, do: accept}, {bob: true, do: pause}, {do: resume}}, end: "paused"},
		{name: "resumed by one of both", moves: []move{{bob: true, do: accept}, {bob: true, do: pause}, {do: pause}, {bob: true, do: resume}}, end: "paused"},
		{name: "resumed", moves: []move{{bob: true, do: accept}, {do: pause}, {bob: true, do: pause}, {bob: true, do: resume}, {do: resume}}, end: "done"},
		{name: "nothing to pause", moves: []move{{do: pause, refuse: true}, {bob: true, do: resume, refuse: true}}, end: "offered"},
		{name: "not theirs to answer", moves: []move{{do: accept, refuse: true}, {do: reject, refuse: true}}, end: "offered"},
		{name: "accepted twice", moves: []move{{bob: true, do: accept}, {bob: true, do: accept}}, end: "done"},
		{name: "rejected too late", moves: []move{{bob: true, do: accept}, {bob: true, do: reject, refuse: true}}, end: "done"},
	}
	for _, test := range tests {
		for _, apart := range []bool{false, true} { // the commands are given while there is no session
			name := test.name
			if apart {
				name += ", apart"
			}
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					alice, bob := couple(t, newYard(nil))
					defer alice.leave()
					defer bob.leave()
					id := alice.offer("/src/a").ID
					synctest.Wait()
					for _, m := range test.moves {
						c := alice
						if m.bob {
							c = bob
						}
						err := m.do(c, id)
						var state *chat.TransferStateError
						if !apart && errors.As(err, &state) != m.refuse || err != nil && !errors.As(err, &state) {
							t.Errorf("refused: %v", err)
						}
						if apart {
							alice.line.cut()
						}
						synctest.Wait()
					}
					pass(10 * time.Minute)
					synctest.Wait()
					if apart {
						a, b := alice.transfer(id), bob.transfer(id)
						if a.State != b.State {
							t.Errorf("%v and %v", a.State, b.State)
						}
						return
					}
					expect(t, "at the end", states(id, alice, bob), test.end, test.end)
					if got := [2]string{alice.transfer(id).Reason, bob.transfer(id).Reason}; got != test.reason {
						t.Errorf("reasons %q", got)
					}
				})
			})
		}
	}
}

func TestCancelBeforeItIsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, bob := couple(t, newYard(nil))
		defer alice.leave()
		bob.leave()
		id := alice.offer("/src/a").ID
		alice.send(alice.id, "after it")
		must(t, alice.Cancel(t.Context(), id))
		bob.restartAfterLeaving(t)
		defer func() { bob.leave() }()
		pass(time.Minute)
		synctest.Wait()
		expect(t, "Bob has", bob.texts(bob.id, chat.In), "delivered after it")
		if end := alice.transfer(id); end.State != chat.TransferCancelled || !end.Confirmed {
			t.Errorf("%v, confirmed %v", end.State, end.Confirmed)
		}
		expect(t, "Alice has", alice.texts(alice.id, chat.Out), "failed ", "delivered after it")
	})
}

func TestUnsupported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, bob := couple(t, newYard(nil))
		defer alice.leave()
		defer bob.leave()
		bob.line.old.Store(true)
		id := alice.offer("/src/a").ID
		alice.send(alice.id, "text goes on")
		synctest.Wait()
		if end := alice.transfer(id); end.State != chat.TransferFailed || end.Reason != chat.ReasonUnsupported {
			t.Errorf("%v: %s", end.State, end.Reason)
		}
		expect(t, "Alice has", alice.texts(alice.id, chat.Out), "failed ", "delivered text goes on")
		expect(t, "Alice's porter", alice.porter.told(), "prepare", "drop")
	})
}

func TestAutoAccept(t *testing.T) {
	tests := []struct {
		limit int64
		files int
		want  string
	}{{0, 1, "offered"}, {2000, 2, "done"}, {2000, 3, "offered"}, {-1, 3, "done"}, {-7, 1, "done"}}
	for _, test := range tests {
		synctest.Test(t, func(t *testing.T) {
			alice, bob := couple(t, newYard(nil))
			defer alice.leave()
			defer bob.leave()
			must(t, bob.SetAutoAccept(t.Context(), bob.id, test.limit))
			id := alice.offer([]string{"/a", "/b", "/c"}[:test.files]...).ID
			pass(time.Minute)
			synctest.Wait()
			expect(t, "state", states(id, alice, bob), test.want, test.want)
			if got := bob.summary(bob.id).AutoAccept; got != max(test.limit, -1) {
				t.Errorf("limit %d", got)
			}
		})
	}
}

func TestPathsNamedTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, bob := couple(t, newYard(nil))
		defer alice.leave()
		defer bob.leave()
		for want, paths := range map[string][]string{
			"/a":    {"/a", "/a/", "/b/../a"},
			"/b /a": {"/b", "/a", "/b", "//a"},
		} {
			if got := alice.offer(paths...); strings.Join(got.Paths, " ") != want || got.Files != len(got.Paths) {
				t.Errorf("%q: paths %q, %d files", paths, got.Paths, got.Files)
			}
		}
	})
}

func TestPrepareFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, bob := couple(t, newYard(nil))
		defer alice.leave()
		defer bob.leave()
		alice.porter.refuse = errors.New("cannot read /src/a")
		if _, err := alice.Offer(t.Context(), alice.id, []string{"/src/a"}, ""); !errors.Is(err, alice.porter.refuse) {
			t.Errorf("error %v", err)
		}
		synctest.Wait()
		expect(t, "porter", alice.porter.told(), "prepare", "drop")
		for _, paths := range [][]string{nil, {"a"}, {"/a", "../b"}} {
			if _, err := alice.Offer(t.Context(), alice.id, paths, ""); err == nil {
				t.Errorf("paths %q were taken", paths)
			}
		}
		if all, err := alice.Transfers(t.Context(), chat.TransferQuery{}); err != nil || len(all) != 0 {
			t.Errorf("%d transfers, %v", len(all), err)
		}
	})
}

func TestAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, bob := couple(t, newYard(nil))
		defer alice.leave()
		defer bob.leave()
		first := alice.offer("/src/a")
		synctest.Wait()
		must(t, bob.Reject(t.Context(), first.ID))
		synctest.Wait()
		if _, err := bob.Again(t.Context(), first.ID); !errors.Is(err, chat.ErrAskSender) {
			t.Errorf("the receiver: %v", err)
		}
		second, err := alice.Again(t.Context(), first.ID)
		must(t, err)
		if second.ID == first.ID || second.Retry != first.ID || second.Token == first.Token {
			t.Errorf("again: %+v", second)
		}
		synctest.Wait()
		must(t, bob.Accept(t.Context(), second.ID, ""))
		bob.porter.told()
		same, err := bob.Again(t.Context(), second.ID)
		must(t, err)
		synctest.Wait()
		if same.ID != second.ID {
			t.Errorf("again while it runs: %+v", same)
		}
		pass(time.Minute)
		synctest.Wait()
		expect(t, "at the end", states(second.ID, alice, bob), "done", "done")
	})
}

func TestFindTransfer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, bob := couple(t, newYard(nil))
		defer alice.leave()
		defer bob.leave()
		first, second := alice.offer("/src/a"), alice.offer("/src/b")
		text := first.ID.String()
		for _, part := range []string{text, strings.ToUpper(text), text[24:], strings.ReplaceAll(text, "-", "")} {
			if found, err := alice.FindTransfer(t.Context(), part); err != nil || found.ID != first.ID {
				t.Errorf("%q: %v, %v", part, found.ID, err)
			}
		}
		var several *chat.AmbiguousTransferError
		if _, err := alice.FindTransfer(t.Context(), text[:6]); !errors.As(err, &several) || len(several.Candidates) != 2 {
			t.Errorf("a beginning in common: %v", err)
		}
		for _, part := range []string{"", text[:3], "xyz1", second.ID.String() + "0", "00000000"} {
			if _, err := alice.FindTransfer(t.Context(), part); !errors.Is(err, chat.ErrNoTransfer) {
				t.Errorf("%q: %v", part, err)
			}
		}
		if at, err := alice.Whereabouts(t.Context(), bob.line.peer); err != nil || len(at) != 1 || at[0] != "b:1" {
			t.Errorf("whereabouts %q, %v", at, err)
		}
	})
}
