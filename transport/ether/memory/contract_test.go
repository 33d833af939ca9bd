package memory_test

import (
	"testing"

	"feihong/transport/ether/ethertest"
	"feihong/transport/ether/memory"
)

func TestContract(t *testing.T) {
	ethertest.Run(t, func(testing.TB) ethertest.Place {
		world := memory.New()
		link, other := world.Link("link"), world.Link("other")
		a, b, c := world.Host("a"), world.Host("b"), world.Host("c")
		a.Attach(link, "eth0", "10.1.0.1/24", "fe80::a/64")
		b.Attach(link, "eth0", "10.1.0.2/24", "fe80::b/64")
		c.Attach(other, "eth0", "10.1.0.3/24", "fe80::c/64")
		return ethertest.Place{A: a, B: b, C: c}
	})
}
