package ether

import (
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"sync"

	"feihong/protocol"
	"feihong/transport/ether/socket"
)

// receiveBuffer is what the sockets ask the system to keep for them: a
// thousand beacons at once. Many systems give less.
const receiveBuffer = 4 << 20

// sendBuffer is the same for what they send. What waits for ARP lies there for
// seconds.
const sendBuffer = 1 << 20

// privateTries is how many ports are tried until one is free for IPv4 and
// IPv6.
const privateTries = 20

// port is the Port of the real network.
type port struct {
	number   int
	passive  bool
	confined bool

	// The private sockets; nil where the system does not have the family. Both
	// have the same number.
	private4, private6 *socket.Socket

	packets chan Packet // unbuffered: handing one over takes the last one back
	done    chan struct{}
	readers sync.WaitGroup

	mu         sync.RWMutex
	shared4    *socket.Socket // nil while it cannot be bound
	shared6    *socket.Socket
	trouble    error
	broadcasts map[netip.Addr]bool
	loopbacks  []Interface
	closed     bool
	unheard    [2]map[int]bool // IPv4, IPv6: interfaces of which it was said that the group cannot be joined
}

// Open fails only if there is no private port to be had.
func (s system) Open(number int, passive bool) (Port, error) {
	p := &port{
		number: number, passive: passive, confined: s.confined,
		packets: make(chan Packet), done: make(chan struct{}),
	}
	if err := p.openPrivate(); err != nil {
		return nil, err
	}
	p.read(p.private4, true)
	p.read(p.private6, true)
	interfaces, err := s.Interfaces()
	if err != nil {
		_ = p.Close()
		return nil, err
	}
	p.Follow(interfaces)
	return p, nil
}

func config(ipv6 bool, number int, shared bool) socket.Config {
	c := socket.Config{
		IPv6: ipv6, Port: number, Shared: shared, Buffer: receiveBuffer, SendBuffer: sendBuffer,
		Group: protocol.MulticastGroup4, MulticastHops: 1,
	}
	if ipv6 {
		c.Group = protocol.MulticastGroup6
	}
	return c
}

// openPrivate binds a port of its own, the same for both families. A machine
// with one of them only is fine.
func (p *port) openPrivate() error {
	var err4, err6 error
	for range privateTries {
		p.private4, err4 = socket.Open(config(false, 0, false))
		number := 0
		if err4 == nil {
			number = int(p.private4.Port())
		}
		p.private6, err6 = socket.Open(config(true, number, false))
		if err4 == nil && isInUse(err6) {
			_ = p.private4.Close()
			continue // somebody else has this number for IPv6
		}
		if err4 != nil && err6 != nil {
			return errors.Join(err4, err6)
		}
		return nil
	}
	return err6
}

// bindShared binds what is not bound yet of the shared port. Not to have one
// of the two families at all is no trouble.
func (p *port) bindShared() {
	if p.passive || p.closed {
		return
	}
	var err4, err6 error
	if p.shared4 == nil {
		p.shared4, err4 = socket.Open(config(false, p.number, true))
		p.read(p.shared4, false)
	}
	if p.shared6 == nil {
		p.shared6, err6 = socket.Open(config(true, p.number, true))
		p.read(p.shared6, false)
	}
	p.trouble = nil
	switch {
	case err4 != nil && (err6 != nil || !isAbsent(err4)):
		p.trouble = &BindError{Port: p.number, Err: err4}
	case err6 != nil && !isAbsent(err6):
		p.trouble = &BindError{Port: p.number, Err: err6}
	}
}

// Follow also tries again to bind the shared port, if that failed.
func (p *port) Follow(interfaces []Interface) {
	broadcasts := map[netip.Addr]bool{limitedBroadcast: true, loopbackBroadcast: true}
	for _, i := range interfaces {
		for _, addr := range i.Broadcasts() {
			broadcasts[addr] = true
		}
	}
	loopbacks, _ := Loopback().Interfaces() // nobody is told then, and PassOn says so
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broadcasts, p.loopbacks = broadcasts, loopbacks
	p.bindShared()
	for n, s := range []*socket.Socket{p.shared4, p.shared6} {
		if s != nil && !p.closed {
			p.unheard[n] = warn(interfaces, s.Follow(Joinable(interfaces, n == 1)), p.unheard[n])
		}
	}
}

// warn says in the log where a group cannot be joined, unless it was said
// before. It is no Trouble: broadcasts come all the same. Of virtual
// interfaces, of which there may be any number, nothing is said.
func warn(interfaces []Interface, failed map[int]error, said map[int]bool) map[int]bool {
	now := make(map[int]bool)
	for _, i := range interfaces {
		err := failed[i.Index]
		if err == nil || i.Virtual {
			continue
		}
		if now[i.Index] = true; !said[i.Index] {
			slog.Warn("multicast is not received", "interface", i.Name, "error", err)
		}
	}
	return now
}

// Private returns the number of the private port.
func (p *port) Private() uint16 {
	if p.private4 != nil {
		return p.private4.Port()
	}
	return p.private6.Port()
}

// Trouble gives a *BindError, or nil.
func (p *port) Trouble() error {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.trouble
}

// Close ends Receive and waits until nothing reads any more.
func (p *port) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	close(p.done)
	var errs []error
	for _, s := range []*socket.Socket{p.private4, p.private6, p.shared4, p.shared6} {
		if s != nil {
			errs = append(errs, s.Close())
		}
	}
	p.mu.Unlock()
	p.readers.Wait()
	return errors.Join(errs...)
}

// isOpen says why nothing can be sent any more, if so.
func (p *port) isOpen() error {
	select {
	case <-p.done:
		return net.ErrClosed
	default:
		return nil
	}
}
