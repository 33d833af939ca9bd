package ether_test

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"feihong/protocol"
	"feihong/transport/ether"
	"feihong/transport/ether/namespace"
)

// TestNobodyThere: what is sent to addresses on the link where nobody is waits
// for ARP for seconds. That makes nobody wait who sends, and keeps nothing from
// being spread.
func TestNobodyThere(t *testing.T) {
	a, b := namespace.New(t), namespace.New(t)
	namespace.Link(a, "eth0", b, "eth0")
	a.Address("eth0", "10.1.0.1/16")
	b.Address("eth0", "10.1.0.2/16")
	there := a.Ether(ether.System())
	alice, bob := listen(t, there), listen(t, b.Ether(ether.System()))
	eth0 := named(t, there, "eth0")
	ways := map[string]func(to netip.AddrPort, body []byte) error{
		"Send":   alice.Send,
		"Answer": func(to netip.AddrPort, body []byte) error { return alice.Answer(to, eth0.Addresses[0].Addr(), body) },
	}
	// Send and Answer once took as long as ARP does, which is three seconds. A
	// busy machine may be slow, but not so slow.
	const slow = time.Second / 2
	question := make([]byte, protocol.MaxDatagramBytes)
	for name, send := range ways {
		dropped := 0
		for n := range 300 * 10 { // no buffer has room for so many
			to := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 1, 1 + byte(n%300/200), 1 + byte(n%200)}), number)
			begin := time.Now()
			err := send(to, question)
			if took := time.Since(begin); took > slow {
				t.Fatalf("%s number %d took %v", name, n, took)
			}
			if errors.Is(err, ether.ErrFull) {
				dropped++
			} else if err != nil {
				t.Fatalf("%s number %d: %v", name, n, err)
			}
		}
		if dropped == 0 {
			t.Errorf("%s: there was room for everything", name)
		}
	}
	begin := time.Now()
	if err := alice.Spread(eth0, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	bob.want("hello")
	if took := time.Since(begin); took > slow {
		t.Errorf("Spread took %v", took)
	}
	if err := alice.PassOn([]byte("to ourselves")); err != nil {
		t.Error(err)
	}
}

// TestManyInterfaces: a machine with more virtual interfaces than a socket can
// join groups on hears those on the real one, also if that comes last.
func TestManyInterfaces(t *testing.T) {
	a, b := namespace.New(t), namespace.New(t)
	b.Run("sh", "-c", "echo 2 > /proc/sys/net/ipv4/igmp_max_memberships") // mostly 20
	for n := range 2 {
		name := fmt.Sprintf("veth%d", n)
		namespace.Link(b, name, a, name)
		b.Address(name, fmt.Sprintf("172.%d.0.1/16", 20+n))
	}
	there, here := a.Ether(ether.System()), b.Ether(ether.System())
	alice, bob := listen(t, there), listen(t, here)
	namespace.Link(a, "eth0", b, "eth0")
	a.Address("eth0", "10.1.0.1/32") // no broadcast
	b.Address("eth0", "10.1.0.2/32")
	list := interfaces(t, here)
	if len(list) != 2+2 || !named(t, here, "veth1").Virtual {
		t.Fatalf("got %+v", list)
	}
	bob.Follow(list)
	if err := alice.Spread(named(t, there, "eth0"), []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if got := bob.want("hello"); got.Way != ether.Multicast {
		t.Errorf("came by %v", got.Way)
	}
	// Once the virtual ones are gone, and back, there is still room.
	bob.Follow([]ether.Interface{named(t, here, "lo")})
	bob.Follow(list)
	if err := alice.Spread(named(t, there, "eth0"), []byte("again")); err != nil {
		t.Fatal(err)
	}
	bob.want("again")
}
