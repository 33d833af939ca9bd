package discovery

import (
	"encoding/binary"
	"hash/maphash"
	"net/netip"
	"slices"
	"time"

	"feihong/protocol"
)

// Peer is somebody who is there, as they say themself.
type Peer struct {
	ID                     protocol.PeerID
	Instance               [16]byte
	Name, Host, Department string // safe to show
	Status                 protocol.Status
	StatusText             string // safe to show
	MinVersion, MaxVersion uint16
	// Addresses are where to dial, best first: the one they were heard from,
	// then those of a common network, then the rest. Link-local IPv6 has its
	// zone. There are none if they do not listen.
	Addresses []netip.AddrPort
	Ways      []Heard // newest first
	// SecondHand says that so far only others told of them.
	SecondHand bool
	// Proven says that they answered a question of ours, or have a session with
	// us; what else is known of them, others may have repeated. Found is not
	// called because of it alone.
	Proven bool
}

// The ways by which somebody is heard, beside those of datagrams, which are
// named as in package ether.
const (
	WayDirectory = "dnssd"
	WayExchange  = "exchange"
	WaySession   = "session"
)

// Heard is a way by which somebody was heard, and when last.
type Heard struct {
	Way       string
	When      time.Time
	From      netip.Addr // invalid if it has no address
	Interface string     // name; "" if unknown
}

func (h Heard) same(other Heard) bool {
	return h.Way == other.Way && h.From == other.From && h.Interface == other.Interface
}

// print is a hash of all that is worth telling: when somebody was heard is
// not, nor the order of the ways.
func (p *Peer) print(seed maphash.Seed) uint64 {
	h := printer{seed: seed}
	h.add(p.Instance[:], []byte{byte(p.Status)})
	h.add(binary.BigEndian.AppendUint32(nil, uint32(p.MinVersion)<<16|uint32(p.MaxVersion)))
	for _, text := range []string{p.Name, p.Host, p.Department, p.StatusText} {
		h.add([]byte(text))
	}
	if p.SecondHand {
		h.add([]byte("second hand"))
	}
	for _, at := range p.Addresses {
		h.buffer = at.AppendTo(append(h.buffer, ' '))
	}
	ways := uint64(0)
	for _, way := range p.Ways {
		w := printer{seed: seed}
		w.add([]byte(way.Way), way.From.AsSlice(), []byte(way.From.Zone()), []byte(way.Interface))
		ways += w.sum()
	}
	return h.sum() ^ ways
}

// printer hashes texts so that two lists have the same sum only if all are the
// same.
type printer struct {
	seed   maphash.Seed
	buffer []byte
}

func (h *printer) add(texts ...[]byte) {
	for _, text := range texts {
		h.buffer = binary.AppendUvarint(h.buffer, uint64(len(text)))
		h.buffer = append(h.buffer, text...)
	}
}

func (h *printer) sum() uint64 { return maphash.Bytes(h.seed, h.buffer) }

// origin is where an announcement came from.
type origin struct {
	addr netip.Addr // with zone if link-local IPv6; invalid if unknown
	zone string     // name of the interface; "" if unknown
}

// dialable puts the addresses of an announcement in the order in which they
// are to be tried.
func (l *links) dialable(a *protocol.Announcement, from origin) []netip.AddrPort {
	if a.Port == 0 {
		return nil
	}
	order := dialOrder{port: a.Port}
	here := from.addr.IsValid() && l.here(from.addr)
	if here {
		order.add(loopback4)
	}
	signed := from.addr.IsValid() && slices.Contains(a.Addresses, from.addr.WithZone(""))
	if signed {
		order.add(from.addr)
	}
	for _, near := range []bool{true, false} {
		for _, addr := range a.Addresses {
			local := addr.Is6() && addr.IsLinkLocalUnicast()
			switch {
			case addr.IsLoopback() && !here:
			case local && from.zone == "":
			case local && !near:
				order.add(addr.WithZone(from.zone))
			case !local && l.common(addr) == near:
				order.add(addr)
			}
		}
	}
	// Behind a router that translates addresses, only the source of their
	// datagrams leads to them, if anything does.
	if from.addr.IsValid() && !signed && !from.addr.IsLoopback() {
		order.add(from.addr)
	}
	return order.list
}

type dialOrder struct {
	port uint16
	list []netip.AddrPort
}

func (o *dialOrder) add(addr netip.Addr) {
	if at := netip.AddrPortFrom(addr, o.port); !slices.Contains(o.list, at) {
		o.list = append(o.list, at)
	}
}

// peerOf describes somebody by their announcement.
func peerOf(id protocol.PeerID, a *protocol.Announcement) Peer {
	return Peer{
		ID: id, Instance: a.Instance, Name: a.Name, Host: a.Host, Department: a.Department,
		Status: a.Status, StatusText: a.StatusText, MinVersion: a.MinVersion, MaxVersion: a.MaxVersion,
	}
}
