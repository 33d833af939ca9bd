package ether_test

import (
	"net/netip"
	"slices"
	"testing"

	"feihong/transport/ether"
	"feihong/transport/ether/socket"
)

// TestPacketOf: what the system tells of a datagram becomes a packet; also on
// a system that tells only who sent it.
func TestPacketOf(t *testing.T) {
	from := netip.MustParseAddrPort("10.1.0.2:4000")
	broadcasts := map[netip.Addr]bool{netip.MustParseAddr("10.1.0.255"): true, netip.MustParseAddr("255.255.255.255"): true}
	tests := []struct {
		name    string
		to      string
		private bool
		want    ether.Way
	}{
		{"to one", "10.1.0.1", false, ether.Unicast},
		{"to one, IPv6", "fe80::a", false, ether.Unicast},
		{"to the group", "239.255.42.50", false, ether.Multicast},
		{"to the group, IPv6", "ff02::4648:5eba", false, ether.Multicast},
		{"broadcast", "10.1.0.255", false, ether.Broadcast},
		{"limited broadcast", "255.255.255.255", false, ether.Broadcast},
		{"broadcast of another network", "10.2.0.255", false, ether.Unicast},
		{"not told", "", false, ether.Unicast},
		{"to the private port", "10.1.0.1", true, ether.Unicast},
		{"to the private port of all", "10.1.0.255", true, ether.Unicast},
		{"to the private port, not told", "", true, ether.Unicast},
	}
	for _, test := range tests {
		origin := socket.Origin{From: from, Interface: 3}
		if test.to != "" {
			origin.To = netip.MustParseAddr(test.to)
		}
		got := ether.PacketOf(origin, test.private, broadcasts, []byte("x"))
		if got.Way != test.want || got.Private != test.private || got.From != from || got.To != origin.To || got.Interface != 3 || string(got.Data) != "x" {
			t.Errorf("%s: got %+v, want %v", test.name, got, test.want)
		}
	}
}

// TestJoinable: what carries people comes first, and what cannot be joined not
// at all.
func TestJoinable(t *testing.T) {
	numbered := func(index int, change func(*ether.Interface), prefixes ...string) ether.Interface {
		i := with(prefixes...)
		i.Index = index
		change(&i)
		return i
	}
	same := func(*ether.Interface) {}
	list := []ether.Interface{
		numbered(1, func(i *ether.Interface) { i.Loopback, i.Multicast = true, false }, "127.0.0.1/8", "::1/128"),
		numbered(2, func(i *ether.Interface) { i.Virtual = true }, "172.17.0.1/16", "fe80::2/64"),
		numbered(3, same, "fe80::3/64"),
		numbered(4, func(i *ether.Interface) { i.PointToPoint = true }, "10.9.0.1/32"),
		numbered(5, func(i *ether.Interface) { i.Multicast = false }, "10.3.0.1/24"),
		numbered(6, same, "10.1.0.1/24", "fe80::6/64"),
		numbered(7, same),
		numbered(8, same, "10.2.0.1/24"),
	}
	if got, want := ether.Joinable(list, false), []int{6, 8, 1, 2, 4}; !slices.Equal(got, want) {
		t.Errorf("IPv4: got %v, want %v", got, want)
	}
	if got, want := ether.Joinable(list, true), []int{3, 6, 1, 2}; !slices.Equal(got, want) {
		t.Errorf("IPv6: got %v, want %v", got, want)
	}
}
