package ether_test

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"feihong/transport/ether"
	"feihong/transport/ether/namespace"
)

// TestInterfaceComesAndGoes: after Follow, a new interface is as good as one
// that was there from the beginning; also if it came back.
func TestInterfaceComesAndGoes(t *testing.T) {
	a, b := namespace.New(t), namespace.New(t)
	there, here := a.Ether(ether.System()), b.Ether(ether.System())
	alice, bob := listen(t, there), listen(t, here)
	for round := range 2 {
		namespace.Link(a, "eth0", b, "eth0")
		a.Address("eth0", "fe80::a/64") // multicast of IPv6 alone needs a membership
		b.Address("eth0", "fe80::b/64")
		bob.Follow(interfaces(t, here))
		if err := alice.Spread(named(t, there, "eth0"), []byte("hello")); err != nil {
			t.Fatal(err)
		}
		got := bob.want("hello")
		if got.Way != ether.Multicast || got.From.Addr().Zone() != "eth0" {
			t.Errorf("round %d: from %v by %v", round, got.From, got.Way)
		}
		a.IP("link", "delete", "eth0")
		bob.Follow(interfaces(t, here))
		if len(interfaces(t, here)) != 1 {
			t.Errorf("round %d: left is %+v", round, interfaces(t, here))
		}
	}
}

// TestAddressChanges: broadcasts follow the prefix as it is now.
func TestAddressChanges(t *testing.T) {
	a, b := pair(t)
	there, here := a.Ether(ether.System()), b.Ether(ether.System())
	a.IP("link", "set", "eth0", "multicast", "off")
	alice, bob := listen(t, there), listen(t, here)
	for _, prefix := range []string{"24", "20", "30"} {
		a.IP("address", "flush", "dev", "eth0")
		b.IP("address", "flush", "dev", "eth0")
		a.Address("eth0", "10.1.2.1/"+prefix)
		b.Address("eth0", "10.1.2.2/"+prefix)
		bob.Follow(interfaces(t, here))
		if err := alice.Spread(named(t, there, "eth0"), []byte(prefix)); err != nil {
			t.Fatal(err)
		}
		want := named(t, here, "eth0").Broadcasts()[0]
		if got := bob.want(prefix); got.Way != ether.Broadcast || got.To != want || got.From.Addr().String() != "10.1.2.1" {
			t.Errorf("/%s: from %v to %v by %v, want to %v", prefix, got.From, got.To, got.Way, want)
		}
	}
}

// TestTunnel: an interface like that of a VPN, with neither multicast nor
// broadcast, is shown as what it is, and in nobody's way.
func TestTunnel(t *testing.T) {
	a, b := pair(t)
	tunnel(t, a, "tun0")
	a.IP("address", "add", "10.9.0.1", "peer", "10.9.0.2", "dev", "tun0")
	there := a.Ether(ether.System())
	alice, bob := listen(t, there), listen(t, b.Ether(ether.System()))
	tun0 := named(t, there, "tun0")
	if tun0.Multicast || tun0.Broadcast || !tun0.PointToPoint || len(tun0.Broadcasts()) != 0 {
		t.Errorf("got %+v", tun0)
	}
	if err := alice.Spread(tun0, []byte("nobody hears this")); err == nil {
		t.Error("something was spread")
	}
	if err := alice.Spread(named(t, there, "eth0"), []byte("hello")); err != nil {
		t.Fatal(err)
	}
	bob.want("hello")
}

// tunnel makes an interface that is up, as a program for a VPN would.
func tunnel(t *testing.T, h *namespace.Host, name string) {
	t.Helper()
	var tun *os.File
	var err error
	h.Do(func() {
		tun, err = os.OpenFile("/dev/net/tun", os.O_RDWR, 0)
		if err != nil {
			return
		}
		request, _ := unix.NewIfreq(name)
		request.SetUint16(unix.IFF_TUN)
		err = unix.IoctlIfreq(int(tun.Fd()), unix.TUNSETIFF, request)
	})
	needRealRoot(t, err)
	t.Cleanup(func() { _ = tun.Close() })
	h.IP("link", "set", name, "multicast", "off", "addrgenmode", "none")
	h.IP("link", "set", name, "up")
}

// TestPortTaken: another program that does not share the port is named as the
// trouble. All else works, and Follow tries again.
func TestPortTaken(t *testing.T) {
	a, b := pair(t)
	there := a.Ether(ether.System())
	bob := listen(t, b.Ether(ether.System()))
	for _, network := range []string{"udp4", "udp6"} {
		var other net.PacketConn
		var err error
		a.Do(func() { other, err = net.ListenPacket(network, ":24250") })
		if err != nil {
			t.Fatal(err)
		}
		alice := listen(t, there)
		var trouble *ether.BindError
		if !errors.As(alice.Trouble(), &trouble) || trouble.Port != number {
			t.Fatalf("%s: the trouble is %v", network, alice.Trouble())
		}
		if key, args := trouble.UserText(); key != "ether.port-in-use" || args["port"] != number {
			t.Errorf("%s: said %s %v", network, key, args)
		}
		if !strings.Contains(trouble.Error(), "24250") || !errors.Is(trouble, syscall.EADDRINUSE) {
			t.Errorf("%s: said %v", network, trouble)
		}
		if err := alice.Send(netip.MustParseAddrPort("10.1.0.2:24250"), []byte("question")); err != nil {
			t.Fatal(err)
		}
		if err := bob.Answer(bob.want("question").From, netip.Addr{}, []byte("answer")); err != nil {
			t.Fatal(err)
		}
		alice.want("answer")
		if err := alice.Answer(netip.AddrPortFrom(netip.MustParseAddr("10.1.0.2"), bob.Private()), netip.Addr{}, []byte("late")); err != nil {
			t.Fatal(err)
		}
		bob.want("late")
		_ = other.Close()
		alice.Follow(interfaces(t, there))
		if err := alice.Trouble(); err != nil {
			t.Errorf("%s: still %v", network, err)
		}
		if err := bob.Send(netip.MustParseAddrPort("10.1.0.1:24250"), []byte("hello")); err != nil {
			t.Fatal(err)
		}
		alice.want("hello")
		_ = alice.Close()
	}
}

// TestUnreachablePort: that nobody listens at an address must not end
// anything.
func TestUnreachablePort(t *testing.T) {
	a, b := pair(t)
	alice, bob := listen(t, a.Ether(ether.System())), listen(t, b.Ether(ether.System()))
	for range 20 {
		if err := alice.Send(netip.MustParseAddrPort("10.1.0.2:9"), []byte("x")); err != nil {
			t.Fatal(err)
		}
		if err := alice.Answer(netip.MustParseAddrPort("127.0.0.1:9"), netip.Addr{}, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	for _, port := range []uint16{number, alice.Private()} {
		if err := bob.Send(netip.AddrPortFrom(netip.MustParseAddr("10.1.0.1"), port), []byte("hello")); err != nil {
			t.Fatal(err)
		}
		alice.want("hello")
	}
}

// TestOtherUser: programs of different users share the port.
func TestOtherUser(t *testing.T) {
	if os.Getenv("FEIHONG_OTHER_USER") != "" {
		beOtherUser(t)
		return
	}
	a, _ := pair(t)
	alice := listen(t, a.Ether(ether.System()))
	cmd := exec.Command("/proc/self/exe", "-test.run", "^TestOtherUser$", "-test.timeout", "20s")
	cmd.Env = append(os.Environ(), "FEIHONG_OTHER_USER=1", namespace.Again+"=1")
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	var err error
	a.Do(func() { err = cmd.Start() })
	needRealRoot(t, err)
	// It spreads when it is ready; both get it.
	alice.want("from the other user")
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
}

// needRealRoot fails a test for an error. It skips it if the reason is that
// root in a namespace of users is not allowed everything; but not in CI.
func needRealRoot(t *testing.T, err error) {
	t.Helper()
	refused := errors.Is(err, os.ErrPermission) || errors.Is(err, syscall.EINVAL)
	if refused && os.Getenv(namespace.Again) != "" && os.Getenv("CI") != "true" {
		t.Skipf("this needs more than unshare gives: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func beOtherUser(t *testing.T) {
	if os.Getuid() != 65534 {
		t.Fatalf("this is user %d", os.Getuid())
	}
	port, err := ether.System().Open(number, false)
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	if err := port.Trouble(); err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(patience, func() { _ = port.Close() }).Stop()
	if err := port.Spread(named(t, ether.System(), "eth0"), []byte("from the other user")); err != nil {
		t.Fatal(err)
	}
	if packet, err := port.Receive(); err != nil || string(packet.Data) != "from the other user" {
		t.Fatalf("got %q, %v", packet.Data, err)
	}
}
