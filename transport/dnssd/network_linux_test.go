package dnssd_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"feihong/transport/ether/namespace"
)

// office makes two hosts on a cable.
func office(t testing.TB) (a, b *namespace.Host) {
	t.Helper()
	a, b = namespace.New(t), namespace.New(t)
	namespace.Link(a, "eth0", b, "eth0")
	for host, last := range map[*namespace.Host]string{a: "1", b: "2"} {
		host.Address("eth0", "10.1.0."+last+"/24")
		host.Address("eth0", "fe80::"+last+"/64")
	}
	return a, b
}

func TestTwoHosts(t *testing.T) {
	a, b := office(t)
	alice, bob := start(t, a, "on"), start(t, b, "on")
	one, two, other := announcement(t, 1, 1), announcement(t, 1, 2), announcement(t, 2, 1)
	alice.publish(one, "Alice")
	bob.want("Bob finds Alice", one, false)
	bob.publish(other, "李雷")
	alice.want("Alice finds Bob", other, false)
	alice.publish(two, "Alice")
	bob.want("Alice has news", two, false)
	alice.tell(order{Withdraw: true})
	bob.want("Alice becomes invisible", two, true)
	alice.publish(two, "Alice")
	bob.want("Alice is back", two, false)
	alice.stop()
	bob.want("Alice leaves", two, true)
	sibling := start(t, b, "on")
	sibling.want("another on the same machine finds Bob", other, false)
}

// TestOneFamily: each of IPv4 and IPv6 is enough.
func TestOneFamily(t *testing.T) {
	for family, others := range map[string]string{"IPv4": "-6", "IPv6": "-4"} {
		t.Run(family, func(t *testing.T) {
			a, b := office(t)
			a.IP(others, "address", "flush", "dev", "eth0")
			b.IP(others, "address", "flush", "dev", "eth0")
			alice, bob := start(t, a, "on"), start(t, b, "on")
			signed := announcement(t, 1, 1)
			alice.publish(signed, "Alice")
			bob.want("Bob finds Alice", signed, false)
		})
	}
}

// TestInterfaceAppears: directories that started without any network find each
// other as soon as there is one and they are told.
func TestInterfaceAppears(t *testing.T) {
	a, b := namespace.New(t), namespace.New(t)
	alice, bob := start(t, a, "on"), start(t, b, "on")
	one, other := announcement(t, 1, 1), announcement(t, 2, 1)
	alice.publish(one, "Alice")
	bob.publish(other, "Bob")
	namespace.Link(a, "eth0", b, "eth0")
	a.Address("eth0", "10.1.0.1/24")
	b.Address("eth0", "10.1.0.2/24")
	begin := time.Now()
	alice.tell(order{Refresh: true})
	bob.tell(order{Refresh: true})
	bob.want("Bob finds Alice", one, false)
	alice.want("Alice finds Bob", other, false)
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	a.IP("link", "delete", "eth0")
	alice.tell(order{Refresh: true})
	bob.tell(order{Refresh: true})
	namespace.Link(a, "wlan0", b, "wlan0")
	a.Address("wlan0", "10.2.0.1/24")
	b.Address("wlan0", "10.2.0.2/24")
	alice.tell(order{Refresh: true})
	bob.tell(order{Refresh: true})
	news := announcement(t, 1, 2)
	alice.publish(news, "Alice")
	bob.want("on another interface", news, false)
}

// TestLoopbackOnly: a directory for loopback finds its sibling, and not a
// packet of it leaves the machine.
func TestLoopbackOnly(t *testing.T) {
	a, b := office(t)
	alice, sibling, bob := start(t, a, "loopback"), start(t, a, "loopback"), start(t, b, "on")
	one, other := announcement(t, 1, 1), announcement(t, 2, 1)
	a.Run("nft", "add", "table", "inet", "watch")
	a.Run("nft", "add chain inet watch out { type filter hook output priority 0; }")
	a.Run("nft", "add", "rule", "inet", "watch", "out", "oifname", "eth0", "udp", "dport", "5353", "counter")
	alice.publish(one, "Alice")
	sibling.want("the sibling finds Alice", one, false)
	bob.publish(other, "Bob")
	alice.stop()
	sibling.want("Alice leaves", one, true)
	if rules := a.Run("nft", "list", "chain", "inet", "watch", "out"); !strings.Contains(rules, "packets 0 ") {
		t.Errorf("something left the machine: %s", rules)
	}
}

// TestHostileNetwork: datagrams that are no DNS at all end nothing.
func TestHostileNetwork(t *testing.T) {
	a, b := office(t)
	bob := start(t, b, "on")
	signed := announcement(t, 1, 1)
	data, err := record("Alice._feihong._tcp.local.", 0, parts(t, signed)).Pack()
	if err != nil {
		t.Fatal(err)
	}
	var conn net.Conn
	a.Do(func() { conn, err = net.Dial("udp4", "10.1.0.2:5353") })
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for i := range data {
		_, _ = conn.Write(data[:i]) // refused while Bob is starting
		_, _ = conn.Write(data[i:])
	}
	start(t, a, "on").publish(signed, "Alice")
	bob.want("Bob finds Alice", signed, false)
}

// TestAvahi: the responder of most systems with Linux shows our service, with
// its name, and both share the port.
func TestAvahi(t *testing.T) {
	a, b := office(t)
	bus := avahi(t, b)
	alice, bob := start(t, a, "on"), start(t, b, "on")
	one, other := announcement(t, 1, 1), announcement(t, 2, 1)
	alice.publish(one, "Alice 李雷 (x.y)")
	bob.publish(other, "Bob")
	bob.want("Bob finds Alice", one, false)
	alice.want("Alice finds Bob", other, false)
	out := browse(b, bus)
	for _, want := range []string{`Alice 李雷 (x\.y)`, "Bob", "feihong-", "10.1.0.1", "5000", `"v=1"`, `"a0=`} {
		if !strings.Contains(out, want) {
			t.Errorf("%s is missing in what avahi-browse shows:\n%s", want, out)
		}
	}
	alice.stop()
	bob.want("Alice leaves", one, true)
	if out := browse(b, bus); strings.Contains(out, "Alice") {
		t.Errorf("avahi-browse still shows:\n%s", out)
	}
}

// browse runs avahi-browse, which waits until avahi has heard all it will.
func browse(on *namespace.Host, bus string) string {
	return unescape(on.Run("timeout", "20", "env", bus, "avahi-browse", "-rtp", "_feihong._tcp"))
}

// decimal is how avahi-browse writes a byte that is not a plain character.
var decimal = regexp.MustCompile(`\\\d\d\d`)

func unescape(s string) string {
	return decimal.ReplaceAllStringFunc(s, func(escaped string) string {
		number, _ := strconv.ParseUint(escaped[1:], 10, 8) // three digits
		return string([]byte{byte(number)})
	})
}

// avahi starts the daemon on a host, with a bus of its own. It returns what
// makes other programs use that bus, for their environment.
func avahi(t testing.TB, on *namespace.Host) string {
	t.Helper()
	for _, program := range []string{"dbus-daemon", "avahi-daemon", "avahi-browse"} {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatal(err)
			}
			t.Skipf("there is no %s", program)
		}
	}
	folder := t.TempDir()
	address := "unix:path=" + filepath.Join(folder, "bus")
	bus := "DBUS_SYSTEM_BUS_ADDRESS=" + address
	write(t, filepath.Join(folder, "bus.conf"), `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>`+address+`</listen><auth>EXTERNAL</auth>
<policy context="default"><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/><allow user="*"/></policy>
</busconfig>`)
	write(t, filepath.Join(folder, "avahi.conf"), "[server]\nhost-name=hostb\nuse-ipv6=yes\n[publish]\npublish-workstation=no\n")
	background(t, on, nil, "dbus-daemon", "--nofork", "--config-file="+filepath.Join(folder, "bus.conf"))
	await(t, "the bus", func() bool { _, err := os.Stat(filepath.Join(folder, "bus")); return err == nil })
	// The daemon keeps a file in /run, which the system's own may have.
	background(t, on, []string{bus}, "unshare", "--mount", "sh", "-c",
		`mount -t tmpfs tmpfs /run && exec avahi-daemon --no-drop-root --no-chroot --no-rlimits -f "$0"`, filepath.Join(folder, "avahi.conf"))
	await(t, "avahi", func() bool {
		var err error
		on.Do(func() {
			cmd := exec.Command("timeout", "5", "avahi-browse", "-t", "_nothing._tcp")
			cmd.Env = append(os.Environ(), bus)
			err = cmd.Run()
		})
		return err == nil
	})
	return bus
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// background runs a program until the test ends.
func background(t testing.TB, on *namespace.Host, env []string, words ...string) {
	t.Helper()
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Env = append(os.Environ(), env...)
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	var err error
	on.Do(func() { err = cmd.Start() })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
		if t.Failed() {
			t.Logf("%s said:\n%s", words[0], out.String())
		}
	})
}

func await(t testing.TB, what string, done func() bool) {
	t.Helper()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); <-again.C {
		if done() {
			return
		}
	}
	t.Fatalf("%s does not start", what)
}
