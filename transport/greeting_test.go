package transport_test

import (
	"context"
	"errors"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"feihong/protocol"
	"feihong/transport"
	"feihong/transport/address"
)

type userText interface {
	error
	UserText() (string, map[string]any)
}

func TestGreeting(t *testing.T) {
	alice, bob := serve(t, "Alice", nil), serve(t, "Bob", nil)
	s := dial(t, alice, bob)
	if s.Peer() != bob.peer() || s.Name() != "Bob" || s.Dialed() != bob.address || s.Address() != bob.address {
		t.Errorf("peer %s, name %s, dialed %s, address %s", s.Peer(), s.Name(), s.Dialed(), s.Address())
	}
	send(t, s, "hello Bob")
	bob.awaitText("hello Bob")
	back := bob.current[alice.peer()]
	if back.Name() != "Alice" || back.Dialed() != "" || back.Address() != alice.address {
		t.Errorf("name %s, dialed %q, address %s", back.Name(), back.Dialed(), back.Address())
	}
	send(t, back, "hello Alice")
	alice.awaitText("hello Alice")
}

func TestDialAnybody(t *testing.T) {
	alice, bob := serve(t, "Alice", nil), serve(t, "Bob", nil)
	s, err := alice.Dial(t.Context(), bob.address, protocol.PeerID{})
	if err != nil || s.Peer() != bob.peer() {
		t.Fatalf("got %v, %v", s, err)
	}
}

func TestDialByName(t *testing.T) {
	alice, bob := serve(t, "Alice", nil), serve(t, "Bob", nil)
	s, err := alice.Dial(t.Context(), "  LocalHost："+strconv.Itoa(bob.Port()), bob.peer())
	if err != nil {
		t.Fatal(err)
	}
	if s.Address() != bob.address {
		t.Errorf("address %s, want %s", s.Address(), bob.address)
	}
}

func TestDialIPv6(t *testing.T) {
	if l, err := net.Listen("tcp6", "[::1]:0"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("this machine has no IPv6, which is tested in CI: ", err)
		}
		t.Skip("no IPv6 here")
	} else {
		_ = l.Close()
	}
	both := serve(t, "both", func(c *transport.Config) { c.Listen = "" })
	six := serve(t, "six", func(c *transport.Config) { c.Listen = "::1" })
	s := dial(t, both, six)
	if s.Address() != six.address || !strings.HasPrefix(s.Address(), "[::1]:") {
		t.Errorf("address %s, want %s", s.Address(), six.address)
	}
	s.Close(protocol.CodeClosing, "")
	both.awaitDowns(1)
	six.awaitDowns(1)
	// The one socket of the other node takes both kinds, and shows IPv4 as IPv4.
	four := serve(t, "four", nil)
	for from, host := range map[*node]string{six: "[::1]", four: "127.0.0.1"} {
		where := host + ":" + strconv.Itoa(both.Port())
		if s, err := from.Dial(t.Context(), where, both.peer()); err != nil || s.Address() != where {
			t.Errorf("dial %s: %v, %v", where, s, err)
		}
		from.await("up", func() bool { return len(from.current) == 1 })
		both.await("up", func() bool { return both.current[from.peer()] != nil })
		if got := both.current[from.peer()].Address(); got != from.address {
			t.Errorf("shown as %s, want %s", got, from.address)
		}
	}
}

func TestDialOnlyNode(t *testing.T) {
	alice := serve(t, "Alice", func(c *transport.Config) { c.NoListen = true })
	bob := serve(t, "Bob", nil)
	if alice.Port() != 0 || alice.Addresses() != nil {
		t.Errorf("listens on %d, %v", alice.Port(), alice.Addresses())
	}
	send(t, dial(t, alice, bob), "x")
	bob.awaitText("x")
	if got := bob.current[alice.peer()].Address(); got != "" {
		t.Errorf("address %q of one who does not listen", got)
	}
}

func TestDialExisting(t *testing.T) {
	alice, bob := serve(t, "Alice", nil), serve(t, "Bob", nil)
	first := dial(t, alice, bob)
	if second := dial(t, alice, bob); second != first {
		t.Error("a second dial made a second session")
	}
	bob.await("up", func() bool { return bob.ups == 1 })
	if back := dial(t, bob, alice); back != bob.current[alice.peer()] || back.Dialed() != "" {
		t.Error("dialling back made a second session")
	}
}

func TestDialWrongPeer(t *testing.T) {
	alice, bob := serve(t, "Alice", nil), serve(t, "Bob\u202e the wrong one", nil)
	want := newIdentity(t).PeerID()
	_, err := alice.Dial(t.Context(), bob.address, want)
	var wrong *transport.WrongPeerError
	if !errors.As(err, &wrong) || wrong.Got != bob.peer() || wrong.Want != want || wrong.GotName != "Bob the wrong one" {
		t.Fatalf("got %#v", err)
	}
	if bob.ups+alice.ups != 0 {
		t.Error("a session came up")
	}
}

// TestServerRefusesWrongWant is about a dialler that does not check itself.
func TestServerRefusesWrongWant(t *testing.T) {
	bob := serve(t, "Bob", nil)
	c := connectRaw(t, bob)
	hello := c.hello()
	hello.Want = newIdentity(t).PeerID()
	c.write(linkFrame(t, hello))
	if told := c.expectEnd(protocol.CodeWrongPeer); told.Text != "Bob" {
		t.Errorf("told %q", told.Text)
	}
}

func TestServerRefusesHello(t *testing.T) {
	bob := serve(t, "Bob", nil)
	tests := []struct {
		name   string
		change func(*protocol.Hello)
		code   protocol.ErrorCode
	}{
		{"somebody else's ID", func(h *protocol.Hello) { h.Peer = newIdentity(t).PeerID() }, protocol.CodeWrongPeer},
		{"the server's ID", func(h *protocol.Hello) { h.Peer = bob.peer() }, protocol.CodeWrongPeer},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := connectRaw(t, bob)
			hello := c.hello()
			test.change(hello)
			c.write(linkFrame(t, hello))
			c.expectEnd(test.code)
		})
	}
	t.Run("later version", func(t *testing.T) {
		c := connectRaw(t, bob)
		hello := c.hello()
		hello.MinVersion, hello.MaxVersion = protocol.Version+1, protocol.Version+2
		c.write(linkFrame(t, hello))
		if h, ok := c.next().(*protocol.Hello); !ok || h.MaxVersion != protocol.Version {
			t.Errorf("got %+v instead of the server's versions", h)
		}
		c.expectEnd(protocol.CodeVersion)
	})
	t.Run("range that includes ours", func(t *testing.T) {
		c := connectRaw(t, bob)
		hello := c.hello()
		hello.MinVersion, hello.MaxVersion = protocol.Version, protocol.Version+9
		c.write(linkFrame(t, hello))
		if m, ok := c.next().(*protocol.Hello); !ok {
			t.Errorf("got %v", m)
		}
	})
}

func TestDialSelf(t *testing.T) {
	alice := serve(t, "Alice", nil)
	_, err := alice.Dial(t.Context(), alice.address, protocol.PeerID{})
	var self *transport.SelfError
	if !errors.As(err, &self) || self.Address != alice.address {
		t.Fatalf("got %v", err)
	}
}

func TestSelfIsToldBySelf(t *testing.T) {
	alice := serve(t, "Alice", nil)
	raw, err := net.Dial("tcp", alice.address)
	if err != nil {
		t.Fatal(err)
	}
	c := secure(t, raw, alice.id)
	c.write(linkFrame(t, c.hello()))
	c.expectEnd(protocol.CodeSelf)
}

func TestAdmit(t *testing.T) {
	blocked := errors.New("blocked")
	refuse := func(protocol.PeerID) error { return blocked }
	alice, bob := serve(t, "Alice", nil), serve(t, "Bob", func(c *transport.Config) { c.Admit = refuse })
	_, err := alice.Dial(t.Context(), bob.address, bob.peer())
	var refused *transport.RefusedError
	if !errors.As(err, &refused) || refused.Code != protocol.CodeRefused || strings.Contains(err.Error(), "blocked") {
		t.Errorf("the blocked one got %v", err)
	}
	if _, err = bob.Dial(t.Context(), alice.address, alice.peer()); !errors.Is(err, blocked) {
		t.Errorf("the blocking one got %v", err)
	}
	if bob.ups != 0 {
		t.Error("a session with a blocked peer came up")
	}
}

func TestDialUnreachable(t *testing.T) {
	connectError := func(err error) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", err)}
	}
	tests := []struct {
		name string
		err  error
		key  string
	}{
		{"refused", connectError(syscall.ECONNREFUSED), "transport.unreachable.refused"},
		{"no route to host", connectError(syscall.EHOSTUNREACH), "transport.unreachable.no-route"},
		{"no network", connectError(syscall.ENETUNREACH), "transport.unreachable.no-route"},
		{"time-out of the system", connectError(syscall.ETIMEDOUT), "transport.unreachable.timeout"},
		{"unknown name", &net.OpError{Op: "dial", Err: &net.DNSError{Name: "x", IsNotFound: true}}, "transport.unreachable.unknown-host"},
		{"something else", errors.New("odd"), "transport.unreachable.failed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			alice := serve(t, "Alice", func(c *transport.Config) {
				c.Dialer = func(context.Context, string, string) (net.Conn, error) { return nil, test.err }
			})
			_, err := alice.Dial(t.Context(), "host.example:5000", protocol.PeerID{})
			var unreachable *transport.UnreachableError
			if !errors.As(err, &unreachable) || !errors.Is(err, test.err) {
				t.Fatalf("got %v", err)
			}
			if key, _ := unreachable.UserText(); key != test.key {
				t.Errorf("shown as %s, want %s", key, test.key)
			}
		})
	}
	t.Run("nobody listens", func(t *testing.T) {
		alice := serve(t, "Alice", nil)
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_ = l.Close()
		_, err = alice.Dial(t.Context(), l.Addr().String(), protocol.PeerID{})
		var unreachable *transport.UnreachableError
		if !errors.As(err, &unreachable) {
			t.Fatalf("got %v", err)
		}
		if key, _ := unreachable.UserText(); key != "transport.unreachable.refused" {
			t.Errorf("shown as %s", key)
		}
	})
	t.Run("bad address", func(t *testing.T) {
		alice := serve(t, "Alice", nil)
		if _, err := alice.Dial(t.Context(), "192.168.1.300:1", protocol.PeerID{}); !errors.As(err, new(*address.Error)) {
			t.Errorf("got %v", err)
		}
	})
}

func TestDialTimesOut(t *testing.T) {
	never := func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	synctest.Test(t, func(t *testing.T) {
		alice := serve(t, "Alice", func(c *transport.Config) { c.NoListen = true; c.Dialer = never })
		start := time.Now()
		_, err := alice.Dial(t.Context(), "10.0.0.1:5000", protocol.PeerID{})
		if !errors.As(err, new(*transport.UnreachableError)) || time.Since(start) != 5*time.Second {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err = alice.Dial(ctx, "10.0.0.1:5000", protocol.PeerID{}); !errors.As(err, new(*transport.UnreachableError)) {
			t.Errorf("got %v at the end of the context", err)
		}
		ctx, cancel = context.WithCancel(t.Context())
		cancel()
		if _, err = alice.Dial(ctx, "10.0.0.1:5000", protocol.PeerID{}); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v from a cancelled context", err)
		}
	})
}

func TestClosedNode(t *testing.T) {
	alice, bob := serve(t, "Alice", nil), serve(t, "Bob", nil)
	alice.stop()
	if _, err := alice.Dial(t.Context(), bob.address, bob.peer()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v", err)
	}
	if err := alice.Serve(t.Context()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("served again: %v", err)
	}
}

func TestListenErrors(t *testing.T) {
	alice := serve(t, "Alice", nil)
	tests := []struct {
		name   string
		listen string
		port   int
		key    string
	}{
		{"port in use", "127.0.0.1", alice.Port(), "transport.listen.port-in-use"},
		{"foreign address", "192.0.2.1", 0, "transport.listen.not-own-address"},
		{"nonsense", "nonsense.invalid", 0, "transport.listen.failed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := transport.New(transport.Config{
				Identity: newIdentity(t), Handler: newRecorder(t), Listen: test.listen, Port: test.port,
			})
			var problem *transport.ListenError
			if !errors.As(err, &problem) {
				t.Fatalf("got %v", err)
			}
			if key, _ := problem.UserText(); key != test.key {
				t.Errorf("shown as %s (%v), want %s", key, err, test.key)
			}
		})
	}
	t.Run("port in use on all addresses", func(t *testing.T) {
		all := serve(t, "all", func(c *transport.Config) { c.Listen = "" })
		_, err := transport.New(transport.Config{Identity: newIdentity(t), Handler: newRecorder(t), Port: all.Port()})
		if err == nil || !strings.Contains(err.Error(), "port "+strconv.Itoa(all.Port())+" is used by another program") {
			t.Errorf("got %v", err)
		}
	})
}

func TestNewReleasesPort(t *testing.T) {
	n, err := transport.New(transport.Config{Identity: newIdentity(t), Handler: newRecorder(t), Listen: "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	n.Close()
	again := serve(t, "again", func(c *transport.Config) { c.Port = n.Port() })
	if again.Port() != n.Port() {
		t.Errorf("port %d, want %d", again.Port(), n.Port())
	}
}
