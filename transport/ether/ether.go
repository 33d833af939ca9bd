// Package ether gives discovery the network as it sees it: datagrams on the
// links of this machine, sent out of one chosen interface to everybody there,
// or to one address.
//
// It knows nothing of what the datagrams mean. What arrives is what anybody on
// the network cared to send: it is neither checked nor limited here. The real
// network is System; package memory has one for tests.
package ether

import (
	"cmp"
	"net/netip"
	"slices"
)

// Way is how a datagram came to us.
type Way uint8

// The ways of a datagram.
const (
	Multicast Way = 1 + iota
	Broadcast
	Unicast
)

// String returns the name of the way, in English and small letters.
func (w Way) String() string {
	switch w {
	case Multicast:
		return "multicast"
	case Broadcast:
		return "broadcast"
	case Unicast:
		return "unicast"
	}
	return "unknown"
}

// Interface is a network interface that is up.
type Interface struct {
	Index                                                 int    // as the system counts, above 0
	Name                                                  string // as the system says, like "eth0"
	Loopback, PointToPoint, Multicast, Broadcast, Virtual bool
	// Addresses are its addresses, each with its real prefix length. They are
	// without zone, link-local ones too, and never IPv4 in IPv6.
	Addresses []netip.Prefix
}

// Broadcasts returns the directed broadcast address of each IPv4 network of
// the interface: none for those of one or two addresses, nor for interfaces
// that do not broadcast.
func (i Interface) Broadcasts() []netip.Addr {
	if !i.Broadcast || i.PointToPoint || i.Loopback {
		return nil
	}
	var all []netip.Addr
	for _, prefix := range i.Addresses {
		if !prefix.Addr().Is4() || prefix.Bits() > 30 {
			continue
		}
		last := prefix.Addr().As4()
		for bit := prefix.Bits(); bit < 32; bit++ {
			last[bit/8] |= 0x80 >> (bit % 8)
		}
		if addr := netip.AddrFrom4(last); !slices.Contains(all, addr) {
			all = append(all, addr)
		}
	}
	return all
}

// Contains tells whether an address lies in one of the networks of the
// interface. Zones are not looked at.
func (i Interface) Contains(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	return slices.ContainsFunc(i.Addresses, func(prefix netip.Prefix) bool { return prefix.Contains(addr) })
}

// Joinable gives the indexes of the interfaces on which a multicast group of
// IPv4 or IPv6 is worth joining, the most important first: systems limit how
// many one socket can join. It leaves out those without multicast, and those
// without an address of the family.
func Joinable(interfaces []Interface, ipv6 bool) []int {
	list := slices.DeleteFunc(slices.Clone(interfaces), func(i Interface) bool {
		has := func(prefix netip.Prefix) bool { return prefix.Addr().Is6() == ipv6 }
		return !i.Multicast && !i.Loopback || !slices.ContainsFunc(i.Addresses, has)
	})
	slices.SortStableFunc(list, func(a, b Interface) int { return cmp.Compare(a.rank(), b.rank()) })
	indexes := make([]int, len(list))
	for n, i := range list {
		indexes[n] = i.Index
	}
	return indexes
}

// rank is the lower the likelier it is that people are on the link.
func (i Interface) rank() int {
	switch {
	case i.Virtual, i.PointToPoint:
		return 2
	case i.Loopback:
		return 1
	}
	return 0
}

// Equal tells whether two lists have the same interfaces with the same
// properties and addresses, in whatever order.
func Equal(a, b []Interface) bool {
	if len(a) != len(b) {
		return false
	}
	for _, one := range a {
		same := func(other Interface) bool { return one.equal(other) }
		if !slices.ContainsFunc(b, same) {
			return false
		}
	}
	return true
}

func (i Interface) equal(other Interface) bool {
	if i.Index != other.Index || i.Name != other.Name || i.Loopback != other.Loopback ||
		i.PointToPoint != other.PointToPoint || i.Multicast != other.Multicast ||
		i.Broadcast != other.Broadcast || i.Virtual != other.Virtual ||
		len(i.Addresses) != len(other.Addresses) {
		return false
	}
	for _, prefix := range i.Addresses {
		if !slices.Contains(other.Addresses, prefix) {
			return false
		}
	}
	return true
}

// Packet is a datagram that arrived.
type Packet struct {
	From      netip.AddrPort // who sent it; link-local IPv6 with its zone
	To        netip.Addr     // which of our addresses it was sent to; invalid if the system does not tell
	Interface int            // index of the interface it came in by; 0 if unknown
	// Way is Unicast where the system does not tell To (Windows): programs
	// there must answer questions. What came to all is then taken for a question
	// to us; against floods, protocols have to limit what they answer.
	Way     Way
	Private bool   // it came to the private port
	Data    []byte // valid until the next Receive
}

// Ether is the network as discovery sees it. It is safe for concurrent use.
type Ether interface {
	// Interfaces returns those that are up, read afresh at each call.
	Interfaces() ([]Interface, error)
	// Open opens the shared port with this number, and a private one. If it is
	// passive, it opens the private one alone. That the shared one cannot be
	// bound is no error: see Port.Trouble.
	Open(port int, passive bool) (Port, error)
}

// Port is the shared UDP port (IPv4 and IPv6), which other instances of any
// user on this machine may share, and a private port that nobody else has. It
// is safe for concurrent use, with Receive being called by one goroutine.
type Port interface {
	// Receive waits for the next datagram. Its error is net.ErrClosed after
	// Close.
	Receive() (Packet, error)
	// Follow joins the multicast groups on those interfaces where that is not
	// done yet, and forgets all others. It is to be called before the first
	// Spread and after each change.
	Follow([]Interface)
	// Nothing that sends waits: what there is no room for is dropped, with
	// ErrFull. Send and Answer leave room for the others.

	// Spread sends to everybody on a link, out of exactly this interface and
	// from the private port: to the multicast groups of IPv4 and IPv6 and to
	// its broadcast addresses. It fails if no way worked.
	Spread(i Interface, body []byte) error
	// Send sends from the private port to one address.
	Send(to netip.AddrPort, body []byte) error
	// Answer sends to one address from the shared port, so that a firewall
	// which saw the question lets the answer pass; with the source address
	// from, if that is valid.
	Answer(to netip.AddrPort, from netip.Addr, body []byte) error
	// PassOn sends to the other instances on this machine, over loopback only.
	PassOn(body []byte) error
	// Private returns the number of the private port.
	Private() uint16
	// Trouble says why the shared port could not be bound; nil if it is.
	Trouble() error
	// Close closes both ports. A second call does nothing.
	Close() error
}
