package chat_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
	"feihong/protocol"
)

// dialFunc is a Network made of a function.
type dialFunc func(address string) (protocol.PeerID, error)

func (f dialFunc) Dial(_ context.Context, address string, _ protocol.PeerID) (protocol.PeerID, error) {
	return f(address)
}

func (f dialFunc) Call(protocol.PeerID) {}

func nobody(string) (protocol.PeerID, error) { return protocol.PeerID{}, errNobody }

// serve runs a service on a store and a network until the test ends.
func serve(t *testing.T, store chat.Store, network dialFunc) *chat.Service {
	t.Helper()
	return serveOn(t, store, network)
}

func serveOn(t *testing.T, store chat.Store, network chat.Network) *chat.Service {
	t.Helper()
	s, err := chat.New(t.Context(), chat.Config{Self: peerOf("me"), Store: store, Network: network})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var task sync.WaitGroup
	task.Go(func() { _ = s.Serve(ctx) })
	t.Cleanup(func() {
		cancel()
		task.Wait()
	})
	return s
}

func mustSend(t *testing.T, s *chat.Service, to chat.ContactID, text string) chat.Message {
	t.Helper()
	m, err := s.Send(t.Context(), to, text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func mustFind(t *testing.T, s *chat.Service, who string) chat.Contact {
	t.Helper()
	c, err := s.Find(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func contactAt(t *testing.T, s *chat.Service, address string) chat.Contact {
	t.Helper()
	c, _, err := s.ContactAt(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSessionThatDiesBeforeTheDialReturns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var dials atomic.Int32
		var s *chat.Service
		s = serve(t, memstore.New(), func(address string) (protocol.PeerID, error) {
			dials.Add(1)
			bob := &scripted{name: "Bob", peer: peerOf("Bob"), dialed: address}
			s.Up(bob)
			s.Down(bob, errors.New("cut"))
			return bob.peer, nil
		})
		mustSend(t, s, contactAt(t, s, "b:1").ID, "hello")
		pass(time.Hour)
		if n := dials.Load(); n < 100 {
			t.Errorf("%d dials in an hour, with a message waiting", n)
		}
	})
}

// TestPeerWhoEndsEachSession is one whose disk is full, say.
func TestPeerWhoEndsEachSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var dials atomic.Int32
		var s *chat.Service
		s = serve(t, memstore.New(), func(address string) (protocol.PeerID, error) {
			dials.Add(1)
			bob := &scripted{name: "Bob", peer: peerOf("Bob"), dialed: address}
			bob.onSend = func(protocol.ChatMessage) { go s.Down(bob, &protocol.Error{Code: protocol.CodeStorage}) }
			s.Up(bob)
			return bob.peer, nil
		})
		mustSend(t, s, contactAt(t, s, "b:1").ID, "hello")
		pass(time.Hour)
		if n := dials.Load(); n < 60 || n > 300 {
			t.Errorf("%d dials in an hour, want one in about half a minute", n)
		}
	})
}

func TestAddressThatIsOurOwnNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, memstore.New(), func(string) (protocol.PeerID, error) {
			return protocol.PeerID{}, &chat.DialError{Reason: chat.ReasonSelf, Err: errors.New("that is you")}
		})
		bob := &scripted{name: "Bob", peer: peerOf("Bob"), address: "10.0.0.5:50123"}
		s.Up(bob)
		s.Down(bob, nil)
		mustSend(t, s, mustFind(t, s, "Bob").ID, "hello Bob")
		pass(time.Minute)
		again := &scripted{name: "Bob", peer: peerOf("Bob"), address: "10.0.0.6:50123"}
		s.Up(again)
		synctest.Wait()
		if len(again.sent) != 1 {
			t.Errorf("Bob got %d texts, want the one that waited", len(again.sent))
		}
	})
}

// acquaint fills a store with people p0, p1 and so on, who wrote once.
func acquaint(t *testing.T, store chat.Store, count int) {
	t.Helper()
	var batch chat.Batch
	for i := range count {
		name, id := fmt.Sprint("p", i), chat.ContactID(i+1)
		batch.Contacts = append(batch.Contacts, chat.Contact{
			ID: id, Peer: peerOf(name), Name: name, Address: name + ":1", Created: time.Now(), LastSeen: time.Now(),
		})
		batch.Messages = append(batch.Messages, chat.Message{
			ID: uuid.New(), Contact: id, Direction: chat.In, State: chat.Read, Kind: chat.KindText, Text: "hello", Time: time.Now(),
		})
	}
	if _, err := store.Commit(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

// TestUrgentBeforeIdle writes to one who is there while a thousand others are
// known who are switched off.
func TestUrgentBeforeIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := memstore.New()
		acquaint(t, store, 1000)
		reached := make(chan time.Duration, 1000)
		start := time.Now()
		s := serve(t, store, func(address string) (protocol.PeerID, error) {
			if address == "p500:1" {
				reached <- time.Since(start)
				return protocol.PeerID{}, errNobody
			}
			pass(5 * time.Second) // switched off: no answer at all
			return protocol.PeerID{}, errNobody
		})
		synctest.Wait()
		mustSend(t, s, 501, "urgent")
		if after := <-reached; after > time.Second {
			t.Errorf("dialled after %v only", after)
		}
	})
}

func TestBlockedPeopleAreNotDialled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := memstore.New()
		acquaint(t, store, 40)
		var blocked atomic.Bool
		var dials atomic.Int32
		s := serve(t, store, func(string) (protocol.PeerID, error) {
			if blocked.Load() {
				dials.Add(1)
			}
			pass(5 * time.Second)
			return protocol.PeerID{}, errNobody
		})
		synctest.Wait()
		for i := range 40 {
			if err := s.SetBlocked(t.Context(), chat.ContactID(i+1), true); err != nil {
				t.Fatal(err)
			}
		}
		blocked.Store(true)
		pass(time.Hour)
		if n := dials.Load(); n != 0 {
			t.Errorf("%d dials to people who are blocked", n)
		}
	})
}

// TestClaimedAddress writes to an address of which somebody known only says
// that it is theirs.
func TestClaimedAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var dialled atomic.Int32
		s := serve(t, memstore.New(), func(string) (protocol.PeerID, error) {
			dialled.Add(1)
			return protocol.PeerID{}, errNobody
		})
		mallory := &scripted{name: "Mallory", peer: peerOf("Mallory"), address: "10.0.0.5:50123"}
		s.Up(mallory)
		synctest.Wait()
		to := contactAt(t, s, "10.0.0.5:50123")
		mustSend(t, s, to.ID, "secret for Bob")
		pass(time.Second)
		if len(mallory.sent) != 0 || !to.Pending() || dialled.Load() == 0 {
			t.Errorf("Mallory got %d texts; the address was dialled %d times", len(mallory.sent), dialled.Load())
		}
	})
}

func TestNamesakeByAnotherRoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, memstore.New(), nobody)
		s.Up(&scripted{name: "Bob", peer: peerOf("Bob")})
		mallory := &scripted{name: "Mallory", peer: peerOf("Mallory")}
		s.Up(mallory)
		s.Down(mallory, nil)
		s.Up(&scripted{name: "BOB", peer: peerOf("Mallory")}) // comes back under another name
		s.Up(&scripted{name: "Bоb", peer: peerOf("third")})   // with a Cyrillic о
		synctest.Wait()
		people, err := s.People(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range people {
			if p.Namesake != (p.Peer != peerOf("Bob")) {
				t.Errorf("%q of %s: namesake %v", p.Name, p.Peer.Short(), p.Namesake)
			}
		}
	})
}
