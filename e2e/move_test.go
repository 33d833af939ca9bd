//go:build e2e

package e2e

import (
	"slices"
	"testing"
	"time"
)

// sameConversation checks that somebody is one person still, with all that was
// ever said.
func sameConversation(t *testing.T, d, other *process, texts ...string) {
	t.Helper()
	if people := d.people(); len(people) != 1 {
		t.Errorf("%s knows %d people: %+v", d.name, len(people), people)
	}
	if got := d.texts(other.name, "out"); !slices.Equal(got, texts) {
		t.Errorf("%s wrote %q, want %q", d.name, got, texts)
	}
	if got := other.texts(d.name, "in"); !slices.Equal(got, texts) {
		t.Errorf("%s got %q, want %q", other.name, got, texts)
	}
}

// TestColleagueMoves gives a colleague another address while a text waits, as
// DHCP does, and then another port, as a restart does.
func TestColleagueMoves(t *testing.T) {
	t.Parallel()
	office := newLab(t).office("10.1.0.0/24", "Alice", "Bob").hosts
	desk := office[1]
	alice, bob := office[0].daemon(), desk.daemon()
	gathered(worstMeeting, alice, bob)
	alice.must(0, "send", "Bob", "before")

	desk.ip("link set eth0 down")
	alice.must(3, "send", "--timeout", "500ms", "Bob", "while the cable was out")
	desk.ip("address flush dev eth0 scope global")
	desk.ip("address add 10.1.0.77/24 dev eth0")
	desk.ip("link set eth0 up")
	bob.received(followed, "while the cable was out")
	alice.until("knows where Bob is now", followed, func([]entry) bool { return alice.knows(bob).Address == bob.at("10.1.0.77") })

	old := bob.ready.Port
	bob.stop()
	alice.must(3, "send", "--timeout", "500ms", "Bob", "while Bob was away")
	bob = desk.daemon("--port", freePort(t))
	if bob.ready.Port == old {
		t.Fatalf("Bob has the same port as before, %d", old)
	}
	bob.received(worstMeeting, "while Bob was away")
	sameConversation(t, alice, bob, "before", "while the cable was out", "while Bob was away")
}

// TestColleagueMovesBehindTheRouter finds somebody who was never dialled and
// cannot be heard, because they come to us.
func TestColleagueMovesBehindTheRouter(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	left, right := l.office("10.1.0.0/24", "Alice"), l.office("10.2.0.0/24", "Bob")
	l.router(left, right)
	alice, bob := left.hosts[0].daemon(), right.hosts[0].daemon()
	alice.must(0, "send", bob.at("10.2.0.1"), "before")
	bob.stop()
	alice.must(3, "send", "--timeout", "500ms", "Bob", "while Bob was away")
	right.hosts[0].ip("address flush dev eth0 scope global")
	right.hosts[0].ip("address add 10.2.0.99/24 dev eth0")
	right.hosts[0].ip("route add default via 10.2.0.254")
	bob = right.hosts[0].daemon("--port", freePort(t))
	bob.received(exchange, "while Bob was away")
	sameConversation(t, alice, bob, "before", "while Bob was away")
}

// followed is how soon a change of the machine's networks has to be noticed.
const followed = 5 * time.Second

// TestInterfaceComesAndGoes plugs cables in and out under running programs.
func TestInterfaceComesAndGoes(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	first, second := l.link(), l.link()
	here, there := l.host("Alice"), l.host("Bob")
	here.join(first, "eth0", "10.1.0.1/24")
	alice, bob := here.daemon(), there.daemon() // Bob has no network at all

	there.join(first, "eth0", "10.1.0.2/24")
	t.Logf("an interface that appeared was followed after %v", alice.meets(followed, bob))
	bob.meets(followed, alice)
	alice.must(0, "send", "Bob", "over the first")
	bob.received(followed, "over the first")

	there.ip("address del 10.1.0.2/24 dev eth0")
	there.ip("address add 10.1.0.222/24 dev eth0")
	took := alice.until("follows the change of address", followed, func([]entry) bool {
		return alice.knows(bob).Address == bob.at("10.1.0.222")
	})
	t.Logf("an address that changed was followed after %v", took)
	alice.must(0, "send", "Bob", "to the new address")
	bob.received(followed, "to the new address")

	here.join(second, "eth1", "10.2.0.1/24")
	there.join(second, "eth1", "10.2.0.2/24")
	there.ip("link del eth0")
	took = alice.until("follows to the other link", followed, func([]entry) bool {
		return alice.knows(bob).Address == bob.at("10.2.0.2")
	})
	t.Logf("an interface that disappeared was followed after %v", took)
	alice.must(0, "send", "Bob", "over the second")
	bob.received(followed, "over the second")
	sameConversation(t, alice, bob, "over the first", "to the new address", "over the second")
}
