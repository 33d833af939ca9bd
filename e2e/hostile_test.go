//go:build e2e

package e2e

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"feihong/protocol"
)

// mostGrowth is how much more memory somebody under attack may need.
const mostGrowth = 64 << 20

// TestHostileDatagrams lets an attacker loose in an office. Whatever they send:
// nobody crashes, nobody's memory fills, and colleagues stay visible. It needs
// the whole machine, so that it runs alone.
func TestHostileDatagrams(t *testing.T) {
	office := newLab(t).office("10.1.0.0/24", "Alice", "Bob", "Mallory", "Carol").hosts
	alice, bob := office[0].daemon(), office[1].daemon()
	mallory := newAttacker(office[2], "10.1.0.3")
	gathered(worstMeeting, alice, bob)
	before := alice.memory()
	everywhere := []string{"10.1.0.1", "10.1.0.255", "255.255.255.255", protocol.MulticastGroup4.String()}
	said := office[2].overhear(bob, 1, func() { bob.must(0, "status", "busy") })[0]

	attacks := []struct {
		name string
		send func(to string, i int)
	}{
		{"random bytes", func(to string, _ int) { mallory.send(to, mallory.noise(protocol.MaxDatagramBytes)) }},
		{"too long", func(to string, _ int) { mallory.send(to, mallory.noise(60_000)) }},
		{"replayed", func(to string, _ int) { mallory.send(to, said) }},
		{"damaged", func(to string, i int) {
			body := append([]byte(nil), said...)
			body[4+i%(len(body)-4)] ^= byte(1 + i%255)
			mallory.send(to, body)
		}},
		{"invented", func(to string, i int) {
			signed := mallory.invented(fmt.Sprintf("Invented %d", i)).signed(t)
			mallory.send(to, encoded(t, &protocol.Announce{Signed: signed, Want: true, Known: 60_000}))
		}},
		{"answers to nothing", func(to string, i int) {
			stranger := mallory.invented(fmt.Sprintf("Answer %d", i))
			stranger.Nonce[0] = byte(1 + i%255)
			mallory.send(to, encoded(t, &protocol.Answer{Signed: stranger.signed(t), Known: 60_000}))
		}},
		{"calls", func(to string, i int) {
			signed := mallory.invented(fmt.Sprintf("Caller %d", i)).signed(t)
			mallory.send(to, encoded(t, &protocol.Call{Signed: signed, Want: mustPeer(t, alice.ready.ID)}))
		}},
	}
	for _, attack := range attacks {
		for i := range 10_000 {
			attack.send(everywhere[i%len(everywhere)], i)
			if i%1000 == 0 && !alice.knows(bob).Online {
				t.Errorf("%s: Alice lost Bob", attack.name)
			}
		}
		// What was said during the attack has come to her, if it comes at all.
		alice.must(0, "send", "Bob", "still here after "+attack.name)
		bob.received(patience, "still here after "+attack.name)
		t.Logf("after %s: Alice occupies %d MiB and knows %d people", attack.name, alice.memory()>>20, len(alice.people()))
	}

	if growth := alice.memory() - before; growth > mostGrowth {
		t.Errorf("Alice grew by %d MiB", growth>>20)
	}
	if got, want := alice.knows(bob).Address, bob.at("10.1.0.2"); got != want {
		t.Errorf("Alice thinks that Bob is at %s, not %s", got, want)
	}
	// Somebody new is found, attack or not.
	carol := office[3].daemon()
	gathered(patience, alice, bob, carol)
	// And who leaves is gone, whatever is repeated.
	bob.stop()
	alice.misses(patience, bob)
	for range 100 {
		mallory.send("10.1.0.1", said)
	}
	alice.must(0, "send", "Carol", "that was all")
	carol.received(patience, "that was all")
	if alice.knows(bob).Online {
		t.Error("a repeated announcement brought Bob back")
	}
}

func mustPeer(t *testing.T, id string) protocol.PeerID {
	t.Helper()
	peer, err := protocol.ParsePeerID(id)
	if err != nil {
		t.Fatal(err)
	}
	return peer
}

// TestNobodySpeaksForBob tries to change what Alice knows of Bob without his
// key.
func TestNobodySpeaksForBob(t *testing.T) {
	t.Parallel()
	office := newLab(t).office("10.1.0.0/24", "Alice", "Bob", "Mallory").hosts
	alice, bob := office[0].daemon(), office[1].daemon()
	mallory := newAttacker(office[2], "10.1.0.3")
	gathered(worstMeeting, alice, bob)

	heard := office[2].overhear(bob, 1, func() { bob.must(0, "status", "busy") })[0]
	d, err := protocol.DecodeDatagram(heard)
	if err != nil {
		t.Fatal(err)
	}
	real, err := protocol.OpenAnnouncement(d.(*protocol.Announce).Signed)
	if err != nil {
		t.Fatal(err)
	}
	// Newer than anything that Bob will say, saying goodbye, from elsewhere,
	// and signed by Mallory.
	forged := mallory.invented("")
	forged.Announcement = *real
	forged.Sequence += 1 << 40
	forged.Status = protocol.StatusOffline
	forged.Addresses = []netip.Addr{mallory.address}
	goodbye := encoded(t, &protocol.Announce{Signed: forged.signed(t)})
	// Mallory under Bob's name, with her own key.
	namesake := encoded(t, &protocol.Announce{Signed: mallory.invented("Bob").signed(t), Want: true})
	for range 100 {
		mallory.send("10.1.0.1", goodbye)
		mallory.send("10.1.0.1", namesake)
		mallory.forge(netip.MustParseAddrPort("10.1.0.2:24250"), netip.MustParseAddrPort("10.1.0.1:24250"), goodbye)
	}
	alice.must(0, "send", bob.ready.ID, "are you still you?")
	bob.received(patience, "are you still you?")
	if p := alice.knows(bob); !p.Online || p.Address != bob.at("10.1.0.2") {
		t.Errorf("Alice believes this of Bob: %+v", p)
	}
	// A name that two people have is no address.
	alice.until("knows two people called Bob", patience, func([]entry) bool {
		n := 0
		for _, p := range alice.people() {
			if strings.EqualFold(p.Name, "Bob") {
				n++
			}
		}
		return n == 2
	})
	if r := alice.must(5, "send", "Bob", "which Bob?"); !strings.Contains(r.errors, bob.ready.ID[:7]) {
		t.Errorf("the real Bob is not offered: %q", r.errors)
	}
}

// TestNoAmplification sends datagrams under the address of a victim, who must
// not get more from it than the attacker has spent.
func TestNoAmplification(t *testing.T) {
	t.Parallel()
	office := newLab(t).office("10.1.0.0/24", "Alice", "victim", "Mallory").hosts
	office[0].daemon()
	mallory := newAttacker(office[2], "10.1.0.3")
	alice := netip.MustParseAddrPort("10.1.0.1:24250")
	question := encoded(t, &protocol.Question{Nonce: [16]byte{1}})
	tests := []struct {
		name string
		most float64 // bytes for the victim for each byte of the attacker
		body func() []byte
	}{
		{"questions", 1, func() []byte { return question }},
		{"questions without padding", 0, func() []byte { return question[:64] }},
		{"questions with the same nonce and a signature", 1, func() []byte {
			return encoded(t, &protocol.Question{Nonce: [16]byte{2}, Signed: mallory.invented("Asker").signed(t)})
		}},
		{"newcomers", 1.5, func() []byte {
			return encoded(t, &protocol.Announce{Signed: mallory.invented("Newcomer").signed(t), Want: true, Known: 60_000})
		}},
		{"callers at the victim's address", 1.5, func() []byte {
			caller := mallory.invented("Caller")
			caller.Addresses = []netip.Addr{netip.MustParseAddr("10.1.0.2")}
			return encoded(t, &protocol.Announce{Signed: caller.signed(t), Want: true, Known: 60_000})
		}},
		{"noise", 0, func() []byte { return mallory.noise(protocol.MaxDatagramBytes) }},
	}
	for i, test := range tests {
		victim := netip.AddrPortFrom(netip.MustParseAddr("10.1.0.2"), uint16(40_000+i))
		spent := office[2].count("output", "ip saddr 10.1.0.2")
		// Not what Alice says to everybody.
		got := office[1].count("input", "ip saddr 10.1.0.1 ip daddr 10.1.0.2")
		for range 500 {
			mallory.forge(victim, alice, test.body())
		}
		// A victim that answers is asked no more; here it is quiet for a while.
		for last := (traffic{Packets: -1}); got() != last; {
			last = got()
			<-time.After(500 * time.Millisecond)
		}
		ratio := float64(got().Bytes) / float64(spent().Bytes)
		t.Logf("%s: %d bytes of the attacker brought the victim %d (%.2f)", test.name, spent().Bytes, got().Bytes, ratio)
		if spent().Packets != 500 || ratio > test.most {
			t.Errorf("%s: %d packets, ratio %.2f, at most %.2f wanted", test.name, spent().Packets, ratio, test.most)
		}
	}
}
