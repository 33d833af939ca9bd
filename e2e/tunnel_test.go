//go:build e2e

package e2e

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// tunnel gives a host an interface like that of a VPN: point to point, without
// multicast. What is sent into it gets lost, and is counted.
func (h *host) tunnel(name, address string) {
	h.t.Helper()
	device, err := h.device(name, unix.IFF_TUN|unix.IFF_NO_PI)
	if errors.Is(err, fs.ErrNotExist) && os.Getenv("CI") != "true" {
		h.t.Skip("the kernel has no tunnels")
	}
	if err != nil {
		h.t.Fatalf("a tunnel: %v", err)
	}
	h.t.Cleanup(func() { device.Close() })
	h.ip("address add", address, "dev", name)
	h.ip("link set", name, "multicast off up")
}

// TestInterfacesWithoutMulticast gives people a VPN and a network card without
// multicast beside their real network. Neither keeps them from meeting, and
// neither makes them complain.
func TestInterfacesWithoutMulticast(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	office := l.office("10.1.0.0/24", "Alice", "Bob")
	deaf := l.link()
	for i, h := range office.hosts {
		h.tunnel("tun0", []string{"10.8.0.1/32", "10.8.0.2/32"}[i])
		h.join(deaf, "wlan0", []string{"10.3.0.1/24", "10.3.0.2/24"}[i])
		h.ip("link set wlan0 multicast off")
	}
	alice, bob := office.hosts[0].daemon(), office.hosts[1].daemon()
	gathered(worstMeeting, alice, bob)
	alice.must(0, "send", "Bob", "past the tunnel")
	bob.received(patience, "past the tunnel")

	// A tunnel that comes while we run, and takes the default route.
	office.hosts[0].tunnel("tun1", "10.9.0.1/30")
	office.hosts[0].ip("route add default dev tun1")
	bob.stop()
	bob = office.hosts[1].daemon()
	gathered(worstMeeting, alice, bob)

	// With the card that lacks multicast alone, broadcast is left.
	for _, h := range office.hosts {
		h.ip("link del eth0")
	}
	bob.stop()
	bob = office.hosts[1].daemon()
	gathered(followed, alice, bob)
	for _, d := range []*process{alice, bob} {
		if complaint := d.stderr.String(); strings.Contains(complaint, "tun0") || strings.Contains(complaint, "wlan0") {
			t.Errorf("%s complains: %s", d.name, complaint)
		}
	}
}
