package namespace

import (
	"net"
	"net/netip"
	"strconv"

	"feihong/transport/ether"
)

// Ether returns a network as it is on this host.
func (h *Host) Ether(of ether.Ether) ether.Ether { return hostEther{h, of} }

type hostEther struct {
	host *Host
	of   ether.Ether
}

func (e hostEther) Interfaces() (list []ether.Interface, err error) {
	e.host.Do(func() { list, err = e.of.Interfaces() })
	return list, err
}

func (e hostEther) Open(number int, passive bool) (ether.Port, error) {
	var opened ether.Port
	var err error
	e.host.Do(func() { opened, err = e.of.Open(number, passive) })
	if err != nil {
		return nil, err
	}
	return hostPort{opened, e.host}, nil
}

// hostPort is a port whose sockets are on the host. Only Follow opens more of
// them. Package net knows the names of the interfaces of one namespace only, so
// zones are translated here.
type hostPort struct {
	ether.Port
	host *Host
}

func (p hostPort) Follow(interfaces []ether.Interface) {
	p.host.Do(func() { p.Port.Follow(interfaces) })
}

func (p hostPort) Send(to netip.AddrPort, body []byte) error {
	return p.Port.Send(p.numbered(to), body)
}

func (p hostPort) Answer(to netip.AddrPort, from netip.Addr, body []byte) error {
	return p.Port.Answer(p.numbered(to), from, body)
}

func (p hostPort) Receive() (ether.Packet, error) {
	packet, err := p.Port.Receive()
	if packet.From.Addr().Zone() != "" {
		p.host.Do(func() {
			if i, err := net.InterfaceByIndex(packet.Interface); err == nil {
				packet.From = netip.AddrPortFrom(packet.From.Addr().WithZone(i.Name), packet.From.Port())
			}
		})
	}
	return packet, err
}

// numbered gives the zone as the index of an interface of the host.
func (p hostPort) numbered(to netip.AddrPort) netip.AddrPort {
	zone := to.Addr().Zone()
	if zone == "" {
		return to
	}
	p.host.Do(func() {
		if i, err := net.InterfaceByName(zone); err == nil {
			zone = strconv.Itoa(i.Index)
		}
	})
	return netip.AddrPortFrom(to.Addr().WithZone(zone), to.Port())
}
