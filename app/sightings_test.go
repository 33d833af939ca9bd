package app_test

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app"
	"feihong/app/chat"
	"feihong/protocol"
	"feihong/transport/discovery"
)

// desk notes what is handed on.
type desk struct {
	told     []string
	sighting chat.Sighting // the last
}

func (d *desk) Seen(s chat.Sighting) {
	d.sighting = s
	word := "seen"
	if s.Returned {
		word = "returned"
	}
	d.told = append(d.told, word)
}
func (d *desk) Gone(protocol.PeerID)   { d.told = append(d.told, "gone") }
func (d *desk) Called(protocol.PeerID) { d.told = append(d.told, "called") }

// wire is a session that counts its proofs.
type wire struct {
	remote netip.Addr
	proofs int
}

func (w *wire) Remote() netip.Addr { return w.remote }

func (w *wire) Prove() bool {
	w.proofs++
	<-time.After(proofTime)
	return true
}

// proofTime is how long a proof takes.
const proofTime = time.Second

// TestSightings reports what happens in one handover after the other, and looks
// at what chat is told and how often the session with the person is proven.
func TestSightings(t *testing.T) {
	bob := peerOf("Bob")
	found := func(instance byte, from string, addresses ...string) discovery.Peer {
		p := discovery.Peer{ID: bob, Name: "Bob", Instance: [16]byte{instance}, Status: protocol.StatusOnline}
		for _, a := range addresses {
			p.Addresses = append(p.Addresses, netip.MustParseAddrPort(a))
		}
		p.Ways = []discovery.Heard{{Way: "multicast", From: netip.MustParseAddr(from)}}
		return p
	}
	const here, there = "10.0.0.5:1", "10.0.0.6:1"
	first, moved := found(1, "10.0.0.5", here), found(1, "10.0.0.6", there)
	both := found(1, "10.0.0.6", here, there)
	elsewhere := found(1, "10.0.0.9", here, there)
	type step func(discovery.Handler)
	is := func(p discovery.Peer) step { return func(h discovery.Handler) { h.Found(p) } }
	calls := func(p discovery.Peer) step { return func(h discovery.Handler) { h.Called(p) } }
	lost := func(h discovery.Handler) { h.Lost(bob) }
	tests := []struct {
		name      string
		handovers [][]step
		told      []string
		proofs    int
		best      string // address, "" if it does not matter
	}{
		{name: "once", handovers: [][]step{{is(first)}}, told: []string{"seen"}, best: here},
		{name: "again", handovers: [][]step{{is(first)}, {is(first)}}, told: []string{"seen", "seen"}},
		{name: "elsewhere", handovers: [][]step{{is(first)}, {is(moved)}}, told: []string{"seen", "seen"}, proofs: 1, best: there},
		{name: "more addresses", handovers: [][]step{{is(first)}, {is(both)}}, told: []string{"seen", "seen"}},
		{name: "another instance", handovers: [][]step{{is(first)}, {is(found(2, "10.0.0.5", here))}}, told: []string{"seen", "seen"}, proofs: 1},
		{name: "lost and found", handovers: [][]step{{is(first)}, {lost}, {is(first)}, {is(first)}}, told: []string{"seen", "gone", "seen", "seen"}, proofs: 1},
		{name: "lost and found at once", handovers: [][]step{{is(first)}, {lost, is(first), is(first)}}, told: []string{"seen", "returned"}, proofs: 1},
		{name: "found and lost at once", handovers: [][]step{{is(first), lost}}, told: []string{"gone"}},
		{name: "a call", handovers: [][]step{{calls(both), is(both)}}, told: []string{"seen", "called"}},
		{name: "a call puts where it came from first", handovers: [][]step{{calls(both)}}, told: []string{"seen", "called"}, best: there},
		{name: "a call from where they say they are not", handovers: [][]step{{calls(elsewhere)}}, told: []string{"seen"}, best: here},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, w := &desk{}, &wire{remote: netip.MustParseAddr("10.0.0.5")}
			s := app.NewSightings(d, func(protocol.PeerID) app.Prover { return w })
			proofs := 0
			for _, steps := range test.handovers {
				for _, step := range steps {
					step(s)
				}
				proofs += len(s.HandOver())
			}
			if !slices.Equal(d.told, test.told) {
				t.Errorf("told %q, want %q", d.told, test.told)
			}
			if proofs != test.proofs {
				t.Errorf("%d proofs, want %d", proofs, test.proofs)
			}
			if test.best != "" && d.sighting.Addresses[0] != test.best {
				t.Errorf("best address of %q, want %s", d.sighting.Addresses, test.best)
			}
		})
	}
}

// TestSightingsForget has many people come and go with whom there is no session.
func TestSightingsForget(t *testing.T) {
	d := &desk{}
	s := app.NewSightings(d, func(protocol.PeerID) app.Prover { return nil })
	for i := range 100 {
		who := protocol.PeerID{0: byte(i), 1: 1}
		s.Found(discovery.Peer{ID: who})
		s.HandOver()
		s.Lost(who)
		s.HandOver()
	}
	if len(d.told) != 200 || s.Remembered() != 0 {
		t.Errorf("%d told, %d people remembered who are gone", len(d.told), s.Remembered())
	}
}

// TestSightingsProve has a session be proven while news go on.
func TestSightingsProve(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, w := &desk{}, &wire{remote: netip.MustParseAddr("10.0.0.5")}
		s := app.NewSightings(d, func(protocol.PeerID) app.Prover { return w })
		ctx, cancel := context.WithCancel(t.Context())
		var serving sync.WaitGroup
		serving.Go(func() { _ = s.Serve(ctx) })
		for range 3 {
			s.Found(discovery.Peer{ID: peerOf("Bob"), Addresses: []netip.AddrPort{netip.MustParseAddrPort("10.0.0.6:1")}})
			synctest.Wait()
		}
		if len(d.told) != 3 || w.proofs != 1 {
			t.Errorf("told %q, %d proofs at a time, want one", d.told, w.proofs)
		}
		<-time.After(2 * proofTime)
		s.Found(discovery.Peer{ID: peerOf("Bob")})
		synctest.Wait()
		if w.proofs != 2 {
			t.Errorf("%d proofs, want another after the first", w.proofs)
		}
		cancel()
		serving.Wait()
	})
}
