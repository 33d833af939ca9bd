package ether_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"feihong/protocol"
	"feihong/transport/ether"
	"feihong/transport/ether/namespace"
)

const number = protocol.DiscoveryPort

// patience is how long a test waits for a datagram.
const patience = 5 * time.Second

// listener is a port that keeps what it receives.
type listener struct {
	ether.Port
	t    testing.TB
	came chan ether.Packet
}

func listen(t testing.TB, e ether.Ether) *listener {
	t.Helper()
	port, err := e.Open(number, false)
	if err != nil {
		t.Fatal(err)
	}
	l := &listener{Port: port, t: t, came: make(chan ether.Packet, 100)}
	go func() {
		defer close(l.came)
		for {
			packet, err := port.Receive()
			if err != nil {
				return
			}
			packet.Data = slices.Clone(packet.Data)
			l.came <- packet
		}
	}()
	t.Cleanup(func() {
		_ = port.Close()
		for range l.came {
		}
	})
	return l
}

func (l *listener) want(text string) ether.Packet {
	l.t.Helper()
	select {
	case packet := <-l.came:
		if string(packet.Data) != text {
			l.t.Fatalf("%q came from %v, want %q", packet.Data, packet.From, text)
		}
		return packet
	case <-time.After(patience):
		l.t.Fatalf("nothing comes, want %q", text)
		return ether.Packet{}
	}
}

func interfaces(t testing.TB, e ether.Ether) []ether.Interface {
	t.Helper()
	list, err := e.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func named(t testing.TB, e ether.Ether, name string) ether.Interface {
	t.Helper()
	list := interfaces(t, e)
	at := slices.IndexFunc(list, func(i ether.Interface) bool { return i.Name == name })
	if at < 0 {
		t.Fatalf("there is no %s in %+v", name, list)
	}
	return list[at]
}

func pair(t testing.TB) (a, b *namespace.Host) {
	t.Helper()
	a, b = namespace.New(t), namespace.New(t)
	namespace.Link(a, "eth0", b, "eth0")
	a.Address("eth0", "10.1.0.1/24")
	b.Address("eth0", "10.1.0.2/24")
	return a, b
}

// TestLoopback: two profiles that are confined to their machine see each
// other. They see nobody else, and nobody else sees them.
func TestLoopback(t *testing.T) {
	a, b := pair(t)
	confined, open := a.Ether(ether.Loopback()), a.Ether(ether.System())
	list := interfaces(t, confined)
	if len(list) != 1 || !list[0].Loopback {
		t.Fatalf("got %+v", list)
	}
	alice, bob := listen(t, confined), listen(t, confined)
	colleague := listen(t, b.Ether(ether.System()))

	if err := alice.Spread(list[0], []byte("hello")); err != nil {
		t.Fatal(err)
	}
	for range 2 { // a multicast and a broadcast
		if got := bob.want("hello"); !got.From.Addr().IsLoopback() {
			t.Errorf("from %v", got.From)
		}
		alice.want("hello")
	}
	eth0 := named(t, open, "eth0")
	there := netip.MustParseAddrPort("10.1.0.2:24250")
	leaving := map[string]error{
		"Spread": alice.Spread(eth0, []byte("out")),
		"Send":   alice.Send(there, []byte("out")),
		"Answer": alice.Answer(there, netip.Addr{}, []byte("out")),
		"mapped": alice.Send(netip.AddrPortFrom(netip.MustParseAddr("::ffff:10.1.0.2"), number), []byte("out")),
	}
	for name, err := range leaving {
		if err == nil {
			t.Errorf("%s leaves the machine", name)
		}
	}
	// What the colleague sends is dropped, so the next that comes is Alice's.
	if err := colleague.Spread(named(t, b.Ether(ether.System()), "eth0"), []byte("from outside")); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the colleague hears only itself
		colleague.want("from outside")
	}
	if err := colleague.Send(netip.AddrPortFrom(netip.MustParseAddr("10.1.0.1"), bob.Private()), []byte("from outside")); err != nil {
		t.Fatal(err)
	}
	if err := alice.Send(netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), bob.Private()), []byte("marker")); err != nil {
		t.Fatal(err)
	}
	bob.want("marker")
}
