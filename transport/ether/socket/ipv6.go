package socket

import (
	"net"
	"net/netip"
	"strconv"

	"golang.org/x/net/ipv6"
)

type ipv6Conn struct {
	*ipv6.PacketConn
	udp *net.UDPConn
}

// newIPv6 asks for all that is wanted. What a system cannot do, it does
// without.
func newIPv6(udp *net.UDPConn, c Config) ipv6Conn {
	conn := ipv6.NewPacketConn(udp)
	_ = conn.SetControlMessage(ipv6.FlagDst|ipv6.FlagInterface, true)
	_ = conn.SetMulticastLoopback(true)
	_ = conn.SetMulticastHopLimit(c.MulticastHops)
	if c.UnicastHops > 0 {
		_ = conn.SetHopLimit(c.UnicastHops)
	}
	return ipv6Conn{conn, udp}
}

func (c ipv6Conn) read(buffer []byte) (int, Origin, error) {
	n, info, from, err := c.ReadFrom(buffer)
	if err != nil {
		return 0, Origin{}, err
	}
	origin := Origin{From: source(from)}
	if info != nil {
		origin.Interface = info.IfIndex
		origin.To, _ = netip.AddrFromSlice(info.Dst)
	}
	return n, origin, nil
}

// write sends a datagram. The zone of a link-local destination says on all
// systems out of which interface.
func (c ipv6Conn) write(body []byte, to *net.UDPAddr, route Route) error {
	if route.Interface != 0 && (to.IP.IsLinkLocalMulticast() || to.IP.IsLinkLocalUnicast()) && to.Zone == "" {
		to.Zone = strconv.Itoa(route.Interface)
	}
	var info *ipv6.ControlMessage
	if route.control() {
		info = &ipv6.ControlMessage{IfIndex: route.Interface, Src: slice(route.Source.WithZone(""))}
	}
	return writeNow(c.udp, c.PacketConn, body, info.Marshal(), to)
}

func (c ipv6Conn) choose(i *net.Interface) error                { return c.SetMulticastInterface(i) }
func (c ipv6Conn) join(i *net.Interface, group net.Addr) error  { return c.JoinGroup(i, group) }
func (c ipv6Conn) leave(i *net.Interface, group net.Addr) error { return c.LeaveGroup(i, group) }
