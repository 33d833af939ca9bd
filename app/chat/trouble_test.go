package chat_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
	"feihong/protocol"
)

// gate is a store that a test can hold, or make fail.
type gate struct {
	chat.Store
	mu         sync.Mutex
	hold       chan struct{} // nil: open
	fail       error         // of Commit
	failOutbox error
}

func (g *gate) Commit(ctx context.Context, b chat.Batch) (chat.Committed, error) {
	g.mu.Lock()
	hold := g.hold
	g.mu.Unlock()
	if hold != nil {
		<-hold
	}
	g.mu.Lock()
	fail := g.fail
	g.mu.Unlock()
	if fail != nil {
		return chat.Committed{}, fail
	}
	return g.Store.Commit(ctx, b)
}

func (g *gate) Outbox(ctx context.Context, c chat.ContactID, after int64, limit int) ([]chat.Message, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.failOutbox != nil {
		return nil, g.failOutbox
	}
	return g.Store.Outbox(ctx, c, after, limit)
}

func (g *gate) set(change func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	change()
}

// together makes what is started by inputs fall into one turn: it holds the
// store while a first command is under way.
func (g *gate) together(t *testing.T, s *chat.Service, busy chat.ContactID, inputs ...func()) {
	t.Helper()
	hold := make(chan struct{})
	g.set(func() { g.hold = hold })
	go func() { _ = s.SetRemark(context.Background(), busy, "busy") }()
	synctest.Wait()
	for _, input := range inputs {
		go input()
		synctest.Wait()
	}
	g.set(func() { g.hold = nil })
	close(hold)
	synctest.Wait()
}

func TestOrderWithinATurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{Store: memstore.New()}
		s := serve(t, g, nobody)
		bob := &scripted{name: "Bob", peer: peerOf("Bob")}
		s.Up(bob)
		synctest.Wait()
		c := mustFind(t, s, "Bob")
		g.together(t, s, c.ID,
			func() { _, _ = s.Send(context.Background(), c.ID, "mine") },
			func() {
				s.Receive(bob, protocol.AppChat, body(t, &protocol.Text{ID: uuid.New(), Time: 1, Body: "theirs"}))
			},
		)
		people, err := s.People(t.Context())
		if err != nil || people[0].Last.Text != "theirs" || people[0].Unread != 1 {
			t.Errorf("last %+v, unread %d, %v", people[0].Last, people[0].Unread, err)
		}
		if err := s.MarkRead(t.Context(), c.ID, 0); err != nil {
			t.Fatal(err)
		}
		if people, _ = s.People(t.Context()); people[0].Unread != 0 {
			t.Errorf("%d unread after everything was marked", people[0].Unread)
		}
	})
}

// merging sets up Bob, who is known, and an address where he will answer.
func merging(t *testing.T, g *gate) (s *chat.Service, bob, pending chat.Contact, answer chan struct{}) {
	answer = make(chan struct{})
	var up *scripted
	s = serve(t, g, func(address string) (protocol.PeerID, error) {
		<-answer
		if up == nil {
			up = &scripted{name: "Bob", peer: peerOf("Bob"), dialed: address}
			s.Up(up)
		}
		return up.peer, nil
	})
	first := &scripted{name: "Bob", peer: peerOf("Bob")}
	s.Up(first)
	s.Down(first, nil)
	pending = contactAt(t, s, "b:1")
	mustSend(t, s, pending.ID, "hello")
	return s, mustFind(t, s, "Bob"), pending, answer
}

func TestMergeBesideOtherChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{Store: memstore.New()}
		s, bob, pending, answer := merging(t, g)
		failures := make(chan error, 3)
		note := func(err error) { failures <- err }
		g.together(t, s, bob.ID,
			func() { note(s.SetDraft(context.Background(), pending.ID, "half a line")) },
			func() { _, err := s.Send(context.Background(), bob.ID, "to Bob"); note(err) },
			func() { close(answer) },
			func() { _, err := s.Send(context.Background(), pending.ID, "late"); note(err) },
		)
		for range cap(failures) {
			if err := <-failures; err != nil {
				t.Errorf("a command beside the merge failed: %v", err)
			}
		}
		people, err := s.People(t.Context())
		if err != nil || len(people) != 1 || people[0].Draft != "half a line" {
			t.Fatalf("%+v, %v; want Bob alone, with the draft", people, err)
		}
		messages, err := s.History(t.Context(), chat.HistoryQuery{Contact: bob.ID})
		if err != nil || len(messages) != 3 {
			t.Errorf("%d messages with Bob, %v; want 3", len(messages), err)
		}
	})
}

func TestMergeThatFailsIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{Store: memstore.New()}
		s, bob, _, answer := merging(t, g)
		g.together(t, s, bob.ID, func() { close(answer) }, func() { g.set(func() { g.fail = errDisk }) })
		pass(time.Minute)
		g.set(func() { g.fail = nil })
		pass(time.Hour)
		messages, err := s.History(t.Context(), chat.HistoryQuery{Contact: bob.ID})
		if err != nil || len(messages) != 1 || messages[0].State != chat.Sent {
			t.Errorf("Bob's messages: %+v, %v; want the one that waited, sent", messages, err)
		}
	})
}

// TestMergeAfterTheSessionEnded dials an address where somebody answers who is
// connected already, but not any more once the dial is settled.
func TestMergeAfterTheSessionEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := &scripted{name: "Bob", peer: peerOf("Bob"), address: "b:1"}
		again := &scripted{name: "Bob", peer: peerOf("Bob")}
		dials := 0
		var s *chat.Service
		s = serve(t, memstore.New(), func(string) (protocol.PeerID, error) {
			if dials++; dials == 1 {
				s.Down(first, nil)
				return first.peer, nil
			}
			s.Up(again)
			return again.peer, nil
		})
		s.Up(first)
		synctest.Wait()
		mustSend(t, s, contactAt(t, s, "c:1").ID, "hello")
		pass(5 * time.Second)
		synctest.Wait()
		expect(t, "Bob got", again.texts(), "hello")
		if people, err := s.People(t.Context()); err != nil || len(people) != 1 {
			t.Errorf("%d people, %v; want Bob alone", len(people), err)
		}
	})
}

func TestAwaitFollowsAMerge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{Store: memstore.New()}
		s, _, pending, answer := merging(t, g)
		m := mustSend(t, s, pending.ID, "wait for me")
		got := make(chan chat.Message, 1)
		go func() {
			m, _ := s.Await(context.Background(), m)
			got <- m
		}()
		synctest.Wait()
		close(answer)
		synctest.Wait()
		bob := &scripted{name: "Bob", peer: peerOf("Bob")}
		s.Up(bob)
		s.Receive(bob, protocol.AppChat, body(t, &protocol.Delivered{IDs: []protocol.MessageID{m.ID}}))
		if m := <-got; m.State != chat.Delivered {
			t.Errorf("the wait ended with %v", m.State)
		}
	})
}

func TestOutboxThatCannotBeReadForAMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{Store: memstore.New()}
		s := serve(t, g, nobody)
		first := &scripted{name: "Bob", peer: peerOf("Bob")}
		s.Up(first)
		s.Down(first, nil)
		c := mustFind(t, s, "Bob")
		for i := range 2000 {
			mustSend(t, s, c.ID, fmt.Sprint(i))
		}
		back := &scripted{name: "Bob", peer: peerOf("Bob")}
		texts := 0
		back.onSend = func(m protocol.ChatMessage) {
			text, ok := m.(*protocol.Text)
			if !ok {
				return
			}
			if texts++; texts == 100 {
				g.set(func() { g.failOutbox = errDisk })
			}
			receipt := body(t, &protocol.Delivered{IDs: []protocol.MessageID{text.ID}})
			go s.Receive(back, protocol.AppChat, receipt)
		}
		s.Up(back)
		pass(5 * time.Second)
		g.set(func() { g.failOutbox = nil })
		pass(time.Minute)
		synctest.Wait()
		if texts != 2000 {
			t.Errorf("%d of 2000 texts were sent", texts)
		}
	})
}

func TestDraftThatCouldNotBeSaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{Store: memstore.New()}
		s := serve(t, g, nobody)
		s.Up(&scripted{name: "Bob", peer: peerOf("Bob")})
		c := mustFind(t, s, "Bob")
		g.set(func() { g.fail = errDisk })
		if err := s.SetDraft(t.Context(), c.ID, "draft"); err == nil {
			t.Error("saved without a disk")
		}
		g.set(func() { g.fail = nil })
		if err := s.SetDraft(t.Context(), c.ID, "draft"); err != nil {
			t.Fatal(err)
		}
		overview, err := g.Overview(t.Context())
		if err != nil || overview[c.ID].Draft != "draft" {
			t.Errorf("on disk is %q, %v", overview[c.ID].Draft, err)
		}
	})
}

func TestReadWhileTheWriterIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, memstore.New(), nobody)
		bob := &scripted{name: "Bob", peer: peerOf("Bob")}
		s.Up(bob)
		const count = 3000
		for range count {
			s.Receive(bob, protocol.AppChat, body(t, &protocol.Text{ID: uuid.New(), Time: 1, Body: "x"}))
		}
		synctest.Wait()
		s.Down(bob, nil)
		if err := s.MarkRead(t.Context(), mustFind(t, s, "Bob").ID, 0); err != nil {
			t.Fatal(err)
		}
		back := &scripted{name: "Bob", peer: peerOf("Bob")}
		s.Up(back)
		synctest.Wait()
		told := make(map[protocol.MessageID]bool)
		for _, m := range back.sent {
			if receipt, ok := m.(*protocol.Read); ok {
				for _, id := range receipt.IDs {
					told[id] = true
				}
			}
		}
		if len(told) != count {
			t.Errorf("Bob is told of %d texts that they were read, want %d", len(told), count)
		}
	})
}

func TestRepeatedTextThatWasRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, memstore.New(), nobody)
		bob := &scripted{name: "Bob", peer: peerOf("Bob")}
		text := body(t, &protocol.Text{ID: uuid.New(), Time: 1, Body: "x"})
		s.Up(bob)
		s.Receive(bob, protocol.AppChat, text)
		synctest.Wait()
		if err := s.MarkRead(t.Context(), mustFind(t, s, "Bob").ID, 0); err != nil {
			t.Fatal(err)
		}
		bob.sent = nil
		s.Receive(bob, protocol.AppChat, text)
		synctest.Wait()
		if _, read := bob.sent[0].(*protocol.Read); !read || len(bob.sent) != 1 {
			t.Errorf("answered with %T", bob.sent[0])
		}
	})
}

func TestFloodOfReceipts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, memstore.New(), nobody)
		mallory := &scripted{name: "Mallory", peer: peerOf("Mallory")}
		s.Up(mallory)
		for range 100 {
			ids := make([]protocol.MessageID, protocol.MaxReceiptIDs)
			for i := range ids {
				ids[i] = uuid.New()
			}
			s.Receive(mallory, protocol.AppChat, body(t, &protocol.Read{IDs: ids}))
		}
		synctest.Wait()
		if len(mallory.closed) == 0 || mallory.closed[0] != protocol.CodeBadMessage {
			t.Errorf("closed with %v, want bad-message", mallory.closed)
		}
	})
}

// TestCancelledCommand gives up a command while the loop is busy. What the loop
// does with it later must not touch what was returned.
func TestCancelledCommand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{Store: memstore.New()}
		s := serve(t, g, nobody)
		c := contactAt(t, s, "b:1")
		ctx, cancel := context.WithCancel(t.Context())
		g.together(t, s, c.ID, func() {
			if found, _, err := s.ContactAt(ctx, "c:1"); err == nil || found.ID != 0 {
				t.Errorf("a command that was given up returned %+v, %v", found, err)
			}
		}, cancel)
	})
}
