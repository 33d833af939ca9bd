package ethertest

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"feihong/transport/ether"
)

// patience is how long a test waits for a datagram.
const patience = 5 * time.Second

// station is a port, and what it received.
type station struct {
	ether.Port
	t       testing.TB
	address netip.Addr
	packets chan ether.Packet
}

// open opens a port that is closed when the test ends.
func open(t *testing.T, e ether.Ether) *station { return openAs(t, e, false) }

// openPassive opens a private port only.
func openPassive(t *testing.T, e ether.Ether) *station { return openAs(t, e, true) }

func openAs(t *testing.T, e ether.Ether, passive bool) *station {
	t.Helper()
	port, err := e.Open(number, passive)
	if err != nil {
		t.Fatal(err)
	}
	if err := port.Trouble(); err != nil {
		t.Fatal(err)
	}
	s := &station{Port: port, t: t, address: addressOf(t, e, true), packets: make(chan ether.Packet, 100)}
	list, err := e.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	port.Follow(list)
	go func() {
		defer close(s.packets)
		for {
			packet, err := port.Receive()
			if err != nil {
				return
			}
			packet.Data = slices.Clone(packet.Data)
			s.packets <- packet
		}
	}()
	t.Cleanup(func() {
		_ = port.Close()
		for range s.packets {
		}
	})
	if s.Private() == 0 || s.Private() == number {
		t.Errorf("the private port is %d", s.Private())
	}
	return s
}

// at is a port on the machine of the station.
func (s *station) at(port uint16) netip.AddrPort { return netip.AddrPortFrom(s.address, port) }

func (s *station) send(to netip.AddrPort, text string) {
	s.t.Helper()
	if err := s.Send(to, []byte(text)); err != nil {
		s.t.Fatal(err)
	}
}

// next waits for what comes next.
func (s *station) next() ether.Packet {
	s.t.Helper()
	select {
	case packet := <-s.packets:
		return packet
	case <-time.After(patience):
		s.t.Fatal("nothing comes")
		return ether.Packet{}
	}
}

// want waits for what comes next, which must be this.
func (s *station) want(text string) ether.Packet {
	s.t.Helper()
	packet := s.next()
	if got := string(packet.Data); got != text {
		s.t.Fatalf("%d bytes came: %.20q by %v from %v, want %d: %.20q", len(got), got, packet.Way, packet.From, len(text), text)
	}
	return packet
}

// await waits for this, whatever else comes before.
func (s *station) await(text string) ether.Packet {
	s.t.Helper()
	for {
		if packet := s.next(); string(packet.Data) == text {
			return packet
		}
	}
}

// linkOf gives the interface that is no loopback.
func linkOf(t testing.TB, e ether.Ether) ether.Interface {
	t.Helper()
	list, err := e.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(list, func(i ether.Interface) bool { return !i.Loopback })
	if at < 0 {
		t.Fatal("there is no link")
	}
	return list[at]
}

func addressOf(t testing.TB, e ether.Ether, is4 bool) netip.Addr {
	t.Helper()
	for _, prefix := range linkOf(t, e).Addresses {
		if prefix.Addr().Is4() == is4 {
			return prefix.Addr()
		}
	}
	t.Fatal("there is no such address")
	return netip.Addr{}
}

// reach gives the address of B as A has to write it.
func reach(t testing.TB, place Place, is4 bool) netip.Addr {
	t.Helper()
	addr := addressOf(t, place.B, is4)
	if !is4 {
		addr = addr.WithZone(linkOf(t, place.A).Name)
	}
	return addr
}
