package discovery_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"feihong/protocol"
	"feihong/transport/discovery"
	"feihong/transport/ether"
	"feihong/transport/ether/memory"
)

// The interfaces of containers come and go. Nobody is searched because of
// them, nor twice in a minute because of any other.
func TestSearchesAreRare(t *testing.T) {
	for _, prefix := range []string{"fe80::99/64", "192.168.9.9/24"} {
		inBubble(t, func(t *testing.T, o *office) {
			w := &watched{}
			ranges, _ := discovery.ParseRanges([]string{"10.0.96.0/24"})
			a := o.hire("a", w.watch, func(c *discovery.Config) { c.Ranges = func() []discovery.Range { return ranges } })
			other := a.host.Attach(o.world.Link("other"), "eth7", prefix)
			a.start()
			pass(20 * time.Second)
			for range 15 {
				other.SetUp(false)
				pass(10 * time.Second)
				other.SetUp(true)
				pass(10 * time.Second)
			}
			_, most := w.counts("10.0.96.0/24")
			if prefix == "fe80::99/64" && most != 1 || most < 1 || most > 6 {
				t.Errorf("%s: an address was asked %d times in five minutes", prefix, most)
			}
		})
	}
}

// The user may search at any time, but not all the time.
func TestWishedSearches(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		w := &watched{}
		ranges, _ := discovery.ParseRanges([]string{"10.0.96.1-9"})
		a := o.hire("a", w.watch, func(c *discovery.Config) { c.Ranges = func() []discovery.Range { return ranges } }).start()
		pass(10 * time.Second)
		a.service.Search()
		pass(time.Second)
		if _, most := w.counts("10.0.96.0/24"); most != 2 {
			t.Errorf("asked %d times", most)
		}
		for range 200 {
			a.service.Search()
			pass(50 * time.Millisecond)
		}
		if _, most := w.counts("10.0.96.0/24"); most < 3 || most > 5 {
			t.Errorf("asked %d times", most)
		}
	})
}

// What the user wishes to be searched is the own network before all.
func TestWishedSearchFindsNeighbours(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		o.world.Filter(func(memory.Datagram) bool { return true })
		a, b := o.hire("a").start(), o.hire("b").start()
		pass(10 * time.Second)
		a.mustNotSee(b)
		o.world.Filter(nil)
		a.service.Search()
		pass(2 * time.Second)
		a.mustSee(b)
		b.mustSee(a)
	})
}

// Who is invisible does not show themself by asking and dialling. What the
// user asks is asked.
func TestInvisibleAsksNobody(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		o.open = memoized()
		for range 12 {
			o.hire("p").start()
		}
		pass(58 * time.Second)
		w := &watched{}
		var dialled atomic.Int32
		ranges, _ := discovery.ParseRanges([]string{"10.0.0.2-9"})
		a := o.hire("a", w.watch, func(c *discovery.Config) {
			c.Ranges = func() []discovery.Range { return ranges }
			c.Dial = func(context.Context, string, protocol.PeerID) error { dialled.Add(1); return nil }
		})
		teller, ghost := o.hire("teller"), o.hire("ghost")
		a.self.Status = protocol.StatusOffline
		a.start()
		pass(time.Minute)
		a.service.Search()
		s := a.meet(teller, 0)
		a.service.Receive(s, presence(t, &protocol.People{Told: []protocol.Told{{Signed: ghost.signed(nil)}}}))
		pass(20 * time.Second)
		a.service.Down(s)
		if sum, _ := w.counts("0.0.0.0/0"); sum > 0 || dialled.Load() > 0 {
			t.Errorf("asked %d times, dialled %d times", sum, dialled.Load())
		}
		if got := ask(t, a, "10.0.0.3"); len(got) != 1 {
			t.Errorf("answers of %v", got)
		}
	})
}

// A program that was held up for long looks at the world as one that slept.
func TestHeldUpIsAsleep(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		var hold atomic.Bool
		a := o.hire("a", func(c *discovery.Config) {
			self := c.Self
			c.Self = func() discovery.Self {
				if hold.Swap(false) {
					pass(15 * time.Second)
				}
				return self()
			}
		}).start()
		pass(20 * time.Second)
		hold.Store(true)
		a.service.Announce()
		pass(15 * time.Second)
		a.host.ResetCounters()
		pass(5 * time.Second)
		if sent := a.host.Counters().Sent.Datagrams; sent < 9 {
			t.Errorf("%d datagrams were sent", sent)
		}
	})
}

// A port that is not free is tried again.
func TestTheSharedPortIsTriedAgain(t *testing.T) {
	for _, occupied := range []bool{true, false} {
		inBubble(t, func(t *testing.T, o *office) {
			w := &watched{}
			a := o.hire("a", w.watch)
			if occupied {
				a.host.Occupy(protocol.DiscoveryPort)
			}
			a.start()
			pass(21 * time.Second)
			a.service.State()
			if w.followed > 5 != occupied {
				t.Errorf("occupied %v: followed %d times", occupied, w.followed)
			}
		})
	}
}

// The network of a tunnel is none of our links, however large it is.
func TestTunnelIsNoLink(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		vpn := o.world.Link("vpn")
		colleague := func(name, address string) *person {
			host := o.world.Host(name)
			host.Attach(vpn, "eth0", address)
			return o.make(name, host).start()
		}
		a, b0, b1 := o.hire("a"), colleague("b0", "172.16.0.1/12"), colleague("b1", "172.16.0.2/12")
		a.host.Attach(vpn, "tun0", "172.16.9.9/12").PointToPoint()
		a.start()
		pass(10 * time.Second)
		dial(t, a, b0)
		pass(2 * time.Second)
		a.mustSee(b0, b1)
		a.hangUp()
		var posted atomic.Int32
		o.world.Filter(func(d memory.Datagram) bool {
			if d.Sender == "a" && d.Receiver == "b1" && d.Way == ether.Unicast && len(d.Data) < protocol.MaxDatagramBytes {
				posted.Add(1)
			}
			return false
		})
		pass(5 * time.Minute)
		if posted.Load() < 3 {
			t.Errorf("%d announcements were sent to somebody elsewhere", posted.Load())
		}
	})
}
