package discovery_test

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"feihong/protocol"
	"feihong/transport/discovery"
	"feihong/transport/ether"
	"feihong/transport/ether/memory"
)

// meet lets p have a session with a teller who is on no link of p's.
func (p *person) meet(teller *person, sequence uint64) *fakeSession {
	s := &fakeSession{peer: teller.id.PeerID()}
	p.service.Up(s)
	p.service.Receive(s, presence(p.office.t, &protocol.Present{Signed: teller.signed(func(a *protocol.Announcement) {
		a.Addresses = []netip.Addr{netip.MustParseAddr("10.77.0.1")}
		a.Sequence += sequence
	})}))
	pass(time.Millisecond)
	return s
}

// Somebody with a session cannot make us ask the world.
func TestListsMakeNoScanner(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		o.world.Join(o.lan)
		w := &watched{}
		a, teller := o.hire("a", w.watch).start(), o.hire("teller")
		pass(5 * time.Second)
		for round := range 3 {
			s := a.meet(teller, uint64(round))
			for frame := range 25 {
				m := &protocol.People{More: frame < 24}
				for i := range 40 {
					m.Told = append(m.Told, protocol.Told{Signed: o.invented(func(a *protocol.Announcement) {
						for k := range 4 {
							a.Addresses = append(a.Addresses, netip.AddrFrom4([4]byte{8, byte(round*4 + k), byte(frame), byte(i)}))
						}
					})})
				}
				a.service.Receive(s, presence(t, m))
			}
			pass(25 * time.Second)
			a.service.Down(s)
		}
		if n := a.count(); n > 1 {
			t.Errorf("%d people are shown who never answered", n-1)
		}
		if sum, most := w.counts("8.0.0.0/8"); sum < 400 || sum > 600 || most > 1 {
			t.Errorf("%d questions, %d at one address", sum, most)
		}
	})
}

// Nobody is asked at an address that means everybody.
func TestNobodyIsGreetedByBroadcast(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		w := &watched{}
		a, teller := o.hire("a", w.watch).start(), o.hire("teller")
		pass(5 * time.Second)
		s := a.meet(teller, 0)
		a.service.Receive(s, presence(t, &protocol.People{Told: []protocol.Told{{Signed: o.invented(func(a *protocol.Announcement) {
			a.Addresses = []netip.Addr{netip.MustParseAddr("10.0.255.255"), netip.MustParseAddr("10.0.0.0"), netip.MustParseAddr("172.16.5.5")}
		})}}}))
		pass(20 * time.Second)
		a.service.Down(s)
		everybody, _ := w.counts("10.0.255.255/32")
		nobody, _ := w.counts("10.0.0.0/32")
		if somebody, _ := w.counts("172.16.5.5/32"); everybody+nobody > 0 || somebody < 2 {
			t.Errorf("asked everybody %d times, nobody %d times, somebody %d times", everybody, nobody, somebody)
		}
	})
}

// Whom others tell of is shown when they answer, on our own link too.
func TestToldOnOurLink(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a := o.hire("a").start()
		teller, ghost, real := o.hire("teller"), o.hire("ghost"), o.hire("real")
		pass(5 * time.Second)
		o.world.Filter(func(d memory.Datagram) bool { return d.Way != ether.Unicast })
		real.start()
		s := a.meet(teller, 0)
		defer a.service.Down(s)
		yesterday := func(a *protocol.Announcement) { a.Sequence -= day * 23 / 24 }
		a.service.Receive(s, presence(t, &protocol.People{Told: []protocol.Told{
			{Signed: ghost.signed(yesterday)}, {Signed: real.signed(nil)},
		}}))
		pass(time.Second)
		a.mustSee(real)
		a.mustNotSee(ghost)
		for range 30 {
			pass(10 * time.Second)
			a.mustNotSee(ghost)
		}
	})
}

// A neighbour is believed about those of now alone, and whom nobody hears then
// is dropped soon.
func TestNeighboursVouch(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		o.open = memoized()
		for range 60 {
			o.hire("p").start()
		}
		now, before := o.hire("now"), o.hire("before")
		pass(40 * time.Second)
		var newcomer *person
		newcomer = o.hire("newcomer", func(c *discovery.Config) {
			c.Dial = func(_ context.Context, _ string, want protocol.PeerID) error {
				s := &fakeSession{peer: want}
				newcomer.service.Up(s)
				newcomer.service.Receive(s, presence(o.t, &protocol.People{Told: []protocol.Told{
					{Signed: now.signed(nil)},
					{Signed: before.signed(func(a *protocol.Announcement) { a.Sequence -= 10 * 60_000 })},
				}}))
				return nil
			}
		})
		newcomer.start()
		pass(500 * time.Millisecond)
		newcomer.mustSee(now)
		newcomer.mustNotSee(before)
		pass(70 * time.Second)
		newcomer.mustNotSee(now)
		newcomer.mustNotSee(before)
	})
}
