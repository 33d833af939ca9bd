package dnssd_test

import (
	"bytes"
	"crypto/ed25519"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"feihong/protocol"
	"feihong/transport/dnssd"
	"feihong/transport/ether"
	"feihong/transport/ether/socket"
)

// lan is a link in memory with engines on it, in a time of its own.
type lan struct {
	t     testing.TB
	now   time.Time
	hosts []*host
	drop  bool
}

type host struct {
	*dnssd.Engine
	lan   *lan
	nic   ether.Interface
	addr  netip.Addr
	sent  []*dns.Msg
	told  []event
	alone []netip.AddrPort // where answers to one address went
}

type event struct {
	signed string
	gone   bool
}

func newLAN(t testing.TB) *lan {
	return &lan{t: t, now: time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC)}
}

func (l *lan) host() *host {
	h := &host{lan: l, addr: netip.AddrFrom4([4]byte{10, 0, 0, byte(len(l.hosts) + 1)})}
	h.nic = ether.Interface{Index: 7, Name: "eth0", Multicast: true, Broadcast: true,
		Addresses: []netip.Prefix{netip.PrefixFrom(h.addr, 24)}}
	h.Engine = dnssd.NewEngine(h.send, func(signed []byte, gone bool) {
		h.told = append(h.told, event{string(signed), gone})
	})
	l.hosts = append(l.hosts, h)
	h.Follow([]ether.Interface{h.nic}, l.now)
	return h
}

func (h *host) send(on ether.Interface, to netip.AddrPort, m *dns.Msg) {
	if on.Index != h.nic.Index {
		h.lan.t.Errorf("sent on %+v", on)
	}
	data, err := m.Pack()
	if err != nil {
		h.lan.t.Fatal(err)
	}
	h.sent = append(h.sent, m)
	if to.IsValid() {
		h.alone = append(h.alone, to)
		return
	}
	if h.lan.drop {
		return
	}
	if !dnssd.Concerns(data) {
		h.lan.t.Errorf("what is sent does not look as if it concerned us: %v", m)
	}
	for _, other := range h.lan.hosts {
		other.Handle(data, socket.Origin{From: netip.AddrPortFrom(h.addr, 5353), To: dnssd.Group4, Interface: 7}, h.lan.now)
	}
}

// run lets time pass, in which everything that is due happens when it is.
func (l *lan) run(d time.Duration) {
	for end := l.now.Add(d); ; {
		next := end
		for _, h := range l.hosts {
			if at := h.Tick(l.now); !at.IsZero() && at.Before(next) {
				next = at
			}
		}
		if next.After(l.now) {
			l.now = next
		}
		if !l.now.Before(end) {
			return
		}
	}
}

func (h *host) publish(signed []byte, name string) {
	h.lan.t.Helper()
	if err := h.Publish(signed, name, 5000, h.lan.now); err != nil {
		h.lan.t.Fatal(err)
	}
}

// take returns what was reported since it was last asked.
func (h *host) take() []event {
	told := h.told
	h.told = nil
	return told
}

func (h *host) want(what string, want ...event) {
	h.lan.t.Helper()
	got := h.take()
	if len(got) != len(want) {
		h.lan.t.Fatalf("%s: %d reports, want %d: %+.40v", what, len(got), len(want), got)
	}
	for i := range want {
		if got[i] != want[i] {
			h.lan.t.Errorf("%s: got %+.40v, want %+.40v", what, got[i], want[i])
		}
	}
}

// tally counts the messages sent since the last call.
func (h *host) tally() (questions, answers int) {
	for _, m := range h.sent {
		if m.Response {
			answers++
		} else {
			questions++
		}
	}
	h.sent = nil
	return questions, answers
}

// announcement signs one. The same number gives the same person.
func announcement(t testing.TB, person byte, sequence uint64) []byte {
	t.Helper()
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{person}, ed25519.SeedSize))
	signed, err := protocol.SignAnnouncement(&protocol.Announcement{
		MinVersion: 1, MaxVersion: 1, Key: private.Public().(ed25519.PublicKey), Instance: [16]byte{person},
		Sequence: sequence, Name: "李雷", Status: protocol.StatusOnline, Port: 5000,
		Addresses: []netip.Addr{netip.MustParseAddr("10.0.0.1")},
	}, func(message []byte) []byte { return ed25519.Sign(private, message) })
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func TestFoundBothWays(t *testing.T) {
	l := newLAN(t)
	alice, bob := l.host(), l.host()
	a, b := announcement(t, 1, 1), announcement(t, 2, 1)
	alice.publish(a, "Alice (x).y @z ()")
	l.run(10 * time.Second)
	bob.want("Bob", event{string(a), false})
	bob.publish(b, "李雷")
	l.run(0)
	alice.want("Alice, at once", event{string(b), false})
	carol := l.host()
	l.run(1250 * time.Millisecond) // Bob may not speak again before
	if got := carol.take(); len(got) != 2 {
		t.Errorf("a newcomer found %d", len(got))
	}
	alice.want("Alice does not find herself")
}

// TestExpiry: somebody who falls silent is asked for before they are reported
// as gone; somebody who answers stays for ever.
func TestExpiry(t *testing.T) {
	l := newLAN(t)
	alice, bob := l.host(), l.host()
	a := announcement(t, 1, 1)
	alice.publish(a, "Alice")
	l.run(3 * time.Hour)
	bob.want("Bob", event{string(a), false})
	bob.tally()
	l.hosts = l.hosts[1:] // Alice's machine loses its power
	l.run(dnssd.Life)
	bob.want("Bob", event{string(a), true})
	if questions, _ := bob.tally(); questions < 3 || questions > 5 {
		t.Errorf("Bob asked %d times", questions)
	}
	if bob.Found() != 0 {
		t.Errorf("Bob remembers %d", bob.Found())
	}
}

func TestGoodbye(t *testing.T) {
	l := newLAN(t)
	alice, bob := l.host(), l.host()
	a := announcement(t, 1, 1)
	alice.publish(a, "Alice")
	l.run(5 * time.Second)
	bob.take()
	alice.Withdraw(l.now)
	l.run(500 * time.Millisecond)
	bob.want("there may be a return")
	alice.publish(a, "Alice")
	l.run(5 * time.Second)
	bob.want("there was one")
	alice.Goodbye()
	l.hosts = l.hosts[1:]
	l.run(1100 * time.Millisecond)
	bob.want("gone", event{string(a), true})
}

// TestUpdates: what is published too fast is sent once a second, the last one
// for certain; and a new name is not somebody leaving.
func TestUpdates(t *testing.T) {
	l := newLAN(t)
	alice, bob := l.host(), l.host()
	alice.publish(announcement(t, 1, 1), "Alice")
	l.run(5 * time.Second)
	bob.take()
	alice.tally()
	for i := range 50 {
		alice.publish(announcement(t, 1, uint64(2+i)), "Alice")
		l.run(100 * time.Millisecond)
	}
	l.run(10 * time.Second)
	got := bob.take()
	if len(got) < 4 || len(got) > 6 || got[len(got)-1].signed != string(announcement(t, 1, 51)) {
		t.Errorf("Bob was told %d times", len(got))
	}
	if _, answers := alice.tally(); answers > 8 {
		t.Errorf("Alice sent %d messages", answers)
	}
	alice.publish(announcement(t, 1, 51), "Alice")
	l.run(5 * time.Second)
	if _, answers := alice.tally(); answers != 0 {
		t.Errorf("Alice sent what was known: %d messages", answers)
	}
	alice.publish(announcement(t, 1, 60), "Alicia")
	l.run(10 * time.Second)
	bob.want("another name", event{string(announcement(t, 1, 60)), false})
	if bob.Found() != 1 {
		t.Errorf("Bob remembers %d", bob.Found())
	}
}

// TestLostPackets: what was lost is heard later.
func TestLostPackets(t *testing.T) {
	l := newLAN(t)
	alice, bob := l.host(), l.host()
	l.drop = true
	alice.publish(announcement(t, 1, 1), "Alice")
	l.run(2500 * time.Millisecond)
	bob.want("all was lost")
	l.drop = false
	l.run(5 * time.Second)
	bob.want("then", event{string(announcement(t, 1, 1)), false})
}

// TestQuiet: nobody sends much when nothing happens, however many there are.
func TestQuiet(t *testing.T) {
	l := newLAN(t)
	for i := range 30 {
		l.host().publish(announcement(t, byte(i+1), 1), "Somebody")
	}
	l.run(time.Minute)
	for i, h := range l.hosts {
		if h.Found() != 29 {
			t.Errorf("%d found %d", i, h.Found())
		}
		h.tally()
	}
	l.run(time.Hour)
	questions, answers := 0, 0
	for _, h := range l.hosts {
		q, a := h.tally()
		questions, answers = questions+q, answers+a
	}
	// Each record is renewed every six minutes, for all at once, and each asks
	// a few times who is there.
	t.Logf("%d questions, %d answers of 30 hosts in an hour", questions, answers)
	if perHost := answers / 30; perHost > 60*60/360+20 || answers < 30*8 {
		t.Errorf("%d questions, %d answers in an hour", questions, answers)
	}
	if questions > 30*30 {
		t.Errorf("%d questions in an hour", questions)
	}
}

func TestNames(t *testing.T) {
	h := newLAN(t).host()
	signed := announcement(t, 1, 1)
	for _, name := range []string{"", "Alice", "李雷", strings.Repeat("长", 100), strings.Repeat("x", 54) + " y", "a.b\\c", "x ()", "\x00\u202e", "_feihong._tcp"} {
		if err := h.Publish(signed, name, 0, time.Now()); err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		instance, where := h.Names()
		if _, ok := dns.IsDomainName(instance); !ok || !strings.HasSuffix(instance, "."+dnssd.ServiceName) {
			t.Errorf("%q: published as %s", name, instance)
		}
		if !strings.HasPrefix(where, "feihong-") || !strings.HasSuffix(where, ".local.") || strings.ToLower(where) != where {
			t.Errorf("%q: host %s", name, where)
		}
	}
	for name, bad := range map[string][]byte{"garbage": []byte("x"), "empty": {}, "long": append(signed, make([]byte, 1024)...)} {
		if err := h.Publish(bad, "Alice", 1, time.Now()); err == nil {
			t.Errorf("%s was published", name)
		}
	}
}
