package dnssd

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/miekg/dns"

	"feihong/transport/ether"
	"feihong/transport/ether/socket"
)

const (
	maxPacket     = 9000    // bytes, by RFC 6762
	receiveBuffer = 1 << 20 // bytes to ask for
	sendBuffer    = 1 << 18
	hops          = 255 // what mDNS wants on all it sends
	patience      = 10 * time.Millisecond
	queue         = 64 // datagrams read and not yet looked at
)

// Directory publishes us and finds others by DNS-SD. It is safe for concurrent
// use.
type Directory struct {
	log *slog.Logger
	use func(ether.Interface) bool

	wake chan struct{} // something below has changed

	mu      sync.Mutex
	wanted  *service
	refresh bool
}

// New makes a directory that uses those interfaces for which use says so; nil
// stands for all but loopback. Interfaces without multicast, and those to one
// other machine (VPNs), are never used.
func New(log *slog.Logger, use func(ether.Interface) bool) *Directory {
	if use == nil {
		use = func(i ether.Interface) bool { return !i.Loopback }
	}
	return &Directory{log: log, use: use, wake: make(chan struct{}, 1)}
}

// Publish replaces what is published. It returns at once; what is published
// too fast is sent once a second. Nil withdraws everything. The name is shown
// by programs that browse the network. Port is where we listen; 0 if we do not.
func (d *Directory) Publish(signed []byte, name string, port uint16) {
	var s *service
	if signed != nil {
		var err error
		if s, err = newService(signed, name, port); err != nil {
			d.log.Error("cannot publish by DNS-SD", "error", err)
			return
		}
	}
	d.change(func() { d.wanted = s })
}

// Refresh tells that interfaces have changed. It returns at once.
func (d *Directory) Refresh() { d.change(func() { d.refresh = true }) }

func (d *Directory) change(change func()) {
	d.mu.Lock()
	change()
	d.mu.Unlock()
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// Serve publishes and browses until the context ends; it says goodbye then and
// returns nil. It calls report with each announcement that is new or has
// changed, and again, with gone, when the service said goodbye or was not
// heard any more. Neither is verified. Report must not block. Serve works, and
// waits for better times, where mDNS cannot be had. It must not be called
// twice at the same time.
func (d *Directory) Serve(ctx context.Context, report func(signed []byte, gone bool)) error {
	s := &server{Directory: d, datagrams: make(chan datagram, queue), done: make(chan struct{})}
	s.engine = newEngine(s.send, report)
	defer s.close()
	s.follow()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			s.engine.goodbye()
			return nil
		case d := <-s.datagrams:
			s.engine.handle(d.data, d.from, time.Now())
		case <-d.wake:
			s.update()
		case <-timer.C:
		}
		if next := s.engine.tick(time.Now()); !next.IsZero() {
			timer.Reset(time.Until(next))
		}
	}
}

// server is a directory at work.
type server struct {
	*Directory
	engine    *engine
	sockets   [2]*socket.Socket // IPv4, IPv6; nil where it cannot be had
	failed    [2]bool           // that was said in the log
	unheard   [2]bool           // it was said that not all groups could be joined
	datagrams chan datagram
	done      chan struct{}
	readers   sync.WaitGroup
}

type datagram struct {
	data []byte
	from socket.Origin
}

func (s *server) update() {
	s.mu.Lock()
	wanted, refresh := s.wanted, s.refresh
	s.refresh = false
	s.mu.Unlock()
	if refresh {
		s.follow()
	}
	s.engine.publish(wanted, time.Now())
}

// follow takes the interfaces as they are now, and opens the sockets that are
// missing.
func (s *server) follow() {
	interfaces, err := ether.System().Interfaces()
	if err != nil {
		s.log.Warn("cannot list the interfaces for DNS-SD", "error", err)
		return
	}
	interfaces = slices.DeleteFunc(interfaces, func(i ether.Interface) bool {
		return !i.Multicast && !i.Loopback || i.PointToPoint || len(i.Addresses) == 0 || !s.use(i)
	})
	for n := range s.sockets {
		if s.sockets[n] == nil {
			s.open(n)
		}
		if s.sockets[n] != nil {
			failed := s.sockets[n].Follow(ether.Joinable(interfaces, n == 1))
			if len(failed) > 0 && !s.unheard[n] {
				s.log.Info("DNS-SD not on all interfaces", "ipv6", n == 1, "failed", failed)
			}
			s.unheard[n] = len(failed) > 0
		}
	}
	s.engine.follow(interfaces, time.Now())
}

func (s *server) open(n int) {
	ipv6 := n == 1
	group := group4
	if ipv6 {
		group = group6
	}
	opened, err := socket.Open(socket.Config{
		IPv6: ipv6, Port: port, Shared: true, Group: group,
		MulticastHops: hops, UnicastHops: hops, Buffer: receiveBuffer, SendBuffer: sendBuffer,
	})
	if err != nil {
		if !s.failed[n] {
			s.log.Info("no DNS-SD", "ipv6", ipv6, "error", err)
		}
		s.failed[n] = true
		return
	}
	s.sockets[n], s.failed[n] = opened, false
	s.readers.Go(func() { s.read(opened) })
}

// read passes on what concerns us, until the socket is closed.
func (s *server) read(from *socket.Socket) {
	buffer := make([]byte, maxPacket)
	for {
		n, origin, err := from.Read(buffer)
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			if !s.pause() {
				return
			}
			continue
		case !concerns(buffer[:n]):
			continue
		}
		select {
		case s.datagrams <- datagram{slices.Clone(buffer[:n]), origin}:
		case <-s.done:
			return
		}
	}
}

// pause waits a little after an error, so that one that stays does not keep a
// processor busy. It returns false at once when all is over.
func (s *server) pause() bool {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.done:
		return false
	}
}

func (s *server) close() {
	close(s.done)
	for _, one := range s.sockets {
		if one != nil {
			_ = one.Close()
		}
	}
	s.readers.Wait()
}

// send is the engine's way to the network.
func (s *server) send(on ether.Interface, to netip.AddrPort, m *dns.Msg) {
	data, err := m.Pack()
	if err != nil {
		s.log.Error("cannot encode for DNS-SD", "error", err)
		return
	}
	if to.IsValid() {
		s.write(on, to, data)
		return
	}
	s.write(on, netip.AddrPortFrom(group4, port), data)
	s.write(on, netip.AddrPortFrom(group6, port), data)
}

func (s *server) write(on ether.Interface, to netip.AddrPort, data []byte) {
	is4 := to.Addr().Is4()
	at := slices.IndexFunc(on.Addresses, func(p netip.Prefix) bool { return p.Addr().Is4() == is4 })
	one := s.sockets[1]
	route := socket.Route{Interface: on.Index}
	if is4 && at >= 0 {
		one, route.Source = s.sockets[0], on.Addresses[at].Addr()
	}
	if at < 0 || one == nil {
		return
	}
	if err := one.Write(data, to, route); err != nil {
		s.log.Debug("cannot send for DNS-SD", "interface", on.Name, "to", to, "error", err)
	}
}
