// Package memory is a network in memory: hosts with interfaces on links, which
// routers may join. It is what discovery is tested on, with a thousand hosts
// and in the time of a bubble of testing/synctest, and passes the same contract
// as the real network.
//
// It does what matters to discovery as a real network does: a multicast
// reaches those who joined, on their link alone; a directed broadcast those
// whose prefix agrees; a datagram to one address one of the programs that share
// the port there. Datagrams take a little time, and who gets more of them at
// once than a socket has room for, loses the rest. Sending never fails
// for want of room, as it may on a real network.
package memory

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"time"

	"feihong/transport/ether"
)

const (
	// latency is how long a datagram is on its way.
	latency = 300 * time.Microsecond
	// grain is what times of arrival are rounded up to. Whatever arrives in
	// the same grain is handed over at once, which makes large worlds fast.
	grain = 100 * time.Microsecond
	// window and burst are the room of a socket: so many datagrams in so much
	// time, and what comes beyond that is lost.
	window = time.Millisecond
	burst  = 300
)

// World is a network. All its methods, and those of what is in it, are safe
// for concurrent use.
type World struct {
	start time.Time

	mu      sync.Mutex
	hosts   []*Host
	joined  [][]*Link // by a router each
	filter  func(Datagram) bool
	loss    float64
	random  *rand.Rand
	batches []*batch // on their way, the earliest first
}

// batch is what arrives at the same time.
type batch struct {
	due     time.Duration // since the start of the world
	flights []flight
}

// flight is a datagram and where it goes.
type flight struct {
	datagram Datagram
	hops     []hop
	private  int // the port number it goes to, if that is a private one; 0: the shared one
	shared   int
	except   *Port // who does not get it
}

// hop is a host that a datagram arrives at, and by which interface.
type hop struct {
	host *Host
	nic  *NIC
}

// Datagram is a datagram on its way to one receiver, as a filter sees it.
type Datagram struct {
	From, To         netip.AddrPort // To may be a group or a broadcast address
	Way              ether.Way
	Link             string // name of the link on which it arrives; "" is a loopback
	Sender, Receiver string // names of the hosts; Sender is "" if it was forged
	Data             []byte // not to be changed
}

// New makes an empty world.
func New() *World {
	return &World{start: time.Now(), random: rand.New(rand.NewPCG(1, 2))}
}

// Link is a network without routers in it: what is spread by one reaches all.
type Link struct {
	world *World
	name  string
	nics  []*NIC // guarded by world.mu
}

// Link makes a link.
func (w *World) Link(name string) *Link { return &Link{world: w, name: name} }

// Join puts a router between links: what is sent to one address passes, what
// is spread does not.
func (w *World) Join(links ...*Link) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.joined = append(w.joined, links)
}

// Filter drops from now on every datagram for which drop says so. It is asked
// for each receiver, under a lock: it must not call the world. Nil drops none.
func (w *World) Filter(drop func(Datagram) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.filter = drop
}

// Lose makes the world lose this part of all datagrams, 0 to 1, by chances
// that follow from the seed.
func (w *World) Lose(part float64, seed uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.loss, w.random = part, rand.New(rand.NewPCG(seed, seed))
}

// Forge sends a datagram to one address, as if from anywhere. It enters the
// world at a link.
func (l *Link) Forge(from, to netip.AddrPort, data []byte) {
	l.world.mu.Lock()
	defer l.world.mu.Unlock()
	l.world.sendTo(nil, l, from, to, slices.Clone(data))
}

// ForgeSpread sends a datagram to everybody on the link who has the shared
// port open, as if from anywhere.
func (l *Link) ForgeSpread(from netip.AddrPort, port int, data []byte) {
	l.world.mu.Lock()
	defer l.world.mu.Unlock()
	f := flight{shared: port, datagram: Datagram{From: from, Way: ether.Multicast, Link: l.name,
		To: netip.AddrPortFrom(group4, uint16(port)), Data: slices.Clone(data)}}
	for _, nic := range l.nics {
		f.hops = append(f.hops, hop{nic.host, nic})
	}
	l.world.launch(f)
}

// launch puts a datagram on its way. The caller holds the lock.
func (w *World) launch(f flight) {
	due := (time.Since(w.start) + latency + grain - 1) / grain * grain
	if n := len(w.batches); n > 0 && w.batches[n-1].due == due {
		w.batches[n-1].flights = append(w.batches[n-1].flights, f)
		return
	}
	w.batches = append(w.batches, &batch{due: due, flights: []flight{f}})
	time.AfterFunc(due-time.Since(w.start), w.land)
}

// land hands over what has arrived.
func (w *World) land() {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Since(w.start)
	for len(w.batches) > 0 && w.batches[0].due <= now {
		for _, f := range w.batches[0].flights {
			for _, hop := range f.hops {
				w.arrive(now, f, hop)
			}
		}
		w.batches = w.batches[1:]
	}
}

// arrive hands a datagram to one host.
func (w *World) arrive(now time.Duration, f flight, at hop) {
	d := f.datagram
	d.Receiver = at.host.name
	if !at.nic.up || w.loss > 0 && w.random.Float64() < w.loss || w.filter != nil && w.filter(d) {
		return
	}
	packet := ether.Packet{From: d.From, To: d.To.Addr(), Interface: at.nic.index, Way: d.Way, Data: d.Data}
	if d.From.Addr().Is6() && d.From.Addr().IsLinkLocalUnicast() {
		packet.From = netip.AddrPortFrom(d.From.Addr().WithZone(at.nic.name), d.From.Port())
	}
	if at.host.blind {
		packet.To, packet.Interface, packet.Way = netip.Addr{}, 0, ether.Unicast
	}
	counted := false
	for _, port := range at.host.receivers(f, at.nic) {
		packet.Private = f.private != 0
		if port.put(now, packet) && !counted && !at.nic.loopback() {
			counted = true
			at.host.counted.Received.add(d.Data)
		}
	}
}
