package transport_test

import (
	"net"
	"testing"

	"feihong/protocol"
)

// TestOneSourceDoesNotTakeAllSessions: keys cost nothing, addresses do.
func TestOneSourceDoesNotTakeAllSessions(t *testing.T) {
	const limit = 256
	network := newMemNetwork()
	bob := serve(t, "Bob", inMemory(network, "10.0.0.2:5000"))
	connect := func(ip string) *client {
		raw, err := network.dial(ip, "10.0.0.2:5000")
		if err != nil {
			t.Fatal(err)
		}
		return secure(t, raw, newIdentity(t))
	}
	var flood []*client
	for range limit {
		c := connect("10.0.0.66")
		c.greet()
		flood = append(flood, c)
	}
	bob.await("sessions", func() bool { return bob.ups == limit })

	refused := connect("10.0.0.66")
	refused.write(linkFrame(t, refused.hello()))
	refused.expectEnd(protocol.CodeBusy)

	connect("10.0.0.67").greet()
	bob.await("a session from elsewhere", func() bool { return bob.ups == limit+1 })

	// One who comes back replaces the session that they had.
	raw, err := network.dial("10.0.0.66", "10.0.0.2:5000")
	if err != nil {
		t.Fatal(err)
	}
	again := secure(t, raw, flood[0].id)
	hello := again.hello()
	hello.Instance = [16]byte{2}
	again.write(linkFrame(t, hello))
	bob.await("the one who came back", func() bool { return bob.ups == limit+2 })

	// Room that is given back can be used.
	flood[1].close()
	bob.await("the end of one", func() bool { return len(bob.downs) == 2 })
	var next net.Conn
	if next, err = network.dial("10.0.0.66", "10.0.0.2:5000"); err != nil {
		t.Fatal(err)
	}
	secure(t, next, newIdentity(t)).greet()
	bob.await("a session in its place", func() bool { return bob.ups == limit+3 })
}
