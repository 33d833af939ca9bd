package transport

import (
	"context"
	"net/netip"
	"sync"

	"feihong/protocol"
)

const (
	// maxSessions bounds the sessions of a node, with those whose Down is
	// still to come.
	maxSessions = 4096
	// maxSuccession bounds the sessions of one peer that wait for each
	// other's Down. A peer who keeps reconnecting while our handler is stuck
	// must not use up the room of everybody.
	maxSuccession = 16
	// maxFromSource bounds the sessions that came from one source: a machine
	// can make up keys without number and must not use up the room of
	// everybody. Several colleagues may share an address behind a router, but
	// hardly more than this.
	maxFromSource = 256
)

// registry knows which session is the one with each peer.
//
// When a second session with a peer comes along, both sides must keep the
// same one without asking each other:
//
//   - If one of the two sides was restarted, as its hello's Instance shows,
//     or both sessions were dialled by the same side, the newer one is kept.
//   - Otherwise both dialled at once, and the session that was dialled by the
//     smaller peer ID is kept.
//
// "Newer" means connected later. The dialler lets only one dial to a peer get
// beyond TLS at a time (lockDial), so that this is the same on both sides.
type registry struct {
	mu      sync.Mutex
	closed  bool
	peers   map[protocol.PeerID]*succession
	total   int                // sessions in all successions
	sources map[netip.Addr]int // those of them that came from each source
	dialing map[protocol.PeerID]chan struct{}
}

// succession is the sessions with one peer, each of which comes up only after
// the Down of the one before.
type succession struct {
	current *Session // the one that is kept; it may have ended
	newest  <-chan struct{}
	length  int
}

func newRegistry() *registry {
	return &registry{
		peers:   make(map[protocol.PeerID]*succession),
		sources: make(map[netip.Addr]int),
		dialing: make(map[protocol.PeerID]chan struct{}),
	}
}

// claim makes s the session with its peer and ends the one it replaces. If it
// cannot, it returns the reason and, if that is another session, this rival.
// After success the caller must start s.
func (r *registry) claim(s *Session) (rival *Session, problem *protocol.Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, &protocol.Error{Code: protocol.CodeClosing}
	}
	line := r.peers[s.peer]
	if line == nil {
		line = &succession{newest: alreadyFinished}
	}
	replaced := line.current
	if replaced != nil && replaced.ended() {
		replaced = nil
	}
	if replaced != nil && !s.beats(replaced) {
		return replaced, &protocol.Error{Code: protocol.CodeDuplicateSession}
	}
	if r.total >= maxSessions || line.length >= maxSuccession {
		return nil, &protocol.Error{Code: protocol.CodeBusy, Text: "too many sessions"}
	}
	source := sourceOf(s.remote)
	if !s.byUs() && replaced == nil && r.sources[source] >= maxFromSource {
		return nil, &protocol.Error{Code: protocol.CodeBusy, Text: "too many sessions from your address"}
	}
	s.previous = line.newest
	line.current, line.newest = s, s.finished
	line.length++
	r.total++
	if !s.byUs() {
		r.sources[source]++
	}
	r.peers[s.peer] = line
	if replaced != nil {
		reason := &protocol.Error{Code: protocol.CodeDuplicateSession}
		replaced.end(reason, reason)
	}
	return nil, nil
}

var alreadyFinished = func() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// beats says that s is kept rather than other, a session with the same peer.
func (s *Session) beats(other *Session) bool {
	if s.instance != other.instance || s.byUs() == other.byUs() {
		return s.order > other.order
	}
	weAreSmaller := s.node.own.Compare(s.peer) < 0
	return s.byUs() == weAreSmaller
}

// release takes out a session that is down, or never came up.
func (r *registry) release(s *Session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	line := r.peers[s.peer]
	line.length--
	r.total--
	if source := sourceOf(s.remote); !s.byUs() {
		if r.sources[source]--; r.sources[source] == 0 {
			delete(r.sources, source)
		}
	}
	if line.length == 0 {
		delete(r.peers, s.peer)
	}
}

// current is the live session with a peer, nil if there is none.
func (r *registry) current(peer protocol.PeerID) *Session {
	r.mu.Lock()
	defer r.mu.Unlock()
	line := r.peers[peer]
	if line == nil || line.current.ended() {
		return nil
	}
	return line.current
}

// live lists the current sessions.
func (r *registry) live() []*Session {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]*Session, 0, len(r.peers))
	for _, line := range r.peers {
		if !line.current.ended() {
			list = append(list, line.current)
		}
	}
	return list
}

// close ends all sessions with a goodbye and lets no new one in.
func (r *registry) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	for _, line := range r.peers {
		line.current.end(nil, &protocol.Goodbye{})
	}
}

// lockDial waits until no other dial to the peer is between TLS and its end.
func (r *registry) lockDial(ctx context.Context, peer protocol.PeerID) (unlock func(), err error) {
	for {
		mine, theirs := r.tryLockDial(peer)
		if mine != nil {
			return func() { r.unlockDial(peer, mine) }, nil
		}
		select {
		case <-theirs:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (r *registry) tryLockDial(peer protocol.PeerID) (mine, theirs chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if theirs, ok := r.dialing[peer]; ok {
		return nil, theirs
	}
	mine = make(chan struct{})
	r.dialing[peer] = mine
	return mine, nil
}

func (r *registry) unlockDial(peer protocol.PeerID, mine chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.dialing, peer)
	close(mine)
}
