//go:build e2e

package e2e

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"
)

// lab is a network made for one test: hosts, and the links between them. No
// part of it can reach anything outside. It is gone when the test ends, even
// if that is killed, because nothing but open files keeps it alive.
type lab struct {
	t      *testing.T
	data   string    // profiles of the hosts
	middle namespace // where the switches are
	links  int
	ports  int
}

// link is a switch that hosts are plugged into.
type link struct {
	lab     *lab
	bridge  string
	network netip.Prefix
	hosts   []*host // that have been there from the beginning
}

// host is a machine in the lab.
type host struct {
	namespace
	t     *testing.T
	lab   *lab
	name  string
	rules atomic.Int32
}

// newLab makes an empty network.
func newLab(t *testing.T) *lab {
	t.Helper()
	needLab(t)
	return &lab{t: t, data: t.TempDir(), middle: newNamespace(t)}
}

// needLab skips a test that builds a network, where that is not allowed. In CI
// it fails instead: there nothing is skipped.
func needLab(t *testing.T) {
	t.Helper()
	if ownNetwork != nil {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("building a network needs root, or user namespaces")
	}
	t.Skip("building a network needs root, or user namespaces")
}

// link makes a switch.
func (l *lab) link() *link {
	l.t.Helper()
	l.links++
	made := &link{lab: l, bridge: fmt.Sprintf("switch%d", l.links)}
	// Without snooping it forwards multicast to everybody, as cheap switches do.
	l.middle.must(l.t, "ip", "link", "add", made.bridge, "type", "bridge", "mcast_snooping", "0")
	l.middle.must(l.t, "ip", "link", "set", made.bridge, "up")
	return made
}

// host makes a machine that has nothing but loopback.
func (l *lab) host(name string) *host {
	l.t.Helper()
	h := &host{namespace: newNamespace(l.t), t: l.t, lab: l, name: name}
	h.ip("link set lo up")
	for setting, value := range map[string]string{
		// Addresses can be used at once.
		"ipv6/conf/all/accept_dad":     "0",
		"ipv6/conf/default/accept_dad": "0",
		// As on a desktop: those who run the programs may ping.
		"ipv4/ping_group_range": "0 0",
	} {
		h.set(setting, value)
	}
	return h
}

// office makes a link with hosts on it: network 10.1.0.0/24 gives the first
// 10.1.0.1/24, and so on.
func (l *lab) office(network string, names ...string) *link {
	l.t.Helper()
	made := l.link()
	made.network = netip.MustParsePrefix(network)
	address := made.network.Addr()
	for _, name := range names {
		address = address.Next()
		h := l.host(name)
		h.join(made, "eth0", netip.PrefixFrom(address, made.network.Bits()).String())
		made.hosts = append(made.hosts, h)
	}
	return made
}

// router makes a machine that passes packets on between offices, and tells
// their hosts of it. In each it has the address that ends in 254.
func (l *lab) router(offices ...*link) *host {
	l.t.Helper()
	h := l.host("router")
	h.set("ipv4/ip_forward", "1")
	for i, office := range offices {
		gateway := office.network.Addr().As4()
		gateway[3] = 254
		address := netip.AddrFrom4(gateway)
		h.join(office, fmt.Sprintf("eth%d", i), netip.PrefixFrom(address, office.network.Bits()).String())
		for _, member := range office.hosts {
			member.ip("route add default via", address.String())
		}
	}
	return h
}

// join plugs a host into a link, with an interface of this name.
func (h *host) join(to *link, name string, addresses ...string) {
	h.t.Helper()
	h.lab.ports++
	port := fmt.Sprintf("port%d", h.lab.ports)
	middle := h.lab.middle
	middle.must(h.t, "ip", "link", "add", port, "type", "veth", "peer", "name", name, "netns", h.path())
	middle.must(h.t, "ip", "link", "set", port, "master", to.bridge, "up")
	for _, address := range addresses {
		h.ip("address add", address, "dev", name)
	}
	h.ip("link set", name, "up")
}

// ip changes interfaces, addresses and routes of a host.
func (h *host) ip(words ...string) {
	h.t.Helper()
	h.must(h.t, append([]string{"ip"}, strings.Fields(strings.Join(words, " "))...)...)
}

// set changes a setting of the host's kernel, below net.
func (h *host) set(setting, value string) {
	h.t.Helper()
	err := h.do(func() error {
		return os.WriteFile(filepath.Join("/proc/sys/net", setting), []byte(value), 0o600)
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// profile makes a person who lives on this host.
func (h *host) profile(name string) *profile {
	p := newProfile(h.t, h.lab.data, name)
	p.host = h
	return p
}

// daemon starts a person of the host's name.
func (h *host) daemon(words ...string) *process {
	h.t.Helper()
	return h.profile(h.name).daemon(words...)
}

// namespace is the network of one machine.
type namespace struct{ file *os.File }

func newNamespace(t *testing.T) namespace {
	t.Helper()
	var made *os.File
	err := elsewhere(func() error {
		err := unix.Unshare(unix.CLONE_NEWNET)
		if err == nil {
			made, err = os.Open("/proc/thread-self/ns/net")
		}
		return err
	})
	if err != nil {
		t.Fatalf("a network for a host: %v", err)
	}
	t.Cleanup(func() { made.Close() })
	return namespace{made}
}

// path is a name that other programs can find the network by.
func (n namespace) path() string { return fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), n.file.Fd()) }

// do calls a function inside the network. Sockets opened and programs started
// there stay there; goroutines started there do not.
func (n namespace) do(act func() error) error {
	return elsewhere(func() error {
		if err := unix.Setns(int(n.file.Fd()), unix.CLONE_NEWNET); err != nil {
			return err
		}
		return act()
	})
}

// elsewhere calls a function that may move its thread to another network, and
// moves it back. The thread has to live on: programs started by it are killed
// when it ends.
func elsewhere(act func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer func() {
		if err := unix.Setns(int(ownNetwork.Fd()), unix.CLONE_NEWNET); err != nil {
			panic(fmt.Sprintf("a thread is lost in another network: %v", err))
		}
	}()
	return act()
}

// must runs a command inside the network and gives what it printed.
func (n namespace) must(t *testing.T, words ...string) string {
	t.Helper()
	return n.mustInput(t, "", words...)
}

func (n namespace) mustInput(t *testing.T, input string, words ...string) string {
	t.Helper()
	var out strings.Builder
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &out
	err := n.do(func() error { return launch(cmd) })
	if err == nil {
		err = cmd.Wait()
	}
	if err != nil {
		t.Fatalf("%q: %v\n%s%s", words, err, input, out.String())
	}
	return out.String()
}
