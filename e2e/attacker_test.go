//go:build e2e

package e2e

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"feihong/protocol"
)

// attacker sends from a host whatever it likes.
type attacker struct {
	t       *testing.T
	host    *host
	address netip.Addr
	conn    *net.UDPConn
	random  *mathrand.ChaCha8
}

func newAttacker(h *host, address string) *attacker {
	h.t.Helper()
	a := &attacker{t: h.t, host: h, address: netip.MustParseAddr(address), random: mathrand.NewChaCha8([32]byte{1})}
	err := h.do(func() (err error) {
		a.conn, err = net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4zero})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { a.conn.Close() })
	return a
}

// send sends bytes to the port at which programs look for each other.
func (a *attacker) send(to string, body []byte) {
	// A full queue is no reason to stop.
	_, _ = a.conn.WriteToUDPAddrPort(body, netip.AddrPortFrom(netip.MustParseAddr(to), protocol.DiscoveryPort))
}

// noise gives random bytes; every second one looks like a datagram of ours at
// its beginning.
func (a *attacker) noise(most int) []byte {
	var n [8]byte
	_, _ = a.random.Read(n[:]) // never fails
	body := make([]byte, binary.LittleEndian.Uint32(n[:])%uint32(most))
	_, _ = a.random.Read(body)
	if n[7]%2 == 0 {
		copy(body, "FHD\x01")
	}
	return body
}

// invented makes an announcement of somebody who does not exist, and how it is
// signed.
func (a *attacker) invented(name string) *person {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	p := &person{key: private}
	p.MinVersion, p.MaxVersion = protocol.Version, protocol.Version
	p.Key, p.Name, p.Host = public, name, "invented"
	p.Sequence = uint64(time.Now().UnixMilli())
	p.Status, p.Port = protocol.StatusOnline, 50_000
	p.Addresses = []netip.Addr{a.address}
	_, _ = rand.Read(p.Instance[:]) // never fails
	return p
}

// person is an announcement with the key that signs it.
type person struct {
	protocol.Announcement
	key ed25519.PrivateKey
}

func (p *person) signed(t *testing.T) []byte {
	t.Helper()
	raw, err := protocol.SignAnnouncement(&p.Announcement, func(message []byte) []byte { return ed25519.Sign(p.key, message) })
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func encoded(t *testing.T, d protocol.Datagram) []byte {
	t.Helper()
	raw, err := protocol.EncodeDatagram(d)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// overhear collects announcements of somebody until there are enough, as they
// came.
func (h *host) overhear(who *process, enough int, meanwhile func()) [][]byte {
	h.t.Helper()
	var conn *net.UDPConn
	err := h.do(func() (err error) {
		eth, err := net.InterfaceByName("eth0")
		if err != nil {
			return err
		}
		conn, err = net.ListenMulticastUDP("udp4", eth, &net.UDPAddr{IP: protocol.MulticastGroup4.AsSlice(), Port: protocol.DiscoveryPort})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		h.t.Fatal(err)
	}
	meanwhile()
	var heard [][]byte
	buffer := make([]byte, 2*protocol.MaxDatagramBytes)
	for len(heard) < enough {
		n, err := conn.Read(buffer)
		if err != nil {
			h.t.Fatalf("overheard %d announcements of %s: %v", len(heard), who.name, err)
		}
		d, err := protocol.DecodeDatagram(buffer[:n])
		announce, is := d.(*protocol.Announce)
		if err != nil || !is {
			continue
		}
		if a, err := protocol.OpenAnnouncement(announce.Signed); err == nil && a.Peer().String() == who.ready.ID {
			heard = append(heard, slices.Clone(buffer[:n]))
		}
	}
	return heard
}

// forge sends a datagram that pretends to come from somebody else.
func (a *attacker) forge(from, to netip.AddrPort, body []byte) {
	a.t.Helper()
	packet := make([]byte, 28, 28+len(body))
	packet[0], packet[8], packet[9] = 0x45, 64, unix.IPPROTO_UDP // version and length, time to live, protocol
	source, target := from.Addr().As4(), to.Addr().As4()
	copy(packet[12:], source[:])
	copy(packet[16:], target[:])
	binary.BigEndian.PutUint16(packet[20:], from.Port())
	binary.BigEndian.PutUint16(packet[22:], to.Port())
	binary.BigEndian.PutUint16(packet[24:], uint16(8+len(body)))
	packet = append(packet, body...)
	err := a.host.do(func() error {
		// The kernel fills in the rest of the header.
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.IPPROTO_RAW)
		if err != nil {
			return err
		}
		defer unix.Close(fd)
		return unix.Sendto(fd, packet, 0, &unix.SockaddrInet4{Addr: target})
	})
	if err != nil {
		a.t.Fatalf("forge: %v", err)
	}
}

// memory is what the process occupies, in bytes.
func (d *process) memory() int64 {
	d.t.Helper()
	return d.occupies("VmRSS:")
}

// occupies reads a size that the kernel knows of the process, in bytes.
func (d *process) occupies(what string) int64 {
	d.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", d.cmd.Process.Pid))
	if err != nil {
		d.t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if value, is := strings.CutPrefix(line, what); is {
			kilobytes, err := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			if err != nil {
				d.t.Fatal(err)
			}
			return kilobytes << 10
		}
	}
	d.t.Fatalf("no memory in %s", status)
	return 0
}
