package memory

import (
	"errors"
	"net/netip"
	"slices"
	"sync"
	"time"

	"feihong/protocol"
	"feihong/transport/ether"
)

var (
	group4 = protocol.MulticastGroup4
	group6 = protocol.MulticastGroup6
)

// firstPrivate is the number of the first private port of a host. Shared ports
// have lower ones.
const firstPrivate = 40000

// Host is a machine. It is the ether.Ether of the programs on it.
type Host struct {
	world    *World
	name     string
	lo       *NIC
	nics     []*NIC // with lo, guarded by world.mu like all that follows
	ports    []*Port
	occupied []int
	lastNIC  int
	lastPort int
	counted  Counters
	blind    bool
}

// Counters count what a host sent and received on its links, loopback not
// counted, since the last reset.
type Counters struct {
	Sent, Received Traffic
	Lost           int64 // datagrams that came faster than they could be received
}

// Traffic is an amount of datagrams. Bytes are those of the datagrams without
// the headers of UDP and IP.
type Traffic struct{ Datagrams, Bytes int64 }

func (t *Traffic) add(data []byte) {
	t.Datagrams++
	t.Bytes += int64(len(data))
}

// Host makes a machine with nothing but a loopback interface.
func (w *World) Host(name string) *Host {
	h := &Host{world: w, name: name, lastPort: firstPrivate - 1}
	h.lo = h.attach(nil, NIC{name: "lo", properties: ether.Interface{Loopback: true, Multicast: true}})
	h.lo.properties.Addresses = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/8"), netip.MustParsePrefix("::1/128")}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hosts = append(w.hosts, h)
	return h
}

// NIC is a network interface of a host.
type NIC struct {
	host       *Host
	link       *Link // nil for loopback
	index      int
	name       string
	up         bool
	properties ether.Interface
}

func (n *NIC) loopback() bool { return n.link == nil }

// Attach gives the host an interface on a link, with addresses in the form of
// prefixes, like "10.0.0.1/24". It is up, and does multicast and broadcast.
func (h *Host) Attach(l *Link, name string, addresses ...string) *NIC {
	n := h.attach(l, NIC{name: name, properties: ether.Interface{Multicast: true, Broadcast: true}})
	n.SetAddresses(addresses...)
	return n
}

func (h *Host) attach(l *Link, n NIC) *NIC {
	h.world.mu.Lock()
	defer h.world.mu.Unlock()
	h.lastNIC++
	n.host, n.link, n.index, n.up = h, l, h.lastNIC, true
	h.nics = append(h.nics, &n)
	if l != nil {
		l.nics = append(l.nics, &n)
	}
	return &n
}

// Detach takes the interface out of its host and off its link.
func (n *NIC) Detach() {
	n.change(func() {
		n.up = false
		is := func(other *NIC) bool { return other == n }
		n.host.nics = slices.DeleteFunc(n.host.nics, is)
		n.link.nics = slices.DeleteFunc(n.link.nics, is)
	})
}

// SetUp switches the interface on or off.
func (n *NIC) SetUp(up bool) { n.change(func() { n.up = up }) }

// SetAddresses gives the interface other addresses.
func (n *NIC) SetAddresses(addresses ...string) {
	prefixes := make([]netip.Prefix, 0, len(addresses))
	for _, address := range addresses {
		prefixes = append(prefixes, netip.MustParsePrefix(address))
	}
	n.change(func() { n.properties.Addresses = prefixes })
}

// PointToPoint makes the interface like that of a VPN: neither multicast nor
// broadcast.
func (n *NIC) PointToPoint() {
	n.change(func() {
		n.properties.PointToPoint, n.properties.Virtual = true, true
		n.properties.Multicast, n.properties.Broadcast = false, false
	})
}

func (n *NIC) change(change func()) {
	n.host.world.mu.Lock()
	defer n.host.world.mu.Unlock()
	change()
}

// description is the interface as programs see it.
func (n *NIC) description() ether.Interface {
	i := n.properties
	i.Index, i.Name = n.index, n.name
	i.Addresses = slices.Clone(i.Addresses)
	return i
}

// Interfaces returns the interfaces of the host that are up.
func (h *Host) Interfaces() ([]ether.Interface, error) {
	h.world.mu.Lock()
	defer h.world.mu.Unlock()
	var all []ether.Interface
	for _, nic := range h.nics {
		if nic.up {
			all = append(all, nic.description())
		}
	}
	return all, nil
}

// Occupy makes another program have the port to itself.
func (h *Host) Occupy(port int) {
	h.world.mu.Lock()
	defer h.world.mu.Unlock()
	h.occupied = append(h.occupied, port)
}

// Blind makes the host one whose system tells nothing about datagrams but who
// sent them, like Windows: neither the address they were sent to, nor by which
// interface they came, nor whether they were for all; and which sends answers
// from the address it likes.
func (h *Host) Blind() {
	h.world.mu.Lock()
	defer h.world.mu.Unlock()
	h.blind = true
}

// Counters returns what the host sent and received so far.
func (h *Host) Counters() Counters {
	h.world.mu.Lock()
	defer h.world.mu.Unlock()
	return h.counted
}

// ResetCounters begins to count anew.
func (h *Host) ResetCounters() {
	h.world.mu.Lock()
	defer h.world.mu.Unlock()
	h.counted = Counters{}
}

// ErrInUse is the trouble of a port that another program has to itself.
var ErrInUse = errors.New("the port is in use by another program")

// Open opens the shared port with this number, and a private one.
func (h *Host) Open(port int, passive bool) (ether.Port, error) {
	h.world.mu.Lock()
	defer h.world.mu.Unlock()
	h.lastPort++
	p := &Port{host: h, private: h.lastPort, wake: make(chan struct{}, 1)}
	p.windowAt = -time.Hour
	switch {
	case passive:
	case slices.Contains(h.occupied, port):
		p.trouble = ErrInUse
	default:
		p.shared = port
	}
	p.group = port
	h.ports = append(h.ports, p)
	return p, nil
}

// receivers are those programs on the host that get a datagram which came in
// by an interface.
func (h *Host) receivers(f flight, by *NIC) []*Port {
	if f.private != 0 {
		for i, port := range h.ports {
			if port.private == f.private {
				return h.ports[i : i+1]
			}
		}
		return nil
	}
	if f.datagram.Way == ether.Unicast {
		// Only one of those who share a port gets it; which one, no program
		// can know.
		for i := len(h.ports) - 1; i >= 0; i-- {
			if h.ports[i].shared == f.shared {
				return h.ports[i : i+1]
			}
		}
		return nil
	}
	var all []*Port
	for _, port := range h.ports {
		if port.shared != f.shared || port == f.except {
			continue
		}
		if f.datagram.Way == ether.Broadcast || by.loopback() || slices.Contains(port.follows, by.index) {
			all = append(all, port)
		}
	}
	return all
}

// owns finds the interface of the host that has an address.
func (h *Host) owns(addr netip.Addr) *NIC {
	if addr.IsLoopback() {
		return h.lo
	}
	zone := addr.Zone()
	addr = addr.WithZone("")
	for _, nic := range h.nics {
		has := func(prefix netip.Prefix) bool { return prefix.Addr() == addr }
		if nic.up && (zone == "" || zone == nic.name) && slices.ContainsFunc(nic.properties.Addresses, has) {
			return nic
		}
	}
	return nil
}

// queue is what a port has received and not yet handed out.
type queue struct {
	mu       sync.Mutex
	packets  []ether.Packet
	first    int
	closed   bool
	windowAt time.Duration // when the current window began
	inWindow int
}
