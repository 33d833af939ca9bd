package discovery_test

import (
	"net/netip"
	"testing"
	"time"

	"feihong/protocol"
	"feihong/transport/discovery"
	"feihong/transport/ether"
)

// FuzzReceive feeds datagrams, and bodies that come over a session, to the
// loop of a service.
func FuzzReceive(f *testing.F) {
	o := newOffice(f)
	stranger := o.hire("stranger")
	signed := stranger.signed(nil)
	for _, d := range []protocol.Datagram{
		&protocol.Announce{Signed: signed, Want: true, Known: 9},
		&protocol.Announce{Signed: stranger.signed(func(a *protocol.Announcement) { a.Status = protocol.StatusOffline })},
		&protocol.Announce{Signed: stranger.signed(func(a *protocol.Announcement) { a.Sequence = 1 })},
		&protocol.Question{Nonce: [16]byte{1}, Signed: signed},
		&protocol.Question{Nonce: [16]byte{1}},
		&protocol.Answer{Signed: stranger.signed(func(a *protocol.Announcement) { a.Nonce = [16]byte{1} }), Known: 9},
		&protocol.PassedOn{Nonce: [16]byte{2}, Asker: netip.MustParseAddrPort("10.0.0.9:9")},
		&protocol.Call{Signed: signed, Want: stranger.id.PeerID()},
	} {
		f.Add(datagram(f, d), uint8(ether.Unicast), true)
		f.Add(datagram(f, d), uint8(ether.Multicast), false)
	}
	for _, m := range []protocol.PresenceMessage{
		&protocol.Present{Signed: signed}, &protocol.WhoIsThere{Limit: 9},
		&protocol.People{Told: []protocol.Told{{Signed: signed, Age: 7}}, More: true},
	} {
		f.Add(presence(f, m), uint8(9), false)
	}
	f.Add(make([]byte, protocol.MaxDatagramBytes+1), uint8(1), false)
	f.Add([]byte("1_iptux 0.8:1:user:host:1:hello"), uint8(2), false)
	feeder := newFeeder(f, o)
	f.Fuzz(func(t *testing.T, data []byte, way uint8, near bool) {
		if way == 9 {
			feeder.Present(&fakeSession{peer: stranger.id.PeerID()}, data)
			return
		}
		from := netip.MustParseAddrPort("203.0.113.9:40000")
		if near {
			from = netip.MustParseAddrPort("10.0.0.1:40000")
		}
		began := time.Now()
		feeder.Feed(ether.Packet{From: from, To: netip.MustParseAddr("10.0.0.1"), Interface: 2, Way: ether.Way(way), Data: data})
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("took %v", took)
		}
		if n := len(feeder.Peers()); n > discovery.MaxPeople {
			t.Errorf("%d people", n)
		}
	})
}
