package discovery_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"feihong/protocol"
	"feihong/transport/discovery"
	"feihong/transport/ether/memory"
	"feihong/transport/identity"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// office is a world with people in it.
type office struct {
	t      testing.TB
	world  *memory.World
	lan    *memory.Link
	people []*person
	port   uint16

	mu       sync.Mutex
	byDial   map[string]*person
	sessions int
	ends     []*session // of all sessions so far
	running  sync.WaitGroup
	bytes    int64 // over sessions
	light    bool  // remember only who was found
	open     func([]byte) (*protocol.Announcement, error)
}

// person is one program in the office.
type person struct {
	office  *office
	host    *memory.Host
	nic     *memory.NIC
	id      *identity.Identity
	service *discovery.Service
	cancel  context.CancelFunc
	done    chan struct{}

	mu       sync.Mutex
	self     discovery.Self
	began    time.Time
	seen     map[protocol.PeerID]discovery.Peer
	when     map[protocol.PeerID]time.Duration // when first found, since began
	lost     []protocol.PeerID
	called   []discovery.Peer
	found    int // calls
	sessions map[protocol.PeerID]*session
}

func newOffice(t testing.TB) *office {
	world := memory.New()
	return &office{t: t, world: world, lan: world.Link("lan"), port: 50000, byDial: make(map[string]*person)}
}

// inBubble runs a test in an office, in the time of a bubble.
func inBubble(t *testing.T, test func(t *testing.T, o *office)) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		defer o.close()
		test(t, o)
	})
}

func (o *office) close() {
	for _, p := range o.people {
		p.stop()
	}
	o.running.Wait()
}

// make makes a program on a host, without running it.
func (o *office) make(name string, host *memory.Host, change ...func(*discovery.Config)) *person {
	o.t.Helper()
	id, err := identity.Generate()
	if err != nil {
		o.t.Fatal(err)
	}
	return o.makeAs(id, name, host, change...)
}

func (o *office) makeAs(id *identity.Identity, name string, host *memory.Host, change ...func(*discovery.Config)) *person {
	o.t.Helper()
	o.port++
	p := &person{
		office: o, host: host, id: id, sessions: make(map[protocol.PeerID]*session),
		seen: make(map[protocol.PeerID]discovery.Peer), when: make(map[protocol.PeerID]time.Duration),
		self: discovery.Self{Name: name, Host: name + "-pc", Status: protocol.StatusOnline, Port: o.port},
	}
	config := discovery.Config{
		Identity: id, Ether: host, Handler: p, Dial: p.dial, Logger: slog.New(slog.DiscardHandler),
		Self: func() discovery.Self { p.mu.Lock(); defer p.mu.Unlock(); return p.self },
	}
	_, _ = rand.Read(config.Instance[:])
	for _, c := range change {
		c(&config)
	}
	var err error
	if p.service, err = discovery.New(config); err != nil {
		o.t.Fatal(err)
	}
	if o.open != nil {
		p.service.SetOpen(o.open)
	}
	o.people = append(o.people, p)
	return p
}

// hire makes a program on a host of its own in the LAN, 10.0.0.x/16.
func (o *office) hire(name string, change ...func(*discovery.Config)) *person {
	o.t.Helper()
	n := len(o.people) + 1
	host := o.world.Host(name)
	nic := host.Attach(o.lan, "eth0", fmt.Sprintf("10.0.%d.%d/16", n/250, n%250+1),
		fmt.Sprintf("fe80::%x/64", n))
	p := o.make(name, host, change...)
	p.nic = nic
	return p
}

func (p *person) start() *person {
	p.mu.Lock()
	p.began = time.Now()
	p.mu.Unlock()
	p.office.mu.Lock()
	interfaces, _ := p.host.Interfaces()
	for _, i := range interfaces {
		for _, prefix := range i.Addresses {
			p.office.byDial[netip.AddrPortFrom(prefix.Addr(), p.self.Port).String()] = p
		}
	}
	p.office.mu.Unlock()
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel, p.done = cancel, make(chan struct{})
	go func() {
		defer close(p.done)
		if err := p.service.Serve(ctx); err != nil {
			p.office.t.Error(err)
		}
	}()
	return p
}

// stop ends the program, with a goodbye.
func (p *person) stop() {
	if p.cancel == nil {
		return
	}
	p.hangUp()
	p.cancel()
	<-p.done
	p.cancel = nil
}

// kill ends the program without a goodbye.
func (p *person) kill() {
	p.office.world.Filter(func(d memory.Datagram) bool { return d.Sender == p.self.Name })
	p.stop()
	synctest.Wait()
	pass(time.Millisecond)
	p.office.world.Filter(nil)
}

func (p *person) Found(peer discovery.Peer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.found++
	if p.office.light {
		p.seen[peer.ID] = discovery.Peer{}
		return
	}
	if _, ok := p.when[peer.ID]; !ok {
		p.when[peer.ID] = time.Since(p.began)
	}
	p.seen[peer.ID] = peer
}

func (p *person) Lost(id protocol.PeerID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.seen[id]; !ok && !p.hasSession(id) {
		p.office.t.Errorf("%s lost somebody whom they had not found", p.self.Name)
	}
	delete(p.seen, id)
	p.lost = append(p.lost, id)
}

func (p *person) hasSession(id protocol.PeerID) bool {
	p.office.mu.Lock()
	defer p.office.mu.Unlock()
	return slices.ContainsFunc(p.office.ends, func(s *session) bool { return s.owner == p && s.peer == id && !s.ended() })
}

func (p *person) Called(peer discovery.Peer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.called = append(p.called, peer)
}

func (p *person) say(change func(*discovery.Self)) {
	p.mu.Lock()
	change(&p.self)
	p.mu.Unlock()
	p.service.Announce()
}

// sees returns how p sees another.
func (p *person) sees(other *person) (discovery.Peer, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	peer, ok := p.seen[other.id.PeerID()]
	return peer, ok
}

// told returns how often p was told of somebody, of whom they lost sight, and
// who called them.
func (p *person) told() (found int, lost []protocol.PeerID, called []discovery.Peer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.found, slices.Clone(p.lost), slices.Clone(p.called)
}

func (p *person) timesFound() int {
	found, _, _ := p.told()
	return found
}

func (p *person) callers() []discovery.Peer {
	_, _, called := p.told()
	return called
}

func (p *person) losses() int {
	_, lost, _ := p.told()
	return len(lost)
}

// foundAfter is how long after its start p first found another.
func (p *person) foundAfter(other *person) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.when[other.id.PeerID()]
}

func (p *person) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.seen)
}

// mustSee fails unless p sees the others.
func (p *person) mustSee(others ...*person) {
	p.office.t.Helper()
	for _, other := range others {
		if _, ok := p.sees(other); !ok && other != p {
			p.office.t.Errorf("%s does not see %s", p.self.Name, other.self.Name)
		}
	}
}

func (p *person) mustNotSee(other *person) {
	p.office.t.Helper()
	if _, ok := p.sees(other); ok {
		p.office.t.Errorf("%s sees %s", p.self.Name, other.self.Name)
	}
}

// invented makes an announcement of somebody who does not exist.
func (o *office) invented(change func(*protocol.Announcement)) []byte {
	o.t.Helper()
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		o.t.Fatal(err)
	}
	a := &protocol.Announcement{
		MinVersion: 1, MaxVersion: 1, Key: public, Instance: [16]byte{9}, Name: "invented",
		Sequence: uint64(time.Now().UnixMilli()), Status: protocol.StatusOnline, Port: 99,
	}
	change(a)
	raw, err := protocol.SignAnnouncement(a, func(message []byte) []byte { return ed25519.Sign(key, message) })
	if err != nil {
		o.t.Fatal(err)
	}
	return raw
}

// signed makes an announcement of p by hand.
func (p *person) signed(change func(*protocol.Announcement)) []byte {
	p.office.t.Helper()
	a := &protocol.Announcement{
		MinVersion: 1, MaxVersion: 1, Key: p.id.PublicKey(), Instance: [16]byte{9},
		Sequence: uint64(time.Now().UnixMilli()), Name: p.self.Name, Status: protocol.StatusOnline, Port: p.self.Port,
	}
	interfaces, _ := p.host.Interfaces()
	for _, i := range interfaces {
		for _, prefix := range i.Addresses {
			if !i.Loopback {
				a.Addresses = append(a.Addresses, prefix.Addr())
			}
		}
	}
	if change != nil {
		change(a)
	}
	raw, err := protocol.SignAnnouncement(a, p.id.Sign)
	if err != nil {
		p.office.t.Fatal(err)
	}
	return raw
}

func datagram(t testing.TB, d protocol.Datagram) []byte {
	t.Helper()
	raw, err := protocol.EncodeDatagram(d)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// dialled returns how many sessions there were, and the bytes over them.
func (o *office) dialled() (sessions int, bytes int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.sessions, o.bytes
}

// pass lets time pass in a bubble.
func pass(d time.Duration) { time.Sleep(d) }
