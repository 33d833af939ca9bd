package transport_test

import (
	"fmt"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"feihong/protocol"
)

// TestSilentConnectionsKeepNobodyOut opens far more connections than may wait
// and leaves them silent.
func TestSilentConnectionsKeepNobodyOut(t *testing.T) {
	bob := serve(t, "Bob", nil)
	alice := serve(t, "Alice", nil)
	for range 1000 {
		conn, err := net.Dial("tcp", bob.address)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
	}
	send(t, dial(t, alice, bob), "through the crowd")
	bob.awaitText("through the crowd")
}

// TestFloodDisplacesItself: a machine that floods loses its own connections
// and not that of a slow colleague; many machines lose the oldest.
func TestFloodDisplacesItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := newMemNetwork()
		bob := serve(t, "Bob", inMemory(network, "10.0.0.2:5000"))
		open := func(ip string) net.Conn {
			conn, err := network.dial(ip, "10.0.0.2:5000")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = conn.Close() })
			synctest.Wait()
			return conn
		}
		slow := open("10.0.0.1")
		for range 1000 {
			open("10.0.0.66")
		}
		c := secure(t, slow, newIdentity(t))
		c.greet()
		bob.await("up", func() bool { return bob.ups == 1 })

		first := open("10.0.2.1")
		for i := range 1000 {
			open(fmt.Sprintf("10.1.%d.%d", i/250, i%250+1))
		}
		if n, err := first.Read(make([]byte, 1)); n != 0 || err != io.EOF {
			t.Errorf("the oldest of many read %d, %v", n, err)
		}
		late := secure(t, open("10.0.0.3"), newIdentity(t))
		late.greet()
		c.write(frame(protocol.AppChat, []byte("still here")))
		bob.awaitText("still here")
	})
}

// TestIPv6SourcesCountByNetwork: one machine has a whole /64 to flood from.
func TestIPv6SourcesCountByNetwork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := newMemNetwork()
		serve(t, "Bob", inMemory(network, "10.0.0.2:5000"))
		slow, err := network.dial("2001:db8:1::1", "10.0.0.2:5000")
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		for i := range 200 {
			conn, err := network.dial(fmt.Sprintf("2001:db8:2::%x", i+1), "10.0.0.2:5000")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			synctest.Wait()
		}
		secure(t, slow, newIdentity(t)).greet()
	})
}

func TestSlowGreetingTimesOut(t *testing.T) {
	tests := []struct {
		name   string
		behave func(t *testing.T, raw net.Conn)
	}{
		{"silence", func(*testing.T, net.Conn) {}},
		{"half a record", func(_ *testing.T, raw net.Conn) { _, _ = raw.Write([]byte{22, 3, 1, 2, 0, 1}) }},
		{"a byte a second", func(_ *testing.T, raw net.Conn) {
			for _, b := range []byte{22, 3, 1, 2, 0, 1, 0, 1, 252} {
				_, _ = raw.Write([]byte{b})
				time.Sleep(time.Second)
			}
		}},
		{"TLS and silence", func(t *testing.T, raw net.Conn) { secure(t, raw, newIdentity(t)) }},
		{"half a hello", func(t *testing.T, raw net.Conn) {
			c := secure(t, raw, newIdentity(t))
			c.write(linkFrame(t, c.hello())[:30])
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				network := newMemNetwork()
				serve(t, "Bob", inMemory(network, "10.0.0.2:5000"))
				raw, err := network.dial("10.0.0.1", "10.0.0.2:5000")
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = raw.Close() }()
				start := time.Now()
				test.behave(t, raw)
				_, _ = io.Copy(io.Discard, raw)
				if took := time.Since(start); took != 10*time.Second {
					t.Errorf("closed after %v", took)
				}
			})
		})
	}
}

func TestStrangersSeeNothing(t *testing.T) {
	bob := serve(t, "Bob", nil)
	for name, data := range map[string]string{
		"HTTP": "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
		"SSH":  "SSH-2.0-x\r\n",
		"junk": "\x00\x01\x02\x03\x04\x05\x06\x07",
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", bob.address)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			if _, err := conn.Write([]byte(data)); err != nil {
				t.Fatal(err)
			}
			// A TLS alert is seven bytes; nothing of ours may be sent.
			if got, _ := io.ReadAll(conn); len(got) > 7 {
				t.Errorf("told %q", got)
			}
		})
	}
}
