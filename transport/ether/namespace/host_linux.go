package namespace

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// startTime is how long an interface may take until it is running.
const startTime = 5 * time.Second

// Host is a network namespace: a machine as far as the network goes. It lasts
// as long as the test. It is safe for concurrent use.
type Host struct {
	t     testing.TB
	tid   int
	calls chan func()
}

// New makes a host that has nothing but its loopback interface.
func New(t testing.TB) *Host {
	t.Helper()
	Need(t)
	h := &Host{t: t, calls: make(chan func())}
	started, ended := make(chan error), make(chan struct{})
	go func() {
		defer close(ended)
		// A namespace belongs to a thread. This one is never unlocked, so it
		// ends with the goroutine, and the namespace with it.
		runtime.LockOSThread()
		h.tid = unix.Gettid()
		err := unix.Unshare(unix.CLONE_NEWNET)
		started <- err
		if err != nil {
			return
		}
		for call := range h.calls {
			call()
		}
	}()
	if err := <-started; err != nil {
		t.Fatalf("cannot make a network namespace: %v", err)
	}
	t.Cleanup(func() { close(h.calls); <-ended })
	h.IP("link", "set", "lo", "up")
	return h
}

// Do runs a function on this host: the sockets it opens and the processes it
// starts stay there. It must not end the test.
func (h *Host) Do(f func()) {
	done := make(chan struct{})
	h.calls <- func() { defer close(done); f() }
	<-done
}

// Path names the namespace for nsenter and ip.
func (h *Host) Path() string { return fmt.Sprintf("/proc/%d/task/%d/ns/net", os.Getpid(), h.tid) }

// Run runs a command on this host and returns what it printed. The test fails
// if the command does.
func (h *Host) Run(words ...string) string {
	h.t.Helper()
	var out []byte
	var err error
	h.Do(func() { out, err = exec.Command(words[0], words[1:]...).CombinedOutput() })
	if err != nil {
		h.t.Fatalf("%s: %v\n%s", strings.Join(words, " "), err, out)
	}
	return string(out)
}

// IP runs the command ip on this host.
func (h *Host) IP(words ...string) {
	h.t.Helper()
	h.Run(append([]string{"ip"}, words...)...)
}

// Link joins two hosts by a cable and brings it up. The ends get no addresses,
// not even link-local ones.
func Link(a *Host, nameA string, b *Host, nameB string) {
	a.t.Helper()
	a.IP("link", "add", nameA, "type", "veth", "peer", "name", nameB, "netns", b.Path())
	a.up(nameA)
	b.up(nameB)
	a.awaitRunning(nameA)
	b.awaitRunning(nameB)
}

// Switch joins hosts by a bridge. Each gets an interface eth0, without
// addresses.
func Switch(t testing.TB, hosts ...*Host) *Host {
	t.Helper()
	bridge := New(t)
	bridge.IP("link", "add", "br0", "type", "bridge", "mcast_snooping", "0")
	bridge.up("br0")
	for i, host := range hosts {
		name := fmt.Sprintf("port%d", i)
		Link(bridge, name, host, "eth0")
		bridge.IP("link", "set", name, "master", "br0")
	}
	return bridge
}

// Address gives an interface an address such as 10.0.0.1/24, which works at
// once.
func (h *Host) Address(device, prefix string) {
	h.t.Helper()
	words := []string{"address", "add", prefix, "dev", device}
	if strings.Contains(prefix, ":") {
		words = append(words, "nodad")
	} else {
		words = append(words, "broadcast", "+")
	}
	h.IP(words...)
}

// up brings an interface up without the link-local address that takes two
// seconds to become usable.
func (h *Host) up(device string) {
	h.t.Helper()
	h.IP("link", "set", device, "addrgenmode", "none")
	h.IP("link", "set", device, "up")
}

func (h *Host) awaitRunning(device string) {
	h.t.Helper()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for deadline := time.Now().Add(startTime); time.Now().Before(deadline); <-again.C {
		var flags net.Flags
		h.Do(func() {
			if i, err := net.InterfaceByName(device); err == nil {
				flags = i.Flags
			}
		})
		if flags&net.FlagRunning != 0 {
			return
		}
	}
	h.t.Fatalf("%s does not come up", device)
}
