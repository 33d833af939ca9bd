//go:build e2e

package e2e

import (
	"testing"
	"time"
)

// exchange is how long it may take until people behind a router are known.
const exchange = 10 * time.Second

// offices are two networks joined by a router, with three people in each.
func offices(t *testing.T) (a, b []*process) {
	t.Helper()
	l := newLab(t)
	left := l.office("10.1.0.0/24", "Alice", "Anna", "Adam")
	right := l.office("10.2.0.0/24", "Bob", "Berta", "Bruno")
	l.router(left, right)
	for _, h := range left.hosts {
		a = append(a, h.daemon())
	}
	for _, h := range right.hosts {
		b = append(b, h.daemon())
	}
	gathered(worstMeeting, a...)
	gathered(worstMeeting, b...)
	for _, one := range a {
		for _, other := range b {
			if one.knows(other).ID != "" {
				t.Fatalf("%s knows %s already", one.name, other.name)
			}
		}
	}
	return a, b
}

// TestOneAddressBringsInASubnet dials one address behind a router.
func TestOneAddressBringsInASubnet(t *testing.T) {
	t.Parallel()
	a, b := offices(t)
	alice := a[0]
	alice.must(0, "send", b[0].at("10.2.0.1"), "hello over there")
	b[0].received(patience, "hello over there")

	took := alice.meets(exchange, b...)
	t.Logf("dialling one address brought in the rest after %v", took)
	for _, other := range b {
		other.meets(exchange, alice)
	}
	// People of whom only others told are reached by name, both ways.
	alice.must(0, "send", "Bruno", "hello Bruno")
	b[2].received(patience, "hello Bruno")
	b[1].must(0, "send", "Alice", "hello from Berta")
	alice.received(patience, "hello from Berta")
	// What Alice learned, her neighbours hear from her.
	a[1].meets(2*time.Minute, b...)
}

// TestAddressWithoutPortBringsInASubnet does the same with the IP alone.
func TestAddressWithoutPortBringsInASubnet(t *testing.T) {
	t.Parallel()
	a, b := offices(t)
	a[0].must(0, "send", "10.2.0.2", "hello Berta")
	b[1].received(patience, "hello Berta")
	a[0].meets(exchange, b...)
}

// TestRangeFindsAnotherSubnet searches addresses that the user has set.
func TestRangeFindsAnotherSubnet(t *testing.T) {
	t.Parallel()
	a, b := offices(t)
	a[0].must(0, "ranges", "add", "10.2.0.1-254")
	took := a[0].meets(patience, b...)
	t.Logf("searching 254 addresses found three people after %v", took)
	b[0].meets(exchange, a[0])
	a[0].must(0, "send", "Bruno", "found you")
	b[2].received(patience, "found you")
}

// TestRememberedPeopleAreProbed starts again after a day: nobody has to be
// dialled anew.
func TestRememberedPeopleAreProbed(t *testing.T) {
	t.Parallel()
	a, b := offices(t)
	a[0].must(0, "send", b[0].at("10.2.0.1"), "first")
	a[0].meets(exchange, b...)
	for _, d := range append(a, b...) {
		d.stop()
	}
	bruno := b[2].host.daemon("--port", samePort(b[2]))
	alice := a[0].host.daemon()
	gathered(exchange, alice, bruno)
}
