package discovery_test

import (
	"net/netip"
	"testing"
	"time"

	"feihong/protocol"
	"feihong/transport/discovery"
	"feihong/transport/identity"
)

// invention is somebody who does not exist, but announces often.
type invention struct {
	office *office
	person *person
	count  uint64
}

func (o *office) invention() *invention {
	return &invention{office: o, person: &person{office: o, host: o.world.Host("nowhere"), id: o.identity()}}
}

// announce sends the next announcement of theirs to somebody, from an address.
func (i *invention) announce(to *person, from netip.Addr) {
	i.count++
	signed := i.person.signed(func(a *protocol.Announcement) {
		a.Addresses, a.Port = []netip.Addr{from}, 99
		a.Sequence += i.count
	})
	body := datagram(i.office.t, &protocol.Announce{Signed: signed})
	i.office.lan.Forge(netip.AddrPortFrom(from, 40000), netip.AddrPortFrom(to.nicAddr(), port), body)
}

// timesLost is how often p lost sight of another.
func (p *person) timesLost(other *person) (n int) {
	_, lost, _ := p.told()
	for _, id := range lost {
		if id == other.id.PeerID() {
			n++
		}
	}
	return n
}

// Invented people who seem to be on a colleague's machine do not push the
// colleague out, however often they announce.
func TestInventedPeopleAtAColleaguesAddress(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.hire("a").start(), o.hire("b").start()
		pass(40 * time.Second)
		crowd := make([]*invention, discovery.MaxFromSource+20)
		for i := range crowd {
			crowd[i] = o.invention()
		}
		for range 6 {
			for _, one := range crowd {
				one.announce(a, b.nicAddr())
				pass(25 * time.Millisecond)
			}
		}
		if a.count() < discovery.MaxFromSource/2 {
			t.Fatalf("only %d people are seen", a.count())
		}
		if n := a.timesLost(b); n > 0 {
			t.Errorf("the colleague was lost %d times", n)
		}
		a.mustSee(b)
	})
}

// On a terminal server there are many programs, and all are seen.
func TestManyProgramsOnOneMachine(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		o.open = memoized()
		a := o.hire("a").start()
		host := o.world.Host("server")
		host.Attach(o.lan, "eth0", "10.0.40.40/16")
		const programs = 80
		for range programs {
			o.make("user", host).start()
		}
		pass(2 * time.Minute)
		if a.count() != programs {
			t.Errorf("%d are seen", a.count())
		}
		lost, found := a.losses(), a.timesFound()
		pass(5 * time.Minute)
		if a.losses() != lost || a.timesFound() != found {
			t.Errorf("%d were lost and %d found, though nothing happened", a.losses()-lost, a.timesFound()-found)
		}
	})
}

func (o *office) identity() *identity.Identity {
	id, err := identity.Generate()
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}
