package transport

import (
	"net"
	"net/netip"
	"slices"
	"sync"
)

// maxPending is how many connections may be without a finished hello.
const maxPending = 64

// pending holds the connections that have not finished their hello. When it
// is full, the newcomer is let in, and the oldest connection of the source
// with the most of them is closed: a flood displaces itself and not the
// colleague who comes along meanwhile. The zero value is ready for use.
type pending struct {
	mu     sync.Mutex
	closed bool
	list   []*stranger // oldest first
}

type stranger struct {
	conn   net.Conn
	source netip.Addr
}

// add puts a connection in, and returns what takes it out again. It fails if
// pending was closed.
func (p *pending) add(conn net.Conn, remote netip.Addr) (remove func(), ok bool) {
	one := &stranger{conn, sourceOf(remote)}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, false
	}
	if len(p.list) >= maxPending {
		p.evict()
	}
	p.list = append(p.list, one)
	return func() { p.remove(one) }, true
}

func (p *pending) evict() {
	count := make(map[netip.Addr]int)
	for _, one := range p.list {
		count[one.source]++
	}
	victim := 0
	for i, one := range p.list {
		if count[one.source] > count[p.list[victim].source] {
			victim = i
		}
	}
	_ = p.list[victim].conn.Close() // its own goroutine cleans up
	p.list = slices.Delete(p.list, victim, victim+1)
}

func (p *pending) remove(one *stranger) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.list, one); i >= 0 {
		p.list = slices.Delete(p.list, i, i+1)
	}
}

// close closes every connection, and those that still come.
func (p *pending) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, one := range p.list {
		_ = one.conn.Close()
	}
	p.list = nil
}

// sourceOf is what is counted as one source. A machine has a whole /64 of
// IPv6 addresses to choose from, except where all machines of the LAN share
// the same one.
func sourceOf(ip netip.Addr) netip.Addr {
	if !ip.Is6() || ip.IsLinkLocalUnicast() {
		return ip
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return ip
	}
	return prefix.Addr()
}
