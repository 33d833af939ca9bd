package discovery_test

import (
	"bytes"
	"context"
	"net/netip"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"feihong/protocol"
	"feihong/transport/discovery"
	"feihong/transport/ether"
	"feihong/transport/ether/memory"
)

const port = protocol.DiscoveryPort

// day is a difference of sequence numbers.
const day = 24 * 3_600_000

// tapped keeps the datagrams that match.
func (o *office) tapped(match func(memory.Datagram) bool) *[][]byte {
	kept := new([][]byte)
	o.world.Filter(func(d memory.Datagram) bool {
		if match(d) {
			*kept = append(*kept, append([]byte(nil), d.Data...))
		}
		return false
	})
	return kept
}

// attacker is somebody on the LAN with a port, who speaks as they like.
func (o *office) attacker() (ether.Port, *memory.Host) {
	host := o.world.Host("attacker")
	host.Attach(o.lan, "eth0", "10.0.66.66/16")
	p, err := host.Open(port, true)
	if err != nil {
		o.t.Fatal(err)
	}
	return p, host
}

func spreadOn(t *testing.T, p ether.Port, host *memory.Host, body []byte) {
	t.Helper()
	interfaces, _ := host.Interfaces()
	if err := p.Spread(interfaces[1], body); err != nil {
		t.Fatal(err)
	}
}

func TestReplayedAnnouncementsChangeNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.hire("a").start(), o.hire("b").start()
		copies := o.tapped(func(d memory.Datagram) bool { return d.Sender == "b" && d.Receiver == "a" && d.Way == ether.Multicast })
		pass(5 * time.Second)
		b.say(func(self *discovery.Self) { self.StatusText = "first" })
		pass(time.Second)
		b.say(func(self *discovery.Self) { self.StatusText = "second" })
		pass(time.Second)
		b.stop() // with a goodbye
		pass(time.Second)
		o.world.Filter(nil)
		heard := append([][]byte(nil), *copies...)
		if len(heard) < 6 {
			t.Fatalf("only %d datagrams", len(heard))
		}

		// Who left does not come back by what they said before.
		attacker, host := o.attacker()
		for _, body := range heard {
			spreadOn(t, attacker, host, body)
			o.lan.Forge(netip.AddrPortFrom(b.nicAddr(), 40000), netip.AddrPortFrom(a.nicAddr(), port), body)
			pass(time.Second)
			a.mustNotSee(b)
		}

		// Nor do they leave by an old goodbye, nor say what they said before.
		again := o.makeAs(b.id, "b", b.host).start()
		pass(5 * time.Second)
		found := a.timesFound()
		for _, body := range heard {
			o.lan.Forge(netip.AddrPortFrom(b.nicAddr(), 40000), netip.AddrPortFrom(a.nicAddr(), port), body)
			pass(10 * time.Millisecond)
		}
		if peer, ok := a.sees(again); !ok || peer.StatusText != "" || a.timesFound() > found+1 {
			t.Errorf("a sees %v %+v, told %d times", ok, peer, a.timesFound()-found)
		}
	})
}

// Repeating what somebody says does not keep them alive.
func TestReplayDoesNotProlongLife(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.hire("a").start(), o.hire("b").start()
		copies := o.tapped(func(d memory.Datagram) bool { return d.Sender == "b" && d.Way == ether.Multicast })
		pass(10 * time.Second)
		b.kill()
		last := (*copies)[len(*copies)-1]
		for range 30 {
			pass(5 * time.Second)
			o.lan.Forge(netip.AddrPortFrom(b.nicAddr(), 40000), netip.AddrPortFrom(a.nicAddr(), port), last)
		}
		a.mustNotSee(b)
	})
}

func TestForgedAndStaleAnnouncementsChangeNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a := o.hire("a").start()
		ghost, real := o.hire("ghost"), o.hire("real").start()
		pass(5 * time.Second)
		found := a.timesFound()
		attacker, host := o.attacker()
		spreadSigned := func(signed []byte) {
			spreadOn(t, attacker, host, datagram(t, &protocol.Announce{Signed: signed, Want: true}))
			pass(5 * time.Second)
		}

		old := ghost.signed(func(a *protocol.Announcement) { a.Sequence -= 2 * day })
		spreadSigned(old)
		future := ghost.signed(func(a *protocol.Announcement) { a.Sequence += 2 * day })
		spreadSigned(future)
		for at := range 64 {
			forged := real.signed(func(a *protocol.Announcement) { a.Name = "mallory" })
			forged[at] ^= 1
			spreadSigned(forged)
		}
		forged := real.signed(nil)
		forged[len(forged)-1] ^= 1
		spreadSigned(forged)
		a.mustNotSee(ghost)
		if peer, _ := a.sees(real); peer.Name != "real" || a.timesFound() != found {
			t.Errorf("sees %+v, told %d times", peer, a.timesFound()-found)
		}

		// Whose clock is wrong is believed when they answer.
		wrong := o.hire("wrong")
		wrong.service.SetWall(func() time.Time { return time.Now().Add(-100 * 24 * time.Hour) })
		wrong.start()
		pass(5 * time.Second)
		a.mustSee(wrong)
		pass(time.Minute)
		wrong.mustSee(a) // to whom all other clocks are wrong
		pass(10 * time.Minute)
		a.mustSee(wrong)
		wrong.mustSee(a)
	})
}

func TestInventedPeopleHideNobody(t *testing.T) {
	for _, test := range []struct {
		name   string
		source func(i int) netip.Addr
		most   int // of them that may be seen
	}{
		{"from one address", func(int) netip.Addr { return netip.MustParseAddr("10.0.66.66") }, discovery.MaxFromSource},
		{"from many", func(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, byte(100 + i/250), byte(i%250 + 1)}) }, discovery.MaxPeople},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, o *office) {
				a := o.hire("a").start()
				before, after := o.hire("before").start(), o.hire("after")
				pass(40 * time.Second)
				count := 10_000
				if raceEnabled {
					count = 5_000 // still more than there is room for
				}
				for i := range count {
					from := test.source(i)
					body := datagram(t, &protocol.Announce{Want: true, Known: 60000, Signed: o.invented(func(a *protocol.Announcement) {
						a.Addresses = []netip.Addr{from}
					})})
					o.lan.Forge(netip.AddrPortFrom(from, 40000), netip.AddrPortFrom(a.nicAddr(), port), body)
					pass(time.Millisecond)
				}
				pass(10 * time.Millisecond)
				if n := a.count(); n > test.most+1 || n < test.most/2 {
					t.Errorf("%d people are seen", n)
				}
				if sizes := a.service.Sizes(); sizes.People > discovery.MaxPeople || sizes.Sources > 8192 || sizes.Gone > 4096 ||
					sizes.Hashes > sizes.People || sizes.Pending > 256 {
					t.Errorf("%+v", sizes)
				}
				a.mustSee(before)
				after.start()
				pass(time.Second)
				a.mustSee(before, after)
				pass(5 * time.Minute)
				a.mustSee(before, after)
				if n := a.count(); n > 2 {
					t.Errorf("%d people are seen long after", n)
				}
				if sizes := a.service.Sizes(); sizes.Inquiries > 0 || sizes.Pending > 0 {
					t.Errorf("%+v", sizes)
				}
			})
		})
	}
}

// A colleague who is heard in the middle of a flood gets in.
func TestColleagueComesInAFlood(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.hire("a").start(), o.hire("b")
		pass(5 * time.Second)
		forged := o.invented(func(*protocol.Announcement) {})
		key, _, _, err := protocol.PeekAnnouncement(forged)
		if err != nil {
			t.Fatal(err)
		}
		body := datagram(t, &protocol.Announce{Signed: forged})
		at := bytes.Index(body, key)
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() {
			defer close(done)
			for i := 0; ctx.Err() == nil; i++ {
				// As cheap as can be: anything in place of a key.
				body[at], body[at+1] = byte(i), byte(i>>8)
				from := netip.AddrFrom4([4]byte{10, 0, 200, byte(i%250 + 1)})
				o.lan.Forge(netip.AddrPortFrom(from, 40000), netip.AddrPortFrom(a.nicAddr(), port), body)
				pass(20 * time.Microsecond)
			}
		}()
		pass(time.Second)
		b.start()
		pass(2 * time.Second)
		a.mustSee(b)
		b.mustSee(a)
		stop()
		<-done
	})
}

// People of one record take little memory, whoever they are.
func TestMemoryPerPerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const people = 1000
		o := newOffice(t)
		bodies := make([][]byte, people)
		for i := range bodies {
			from := netip.AddrFrom4([4]byte{10, 0, byte(i / 250), byte(i%250 + 1)})
			bodies[i] = datagram(t, &protocol.Announce{Signed: o.invented(func(a *protocol.Announcement) {
				a.Name, a.Host, a.Department, a.Port = "Zhang San", "sales-pc-0815", "Sales", 50000
				a.Addresses = []netip.Addr{from}
			})})
		}
		feeder := newFeeder(t, o)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		for i, body := range bodies {
			from := netip.AddrFrom4([4]byte{10, 0, byte(i / 250), byte(i%250 + 1)})
			feeder.Feed(ether.Packet{From: netip.AddrPortFrom(from, 4000), Interface: 2, Way: ether.Multicast, Data: body})
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		if n := len(feeder.Peers()); n != people {
			t.Fatalf("%d people", n)
		}
		each := int64(after.HeapAlloc-before.HeapAlloc) / people
		t.Logf("%d bytes for each person", each)
		if each > 4096 {
			t.Errorf("%d bytes for each person", each)
		}
		runtime.KeepAlive(feeder)
	})
}

func newFeeder(t testing.TB, o *office) *discovery.Feeder {
	host := o.world.Host("feeder")
	host.Attach(o.lan, "eth0", "10.0.0.1/16", "fe80::1/64")
	p := o.make("feeder", host, func(c *discovery.Config) { c.Handler = nil })
	opened, err := host.Open(port, false)
	if err != nil {
		t.Fatal(err)
	}
	return discovery.NewFeeder(p.service, opened)
}
