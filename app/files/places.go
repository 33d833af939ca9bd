package files

import (
	"context"
	"errors"
	"sync"

	"feihong/protocol"
)

const (
	// maxPeerConnections is how many connections there are with one person at a
	// time, whatever they are for and whoever dialled.
	maxPeerConnections = 16
	// maxJobConnections is how many of them may be for one transfer.
	maxJobConnections = 8
	// maxDialled is how many connections we have dialled, with all people.
	maxDialled = 64

	// maxPeerManifests and maxManifests bound the manifests, in bytes, of what
	// is being received at a time from one person and from all: in memory each
	// takes about three times as much. One always fits.
	maxPeerManifests = protocol.MaxManifestBytes
	maxManifests     = 8 * protocol.MaxManifestBytes
)

// errCrowded says that there are enough connections for now.
var errCrowded = errors.New("enough file connections are open")

// places are what is bounded for all transfers together. The zero value is
// ready. Its lock is the last one that is taken.
type places struct {
	mu        sync.Mutex
	peers     map[protocol.PeerID]int // connections, by person
	dialled   int
	manifests int64
	of        map[protocol.PeerID]int64 // of manifests
	freed     chan struct{}             // closed and replaced when something becomes free
}

// enter takes the place of a connection.
func (p *places) enter(peer protocol.PeerID, dialled bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.peers[peer] >= maxPeerConnections || dialled && p.dialled >= maxDialled {
		return false
	}
	if p.peers == nil {
		p.peers = make(map[protocol.PeerID]int)
	}
	p.peers[peer]++
	if dialled {
		p.dialled++
	}
	return true
}

func (p *places) leave(peer protocol.PeerID, dialled bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.peers[peer]--; p.peers[peer] == 0 {
		delete(p.peers, peer)
	}
	if dialled {
		p.dialled--
	}
	p.free()
}

// free wakes whoever waits. The caller holds mu.
func (p *places) free() {
	if p.freed != nil {
		close(p.freed)
		p.freed = nil
	}
}

// news is closed when something becomes free. The caller holds mu.
func (p *places) news() <-chan struct{} {
	if p.freed == nil {
		p.freed = make(chan struct{})
	}
	return p.freed
}

// open tells when something has become free.
func (p *places) open() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.news()
}

// hold waits until there is memory for a manifest of so many bytes, and takes
// it. wait is called if that is not at once.
func (p *places) hold(ctx context.Context, peer protocol.PeerID, bytes int64, wait func()) error {
	for {
		freed := p.tryHold(peer, bytes)
		if freed == nil {
			return nil
		}
		wait()
		select {
		case <-freed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// tryHold returns nil if it has taken the memory, else what to wait for.
func (p *places) tryHold(peer protocol.PeerID, bytes int64) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	full := p.manifests > 0 && p.manifests+bytes > maxManifests
	if full || p.of[peer] > 0 && p.of[peer]+bytes > maxPeerManifests {
		return p.news()
	}
	if p.of == nil {
		p.of = make(map[protocol.PeerID]int64)
	}
	p.manifests += bytes
	p.of[peer] += bytes
	return nil
}

func (p *places) release(peer protocol.PeerID, bytes int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.manifests -= bytes
	if p.of[peer] -= bytes; p.of[peer] == 0 {
		delete(p.of, peer)
	}
	p.free()
}
