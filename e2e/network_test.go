//go:build e2e

package e2e

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// linkLocal is the address that the kernel gave an interface, without zone.
func (h *host) linkLocal(name string) string {
	h.t.Helper()
	for word := range strings.FieldsSeq(h.must(h.t, "ip", "-6", "-oneline", "address", "show", "dev", name, "scope", "link")) {
		if prefix, err := netip.ParsePrefix(word); err == nil {
			return prefix.Addr().String()
		}
	}
	h.t.Fatalf("%s has no link-local address on %s", h.name, name)
	return ""
}

// TestTextAcrossNetworks dials addresses through what lies between desks: a
// router, a link without addresses of its own, a bad line, a filter.
func TestTextAcrossNetworks(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	left, right := l.office("10.1.0.0/24", "Alice", "Carol"), l.office("10.2.0.0/24", "Bob")
	l.router(left, right)
	a, b := left.hosts, right.hosts
	alice, carol, bob := a[0].daemon(), a[1].daemon(), b[0].daemon()

	alice.must(0, "send", bob.at("10.2.0.1"), "through the router")
	bob.received(patience, "through the router")

	zoned := carol.at(a[1].linkLocal("eth0") + "%eth0")
	alice.must(0, "send", zoned, "without an address")
	carol.received(patience, "without an address")

	remove := a[0].lose(20)
	alice.must(0, "send", "--timeout", "30s", "Bob", strings.Repeat("bad line ", 5_000))
	remove()

	remove = b[0].filter("tcp dport " + fmt.Sprint(bob.ready.Port) + " drop; tcp sport " + fmt.Sprint(bob.ready.Port) + " drop")
	alice.must(3, "send", "--timeout", "1s", "Bob", "through the filter")
	remove()
	bob.received(2*time.Minute, "through the filter")
}
