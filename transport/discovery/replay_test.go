package discovery_test

import (
	"net/netip"
	"testing"
	"time"

	"feihong/transport/ether"
	"feihong/transport/ether/memory"
)

// A program came back with the clock an hour behind. What the one before said,
// with greater numbers, means nothing any more.
func TestReplayedWordsOfTheProgramBefore(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.hire("a").start(), o.hire("b").start()
		copies := o.tapped(func(d memory.Datagram) bool { return d.Sender == "b" && d.Way == ether.Multicast })
		pass(10 * time.Second)
		b.stop()
		pass(time.Second)
		o.world.Filter(nil)
		before := *copies
		again := o.makeAs(b.id, "b", b.host)
		again.service.SetWall(func() time.Time { return time.Now().Add(-time.Hour) })
		again.start()
		pass(40 * time.Second)
		a.mustSee(again)
		lost := a.losses()
		for range 5 {
			for _, body := range before {
				o.lan.Forge(netip.AddrPortFrom(b.nicAddr(), 40000), netip.AddrPortFrom(a.nicAddr(), port), body)
				pass(time.Second)
			}
		}
		if peer, _ := a.sees(again); a.losses() != lost || peer.Addresses[0].Port() != again.self.Port {
			t.Errorf("lost %d times, now %+v", a.losses()-lost, peer)
		}
	})
}

// Copies of a datagram from anywhere say nothing about where somebody is.
func TestCopiesFromElsewhere(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.hire("a").start(), o.hire("b").start()
		copies := o.tapped(func(d memory.Datagram) bool { return d.Sender == "b" && d.Way == ether.Multicast })
		pass(44 * time.Second)
		o.world.Filter(nil)
		last := (*copies)[len(*copies)-1]
		before, _ := a.sees(b)
		found := a.timesFound()
		for i := range 2000 {
			from := netip.AddrFrom4([4]byte{10, 0, byte(100 + i/250), byte(i % 250)})
			o.lan.Forge(netip.AddrPortFrom(from, 40000), netip.AddrPortFrom(a.nicAddr(), port), last)
			pass(100 * time.Microsecond)
		}
		after, _ := a.sees(b)
		if a.timesFound() > found || len(after.Ways) != len(before.Ways) || after.Addresses[0] != before.Addresses[0] {
			t.Errorf("told %d times, now at %v by %v", a.timesFound()-found, after.Addresses, after.Ways)
		}
		for _, answered := range []bool{false, true} {
			if peers := a.service.Peers(); len(peers) != 1 || peers[0].Proven != answered {
				t.Errorf("answered %v: %+v", answered, peers)
			}
			ask(t, a, b.nicAddr().String())
		}
	})
}
