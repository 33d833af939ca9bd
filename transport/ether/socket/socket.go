package socket

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"syscall"
)

// Config says what socket to open.
type Config struct {
	IPv6   bool       // else IPv4; each socket is for one of them alone
	Port   int        // 0: the system chooses
	Shared bool       // other programs, also of other users, may bind the port as well
	Group  netip.Addr // what Join joins; of the family of the socket
	// MulticastHops is how many networks a multicast may cross: 1 stays on the
	// link. UnicastHops is the same for other datagrams; 0 leaves it to the
	// system.
	MulticastHops, UnicastHops int
	// Buffer and SendBuffer are bytes to ask for what was received and not yet
	// read, and for what was sent and is not yet gone. The system gives what it
	// likes.
	Buffer, SendBuffer int
}

// Route says how a datagram leaves. The zero value leaves it to the system.
type Route struct {
	Interface int        // index of the interface; 0: any
	Source    netip.Addr // which of our addresses it comes from; invalid: any
	// Bulk is refused with ErrFull as soon as half of the send buffer is taken,
	// so that it keeps nothing else from being sent. Only Linux tells how much
	// is taken: there, what waits for ARP fills the buffer for seconds.
	Bulk bool
}

// control tells whether the system has to be told anything.
func (r Route) control() bool { return r.Interface != 0 || r.Source.IsValid() }

// Origin says where a datagram came from.
type Origin struct {
	From      netip.AddrPort // link-local IPv6 with its zone
	To        netip.Addr     // invalid if the system does not tell
	Interface int            // index; 0 if the system does not tell
}

// Socket is a UDP socket for one of IPv4 and IPv6. It is safe for concurrent
// use.
type Socket struct {
	family
	udp   *net.UDPConn
	group netip.Addr
	port  uint16
	half  int // of the send buffer, as the system counts; 0 if it does not tell

	mu     sync.Mutex // for systems on which the interface is a property of the socket
	joined map[int]bool
}

// family is what differs between IPv4 and IPv6.
type family interface {
	read(buffer []byte) (int, Origin, error)
	write(body []byte, to *net.UDPAddr, route Route) error
	choose(i *net.Interface) error
	join(i *net.Interface, group net.Addr) error
	leave(i *net.Interface, group net.Addr) error
}

// Open binds a socket to all addresses of this machine.
func Open(c Config) (*Socket, error) {
	network, host := "udp4", "0.0.0.0"
	if c.IPv6 {
		network, host = "udp6", "::"
	}
	var listen net.ListenConfig
	if c.Shared {
		listen.Control = func(_, _ string, raw syscall.RawConn) error {
			var failed error
			if err := raw.Control(func(fd uintptr) { failed = share(fd) }); err != nil {
				return err
			}
			return failed
		}
	}
	conn, err := listen.ListenPacket(context.Background(), network, net.JoinHostPort(host, strconv.Itoa(c.Port)))
	if err != nil {
		return nil, err
	}
	udp := conn.(*net.UDPConn)
	s := &Socket{udp: udp, group: c.Group, joined: make(map[int]bool)}
	s.port = udp.LocalAddr().(*net.UDPAddr).AddrPort().Port()
	s.family = newIPv4(udp, c)
	if c.IPv6 {
		s.family = newIPv6(udp, c)
	}
	for size := c.Buffer; size > 0 && udp.SetReadBuffer(size) != nil; size /= 2 {
	}
	for size := c.SendBuffer; size > 0 && udp.SetWriteBuffer(size) != nil; size /= 2 {
	}
	s.half = sendBuffer(udp) / 2
	return s, nil
}

// Port returns the number of the port.
func (s *Socket) Port() uint16 { return s.port }

// Close closes the socket; Read fails with net.ErrClosed from then on.
func (s *Socket) Close() error { return s.udp.Close() }

// Read waits for a datagram. What does not fit into the buffer is lost, with
// or without the rest of the datagram. That, and a complaint of the network
// about what was sent, ends no Read: anybody could cause as many as they like.
// After an error other than net.ErrClosed the next Read may succeed.
func (s *Socket) Read(buffer []byte) (int, Origin, error) {
	for {
		n, origin, err := s.read(buffer)
		if !isEcho(err) && !isTooLong(err) {
			return n, origin, err
		}
	}
}

// ErrFull is the error of a datagram that was dropped because too many others
// wait to be sent.
var ErrFull = errors.New("the send buffer is full")

// Write sends a datagram, or drops it: it does not wait for room. A complaint
// of the network about an earlier one, which some systems deliver here, is not
// an error.
func (s *Socket) Write(body []byte, to netip.AddrPort, route Route) error {
	if route.Bulk && s.half > 0 && unsent(s.udp) >= s.half {
		return ErrFull
	}
	send := func() error { return s.write(body, net.UDPAddrFromAddrPort(to), route) }
	if route.Interface != 0 && to.Addr().IsMulticast() && !hasPacketInfo {
		send = func() error { return s.writeOut(body, to, route) }
	}
	err := send()
	if isEcho(err) {
		err = send()
	}
	if isFull(err) {
		return ErrFull
	}
	return err
}

// writeOut sends a multicast where the interface is a property of the socket.
func (s *Socket) writeOut(body []byte, to netip.AddrPort, route Route) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, err := net.InterfaceByIndex(route.Interface)
	if err != nil {
		return err
	}
	if err := s.choose(i); err != nil {
		return err
	}
	return s.write(body, net.UDPAddrFromAddrPort(to), route)
}
