package memory

import (
	"errors"
	"net"
	"net/netip"
	"slices"
	"time"

	"feihong/protocol"
	"feihong/transport/ether"
)

// ErrNoRoute is the error of sending where no network leads.
var ErrNoRoute = errors.New("the network is unreachable")

// Port is the shared and the private port of one program on a host.
type Port struct {
	host    *Host
	shared  int // its number; 0 if it is not open
	group   int // the number of the shared port of others
	private int
	trouble error
	follows []int // indexes of interfaces, guarded by the lock of the world
	wake    chan struct{}
	queue
}

var (
	_ ether.Ether = (*Host)(nil)
	_ ether.Port  = (*Port)(nil)
)

// Receive waits for the next datagram. All receivers of a datagram are given
// the same bytes, which they must not change.
func (p *Port) Receive() (ether.Packet, error) {
	for {
		packet, ok, closed := p.take()
		if ok {
			return packet, nil
		}
		if closed {
			return ether.Packet{}, net.ErrClosed
		}
		<-p.wake
	}
}

func (q *queue) take() (packet ether.Packet, ok, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || q.first == len(q.packets) {
		return packet, false, q.closed
	}
	packet = q.packets[q.first]
	q.packets[q.first] = ether.Packet{}
	if q.first++; q.first == len(q.packets) {
		q.packets, q.first = q.packets[:0], 0
	}
	return packet, true, false
}

// put queues a datagram, if it is not too long and there is room. The caller
// holds the lock of the world.
func (p *Port) put(now time.Duration, packet ether.Packet) bool {
	if len(packet.Data) > protocol.MaxDatagramBytes {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if now-p.windowAt >= window {
		p.windowAt, p.inWindow = now, 0
	}
	p.inWindow++
	if p.closed || p.inWindow > burst || len(p.packets)-p.first > 16*burst {
		p.host.counted.Lost++
		return false
	}
	p.packets = append(p.packets, packet)
	p.signal()
	return true
}

func (p *Port) signal() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// Follow joins the groups on these interfaces and no others.
func (p *Port) Follow(interfaces []ether.Interface) {
	p.host.world.mu.Lock()
	defer p.host.world.mu.Unlock()
	p.follows = p.follows[:0]
	for _, i := range interfaces {
		p.follows = append(p.follows, i.Index)
	}
}

// Spread sends to everybody on a link.
func (p *Port) Spread(i ether.Interface, body []byte) error {
	w := p.host.world
	w.mu.Lock()
	defer w.mu.Unlock()
	if p.isClosed() {
		return net.ErrClosed
	}
	at := slices.IndexFunc(p.host.nics, func(nic *NIC) bool { return nic.index == i.Index && nic.up })
	if at < 0 {
		return ErrNoRoute
	}
	nic, body := p.host.nics[at], slices.Clone(body)
	sent := false
	if nic.properties.Multicast {
		for _, group := range []netip.Addr{group4, group6} {
			if from, ok := nic.source(group.Is4()); ok {
				p.spread(nic, from, ether.Multicast, group, body)
				sent = true
			}
		}
	}
	for _, to := range nic.properties.Broadcasts() {
		from, _ := nic.source(true)
		p.spread(nic, from, ether.Broadcast, to, body)
		sent = true
	}
	if !sent {
		return ErrNoRoute
	}
	return nil
}

func (p *Port) spread(nic *NIC, from netip.Addr, way ether.Way, to netip.Addr, body []byte) {
	f := flight{shared: p.group, datagram: Datagram{
		From: netip.AddrPortFrom(from, uint16(p.private)), To: netip.AddrPortFrom(to, uint16(p.group)),
		Way: way, Sender: p.host.name, Data: body,
	}}
	if nic.loopback() {
		f.hops = []hop{{p.host, nic}}
		p.host.world.launch(f)
		return
	}
	p.host.counted.Sent.add(body)
	f.datagram.Link = nic.link.name
	for _, other := range nic.link.nics {
		if way == ether.Multicast || slices.Contains(other.properties.Broadcasts(), to) {
			f.hops = append(f.hops, hop{other.host, other})
		}
	}
	p.host.world.launch(f)
}

// source is the address that the interface sends from: for IPv6, a link-local
// one if there is one, as a multicast on the link needs.
func (n *NIC) source(is4 bool) (netip.Addr, bool) {
	var found netip.Addr
	for _, prefix := range n.properties.Addresses {
		addr := prefix.Addr()
		if addr.Is4() == is4 && (!found.IsValid() || addr.IsLinkLocalUnicast()) {
			found = addr
			if is4 {
				break
			}
		}
	}
	return found, found.IsValid()
}

// Send sends from the private port to one address.
func (p *Port) Send(to netip.AddrPort, body []byte) error {
	return p.unicast(to, netip.Addr{}, p.private, body)
}

// Answer sends from the shared port to one address.
func (p *Port) Answer(to netip.AddrPort, from netip.Addr, body []byte) error {
	if p.shared == 0 {
		return p.Send(to, body)
	}
	return p.unicast(to, from, p.shared, body)
}

func (p *Port) unicast(to netip.AddrPort, from netip.Addr, number int, body []byte) error {
	w := p.host.world
	w.mu.Lock()
	defer w.mu.Unlock()
	if p.isClosed() {
		return net.ErrClosed
	}
	to = netip.AddrPortFrom(to.Addr().Unmap(), to.Port())
	nic, source := p.host.route(to.Addr())
	if nic == nil {
		return ErrNoRoute
	}
	if from.IsValid() && !p.host.blind && p.host.owns(from) != nil {
		source = from
	}
	w.sendTo(p.host, nic.link, netip.AddrPortFrom(source, uint16(number)), to, slices.Clone(body))
	return nil
}

// PassOn sends to the other programs on this host that share the port.
func (p *Port) PassOn(body []byte) error {
	w := p.host.world
	w.mu.Lock()
	defer w.mu.Unlock()
	if p.isClosed() {
		return net.ErrClosed
	}
	from := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	w.launch(flight{shared: p.group, except: p, hops: []hop{{p.host, p.host.lo}}, datagram: Datagram{
		From: netip.AddrPortFrom(from, uint16(p.private)), To: netip.AddrPortFrom(group4, uint16(p.group)),
		Way: ether.Multicast, Sender: p.host.name, Data: slices.Clone(body),
	}})
	return nil
}

// Private returns the number of the private port.
func (p *Port) Private() uint16 { return uint16(p.private) }

// Trouble is ErrInUse if another program has the shared port to itself.
func (p *Port) Trouble() error { return p.trouble }

// Close closes both ports.
func (p *Port) Close() error {
	w := p.host.world
	w.mu.Lock()
	defer w.mu.Unlock()
	p.host.ports = slices.DeleteFunc(p.host.ports, func(other *Port) bool { return other == p })
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.signal()
	return nil
}

func (p *Port) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}
