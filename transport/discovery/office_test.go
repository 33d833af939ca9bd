package discovery_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"feihong/transport/discovery"
	"feihong/transport/ether"
	"feihong/transport/ether/memory"
)

func TestNewcomerSeesAndIsSeen(t *testing.T) {
	noMulticast := func(d memory.Datagram) bool { return d.Way == ether.Multicast }
	noBroadcast := func(d memory.Datagram) bool { return d.Way == ether.Broadcast }
	for _, test := range []struct {
		name   string
		filter func(memory.Datagram) bool
		median time.Duration
	}{
		{"open", nil, 100 * time.Millisecond},
		{"without multicast", noMulticast, 500 * time.Millisecond},
		{"without broadcast", noBroadcast, 100 * time.Millisecond},
		{"without unicast", func(d memory.Datagram) bool { return d.Way == ether.Unicast }, 40 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			var sees, seen []time.Duration
			for range 31 {
				inBubble(t, func(t *testing.T, o *office) {
					o.world.Filter(test.filter)
					a, b := o.hire("a").start(), o.hire("b").start()
					pass(7 * time.Second)
					c := o.hire("c").start()
					began := time.Now()
					pass(40 * time.Second)
					for _, p := range []*person{a, b, c} {
						p.mustSee(a, b, c)
					}
					for _, other := range []*person{a, b} {
						sees = append(sees, c.foundAfter(other))
						seen = append(seen, other.began.Add(other.foundAfter(c)).Sub(began))
					}
				})
			}
			slices.Sort(sees)
			slices.Sort(seen)
			t.Logf("sees: median %v, most %v; is seen: median %v, most %v", sees[31], sees[61], seen[31], seen[61])
			if sees[31] > test.median || seen[31] > 100*time.Millisecond || seen[61] > time.Second {
				t.Errorf("took too long")
			}
			if test.median < time.Second && sees[61] > time.Second {
				t.Errorf("one took %v", sees[61])
			}
		})
	}
}

func TestPeopleAreDescribed(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.hire("a").start(), o.hire("b").start()
		b.say(func(self *discovery.Self) { self.Department = "sales"; self.StatusText = "out" })
		pass(5 * time.Second)
		peer, _ := a.sees(b)
		want := fmt.Sprintf("[10.0.0.3:%d [fe80::2%%eth0]:%d]", b.self.Port, b.self.Port)
		if got := fmt.Sprint(peer.Addresses); got != want {
			t.Errorf("addresses %s, want %s", got, want)
		}
		if peer.Name != "b" || peer.Host != "b-pc" || peer.Department != "sales" || peer.StatusText != "out" || peer.SecondHand {
			t.Errorf("%+v", peer)
		}
		ways := make(map[string]bool)
		for _, h := range peer.Ways {
			ways[h.Way] = true
			if h.Interface != "eth0" || !h.From.IsValid() || h.When.IsZero() {
				t.Errorf("%+v", h)
			}
		}
		if !ways["multicast"] || !ways["broadcast"] {
			t.Errorf("ways %v", ways)
		}
		if peers := a.service.Peers(); len(peers) != 1 || peers[0].ID != b.id.PeerID() {
			t.Errorf("peers: %v", peers)
		}
	})
}

// Nobody is told of each beacon.
func TestFoundIsForChanges(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.hire("a").start(), o.hire("b").start()
		pass(10 * time.Second)
		before := a.timesFound()
		pass(10 * time.Minute)
		if a.timesFound() != before {
			t.Errorf("told %d times of nothing", a.timesFound()-before)
		}
		b.say(func(self *discovery.Self) { self.Name = "bee" })
		pass(50 * time.Millisecond)
		if peer, _ := a.sees(b); peer.Name != "bee" || a.timesFound() != before+1 {
			t.Errorf("name %q, told %d times", peer.Name, a.timesFound()-before)
		}
	})
}

func TestAnnouncementsOnRequestAreCoalesced(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a := o.hire("a").start()
		pass(10 * time.Second)
		a.host.ResetCounters()
		for range 200 {
			a.service.Announce()
			pass(10 * time.Millisecond)
		}
		synctest.Wait()
		// Each is three datagrams: two groups, one broadcast.
		if got := a.host.Counters().Sent.Datagrams; got < 9 || got > 15 {
			t.Errorf("%d datagrams in two seconds", got)
		}
	})
}
