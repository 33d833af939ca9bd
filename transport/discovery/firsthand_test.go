package discovery_test

import (
	"context"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"feihong/protocol"
	"feihong/transport/discovery"
	"feihong/transport/ether/memory"
)

// at is where somebody can be dialled.
func (p *person) at() string {
	return netip.AddrPortFrom(p.nicAddr(), p.self.Port).String()
}

// TestGoodbyeOfWhoOnlyAnswered: somebody who ends before their first beacon,
// but was asked before, says goodbye to who asked.
func TestGoodbyeOfWhoOnlyAnswered(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a := o.hire("a").start()
		pass(10 * time.Second)
		b := o.hire("b").start()
		synctest.Wait()
		answered := make(chan []discovery.Peer, 1)
		go func() {
			found, _ := a.service.Ask(context.Background(), b.nicAddr())
			answered <- found
		}()
		pass(time.Millisecond)
		a.mustSee(b)
		b.stop()
		pass(10 * time.Millisecond)
		a.mustNotSee(b)
		<-answered
	})
}

// TestDirectoryWasFaster: who was found in the directory first, and is heard
// then, is heard at first hand, and others are told of them.
func TestDirectoryWasFaster(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		d := &directory{}
		a, listing := o.listed(d, "a")
		a.start()
		b := o.hire("b")
		pass(10 * time.Second)
		signed := b.signed(nil)
		listing.changes <- change{signed, false}
		pass(time.Millisecond)
		o.lan.Forge(netip.AddrPortFrom(b.nicAddr(), 40000), netip.AddrPortFrom(a.nicAddr(), port), datagram(t, &protocol.Announce{Signed: signed}))
		pass(time.Millisecond)
		stranger := &fakeSession{peer: o.hire("stranger").id.PeerID()}
		a.service.Up(stranger)
		a.service.Receive(stranger, presence(t, &protocol.WhoIsThere{Limit: 10}))
		pass(time.Second)
		var told []protocol.PeerID
		for _, m := range stranger.took() {
			if people, ok := m.(*protocol.People); ok {
				for _, one := range people.Told {
					opened, err := protocol.OpenAnnouncement(one.Signed)
					if err != nil {
						t.Fatal(err)
					}
					told = append(told, opened.Peer())
				}
			}
		}
		if !slices.Equal(told, []protocol.PeerID{b.id.PeerID()}) {
			t.Errorf("told of %v", told)
		}
		a.service.Down(stranger)
	})
}

// TestAskingAndDiallingBringsInASubnet: the answer to a question is newer than
// what the session says, and the list of the subnet is taken all the same.
func TestAskingAndDiallingBringsInASubnet(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.subnets(1, 5)
		for _, p := range o.people {
			p.start()
		}
		pass(10 * time.Second)
		if found, err := a[0].service.Ask(t.Context(), netip.MustParseAddr("10.2.0.3")); err != nil || len(found) != 1 {
			t.Fatalf("found %v, %v", found, err)
		}
		if err := a[0].dial(t.Context(), b[2].at(), protocol.PeerID{}); err != nil {
			t.Fatal(err)
		}
		pass(2 * time.Second)
		a[0].mustSee(b...)
	})
}

// TestInvisibleOverASession: a session does not show who does not want to be
// seen, whether they were seen before or not.
func TestInvisibleOverASession(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		for _, passive := range []bool{false, true} {
			invisibleDials(t, o, passive)
		}
	})
}

func invisibleDials(t *testing.T, o *office, passive bool) {
	a, b := o.hire("a").start(), o.hire("b", func(c *discovery.Config) { c.Passive = passive })
	b.self.Status = protocol.StatusOffline
	b.start()
	pass(10 * time.Second)
	a.mustNotSee(b)
	if err := b.dial(t.Context(), a.at(), a.id.PeerID()); err != nil {
		t.Fatal(err)
	}
	pass(time.Second)
	a.mustNotSee(b)
	if _, lost, _ := a.told(); !slices.Equal(lost, []protocol.PeerID{b.id.PeerID()}) {
		t.Errorf("passive %v: told that %v want to be gone", passive, lost)
	}
}

// TestOneAddressListenedOn: only that one is announced.
func TestOneAddressListenedOn(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.hire("a").start(), o.hire("b")
		b.host.Attach(o.lan, "eth1", "10.0.99.1/16")
		b.self.Only = netip.MustParseAddr("10.0.99.1")
		b.start()
		pass(5 * time.Second)
		want := []netip.AddrPort{netip.AddrPortFrom(b.self.Only, b.self.Port)}
		if found := ask(t, a, "10.0.99.1"); len(found) != 1 {
			t.Errorf("found %v", found)
		}
		if peer, _ := a.sees(b); len(peer.Addresses) == 0 || peer.Addresses[0] != want[0] {
			t.Errorf("to be dialled at %v, want %v first", peer.Addresses, want)
		}
	})
}

// TestListedAndKilled: that the directory was the last to tell of somebody does
// not keep them, if they were heard a moment before.
func TestListedAndKilled(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		d := &directory{}
		a, listing := o.listed(d, "a")
		a.start()
		b := o.hire("b")
		pass(10 * time.Second)
		b.start()
		pass(4 * time.Second)
		a.mustSee(b)
		o.world.Filter(func(d memory.Datagram) bool { return d.Sender == "b" || d.Receiver == "b" })
		listing.changes <- change{b.signed(nil), false}
		pass(time.Second)
		a.mustSee(b)
		pass(3 * time.Minute)
		a.mustNotSee(b)
	})
}
