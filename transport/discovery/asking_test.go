package discovery_test

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"feihong/transport/discovery"
	"feihong/transport/ether"
	"feihong/transport/ether/memory"
)

func TestTwoOnOneMachine(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		alone := o.world.Host("alone")
		a, b := o.make("a", alone).start(), o.make("b", alone).start()
		pass(time.Second)
		a.mustSee(b)
		b.mustSee(a)
		peer, _ := a.sees(b)
		if want := fmt.Sprintf("127.0.0.1:%d", b.self.Port); peer.Addresses[0].String() != want {
			t.Errorf("addresses %v, want %s first", peer.Addresses, want)
		}
		for _, addr := range []string{"127.0.0.1", "::1"} {
			if got := ask(t, a, addr); !slices.Equal(got, []string{"b"}) {
				t.Errorf("at %s: %v", addr, got)
			}
		}
	})
}

func TestAllOnAMachineAreOfferedByItsAddress(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		server := o.world.Host("server")
		server.Attach(o.lan, "eth0", "10.0.5.5/16")
		a, b := o.make("a", server).start(), o.make("b", server).start()
		asker := o.hire("asker", func(c *discovery.Config) { c.Passive = true }).start()
		pass(10 * time.Second)
		began := time.Now()
		if got := ask(t, asker, "10.0.5.5"); !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("answers of %v", got)
		}
		if took := time.Since(began); took > 200*time.Millisecond {
			t.Errorf("took %v", took)
		}
		began = time.Now()
		if got := ask(t, asker, "10.0.5.6"); len(got) != 0 {
			t.Errorf("answers of %v", got)
		}
		if took := time.Since(began); took < 900*time.Millisecond || took > 1100*time.Millisecond {
			t.Errorf("took %v", took)
		}
		if got := ask(t, a, "10.0.5.5"); !slices.Equal(got, []string{"b"}) {
			t.Errorf("answers of %v", got)
		}
		if a.service.Peers(); asker.host.Counters().Sent.Datagrams > 4 {
			t.Error("a passive service announced itself")
		}
		if _, ok := b.sees(asker); ok {
			t.Error("a passive service is seen")
		}
	})
}

// The first tries of a question may get lost.
func TestAskTriesAgain(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.hire("a").start(), o.hire("b").start()
		pass(time.Second)
		tries := 0
		o.world.Filter(func(d memory.Datagram) bool {
			if d.Way == ether.Unicast && d.Sender == "a" {
				tries++
			}
			return tries < 3
		})
		if got := ask(t, a, "10.0.0.3"); !slices.Equal(got, []string{"b"}) {
			t.Errorf("answers of %v", got)
		}
		o.world.Filter(func(d memory.Datagram) bool { return true })
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		began := time.Now()
		if peers, err := a.service.Ask(ctx, b.nicAddr()); err != nil || len(peers) != 0 || time.Since(began) > 101*time.Millisecond {
			t.Errorf("%v, %v after %v", peers, err, time.Since(began))
		}
	})
}

func (p *person) nicAddr() netip.Addr {
	interfaces, _ := p.host.Interfaces()
	return interfaces[1].Addresses[0].Addr()
}

// ask returns the names of those who answered.
func ask(t *testing.T, p *person, addr string) []string {
	t.Helper()
	peers, err := p.service.Ask(context.Background(), netip.MustParseAddr(addr))
	if err != nil {
		t.Error(err)
	}
	var names []string
	for _, peer := range peers {
		names = append(names, peer.Name)
		if len(peer.Addresses) == 0 {
			t.Errorf("%s cannot be dialled", peer.Name)
		}
	}
	slices.Sort(names)
	return names
}

func TestCall(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b, c := o.hire("a").start(), o.hire("b").start(), o.hire("c").start()
		pass(10 * time.Second)
		for range 10 {
			a.service.Call(b.id.PeerID())
		}
		pass(time.Second)
		if len(b.callers()) != 1 || b.callers()[0].ID != a.id.PeerID() || len(b.callers()[0].Addresses) == 0 {
			t.Errorf("called: %v", b.callers())
		}
		if len(c.callers()) != 0 {
			t.Error("somebody else was called")
		}
		pass(5 * time.Second)
		a.service.Call(b.id.PeerID())
		pass(time.Second)
		if len(b.callers()) != 2 {
			t.Errorf("called %d times", len(b.callers()))
		}
	})
}

func TestRangesAndRememberedPeople(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.subnets(2, 3)
		ranges, err := discovery.ParseRanges([]string{"10.2.0.1-2"})
		if err != nil {
			t.Fatal(err)
		}
		searcher := o.make("searcher", o.world.Host("searcher"), func(c *discovery.Config) {
			c.Ranges = func() []discovery.Range { return ranges }
		})
		searcher.host.Attach(o.lan, "eth0", "10.1.0.100/24")
		rememberer := o.make("rememberer", o.world.Host("rememberer"), func(c *discovery.Config) {
			c.Remembered = func() []netip.Addr { return []netip.Addr{b[2].nicAddr()} }
		})
		rememberer.host.Attach(o.lan, "eth0", "10.1.0.101/24")
		for _, p := range o.people {
			p.start()
		}
		pass(3 * time.Second)
		searcher.mustSee(b[0], b[1])
		searcher.mustNotSee(b[2])
		b[0].mustSee(searcher)
		rememberer.mustSee(b[2])
		a[0].mustNotSee(b[0])

		// What is entered later is found when the user says so.
		ranges, _ = discovery.ParseRanges([]string{"10.2.0.0/24"})
		searcher.service.Search()
		pass(3 * time.Second)
		searcher.mustSee(b...)
	})
}

// Ranges are searched at a pace, more slowly on our own links.
func TestRangesArePaced(t *testing.T) {
	for _, test := range []struct {
		network     string
		least, most int64
		within      time.Duration
	}{
		{"10.0.128.0/24", 40, 60, 10 * time.Second},
		{"10.9.128.0/21", 150, 250, 16 * time.Second},
	} {
		inBubble(t, func(t *testing.T, o *office) {
			o.world.Join(o.lan)
			ranges, _ := discovery.ParseRanges([]string{test.network})
			a := o.hire("a", func(c *discovery.Config) { c.Ranges = func() []discovery.Range { return ranges } }).start()
			pass(5 * time.Second)
			a.host.ResetCounters()
			pass(time.Second)
			if sent := a.host.Counters().Sent.Datagrams; sent < test.least || sent > test.most {
				t.Errorf("%s: %d questions in a second", test.network, sent)
			}
			pass(test.within)
			a.host.ResetCounters()
			pass(time.Second)
			if sent := a.host.Counters().Sent.Datagrams; sent > 10 {
				t.Errorf("%s: %d datagrams when all were asked", test.network, sent)
			}
		})
	}
}
