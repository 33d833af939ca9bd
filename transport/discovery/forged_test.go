package discovery_test

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"feihong/protocol"
	"feihong/transport/discovery"
	"feihong/transport/ether"
	"feihong/transport/ether/memory"
)

func TestAnswersFromAWrongAddress(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a := o.hire("a").start()
		liar := o.hire("liar")
		mallory, host := o.attacker()
		_ = host
		var nonce [16]byte
		o.world.Filter(func(d memory.Datagram) bool {
			if d.Way != ether.Unicast || d.Sender != "a" {
				return false
			}
			if q, err := protocol.DecodeDatagram(d.Data); err == nil {
				if q, ok := q.(*protocol.Question); ok {
					nonce = q.Nonce
				}
			}
			return false
		})
		pass(5 * time.Second)
		respond := func(asked string, change func(*protocol.Announcement)) []string {
			t.Helper()
			var names []string
			done := make(chan struct{})
			go func() {
				defer close(done)
				peers, err := a.service.Ask(context.Background(), netip.MustParseAddr(asked))
				if err != nil {
					t.Error(err)
				}
				for _, peer := range peers {
					names = append(names, peer.Name)
				}
			}()
			pass(10 * time.Millisecond)
			body := datagram(t, &protocol.Answer{Signed: liar.signed(func(a *protocol.Announcement) {
				a.Nonce = nonce
				if change != nil {
					change(a)
				}
			})})
			state := a.service.State()
			if err := mallory.Send(netip.AddrPortFrom(a.nicAddr(), state.Private), body); err != nil {
				t.Fatal(err)
			}
			<-done
			return names
		}
		// The machine asked is not there; the answer comes from 10.0.66.66.
		o.world.Host("silent").Attach(o.lan, "eth0", "10.0.8.8/16")
		if got := respond("10.0.8.8", nil); len(got) != 0 {
			t.Errorf("an answer from elsewhere counts: %v", got)
		}
		if got := respond("10.0.8.8", func(a *protocol.Announcement) { a.Nonce[3] ^= 1 }); len(got) != 0 {
			t.Errorf("an answer to another question counts: %v", got)
		}
		if got := respond("10.0.66.66", func(a *protocol.Announcement) { a.Nonce = [16]byte{} }); len(got) != 0 {
			t.Errorf("an answer to no question counts: %v", got)
		}
		a.mustNotSee(liar)
		// Machines have several addresses.
		if got := respond("10.0.8.8", func(a *protocol.Announcement) {
			a.Addresses = []netip.Addr{netip.MustParseAddr("10.0.66.66"), netip.MustParseAddr("10.0.8.8")}
		}); len(got) != 1 {
			t.Errorf("an answer by another address of the machine: %v", got)
		}
	})
}

// Whoever forges an address gets no more sent there than they sent.
func TestForgedSourcesAmplifyNothing(t *testing.T) {
	victim := netip.MustParseAddr("10.0.9.9")
	for _, from := range []netip.Addr{victim, netip.MustParseAddr("203.0.113.7")} {
		inBubble(t, func(t *testing.T, o *office) {
			o.world.Host("victim").Attach(o.lan, "eth0", "10.0.9.9/16", "203.0.113.7/24")
			o.world.Join(o.lan) // a router leads to everywhere
			a := o.hire("a").start()
			a.say(func(self *discovery.Self) { // as long as can be
				self.Name = "a very long name for a single person in this office"
				self.Department, self.StatusText = "the department with the long name", "a status that says a lot about me"
			})
			pass(10 * time.Second)
			received, sent := 0, 0
			o.world.Filter(func(d memory.Datagram) bool {
				switch {
				case d.Receiver == "victim" && d.Way == ether.Unicast:
					received += len(d.Data)
				case d.Receiver == "a" && d.From.Addr() == from:
					sent += len(d.Data)
				}
				return false
			})
			var nonce [16]byte
			for i := range 2000 {
				age := uint64(i%3) * day
				signed := o.invented(func(a *protocol.Announcement) { a.Addresses = []netip.Addr{from}; a.Sequence -= age })
				nonce[0], nonce[1] = byte(i), byte(i>>8)|1
				for _, d := range []protocol.Datagram{
					&protocol.Announce{Signed: signed, Want: true, Known: 100},
					&protocol.Question{Nonce: nonce, Signed: signed},
					&protocol.Call{Signed: signed, Want: a.id.PeerID()},
					&protocol.PassedOn{Nonce: nonce, Asker: netip.AddrPortFrom(from, 9)},
				} {
					if i%4 == 0 || i%2 == 0 && d != nil {
						o.lan.Forge(netip.AddrPortFrom(from, 40009), netip.AddrPortFrom(a.nicAddr(), port), datagram(t, d))
					}
				}
				pass(3 * time.Millisecond)
			}
			pass(5 * time.Minute) // until those invented were asked and dropped
			o.world.Filter(nil)
			if sent == 0 || received > sent {
				t.Errorf("from %v: %d bytes sent, the victim got %d", from, sent, received)
			}
			t.Logf("from %v: %d bytes sent, the victim got %d", from, sent, received)
		})
	}
}

// A slow forger, whom no limit of rates stops, amplifies nothing either.
func TestSlowForgerAmplifiesNothing(t *testing.T) {
	onLink, offLink := netip.MustParseAddr("10.0.9.9"), netip.MustParseAddr("203.0.113.7")
	for _, test := range []struct {
		name string
		from netip.Addr
		make func(o *office, nonce [16]byte) protocol.Datagram
	}{
		{"who wants to be told", onLink, func(o *office, _ [16]byte) protocol.Datagram {
			return &protocol.Announce{Want: true, Signed: o.invented(func(a *protocol.Announcement) { a.Addresses = []netip.Addr{onLink} })}
		}},
		{"a question of somebody doubtful", onLink, func(o *office, nonce [16]byte) protocol.Datagram {
			return &protocol.Question{Nonce: nonce, Signed: o.invented(func(a *protocol.Announcement) { a.Sequence -= 2 * day })}
		}},
		{"somebody on another link", offLink, func(o *office, _ [16]byte) protocol.Datagram {
			return &protocol.Announce{Signed: o.invented(func(a *protocol.Announcement) { a.Addresses = []netip.Addr{offLink} })}
		}},
	} {
		inBubble(t, func(t *testing.T, o *office) {
			o.world.Host("victim").Attach(o.lan, "eth0", "10.0.9.9/16", "203.0.113.7/24")
			o.world.Join(o.lan) // a router leads to everywhere
			a := o.hire("a").start()
			a.say(func(self *discovery.Self) {
				self.Department, self.StatusText = "the department with the long name", "a status that says a lot, and is long for that"
			})
			pass(5 * time.Second)
			received, sent := 0, 0
			o.world.Filter(func(d memory.Datagram) bool {
				if d.Receiver == "victim" && d.Way == ether.Unicast {
					received += len(d.Data)
				}
				return false
			})
			for i := range 20 {
				body := datagram(t, test.make(o, [16]byte{1, byte(i)}))
				sent += len(body)
				o.lan.Forge(netip.AddrPortFrom(test.from, 40009), netip.AddrPortFrom(a.nicAddr(), port), body)
				pass(2900 * time.Millisecond)
			}
			pass(5 * time.Minute)
			o.world.Filter(nil)
			if received > sent || received == 0 && test.from == onLink {
				t.Errorf("%s: %d bytes sent, the victim got %d", test.name, sent, received)
			}
		})
	}
}

func TestPassedOnIsFromThisMachineOnly(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a := o.hire("a").start()
		mallory, host := o.attacker()
		pass(5 * time.Second)
		a.host.ResetCounters()
		body := datagram(t, &protocol.PassedOn{Nonce: [16]byte{1}, Asker: netip.MustParseAddrPort("10.0.66.66:40000")})
		spreadOn(t, mallory, host, body)
		if err := mallory.Send(netip.AddrPortFrom(a.nicAddr(), port), body); err != nil {
			t.Fatal(err)
		}
		pass(time.Second)
		if sent := a.host.Counters().Sent.Datagrams; sent != 0 {
			t.Errorf("%d datagrams were sent", sent)
		}
	})
}

func TestQuestionsAreLimited(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a := o.hire("a").start()
		mallory, _ := o.attacker()
		pass(5 * time.Second)
		a.host.ResetCounters()
		to := netip.AddrPortFrom(a.nicAddr(), port)
		for i := range 1000 {
			body := datagram(t, &protocol.Question{Nonce: [16]byte{1, byte(i), byte(i >> 8)}})
			if err := mallory.Send(to, body); err != nil {
				t.Fatal(err)
			}
			pass(time.Millisecond)
		}
		if sent := a.host.Counters().Sent.Datagrams; sent < 20 || sent > 45 {
			t.Errorf("%d answers in a second", sent)
		}
		pass(time.Second)
		a.host.ResetCounters()
		body := datagram(t, &protocol.Question{Nonce: [16]byte{2}})
		for range 10 {
			if err := mallory.Send(to, body); err != nil {
				t.Fatal(err)
			}
		}
		pass(time.Millisecond)
		if sent := a.host.Counters().Sent.Datagrams; sent != 1 {
			t.Errorf("%d answers to copies of a question", sent)
		}
	})
}

func TestCallsOfOthersAreIgnored(t *testing.T) {
	inBubble(t, func(t *testing.T, o *office) {
		a, b := o.hire("a").start(), o.hire("b").start()
		pass(5 * time.Second)
		copies := o.tapped(func(d memory.Datagram) bool { return d.Sender == "b" && d.Way == ether.Unicast })
		b.service.Call(a.id.PeerID())
		pass(time.Second)
		o.world.Filter(nil)
		if len(a.callers()) != 1 || len(*copies) == 0 {
			t.Fatalf("called %d times, %d datagrams", len(a.callers()), len(*copies))
		}
		pass(10 * time.Second)
		for _, body := range *copies {
			o.lan.Forge(netip.AddrPortFrom(b.nicAddr(), 40000), netip.AddrPortFrom(a.nicAddr(), port), body)
		}
		foreign := datagram(t, &protocol.Call{Signed: b.signed(func(a *protocol.Announcement) { a.Sequence += 5 }), Want: b.id.PeerID()})
		o.lan.Forge(netip.AddrPortFrom(b.nicAddr(), 40000), netip.AddrPortFrom(a.nicAddr(), port), foreign)
		pass(time.Second)
		if len(a.callers()) != 1 {
			t.Errorf("called %d times", len(a.callers()))
		}
	})
}
