package discovery_test

import (
	"net/netip"
	"sync"

	"feihong/transport/discovery"
	"feihong/transport/ether"
)

// watched is an Ether that counts what is sent to single addresses, whether
// the network leads there or not, and how often the interfaces are followed.
type watched struct {
	ether.Ether
	mu       sync.Mutex
	sent     map[netip.Addr]int
	followed int
}

type watchedPort struct {
	ether.Port
	by *watched
}

// watch lets a person have a watched Ether.
func (w *watched) watch(c *discovery.Config) {
	w.Ether, w.sent = c.Ether, make(map[netip.Addr]int)
	c.Ether = w
}

func (w *watched) Open(number int, passive bool) (ether.Port, error) {
	p, err := w.Ether.Open(number, passive)
	return watchedPort{p, w}, err
}

func (p watchedPort) Send(to netip.AddrPort, body []byte) error {
	p.by.mu.Lock()
	p.by.sent[to.Addr()]++
	p.by.mu.Unlock()
	return p.Port.Send(to, body)
}

func (p watchedPort) Follow(interfaces []ether.Interface) {
	p.by.mu.Lock()
	p.by.followed++
	p.by.mu.Unlock()
	p.Port.Follow(interfaces)
}

// counts returns how often anything was sent to each address in a network.
func (w *watched) counts(network string) (sum, most int) {
	prefix := netip.MustParsePrefix(network)
	w.mu.Lock()
	defer w.mu.Unlock()
	for addr, n := range w.sent {
		if prefix.Contains(addr) {
			sum += n
			most = max(most, n)
		}
	}
	return sum, most
}
