package transport_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"feihong/protocol"
	"feihong/transport"
)

// TestSimultaneousDials lets two nodes dial each other at the same moment.
// Each writes a mark on every session that comes up, and the round is over
// when both have read, on the session that is up, the mark that the other
// wrote last.
func TestSimultaneousDials(t *testing.T) {
	const rounds = 200
	a, b := serve(t, "a", nil), serve(t, "b", nil)
	marks := map[*node]*marker{a: newMarker(a), b: newMarker(b)}
	for round := range rounds {
		var dials sync.WaitGroup
		start := make(chan struct{})
		for _, pair := range [][2]*node{{a, b}, {b, a}, {a, b}, {b, a}} {
			dials.Go(func() {
				<-start
				s, err := pair[0].Dial(t.Context(), pair[1].address, pair[1].peer())
				if err != nil || s.Peer() != pair[1].peer() {
					t.Errorf("round %d: dial: %v, %v", round, s, err)
				}
			})
		}
		close(start)
		dials.Wait()
		agreed := func() bool {
			return marks[a].read(b.peer()) != "" && marks[b].read(a.peer()) != "" &&
				marks[a].read(b.peer()) == marks[b].written(a.peer()) &&
				marks[b].read(a.peer()) == marks[a].written(b.peer())
		}
		awaitBoth(t, a, b, agreed)
		a.mu.Lock()
		s := a.current[b.peer()]
		a.mu.Unlock()
		s.Close(protocol.CodeClosing, "end of the round")
		awaitBoth(t, a, b, func() bool { return marks[a].gone(b.peer()) && marks[b].gone(a.peer()) })
	}
}

// awaitBoth waits for a condition that depends on two recorders.
func awaitBoth(t *testing.T, a, b *node, holds func() bool) {
	t.Helper()
	timeout := time.After(patience)
	for {
		a.mu.Lock()
		fromA := a.changed
		a.mu.Unlock()
		b.mu.Lock()
		fromB := b.changed
		b.mu.Unlock()
		if holds() {
			return
		}
		select {
		case <-fromA:
		case <-fromB:
		case <-timeout:
			t.Fatalf("no agreement: a %d ups %v, b %d ups %v", a.ups, a.downs, b.ups, b.downs)
		}
	}
}

// marker writes a mark on each session and remembers those it reads.
type marker struct {
	node  *node
	count int
	wrote map[*transport.Session]string
	got   map[*transport.Session]string
}

func newMarker(n *node) *marker {
	m := &marker{node: n, wrote: make(map[*transport.Session]string), got: make(map[*transport.Session]string)}
	n.recorder.onUp = func(s *transport.Session) {
		var mark string
		n.note(func() {
			m.count++
			mark = fmt.Sprintf("%s %d", n.peer().Short(), m.count)
			m.wrote[s] = mark
		})
		_ = s.Send(protocol.AppChat, []byte(mark)) // fails on a session that lost already
	}
	n.recorder.receive = func(s *transport.Session, _ protocol.Application, body []byte) {
		mark := string(body)
		n.note(func() { m.got[s] = mark })
	}
	return m
}

func (m *marker) of(marks map[*transport.Session]string, peer protocol.PeerID) string {
	m.node.mu.Lock()
	defer m.node.mu.Unlock()
	return marks[m.node.current[peer]]
}

func (m *marker) read(peer protocol.PeerID) string    { return m.of(m.got, peer) }
func (m *marker) written(peer protocol.PeerID) string { return m.of(m.wrote, peer) }

func (m *marker) gone(peer protocol.PeerID) bool {
	m.node.mu.Lock()
	defer m.node.mu.Unlock()
	return m.node.current[peer] == nil
}

// TestRestartedPeerReplacesStaleSession: the peer was killed without a word
// and is back, in both roles and with either order of IDs.
func TestRestartedPeerReplacesStaleSession(t *testing.T) {
	for range 4 { // the IDs are random
		for _, firstByBob := range []bool{false, true} {
			for _, secondByBob := range []bool{false, true} {
				t.Run(fmt.Sprintf("%v %v", firstByBob, secondByBob), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { testRestart(t, firstByBob, secondByBob) })
				})
			}
		}
	}
}

func testRestart(t *testing.T, firstByBob, secondByBob bool) {
	network := newMemNetwork()
	bob := serve(t, "Bob", inMemory(network, "10.0.0.2:5000"))
	id := newIdentity(t)
	incarnation := func(address string) *node {
		return serve(t, "Alice", func(c *transport.Config) {
			inMemory(network, address)(c)
			c.Identity = id
		})
	}
	first := incarnation("10.0.0.1:5000")
	connect := func(alice *node, byBob bool) *transport.Session {
		if byBob {
			dial(t, bob, alice)
			alice.await("up", func() bool { return alice.ups == 1 })
			return alice.current[bob.peer()]
		}
		return dial(t, alice, bob)
	}
	connect(first, firstByBob)
	bob.await("up", func() bool { return bob.ups == 1 })
	// The first incarnation lives on in this process, but its successor's
	// connection must win at Bob's without waiting for it to say goodbye.
	second := incarnation("10.0.0.1:6000")
	start := time.Now()
	if secondByBob && firstByBob == secondByBob {
		// Bob dials only when he does not believe the first to be alive.
		first.current[bob.peer()].Close(protocol.CodeClosing, "")
		bob.awaitDowns(1)
	}
	if secondByBob && !firstByBob {
		bob.current[id.PeerID()].Close(protocol.CodeClosing, "")
		bob.awaitDowns(1)
	}
	s := connect(second, secondByBob)
	send(t, s, "I am back")
	bob.awaitText("I am back")
	bob.awaitDowns(1)
	if took := time.Since(start); took > time.Second {
		t.Errorf("took %v", took)
	}
	if err := first.awaitDowns(1)[0]; codeOf(err) != protocol.CodeDuplicateSession && codeOf(err) != protocol.CodeClosing {
		t.Errorf("the stale session ended by %v", err)
	}
}

// TestPeerReturnsAfterLosingConnection: the network swallowed the session
// without either side noticing, and the side that lost it dials again, the
// same program as before.
func TestPeerReturnsAfterLosingConnection(t *testing.T) {
	for range 6 { // the IDs are random
		for _, firstByBob := range []bool{false, true} {
			for _, secondByBob := range []bool{false, true} {
				t.Run(fmt.Sprintf("%v %v", firstByBob, secondByBob), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { testReturn(t, firstByBob, secondByBob) })
				})
			}
		}
	}
}

func testReturn(t *testing.T, firstByBob, secondByBob bool) {
	network := newMemNetwork()
	cables := &cables{}
	alice := serve(t, "Alice", cables.over(inMemory(network, "10.0.0.1:5000")))
	bob := serve(t, "Bob", cables.over(inMemory(network, "10.0.0.2:5000")))
	pick := func(byBob bool) (from, to *node) {
		if byBob {
			return bob, alice
		}
		return alice, bob
	}
	from, to := pick(firstByBob)
	dial(t, from, to)
	to.await("up", func() bool { return to.ups == 1 })
	cables.cut()
	from, to = pick(secondByBob)
	start := time.Now()
	s := dial(t, from, to)
	send(t, s, "back again")
	to.awaitText("back again")
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	for _, n := range []*node{alice, bob} {
		n.awaitDowns(1)
		n.await("second up", func() bool { return n.ups == 2 && len(n.current) == 1 })
	}
}

// cables remembers the connections that were dialled, to cut them.
type cables struct {
	mu   sync.Mutex
	list []*memConn
}

func (c *cables) over(change func(*transport.Config)) func(*transport.Config) {
	return func(config *transport.Config) {
		change(config)
		config.Dialer = wrapDialer(config.Dialer, func(conn net.Conn) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.list = append(c.list, conn.(*memConn))
		})
	}
}

func (c *cables) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.list {
		conn.cut()
	}
}

func wrapDialer(dial dialFunc, note func(net.Conn)) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err == nil {
			note(conn)
		}
		return conn, err
	}
}

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

// TestSessionsSucceedInOrder: while the handler is stuck in the Down of the
// old session, the new one must not come up.
func TestSessionsSucceedInOrder(t *testing.T) {
	bob := serve(t, "Bob", nil)
	release := make(chan struct{})
	var entered sync.Once
	inside := make(chan struct{})
	bob.recorder.receive = func(*transport.Session, protocol.Application, []byte) {
		entered.Do(func() { close(inside) })
		<-release
	}
	id := newIdentity(t)
	connect := func() *client {
		raw, err := net.Dial("tcp", bob.address)
		if err != nil {
			t.Fatal(err)
		}
		c := secure(t, raw, id)
		c.greet()
		return c
	}
	old := connect()
	old.write(frame(protocol.AppChat, []byte("stuck")))
	<-inside
	connect() // greeted, although it cannot come up yet
	third := connect()
	old.expectEnd(protocol.CodeDuplicateSession)
	bob.mu.Lock()
	if bob.ups != 1 || len(bob.downs) != 0 {
		t.Errorf("%d ups, downs %v", bob.ups, bob.downs)
	}
	bob.mu.Unlock()
	close(release)
	bob.await("third up", func() bool { return bob.ups == 2 && len(bob.downs) == 1 && bob.current[id.PeerID()] != nil })
	third.write(linkFrame(t, &protocol.Ping{Nonce: 3}))
	if m, ok := third.next().(*protocol.Pong); !ok || m.Nonce != 3 {
		t.Errorf("got %v", m)
	}
}

// TestStuckHandlerBoundsSuccession: a peer who reconnects again and again
// while the handler is stuck is told to wait.
func TestStuckHandlerBoundsSuccession(t *testing.T) {
	bob := serve(t, "Bob", nil)
	release := make(chan struct{})
	bob.recorder.receive = func(*transport.Session, protocol.Application, []byte) { <-release }
	defer close(release)
	id := newIdentity(t)
	for i := range 100 {
		raw, err := net.Dial("tcp", bob.address)
		if err != nil {
			t.Fatal(err)
		}
		c := secure(t, raw, id)
		c.write(linkFrame(t, c.hello()))
		switch m := c.next().(type) {
		case *protocol.Hello:
			if i == 0 {
				c.write(frame(protocol.AppChat, []byte("stuck")))
			}
		case *protocol.Error:
			if m.Code != protocol.CodeBusy || i < 10 {
				t.Errorf("connection %d was told %v", i, m)
			}
			return
		}
	}
	t.Error("never told to wait")
}

func TestTwoPeersAreIndependent(t *testing.T) {
	alice, bob, carol := serve(t, "Alice", nil), serve(t, "Bob", nil), serve(t, "Carol", nil)
	release := make(chan struct{})
	bob.recorder.receive = func(s *transport.Session, _ protocol.Application, body []byte) {
		if s.Peer() == alice.peer() {
			<-release
		}
		text := string(body)
		bob.note(func() { bob.received = append(bob.received, text) })
	}
	send(t, dial(t, alice, bob), "waits")
	send(t, dial(t, carol, bob), "passes")
	bob.awaitText("passes")
	close(release)
	bob.awaitText("waits")
}

func TestAddresses(t *testing.T) {
	n := serve(t, "all", func(c *transport.Config) { c.Listen = "" })
	addresses := n.Addresses()
	if len(addresses) == 0 {
		t.Fatal("no address")
	}
	sawIPv6, loopback := false, 0
	for _, one := range addresses {
		host, port, err := net.SplitHostPort(one)
		if err != nil || port != fmt.Sprint(n.Port()) {
			t.Errorf("address %s: %v", one, err)
		}
		isIPv6 := strings.Contains(host, ":")
		if sawIPv6 && !isIPv6 {
			t.Error("IPv4 after IPv6")
		}
		sawIPv6 = isIPv6
		if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
			loopback++
		}
	}
	if loopback > 0 && loopback < len(addresses) {
		t.Errorf("loopback beside others: %v", addresses)
	}
}

func TestNewNeedsIdentityAndHandler(t *testing.T) {
	if _, err := transport.New(transport.Config{}); err == nil || errors.As(err, new(*transport.ListenError)) {
		t.Errorf("got %v", err)
	}
}

func TestBackoff(t *testing.T) {
	b := transport.Backoff{Min: time.Second, Max: time.Minute}
	for range 3 {
		for want := time.Second; want < 10*time.Minute; want *= 2 {
			most := min(want, time.Minute)
			if got := b.Next(); got > most || got < most/2-1 {
				t.Errorf("got %v, want at most %v and half of that", got, most)
			}
		}
		b.Reset()
	}
}
