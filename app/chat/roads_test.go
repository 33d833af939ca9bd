package chat_test

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

// roads is a network on which the test says who answers where, and how fast.
type roads struct {
	service *chat.Service

	mu      sync.Mutex
	answers map[string]*scripted
	errors  map[string]error         // instead of "nobody answers"
	slow    map[string]time.Duration // before anything happens
	dials   []string
	calls   []protocol.PeerID
}

func newRoads(t *testing.T, store chat.Store) *roads {
	t.Helper()
	r := &roads{answers: map[string]*scripted{}, errors: map[string]error{}, slow: map[string]time.Duration{}}
	r.service = serveOn(t, store, r)
	return r
}

func (r *roads) Dial(ctx context.Context, address string, want protocol.PeerID) (protocol.PeerID, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.dials = append(r.dials, address)
	if d := r.slow[address]; d > 0 {
		r.mu.Unlock()
		select {
		case <-time.After(d):
		case <-ctx.Done():
		}
		r.mu.Lock()
	}
	who, err := r.answers[address], r.errors[address]
	switch {
	case err != nil:
		return protocol.PeerID{}, err
	case who == nil || ctx.Err() != nil || !want.IsZero() && want != who.peer:
		return protocol.PeerID{}, errNobody
	}
	who.dialed = address
	r.service.Up(who)
	return who.peer, nil
}

func (r *roads) Call(peer protocol.PeerID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, peer)
}

// answer makes somebody answer at an address.
func (r *roads) answer(address string, who *scripted) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answers[address] = who
}

// fail makes dials to an address fail.
func (r *roads) fail(address string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errors[address] = err
}

// delay makes dials to an address take their time.
func (r *roads) delay(address string, d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.slow[address] = d
}

// taken returns the addresses dialled since the last time.
func (r *roads) taken() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	dials := r.dials
	r.dials = nil
	return dials
}

func (r *roads) called() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.calls)
}

// texts lists what somebody was sent.
func (a *scripted) texts() (list []string) {
	for _, m := range a.sent {
		if text, ok := m.(*protocol.Text); ok {
			list = append(list, text.Body)
		}
	}
	return list
}

// metBefore makes Bob somebody with whom there is a conversation, who was last
// at an address where he answered.
func (r *roads) metBefore(t *testing.T, address string) chat.Contact {
	t.Helper()
	bob := &scripted{name: "Bob", peer: peerOf("Bob"), dialed: address}
	r.service.Up(bob)
	r.service.Receive(bob, protocol.AppChat, body(t, &protocol.Text{ID: [16]byte{1}, Time: 1, Body: "hello"}))
	r.service.Down(bob, nil)
	return mustFind(t, r.service, "Bob")
}

// sighting is somebody nearby with addresses.
func sighting(name string, addresses ...string) chat.Sighting {
	return chat.Sighting{Peer: peerOf(name), Name: name, Status: chat.StatusOnline, Addresses: addresses, Via: "multicast"}
}

func summaryOf(t *testing.T, s *chat.Service, peer protocol.PeerID) chat.Summary {
	t.Helper()
	all, err := s.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(p chat.Summary) bool { return p.Peer == peer })
	if i < 0 {
		t.Fatalf("%s is not in the list of %d", peer.Short(), len(all))
	}
	return all[i]
}

// counting is a store that counts what is written.
type counting struct {
	chat.Store
	commits atomic.Int32
}

func (c *counting) Commit(ctx context.Context, b chat.Batch) (chat.Committed, error) {
	c.commits.Add(1)
	return c.Store.Commit(ctx, b)
}
