package socket

import (
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"
)

type ipv4Conn struct {
	*ipv4.PacketConn
	udp *net.UDPConn
}

// newIPv4 asks for all that is wanted. What a system cannot do, it does
// without.
func newIPv4(udp *net.UDPConn, c Config) ipv4Conn {
	conn := ipv4.NewPacketConn(udp)
	_ = conn.SetControlMessage(ipv4.FlagDst|ipv4.FlagInterface, true)
	_ = conn.SetMulticastLoopback(true)
	_ = conn.SetMulticastTTL(c.MulticastHops)
	if c.UnicastHops > 0 {
		_ = conn.SetTTL(c.UnicastHops)
	}
	return ipv4Conn{conn, udp}
}

func (c ipv4Conn) read(buffer []byte) (int, Origin, error) {
	n, info, from, err := c.ReadFrom(buffer)
	if err != nil {
		return 0, Origin{}, err
	}
	origin := Origin{From: source(from)}
	if info != nil {
		origin.Interface = info.IfIndex
		to, _ := netip.AddrFromSlice(info.Dst)
		origin.To = to.Unmap()
	}
	return n, origin, nil
}

func (c ipv4Conn) write(body []byte, to *net.UDPAddr, route Route) error {
	var info *ipv4.ControlMessage
	if route.control() {
		info = &ipv4.ControlMessage{IfIndex: route.Interface, Src: slice(route.Source)}
	}
	return writeNow(c.udp, c.PacketConn, body, info.Marshal(), to)
}

func (c ipv4Conn) choose(i *net.Interface) error                { return c.SetMulticastInterface(i) }
func (c ipv4Conn) join(i *net.Interface, group net.Addr) error  { return c.JoinGroup(i, group) }
func (c ipv4Conn) leave(i *net.Interface, group net.Addr) error { return c.LeaveGroup(i, group) }

// source gives the address a datagram came from, IPv4 never inside IPv6.
func source(from net.Addr) netip.AddrPort {
	udp, ok := from.(*net.UDPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	ap := udp.AddrPort()
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}

func slice(addr netip.Addr) net.IP {
	if !addr.IsValid() {
		return nil
	}
	return addr.AsSlice()
}
