package transport

import (
	"cmp"
	"net"
	"net/netip"
	"slices"
	"strconv"

	"feihong/transport/address"
)

// Addresses gives the host:port pairs at which colleagues can dial this node
// now, the likeliest first: IPv4 before IPv6, real interfaces before the
// bridges of virtual machines, loopback only if there is nothing else. It is
// empty for a node that only dials.
func (n *Node) Addresses() []string {
	if n.listener == nil {
		return nil
	}
	bound := addrPort(n.listener.Addr()).Addr()
	candidates := []candidate{{ip: bound}}
	if bound.IsUnspecified() {
		candidates = interfaceAddresses()
	}
	var list []string
	for _, one := range rank(candidates) {
		list = append(list, netip.AddrPortFrom(one.ip, n.port).String())
	}
	return list
}

type candidate struct {
	ip     netip.Addr
	device string
}

func interfaceAddresses() []candidate {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil
	}
	var list []candidate
	for _, device := range interfaces {
		if device.Flags&net.FlagUp == 0 {
			continue
		}
		addresses, err := device.Addrs()
		if err != nil {
			continue // it went away meanwhile
		}
		for _, a := range addresses {
			network, ok := a.(*net.IPNet)
			if !ok {
				continue
			}
			if ip, ok := netip.AddrFromSlice(network.IP); ok {
				list = append(list, candidate{ip.Unmap(), device.Name})
			}
		}
	}
	return list
}

// rank sorts the candidates and leaves out those that help nobody: link-local
// IPv6, because its zone is a name on this machine, and loopback beside
// others.
func rank(list []candidate) []candidate {
	list = slices.DeleteFunc(list, func(c candidate) bool {
		return len(list) > 1 && c.ip.Is6() && c.ip.IsLinkLocalUnicast()
	})
	others := slices.DeleteFunc(slices.Clone(list), func(c candidate) bool { return c.ip.IsLoopback() })
	if len(others) > 0 {
		list = others
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return cmp.Compare(a.rank(), b.rank()) })
	return list
}

func (c candidate) rank() int {
	rank := 0
	if c.ip.Is6() {
		rank = 4
	}
	if c.ip.IsLinkLocalUnicast() {
		rank += 2
	}
	if address.Virtual(c.device) {
		rank++
	}
	return rank
}

// addrPort reads the address of a connection or listener, with IPv4 inside
// IPv6 unwrapped. It is zero for what has no IP address.
func addrPort(a net.Addr) netip.AddrPort {
	if tcp, ok := a.(*net.TCPAddr); ok {
		ap := tcp.AddrPort()
		return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
	}
	if a == nil {
		return netip.AddrPort{}
	}
	ap, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}

// dialable is where a peer at ip who listens on port can be dialled, "" if
// nowhere.
func dialable(ip netip.Addr, port uint16) string {
	if port == 0 || !ip.IsValid() {
		return ""
	}
	return net.JoinHostPort(ip.String(), strconv.Itoa(int(port)))
}
