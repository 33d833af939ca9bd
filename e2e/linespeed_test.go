//go:build e2e

package e2e

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"
)

// pings sends a hundred datagrams to an echo on another host, and gives how
// many came back within a second, and the shortest time.
func pings(t *testing.T, from, to *host, address string) (count int, fastest time.Duration) {
	t.Helper()
	own := netip.AddrPortFrom(netip.MustParseAddr(address), 0)
	var echo, conn *net.UDPConn
	err := errors.Join(
		to.do(func() (err error) { echo, err = net.ListenUDP("udp4", net.UDPAddrFromAddrPort(own)); return err }),
		from.do(func() (err error) { conn, err = net.ListenUDP("udp4", nil); return err }),
	)
	if err != nil {
		t.Fatal(err)
	}
	there := echo.LocalAddr().(*net.UDPAddr).AddrPort()
	done := make(chan struct{})
	go func() {
		defer close(done)
		buffer := make([]byte, 64)
		for {
			n, back, err := echo.ReadFromUDPAddrPort(buffer)
			if err != nil {
				return // closed
			}
			_, _ = echo.WriteToUDPAddrPort(buffer[:n], back)
		}
	}()
	defer func() { conn.Close(); echo.Close(); <-done }()
	begin := time.Now()
	for range 100 {
		question := binary.BigEndian.AppendUint64(nil, uint64(time.Since(begin)))
		if _, err := conn.WriteToUDPAddrPort(question, there); err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Millisecond)
	}
	if err := conn.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	fastest = time.Hour
	for answer := make([]byte, 64); ; count++ {
		if _, _, err := conn.ReadFromUDPAddrPort(answer); err != nil {
			return count, fastest
		}
		// Those that were read late only seem slow; the last one is right.
		fastest = min(fastest, time.Since(begin)-time.Duration(binary.BigEndian.Uint64(answer)))
	}
}

// TestLineRate sends over a slow line and measures: never faster than the rate
// that was set, and near it unless the machine was busy all three times.
func TestLineRate(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	a, b := l.host("a"), l.host("b")
	l.line("10.1.0.0/24", a, b).is(quality{rate: 5 << 20, delay: time.Millisecond})
	best := 0.0
	for range 3 {
		rate := lineRate(t, a, b, "10.1.0.2:0") / (5 << 20)
		if rate > 1.05 {
			t.Fatalf("%.2f of the rate that was set", rate)
		}
		if best = max(best, rate); best >= 0.5 {
			return
		}
	}
	t.Errorf("at best %.2f of the rate that was set", best)
}

// lineRate is how many bytes a second get from one host to the other.
func lineRate(t *testing.T, a, b *host, address string) float64 {
	t.Helper()
	var listener net.Listener
	if err := b.do(func() (err error) { listener, err = net.Listen("tcp", address); return err }); err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	const size = 10 << 20
	var conn net.Conn
	if err := a.do(func() (err error) { conn, err = net.Dial("tcp", listener.Addr().String()); return err }); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer conn.Close()
		_, _ = conn.Write(make([]byte, size)) // the reader counts
	}()
	accepted, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer accepted.Close()
	begin := time.Now()
	n, err := io.Copy(io.Discard, accepted)
	if err != nil || n != size {
		t.Fatalf("%d bytes, %v", n, err)
	}
	return float64(n) / time.Since(begin).Seconds()
}
