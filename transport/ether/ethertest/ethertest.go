// Package ethertest is the contract of ether.Ether: what discovery relies on,
// as tests that the real network and the one in memory both pass.
package ethertest

import (
	"errors"
	"net"
	"net/netip"
	"slices"
	"testing"

	"feihong/protocol"
	"feihong/transport/ether"
)

// Place is where the contract is tested: three machines that run nothing yet.
// A and B are on one link, C is on another one, and no router joins them. Each
// has an IPv4 and an IPv6 address on its link, the latter link-local.
type Place struct{ A, B, C ether.Ether }

// number is the shared port of the tests.
const number = protocol.DiscoveryPort

// Run runs the contract, each test in a place where nothing is open.
func Run(t *testing.T, build func(t testing.TB) Place) {
	tests := []struct {
		name string
		test func(t *testing.T, place Place)
	}{
		{"interfaces", testInterfaces},
		{"spread", testSpread},
		{"spread stays on the link", testSpreadStays},
		{"spread over loopback", testSpreadLoopback},
		{"send", testSend},
		{"answer", testAnswer},
		{"answer from an address that is not ours", testAnswerForeign},
		{"pass on", testPassOn},
		{"passive", testPassive},
		{"long datagrams", testLong},
		{"follow", testFollow},
		{"close", testClose},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.test(t, build(t)) })
	}
}

func testInterfaces(t *testing.T, place Place) {
	list, err := place.A.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 {
		t.Fatalf("%d interfaces, want loopback and one more: %+v", len(list), list)
	}
	lo := list[slices.IndexFunc(list, func(i ether.Interface) bool { return i.Loopback })]
	if !lo.Contains(netip.MustParseAddr("127.0.0.1")) || !lo.Contains(netip.IPv6Loopback()) {
		t.Errorf("loopback has %v", lo.Addresses)
	}
	link := linkOf(t, place.A)
	if link.Index <= 0 || link.Index == lo.Index || link.Name == "" || !link.Multicast || !link.Broadcast || link.PointToPoint {
		t.Errorf("got %+v", link)
	}
	if len(link.Broadcasts()) != 1 || addressOf(t, place.A, true) == addressOf(t, place.B, true) {
		t.Errorf("got %+v and %+v", link, linkOf(t, place.B))
	}
	if again, err := place.A.Interfaces(); err != nil || !ether.Equal(list, again) {
		t.Errorf("then %+v, %v", again, err)
	}
}

func testSpread(t *testing.T, place Place) {
	a, sibling, b := open(t, place.A), open(t, place.A), open(t, place.B)
	if err := a.Spread(linkOf(t, place.A), []byte("hello")); err != nil {
		t.Fatal(err)
	}
	for _, receiver := range []*station{b, sibling} {
		ways := make(map[ether.Way]int)
		families := make(map[bool]int)
		for range 3 { // multicast of IPv4 and IPv6, broadcast
			got := receiver.next()
			if string(got.Data) != "hello" || got.Private {
				t.Fatalf("got %+v", got)
			}
			if got.From.Port() != a.Private() || !linkOf(t, place.A).Contains(got.From.Addr()) {
				t.Errorf("from %v, want the private port %d", got.From, a.Private())
			}
			if got.Way == ether.Multicast && got.To != protocol.MulticastGroup4 && got.To != protocol.MulticastGroup6 {
				t.Errorf("%v to %v", got.Way, got.To)
			}
			ways[got.Way]++
			families[got.From.Addr().Is4()]++
		}
		if ways[ether.Multicast] != 2 || ways[ether.Broadcast] != 1 || families[true] != 2 {
			t.Errorf("came by %v, IPv4 %v", ways, families)
		}
	}
}

func testSpreadStays(t *testing.T, place Place) {
	a, b, c := open(t, place.A), open(t, place.B), open(t, place.C)
	if err := a.Spread(linkOf(t, place.A), []byte("hello")); err != nil {
		t.Fatal(err)
	}
	b.next() // so it was on its way
	openPassive(t, place.C).send(c.at(number), "marker")
	c.want("marker")
}

func testSpreadLoopback(t *testing.T, place Place) {
	a, sibling, b := open(t, place.A), open(t, place.A), open(t, place.B)
	list, err := place.A.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	lo := list[slices.IndexFunc(list, func(i ether.Interface) bool { return i.Loopback })]
	if err := a.Spread(lo, []byte("to ourselves")); err != nil {
		t.Fatal(err)
	}
	if got := sibling.want("to ourselves"); !got.From.Addr().IsLoopback() || got.Way == ether.Unicast {
		t.Errorf("from %v by %v", got.From, got.Way)
	}
	a.send(b.at(number), "marker")
	b.want("marker")
}

func testSend(t *testing.T, place Place) {
	a, b := open(t, place.A), open(t, place.B)
	for _, is4 := range []bool{true, false} {
		shared, private := netip.AddrPortFrom(reach(t, place, is4), number), netip.AddrPortFrom(reach(t, place, is4), b.Private())
		a.send(shared, "to the shared port")
		got := b.want("to the shared port")
		checkUnicast(t, got, a, shared.Addr())
		if got.Private {
			t.Error("it says that it came to the private port")
		}
		if got.Interface != linkOf(t, place.B).Index {
			t.Errorf("came in by %d", got.Interface)
		}
		a.send(private, "to the private port")
		got = b.want("to the private port")
		checkUnicast(t, got, a, private.Addr())
		if !got.Private {
			t.Error("it says that it came to the shared port")
		}
		b.send(got.From, "back")
		if got := a.want("back"); !got.Private || got.From.Port() != b.Private() {
			t.Errorf("got %+v", got)
		}
	}
}

func checkUnicast(t *testing.T, got ether.Packet, from *station, to netip.Addr) {
	t.Helper()
	if got.Way != ether.Unicast || got.From.Port() != from.Private() || got.To.WithZone("") != to.WithZone("") {
		t.Errorf("got %+v, want it from port %d to %v", got, from.Private(), to)
	}
	if local := got.From.Addr().IsLinkLocalUnicast(); local && got.From.Addr().Zone() == "" {
		t.Errorf("from %v, which nobody could answer without a zone", got.From)
	}
}

func testAnswer(t *testing.T, place Place) {
	a, b := open(t, place.A), open(t, place.B)
	for _, is4 := range []bool{true, false} {
		asked := reach(t, place, is4)
		a.send(netip.AddrPortFrom(asked, number), "who is there?")
		question := b.want("who is there?")
		if err := b.Answer(question.From, question.To, []byte("I am")); err != nil {
			t.Fatal(err)
		}
		answer := a.want("I am")
		if answer.From != netip.AddrPortFrom(asked, number) || !answer.Private {
			t.Errorf("answered from %v, asked at %v", answer.From, asked)
		}
	}
}

func testAnswerForeign(t *testing.T, place Place) {
	a, b := open(t, place.A), open(t, place.B)
	to := netip.AddrPortFrom(addressOf(t, place.A, true), a.Private())
	for _, from := range []string{"192.0.2.77", "255.255.255.255", "239.255.42.50", "::1", ""} {
		source, _ := netip.ParseAddr(from)
		if err := b.Answer(to, source, []byte(from)); err != nil {
			t.Errorf("from %s: %v", from, err)
			continue
		}
		if got := a.want(from); got.From.Port() != number {
			t.Errorf("from %s: came from %v", from, got.From)
		}
	}
}

func testPassOn(t *testing.T, place Place) {
	a, b := open(t, place.A), open(t, place.B)
	siblings := []*station{open(t, place.A), open(t, place.A)}
	if err := a.PassOn([]byte("for all of us")); err != nil {
		t.Fatal(err)
	}
	for _, sibling := range siblings {
		got := sibling.want("for all of us")
		if !got.From.Addr().IsLoopback() || got.From.Port() != a.Private() || got.Private {
			t.Errorf("got %+v", got)
		}
	}
	a.send(b.at(number), "marker")
	b.want("marker")
}

func testPassive(t *testing.T, place Place) {
	b, passive := open(t, place.B), openPassive(t, place.A)
	if err := b.Spread(linkOf(t, place.B), []byte("hello")); err != nil {
		t.Fatal(err)
	}
	b.next() // its own
	passive.send(b.at(number), "who is there?")
	question := b.await("who is there?")
	if err := b.Answer(question.From, question.To, []byte("I am")); err != nil {
		t.Fatal(err)
	}
	passive.want("I am")
	if err := passive.Trouble(); err != nil {
		t.Error(err)
	}
}

func testLong(t *testing.T, place Place) {
	a, b := open(t, place.A), open(t, place.B)
	longest := make([]byte, protocol.MaxDatagramBytes)
	for _, to := range []uint16{number, b.Private()} {
		a.send(b.at(to), string(append(longest, 0)))
		a.send(b.at(to), string(make([]byte, 4*protocol.MaxDatagramBytes)))
		a.send(b.at(to), string(longest))
		b.want(string(longest))
		a.send(b.at(to), "")
		b.want("")
	}
}

func testFollow(t *testing.T, place Place) {
	a, b := open(t, place.A), open(t, place.B)
	link := linkOf(t, place.A)
	list, err := place.B.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	b.Follow(nil)
	b.Follow(list)
	b.Follow(list)
	b.Follow([]ether.Interface{{Index: 9999, Name: "gone", Multicast: true}, linkOf(t, place.B)})
	if err := a.Spread(link, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		b.want("hello")
	}
	link.Index = 9999
	link.Addresses = nil
	if err := a.Spread(link, []byte("hello")); err == nil {
		t.Error("spread on an interface that is not there")
	}
}

func testClose(t *testing.T, place Place) {
	port, err := place.A.Open(number, false)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() {
		_, err := port.Receive()
		ended <- err
	}()
	if err := port.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("Receive ended with %v", err)
	}
	if _, err := port.Receive(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Receive said %v", err)
	}
	if err := port.Close(); err != nil {
		t.Errorf("the second Close said %v", err)
	}
	port.Follow(nil)
	calls := map[string]error{
		"Spread": port.Spread(linkOf(t, place.A), []byte("x")),
		"Send":   port.Send(netip.MustParseAddrPort("127.0.0.1:9"), []byte("x")),
		"Answer": port.Answer(netip.MustParseAddrPort("127.0.0.1:9"), netip.Addr{}, []byte("x")),
		"PassOn": port.PassOn([]byte("x")),
	}
	for name, err := range calls {
		if !errors.Is(err, net.ErrClosed) {
			t.Errorf("%s said %v", name, err)
		}
	}
	again := open(t, place.A)
	again.send(again.at(number), "marker")
	again.want("marker")
}
