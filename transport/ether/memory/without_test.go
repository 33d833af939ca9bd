package memory_test

import (
	"testing"
	"testing/synctest"
	"time"

	"feihong/transport/ether"
	"feihong/transport/ether/ethertest"
	"feihong/transport/ether/memory"
)

// An ether that leaves nothing out is like any other.
func TestContractWithout(t *testing.T) {
	ethertest.Run(t, func(testing.TB) ethertest.Place {
		world := memory.New()
		link, other := world.Link("link"), world.Link("other")
		a, b, c := world.Host("a"), world.Host("b"), world.Host("c")
		a.Attach(link, "eth0", "10.1.0.1/24", "fe80::a/64")
		b.Attach(link, "eth0", "10.1.0.2/24", "fe80::b/64")
		c.Attach(other, "eth0", "10.1.0.3/24", "fe80::c/64")
		none := func(string) bool { return false }
		return ethertest.Place{A: ether.Without(a, none), B: ether.Without(b, none), C: c}
	})
}

// Of two links, the one that is left out is neither listed nor heard.
func TestWithoutAnInterface(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		world := memory.New()
		used, left := world.Link("used"), world.Link("left")
		a, b := world.Host("a"), world.Host("b")
		a.Attach(used, "eth0", "10.1.0.1/24")
		a.Attach(left, "eth1", "10.2.0.1/24")
		b.Attach(used, "eth0", "10.1.0.2/24")
		b.Attach(left, "eth1", "10.2.0.2/24")
		without := ether.Without(b, func(name string) bool { return name == "eth1" })
		list, err := without.Interfaces()
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range list {
			if i.Name == "eth1" {
				t.Error("what is left out is listed")
			}
		}
		alice, err := a.Open(24250, false)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = alice.Close() }()
		bob, err := without.Open(24250, false)
		if err != nil {
			t.Fatal(err)
		}
		bob.Follow(list)
		heard := make(chan string, 10)
		go func() {
			for {
				packet, err := bob.Receive()
				if err != nil {
					close(heard)
					return
				}
				heard <- string(packet.Data)
			}
		}()
		all, err := a.Interfaces()
		if err != nil {
			t.Fatal(err)
		}
		alice.Follow(all)
		for _, i := range all {
			if !i.Loopback {
				if err := alice.Spread(i, []byte(i.Name)); err != nil {
					t.Error(err)
				}
			}
		}
		time.Sleep(time.Second) // of the world in memory
		synctest.Wait()
		if err := bob.Close(); err != nil {
			t.Error(err)
		}
		times := 0
		for name := range heard {
			times++
			if name != "eth0" {
				t.Errorf("heard %s", name)
			}
		}
		if times == 0 {
			t.Error("nothing is heard on the interface that is used")
		}
	})
}
