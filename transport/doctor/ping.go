package doctor

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"time"

	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// Ping uses the kind of socket for which Linux and macOS want no rights, then
// the kind for administrators, and where neither may be used, the program ping.
func (m thisMachine) Ping(ctx context.Context, to netip.Addr) (time.Duration, error) {
	conn, address, err := openPing(to)
	if err != nil {
		return m.runPing(ctx, to)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	began := time.Now()
	data := make([]byte, 16)
	_, _ = rand.Read(data) // never fails
	if err := sendEcho(conn, to, address, data); err != nil {
		return 0, err
	}
	return awaitEcho(conn, to, data, began)
}

// openPing opens a socket for echoes, and gives an address as it takes them.
func openPing(to netip.Addr) (*icmp.PacketConn, net.Addr, error) {
	free, raw, local := "udp4", "ip4:icmp", "0.0.0.0"
	if to.Is6() {
		free, raw, local = "udp6", "ip6:ipv6-icmp", "::"
	}
	if conn, err := icmp.ListenPacket(free, local); err == nil {
		return conn, net.UDPAddrFromAddrPort(netip.AddrPortFrom(to, 0)), nil
	}
	conn, err := icmp.ListenPacket(raw, local)
	return conn, &net.IPAddr{IP: to.AsSlice(), Zone: to.Zone()}, err
}

func sendEcho(conn *icmp.PacketConn, to netip.Addr, address net.Addr, data []byte) error {
	message := icmp.Message{Type: ipv4.ICMPTypeEcho, Body: &icmp.Echo{Seq: 1, Data: data}}
	if to.Is6() {
		message.Type = ipv6.ICMPTypeEchoRequest
	}
	packet, err := message.Marshal(nil)
	if err != nil {
		return err
	}
	_, err = conn.WriteTo(packet, address)
	return err
}

// awaitEcho waits for the answer, which brings back the data.
func awaitEcho(conn *icmp.PacketConn, to netip.Addr, data []byte, began time.Time) (time.Duration, error) {
	const protocolICMP, protocolICMPv6 = 1, 58
	kind := protocolICMP
	if to.Is6() {
		kind = protocolICMPv6
	}
	buffer := make([]byte, 1500)
	for {
		n, _, err := conn.ReadFrom(buffer)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return 0, ErrSilent
		}
		if err != nil {
			return 0, err
		}
		message, err := icmp.ParseMessage(kind, buffer[:n])
		if err != nil {
			continue
		}
		echo, ok := message.Body.(*icmp.Echo)
		reply := message.Type == ipv4.ICMPTypeEchoReply || message.Type == ipv6.ICMPTypeEchoReply
		if ok && reply && bytes.Equal(echo.Data, data) {
			return time.Since(began), nil
		}
	}
}

// runPing has the program ping do it. Its output is in the language of the
// system, apart from the mark of an answer.
func (m thisMachine) runPing(ctx context.Context, to netip.Addr) (time.Duration, error) {
	args := []string{"-n", "-c", "1", to.String()}
	if m.OS() == "windows" {
		args = []string{"-n", "1", "-w", "1000", to.String()}
	}
	began := time.Now()
	output, err := m.Run(ctx, "ping", args...)
	var ended *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return 0, ErrSilent
	case errors.Is(err, ErrCannot):
		return 0, ErrCannot
	case err == nil && (m.OS() != "windows" || bytes.Contains(output, []byte("TTL=")) || to.Is6()):
		return time.Since(began), nil
	case err == nil:
		return 0, ErrSilent
	case errors.As(err, &ended) && ended.ExitCode() == 1:
		return 0, ErrSilent
	}
	return 0, ErrCannot
}
