//go:build e2e

package e2e

import (
	"net"
	"testing"
	"time"
)

// TestOneWay closes a firewall in one direction: whoever cannot dial is called
// back.
func TestOneWay(t *testing.T) {
	t.Parallel()
	office := newLab(t).office("10.1.0.0/24", "Alice", "Bob").hosts
	alice, bob := office[0].daemon(), office[1].daemon()
	office[1].filterAt([]string{"input"}, "tcp flags & (syn|ack) == syn drop")
	gathered(worstMeeting, alice, bob)
	address := net.JoinHostPort("10.1.0.2", samePort(bob))
	if conn, err := dialFrom(office[0], address); err == nil {
		conn.Close()
		t.Fatal("the firewall lets Alice through")
	}
	alice.must(0, "send", "--timeout", "30s", "Bob", "please call me")
	bob.received(patience, "please call me")
}

// dialFrom opens a connection as a program on the host does.
func dialFrom(h *host, address string) (conn net.Conn, err error) {
	h.t.Helper()
	err = h.do(func() error {
		conn, err = net.DialTimeout("tcp", address, time.Second)
		return err
	})
	return conn, err
}
