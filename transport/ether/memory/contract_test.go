package memory_test

import (
	"net/netip"
	"testing"
	"testing/synctest"

	"feihong/transport/ether"
	"feihong/transport/ether/ethertest"
	"feihong/transport/ether/memory"
)

func TestContract(t *testing.T) {
	ethertest.Run(t, func(testing.TB) ethertest.Place {
		world := memory.New()
		link, other := world.Link("link"), world.Link("other")
		a, b, c := world.Host("a"), world.Host("b"), world.Host("c")
		a.Attach(link, "eth0", "10.1.0.1/24", "fe80::a/64")
		b.Attach(link, "eth0", "10.1.0.2/24", "fe80::b/64")
		c.Attach(other, "eth0", "10.1.0.3/24", "fe80::c/64")
		return ethertest.Place{A: a, B: b, C: c}
	})
}

// TestBlind: a host whose system tells nothing still finds out who asked, and
// answers; whatever comes looks as if it was meant for it alone.
func TestBlind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		world := memory.New()
		link := world.Link("link")
		a, b := world.Host("a"), world.Host("b")
		a.Attach(link, "eth0", "10.1.0.1/24", "fe80::a/64")
		b.Attach(link, "eth0", "10.1.0.2/24", "fe80::b/64")
		b.Blind()
		alice, bob := listen(t, a), listen(t, b)
		defer alice.close()
		defer bob.close()
		all, err := a.Interfaces()
		if err != nil {
			t.Fatal(err)
		}
		if err := alice.port.Spread(all[1], []byte("to all")); err != nil {
			t.Fatal(err)
		}
		for _, to := range []string{"10.1.0.2:24250", "[fe80::b%eth0]:24250"} {
			if err := alice.port.Send(netip.MustParseAddrPort(to), []byte("to you")); err != nil {
				t.Fatal(err)
			}
		}
		wait()
		got := bob.got[ether.Unicast]
		if len(got) != 5 || len(bob.got) != 1 {
			t.Fatalf("got %v", bob.got)
		}
		for _, packet := range got {
			zone := packet.From.Addr().Zone()
			if packet.To.IsValid() || packet.Interface != 0 || packet.Private || (zone == "eth0") != packet.From.Addr().Is6() {
				t.Errorf("got %+v", packet)
			}
			if err := bob.port.Answer(packet.From, netip.MustParseAddr("10.1.0.9"), []byte("here")); err != nil {
				t.Error(err)
			}
		}
		wait()
		if answers := alice.got[ether.Unicast]; len(answers) != 5 || !answers[0].To.IsValid() || answers[0].Interface == 0 {
			t.Errorf("answered: %v", answers)
		}
	})
}
