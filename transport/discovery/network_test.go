package discovery_test

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"feihong/protocol"
	"feihong/transport/discovery"
	"feihong/transport/ether"
	"feihong/transport/ether/memory"
)

// subnets makes two links with a router between them, and people on them.
func (o *office) subnets(first, second int) (a, b []*person) {
	other := o.world.Link("other")
	o.world.Join(o.lan, other)
	on := func(link *memory.Link, name, address string) *person {
		host := o.world.Host(name)
		nic := host.Attach(link, "eth0", address, fmt.Sprintf("fe80::%x/64", len(o.people)+1))
		p := o.make(name, host)
		p.nic = nic
		return p
	}
	for i := range first {
		a = append(a, on(o.lan, fmt.Sprint("a", i), fmt.Sprintf("10.1.0.%d/24", i+1)))
	}
	for i := range second {
		b = append(b, on(other, fmt.Sprint("b", i), fmt.Sprintf("10.2.0.%d/24", i+1)))
	}
	return a, b
}

func TestDiallingOneBringsInTheirSubnet(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.subnets(3, 20)
		for _, p := range o.people {
			p.start()
		}
		pass(10 * time.Second)
		for _, p := range b {
			a[0].mustNotSee(p)
		}
		if err := a[0].dial(context.Background(), netip.AddrPortFrom(netip.MustParseAddr("10.2.0.7"), b[6].self.Port).String(), protocol.PeerID{}); err != nil {
			t.Fatal(err)
		}
		pass(2 * time.Second)
		a[0].mustSee(b...)
		b[6].mustSee(a...)
		for _, p := range b {
			p.mustSee(a[0])
			if peer, _ := p.sees(a[0]); peer.SecondHand {
				t.Errorf("%s heard of %s from others only", p.self.Name, a[0].self.Name)
			}
		}
		if peer, _ := a[0].sees(b[3]); peer.SecondHand || len(peer.Addresses) == 0 {
			t.Errorf("%+v", peer)
		}
		// They stay, though nothing is spread over the router, and one who
		// leaves is gone at once.
		a[0].hangUp()
		pass(10 * time.Minute)
		a[0].mustSee(b...)
		b[3].mustSee(a[0])
		for _, peer := range a[0].service.Peers() {
			if silent := time.Since(peer.Ways[0].When); silent > 40*time.Second {
				t.Errorf("%s was silent for %v", peer.Name, silent)
			}
		}
		b[3].say(func(self *discovery.Self) { self.StatusText = "news" })
		pass(100 * time.Millisecond)
		if peer, _ := a[0].sees(b[3]); peer.StatusText != "news" {
			t.Errorf("the news did not come: %+v", peer)
		}
		b[3].stop()
		pass(10 * time.Millisecond)
		a[0].mustNotSee(b[3])
	})
}

// What one is told of goes no further.
func TestHearsayIsNotPassedOn(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.subnets(2, 2)
		for _, p := range o.people {
			p.start()
		}
		pass(5 * time.Second)
		o.world.Filter(func(d memory.Datagram) bool { return d.Way == ether.Unicast })
		dial(t, a[0], b[0])
		pass(time.Second)
		a[0].mustSee(b[0])
		a[0].mustNotSee(b[1]) // nothing can have come from them
		asker := &fakeSession{peer: protocol.PeerID{1}}
		a[0].service.Up(asker)
		a[0].service.Receive(asker, presence(t, &protocol.WhoIsThere{Limit: 100}))
		pass(time.Second)
		a[0].service.Down(asker)
		told := 0
		for _, m := range asker.took() {
			people, ok := m.(*protocol.People)
			if !ok {
				continue
			}
			for _, one := range people.Told {
				told++
				if who, err := protocol.OpenAnnouncement(one.Signed); err != nil || who.Name == b[1].self.Name {
					t.Errorf("told of %v, %v", who, err)
				}
			}
		}
		if told != 2 {
			t.Errorf("told of %d people", told)
		}
		// Nobody answers there, so they are dropped.
		pass(20 * time.Second)
		a[0].mustNotSee(b[1])
		a[0].mustSee(b[0]) // in a session
	})
}

func dial(t *testing.T, from, to *person) {
	t.Helper()
	interfaces, _ := to.host.Interfaces()
	at := netip.AddrPortFrom(interfaces[1].Addresses[0].Addr(), to.self.Port)
	if err := from.dial(context.Background(), at.String(), to.id.PeerID()); err != nil {
		t.Fatal(err)
	}
}

func TestInterfacesAreFollowed(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.hire("a").start(), o.hire("b").start()
		pass(10 * time.Second)

		// One that appears.
		lab := o.world.Link("lab")
		host := o.world.Host("c")
		host.Attach(lab, "eth0", "192.168.7.9/24")
		c := o.make("c", host).start()
		nic := a.host.Attach(lab, "eth1", "192.168.7.1/24")
		pass(5 * time.Second)
		a.mustSee(b, c)
		c.mustSee(a)
		if peer, _ := c.sees(a); peer.Addresses[0].Addr() != netip.MustParseAddr("192.168.7.1") {
			t.Errorf("addresses %v", peer.Addresses)
		}

		// One that changes its address.
		a.nic.SetAddresses("10.0.9.9/16")
		pass(5 * time.Second)
		if peer, _ := b.sees(a); peer.Addresses[0].Addr() != netip.MustParseAddr("10.0.9.9") {
			t.Errorf("addresses %v", peer.Addresses)
		}

		// One that disappears. Colleagues behind it are dropped in time.
		nic.Detach()
		pass(5 * time.Second)
		if peer, _ := b.sees(a); slices.ContainsFunc(peer.Addresses, func(at netip.AddrPort) bool { return at.Addr() == netip.MustParseAddr("192.168.7.1") }) {
			t.Errorf("addresses %v", peer.Addresses)
		}
		pass(time.Minute)
		a.mustNotSee(c)
		a.mustSee(b)

		// A VPN, on which nothing can be spread, does no harm.
		vpn := a.host.Attach(o.world.Link("vpn"), "tun0", "10.99.0.2/32")
		vpn.PointToPoint()
		pass(time.Minute)
		a.mustSee(b)
		b.mustSee(a)
		if peer, _ := b.sees(a); peer.Addresses[0].Addr() != netip.MustParseAddr("10.0.9.9") {
			t.Errorf("addresses %v", peer.Addresses)
		}
	})
}

func TestWakingUp(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		var slept atomic.Int64
		a := o.hire("a")
		a.service.SetWall(func() time.Time { return time.Now().Add(time.Duration(slept.Load())) })
		a.start()
		b, c := o.hire("b").start(), o.hire("c").start()
		pass(21 * time.Second)
		// While a sleeps, c leaves, and nobody hears from a.
		a.nic.SetUp(false)
		c.stop()
		pass(time.Millisecond)
		b.mustNotSee(c)
		a.nic.SetUp(true)
		a.host.ResetCounters()
		slept.Store(int64(8 * time.Hour))
		pass(4 * time.Second)
		if sent := a.host.Counters().Sent.Datagrams; sent < 6 {
			t.Errorf("%d datagrams were sent", sent)
		}
		pass(14 * time.Second)
		a.mustSee(b)
		pass(14 * time.Second)
		a.mustNotSee(c)
		b.mustSee(a)
	})
}

func TestPeopleMove(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.hire("a").start(), o.hire("b").start()
		pass(10 * time.Second)
		b.nic.SetAddresses("10.0.77.7/16")
		b.say(func(self *discovery.Self) { self.Port = 6000 })
		pass(4 * time.Second)
		peer, ok := a.sees(b)
		if !ok || len(peer.Addresses) != 1 || peer.Addresses[0].String() != "10.0.77.7:6000" {
			t.Errorf("%v at %v", ok, peer.Addresses)
		}
		if a.losses() != 0 {
			t.Error("they were lost meanwhile")
		}
	})
}

func TestRestartOfAProgram(t *testing.T) {
	for _, back := range []time.Duration{0, time.Hour} {
		inBubble(t, func(t *testing.T, o *office) {
			a, b := o.hire("a").start(), o.hire("b").start()
			pass(10 * time.Second)
			before, _ := a.sees(b)
			b.kill()
			again := o.makeAs(b.id, "b", b.host)
			// The clock was set back, so all that they say looks old.
			again.service.SetWall(func() time.Time { return time.Now().Add(-back) })
			again.start()
			pass(4 * time.Second)
			after, ok := a.sees(b)
			if !ok || after.Instance == before.Instance || after.Addresses[0].Port() == before.Addresses[0].Port() {
				t.Errorf("clock back by %v: sees %+v", back, after)
			}
		})
	}
}

func TestGoodbye(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.hire("a").start(), o.hire("b").start()
		pass(10 * time.Second)
		b.stop()
		pass(time.Millisecond)
		a.mustNotSee(b)
	})
}

func TestWhoIsKilledIsProbedAndDropped(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.hire("a").start(), o.hire("b").start()
		pass(10 * time.Minute)
		b.kill()
		died := time.Now()
		pass(45 * time.Second)
		a.mustSee(b)
		a.host.ResetCounters()
		for ; ; pass(100 * time.Millisecond) {
			if _, ok := a.sees(b); !ok {
				break
			}
			if time.Since(died) > 2*time.Minute {
				t.Fatal("they are still seen")
			}
		}
		if took := time.Since(died); took < 50*time.Second {
			t.Errorf("dropped after %v", took)
		}
		if c := a.host.Counters().Sent; c.Bytes < 3*protocol.MaxDatagramBytes {
			t.Errorf("they were not asked: %+v", c)
		}
	})
}

// Who cannot spread, but answers, is not dropped.
func TestWhoAnswersStays(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.hire("a").start(), o.hire("b").start()
		pass(10 * time.Second)
		o.world.Filter(func(d memory.Datagram) bool { return d.Sender == "b" && d.Way != ether.Unicast })
		pass(10 * time.Minute)
		a.mustSee(b)
		if a.losses() > 0 {
			t.Error("they were lost meanwhile")
		}
	})
}

func TestSessionCountsAsHeard(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.hire("a").start(), o.hire("b").start()
		pass(10 * time.Second)
		dial(t, a, b)
		o.world.Filter(func(memory.Datagram) bool { return true })
		pass(10 * time.Minute)
		a.mustSee(b)
		b.say(func(self *discovery.Self) { self.Status = protocol.StatusBusy })
		pass(time.Second)
		if peer, _ := a.sees(b); peer.Status != protocol.StatusBusy {
			t.Errorf("status %v", peer.Status)
		}
		pass(10 * time.Minute)
		a.hangUp() // what kept them in sight
		pass(15 * time.Second)
		a.mustNotSee(b)
	})
}

func TestInvisible(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.hire("a").start(), o.hire("b").start()
		pass(10 * time.Second)
		b.say(func(self *discovery.Self) { self.Status = protocol.StatusOffline })
		pass(time.Second)
		a.mustNotSee(b)
		b.host.ResetCounters()
		c := o.hire("c").start()
		pass(5 * time.Minute)
		if got := ask(t, a, b.nicAddr().String()); len(got) != 0 {
			t.Errorf("answers of %v", got)
		}
		if sent := b.host.Counters().Sent.Datagrams; sent != 0 {
			t.Errorf("%d datagrams were sent", sent)
		}
		b.mustSee(a, c)
		a.mustNotSee(b)
		b.say(func(self *discovery.Self) { self.Status = protocol.StatusOnline })
		pass(time.Second)
		a.mustSee(b)
		c.mustSee(b)
	})
}

func TestPortInUse(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a := o.hire("a")
		a.host.Occupy(protocol.DiscoveryPort)
		a.start()
		b := o.hire("b").start()
		pass(5 * time.Second)
		b.mustSee(a) // a can still speak
		if state := a.service.State(); state.Trouble == nil || state.Port != protocol.DiscoveryPort || len(state.Interfaces) != 2 || !state.Visible {
			t.Errorf("%+v", state)
		}
		if state := b.service.State(); state.Trouble != nil || state.People != 1 || state.FirstHand != 1 || state.Announced.IsZero() {
			t.Errorf("%+v", state)
		}
	})
}
