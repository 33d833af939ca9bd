package transport_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"feihong/protocol"
	"feihong/transport"
	"feihong/transport/identity"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what should come at once.
const patience = 20 * time.Second

// recorder is a Handler that checks the order of calls and remembers them.
type recorder struct {
	t       testing.TB
	receive func(*transport.Session, protocol.Application, []byte) // nil: remember
	onUp    func(*transport.Session)

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced at each change
	current  map[protocol.PeerID]*transport.Session
	ups      int
	downs    []error
	received []string
}

func newRecorder(t testing.TB) *recorder {
	return &recorder{t: t, changed: make(chan struct{}), current: make(map[protocol.PeerID]*transport.Session)}
}

func (r *recorder) note(change func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change()
	close(r.changed)
	r.changed = make(chan struct{})
}

func (r *recorder) Up(s *transport.Session) {
	r.note(func() {
		if r.current[s.Peer()] != nil {
			r.t.Error("Up before the Down of the session before")
		}
		r.current[s.Peer()] = s
		r.ups++
	})
	if r.onUp != nil {
		r.onUp(s)
	}
}

func (r *recorder) Receive(s *transport.Session, app protocol.Application, body []byte) {
	if r.receive != nil {
		r.receive(s, app, body)
		return
	}
	text := string(body)
	r.note(func() {
		if r.current[s.Peer()] != s {
			r.t.Error("Receive for a session that is not up")
		}
		r.received = append(r.received, text)
	})
}

func (r *recorder) Down(s *transport.Session, err error) {
	r.note(func() {
		if r.current[s.Peer()] != s {
			r.t.Error("Down for a session that is not up")
		}
		delete(r.current, s.Peer())
		r.downs = append(r.downs, err)
	})
}

// await waits until the condition, called under the lock, holds.
func (r *recorder) await(what string, holds func() bool) {
	r.t.Helper()
	timeout := time.After(patience)
	for {
		r.mu.Lock()
		changed, ok := r.changed, holds()
		r.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-timeout:
			r.mu.Lock()
			defer r.mu.Unlock()
			r.t.Fatalf("no %s; %d ups, downs %v, %d received", what, r.ups, r.downs, len(r.received))
		}
	}
}

func (r *recorder) awaitText(text string) {
	r.t.Helper()
	r.await("frame "+text, func() bool {
		for _, one := range r.received {
			if one == text {
				return true
			}
		}
		return false
	})
}

func (r *recorder) awaitDowns(count int) []error {
	r.t.Helper()
	r.await(strconv.Itoa(count)+" downs", func() bool { return len(r.downs) >= count })
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.downs
}

// node is a running node with its recorder.
type node struct {
	*transport.Node
	*recorder
	id      *identity.Identity
	address string
	stop    func() // ends Serve and waits for it
}

func (n *node) peer() protocol.PeerID { return n.id.PeerID() }

func newIdentity(t testing.TB) *identity.Identity {
	t.Helper()
	id, err := identity.Generate()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// serve runs a node on a loopback port, or with what change makes of the
// configuration, until the test ends.
func serve(t testing.TB, name string, change func(*transport.Config)) *node {
	t.Helper()
	n := &node{recorder: newRecorder(t), id: newIdentity(t)}
	config := transport.Config{
		Identity: n.id,
		Name:     func() string { return name },
		Program:  "feihong test",
		Listen:   "127.0.0.1",
		Handler:  n.recorder,
	}
	if change != nil {
		change(&config)
	}
	n.id = config.Identity
	var err error
	if n.Node, err = transport.New(config); err != nil {
		t.Fatal(err)
	}
	if addresses := n.Addresses(); len(addresses) > 0 {
		n.address = addresses[0]
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- n.Serve(ctx) }()
	var once sync.Once
	n.stop = func() {
		once.Do(func() {
			cancel()
			select {
			case err := <-served:
				if err != nil {
					t.Errorf("Serve: %v", err)
				}
			case <-time.After(patience):
				t.Fatal("Serve does not return")
			}
		})
	}
	t.Cleanup(n.stop)
	return n
}

// inMemory puts a node on a network in memory.
func inMemory(network *memNetwork, address string) func(*transport.Config) {
	host, _, _ := net.SplitHostPort(address)
	return func(c *transport.Config) {
		c.Listener = network.listen(address)
		c.Dialer = network.dialerFrom(host)
	}
}

func dial(t testing.TB, from, to *node) *transport.Session {
	t.Helper()
	s, err := from.Dial(t.Context(), to.address, to.peer())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func send(t testing.TB, s *transport.Session, text string) {
	t.Helper()
	if err := s.Send(protocol.AppChat, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

// client speaks with a node byte by byte.
type client struct {
	t      testing.TB
	id     *identity.Identity
	raw    net.Conn
	conn   *tls.Conn
	frames *protocol.FrameReader
}

// connectRaw opens a connection to a node and runs the TLS handshake.
func connectRaw(t testing.TB, to *node) *client {
	t.Helper()
	raw, err := net.Dial("tcp", to.address)
	if err != nil {
		t.Fatal(err)
	}
	return secure(t, raw, newIdentity(t))
}

func secure(t testing.TB, raw net.Conn, id *identity.Identity) *client {
	t.Helper()
	c := &client{t: t, id: id, raw: raw, conn: tls.Client(raw, id.ClientTLS())}
	t.Cleanup(c.close)
	if err := c.conn.Handshake(); err != nil {
		t.Fatal(err)
	}
	c.frames = protocol.NewFrameReader(c.conn)
	return c
}

func (c *client) close() { _ = c.raw.Close() }

func (c *client) hello() *protocol.Hello {
	return &protocol.Hello{
		MinVersion: protocol.MinVersion, MaxVersion: protocol.Version,
		Peer: c.id.PeerID(), Instance: [16]byte{1}, Name: "raw", Port: 1234,
	}
}

func (c *client) write(data []byte) {
	c.t.Helper()
	if _, err := c.conn.Write(data); err != nil {
		c.t.Fatal(err)
	}
}

// greet says hello and waits for the answer.
func (c *client) greet() *protocol.Hello {
	c.t.Helper()
	c.write(linkFrame(c.t, c.hello()))
	hello, ok := c.next().(*protocol.Hello)
	if !ok {
		c.t.Fatal("no hello")
	}
	return hello
}

// next reads the next link message; frames of other applications are skipped.
func (c *client) next() protocol.LinkMessage {
	c.t.Helper()
	for {
		frame, err := c.frames.Next()
		if err != nil {
			c.t.Fatal(err)
		}
		if frame.App != protocol.AppLink {
			continue
		}
		m, err := protocol.DecodeLink(frame.Body)
		if err != nil {
			c.t.Fatal(err)
		}
		return m
	}
}

// expectEnd reads an error with the code, and then the end of the stream.
func (c *client) expectEnd(code protocol.ErrorCode) *protocol.Error {
	c.t.Helper()
	for {
		switch m := c.next().(type) {
		case *protocol.Error:
			if m.Code == protocol.CodeUnsupported && code != m.Code {
				continue
			}
			if m.Code != code {
				c.t.Fatalf("told %v, want %v", m, code)
			}
			if _, err := c.frames.Next(); err == nil {
				c.t.Fatal("the connection goes on")
			}
			return m
		case *protocol.Ping, *protocol.Pong:
		default:
			c.t.Fatalf("got %T", m)
		}
	}
}

func linkFrame(t testing.TB, m protocol.LinkMessage) []byte {
	t.Helper()
	body, err := protocol.EncodeLink(m)
	if err != nil {
		t.Fatal(err)
	}
	return frame(protocol.AppLink, body)
}

// frame makes a frame whatever the limits are.
func frame(app protocol.Application, body []byte) []byte {
	n := len(body)
	return append([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n), byte(app >> 8), byte(app)}, bytes.Clone(body)...)
}

func codeOf(err error) protocol.ErrorCode {
	var told *protocol.Error
	if errors.As(err, &told) {
		return told.Code
	}
	return 0
}
