package ether

import (
	"errors"
	"net/netip"

	"feihong/protocol"
	"feihong/transport/ether/socket"
)

var (
	limitedBroadcast  = netip.AddrFrom4([4]byte{255, 255, 255, 255})
	loopbackBroadcast = netip.AddrFrom4([4]byte{127, 255, 255, 255})
)

var (
	errNoWay    = errors.New("the interface has no address from which anything could be spread")
	errConfined = errors.New("this would leave the machine")
	errNoFamily = errors.New("this machine has no such addresses")
)

// Spread sends one multicast for each family that the interface has an address
// of, and one broadcast for each of its networks.
func (p *port) Spread(i Interface, body []byte) error {
	if err := p.isOpen(); err != nil {
		return err
	}
	if p.confined && !i.Loopback {
		return errConfined
	}
	source4, has4, has6 := families(i)
	errs := []error{errNoWay}
	send := func(s *socket.Socket, to netip.Addr, source netip.Addr) {
		errs = append(errs, write(s, body, p.at(to), socket.Route{Interface: i.Index, Source: source}))
	}
	if has4 && (i.Multicast || i.Loopback) {
		send(p.private4, protocol.MulticastGroup4, source4)
	}
	if has6 && (i.Multicast || i.Loopback) {
		send(p.private6, protocol.MulticastGroup6, netip.Addr{})
	}
	for _, to := range i.Broadcasts() {
		send(p.private4, to, ownOf(i, to))
	}
	if has4 && i.Loopback {
		send(p.private4, loopbackBroadcast, source4)
	}
	return unlessOneWorked(errs)
}

// families tells which families an interface has addresses of, and an IPv4
// address to send from.
func families(i Interface) (source4 netip.Addr, has4, has6 bool) {
	for _, prefix := range i.Addresses {
		addr := prefix.Addr()
		if addr.Is6() {
			has6 = true
			continue
		}
		if !has4 || i.Loopback && addr.IsLoopback() && !source4.IsLoopback() {
			source4, has4 = addr, true
		}
	}
	return source4, has4, has6
}

// ownOf gives our address in the network of a broadcast address.
func ownOf(i Interface, broadcast netip.Addr) netip.Addr {
	for _, prefix := range i.Addresses {
		if prefix.Contains(broadcast) {
			return prefix.Addr()
		}
	}
	return netip.Addr{}
}

// unlessOneWorked returns nil if one of the errors is.
func unlessOneWorked(errs []error) error {
	for _, err := range errs {
		if err == nil {
			return nil
		}
	}
	return errors.Join(errs...)
}

// Send sends from the private port, and leaves room there for Spread: questions
// to a hundred addresses where nobody is wait for seconds in the send buffer.
func (p *port) Send(to netip.AddrPort, body []byte) error {
	return p.send(p.private4, p.private6, to, socket.Route{Bulk: true}, body)
}

// Answer sends from the private port if there is no shared one: better than
// not at all. If the source address is not ours, the system chooses one.
func (p *port) Answer(to netip.AddrPort, from netip.Addr, body []byte) error {
	p.mu.RLock()
	s4, s6 := p.shared4, p.shared6
	p.mu.RUnlock()
	if s4 == nil {
		s4 = p.private4
	}
	if s6 == nil {
		s6 = p.private6
	}
	from = from.Unmap()
	if from.IsMulticast() || from.IsUnspecified() || from.Is4() != to.Addr().Unmap().Is4() {
		from = netip.Addr{}
	}
	err := p.send(s4, s6, to, socket.Route{Source: from, Bulk: true}, body)
	if err != nil && !errors.Is(err, ErrFull) && from.IsValid() {
		err = p.send(s4, s6, to, socket.Route{Bulk: true}, body)
	}
	return err
}

func (p *port) send(s4, s6 *socket.Socket, to netip.AddrPort, route socket.Route, body []byte) error {
	if err := p.isOpen(); err != nil {
		return err
	}
	to = netip.AddrPortFrom(to.Addr().Unmap(), to.Port())
	if p.confined && !to.Addr().IsLoopback() {
		return errConfined
	}
	s := s6
	if to.Addr().Is4() {
		s = s4
	}
	return write(s, body, to, route)
}

// PassOn sends a broadcast and a multicast over each loopback interface. Not
// every system can do both.
func (p *port) PassOn(body []byte) error {
	if err := p.isOpen(); err != nil {
		return err
	}
	p.mu.RLock()
	loopbacks := p.loopbacks
	p.mu.RUnlock()
	errs := []error{errNoWay}
	for _, i := range loopbacks {
		errs = append(errs, p.Spread(i, body))
	}
	return unlessOneWorked(errs)
}

// at is the shared port at an address.
func (p *port) at(addr netip.Addr) netip.AddrPort { return netip.AddrPortFrom(addr, uint16(p.number)) }

func write(s *socket.Socket, body []byte, to netip.AddrPort, route socket.Route) error {
	if s == nil {
		return errNoFamily
	}
	return s.Write(body, to, route)
}
