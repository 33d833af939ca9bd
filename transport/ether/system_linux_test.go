package ether_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"

	"feihong/transport/ether"
	"feihong/transport/ether/ethertest"
	"feihong/transport/ether/namespace"
)

func TestMain(m *testing.M) {
	os.Exit(namespace.Main(func() int {
		code := m.Run()
		if err := goleak.Find(); code == 0 && err != nil {
			println(err.Error())
			return 1
		}
		return code
	}))
}

// place makes two machines on one link, and one on another.
func place(t testing.TB) ethertest.Place {
	a, b, c, other := namespace.New(t), namespace.New(t), namespace.New(t), namespace.New(t)
	namespace.Link(a, "eth0", b, "eth0")
	namespace.Link(c, "eth0", other, "eth0")
	a.Address("eth0", "10.1.0.1/24")
	a.Address("eth0", "fe80::a/64")
	b.Address("eth0", "10.1.0.2/24")
	b.Address("eth0", "fe80::b/64")
	c.Address("eth0", "10.1.0.3/24")
	c.Address("eth0", "fe80::c/64")
	system := ether.System()
	return ethertest.Place{A: a.Ether(system), B: b.Ether(system), C: c.Ether(system)}
}

func TestContract(t *testing.T) {
	same := place(t)
	ethertest.Run(t, func(testing.TB) ethertest.Place { return same })
}
