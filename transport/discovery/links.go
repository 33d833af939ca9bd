package discovery

import (
	"cmp"
	"net/netip"
	"slices"

	"feihong/protocol"
	"feihong/transport/ether"
)

var loopback4 = netip.AddrFrom4([4]byte{127, 0, 0, 1})

// links are the interfaces of this machine, as they were found last.
type links struct{ interfaces []ether.Interface }

// own tells whether an address is one of this machine.
func (l *links) own(addr netip.Addr) bool {
	addr = addr.WithZone("")
	for _, i := range l.interfaces {
		has := func(prefix netip.Prefix) bool { return prefix.Addr() == addr }
		if slices.ContainsFunc(i.Addresses, has) {
			return true
		}
	}
	return false
}

// here tells whether only a program on this machine should have an address.
func (l *links) here(addr netip.Addr) bool { return addr.IsLoopback() || l.own(addr) }

// common tells whether an address is in a network of this machine, which may be
// behind a tunnel.
func (l *links) common(addr netip.Addr) bool {
	return slices.ContainsFunc(l.interfaces, func(i ether.Interface) bool { return i.Contains(addr) })
}

// near tells whether an address is on a link of this machine. The network of a
// tunnel is not: it may be all of 10.0.0.0/8, and nothing is heard there that
// is spread.
func (l *links) near(addr netip.Addr) bool {
	return slices.ContainsFunc(l.interfaces, func(i ether.Interface) bool { return !i.PointToPoint && i.Contains(addr) })
}

// broadcast tells whether an address means everybody in a network of this
// machine, or nobody there.
func (l *links) broadcast(addr netip.Addr) bool {
	for _, i := range l.interfaces {
		if slices.Contains(i.Broadcasts(), addr) {
			return true
		}
		network := func(p netip.Prefix) bool { return p.Addr().Is4() && p.Bits() < 31 && p.Masked().Addr() == addr }
		if slices.ContainsFunc(i.Addresses, network) {
			return true
		}
	}
	return false
}

// onLink tells whether an address can be reached without a router.
func (l *links) onLink(addr netip.Addr) bool {
	return addr.IsLoopback() || addr.IsLinkLocalUnicast() || l.near(addr)
}

// name of an interface; "" if it is not there.
func (l *links) name(index int) string {
	for _, i := range l.interfaces {
		if i.Index == index {
			return i.Name
		}
	}
	return ""
}

// addresses returns those to announce, best first: of real interfaces before
// virtual ones, global before link-local ones, IPv4 first, and loopback only if
// there is nothing else.
func (l *links) addresses() []netip.Addr {
	type choice struct {
		addr netip.Addr
		rank int
	}
	var choices, last []choice
	for _, i := range l.interfaces {
		for _, prefix := range i.Addresses {
			addr, rank := prefix.Addr().WithZone(""), 0
			switch {
			case addr.IsLoopback():
				last = append(last, choice{addr, 0})
				continue
			case i.Loopback || addr.IsUnspecified() || addr.IsMulticast() || addr.Is4In6():
				continue
			case addr.IsLinkLocalUnicast():
				rank += 4
			}
			if i.Virtual || i.PointToPoint {
				rank += 2
			}
			if addr.Is6() {
				rank++
			}
			choices = append(choices, choice{addr, rank})
		}
	}
	if len(choices) == 0 {
		choices = last
	}
	slices.SortStableFunc(choices, func(a, b choice) int { return cmp.Compare(a.rank, b.rank) })
	var addrs []netip.Addr
	for _, c := range choices {
		if len(addrs) < protocol.MaxAnnouncedAddresses && !slices.Contains(addrs, c.addr) {
			addrs = append(addrs, c.addr)
		}
	}
	return addrs
}
