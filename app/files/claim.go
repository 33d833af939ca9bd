package files

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync/atomic"
	"time"

	"feihong/protocol"
)

const (
	// usefulBytes and usefulTime are what a connection has to carry, or how
	// long it has to live, for the next one to be tried without a pause.
	usefulBytes = 1 << 20
	usefulTime  = 5 * time.Second
)

// claim is the right to one connection of a job. Either run or cancel is called,
// once.
type claim struct {
	job   *job
	carry func(ctx context.Context, conn net.Conn) error
	began time.Time
	bytes atomic.Int64 // moved, in both directions
	moved atomic.Int64 // when the last ones were, in time since began
	leave func()       // gives its place back
	ended bool         // it has done so; under job.mu
	cut   func()       // ends the connection, nil before run; under job.mu
}

// claim takes a place for a connection, if connections are of use. If there is
// none left, that of the connection is taken that moved nothing for longest, if
// it may be dead: whoever comes anew has proven to be the same person, and may
// have lost the others without our knowing. leave gives back the place that the
// connection has among all; if there is no claim, the caller does that.
func (j *job) claim(leave func()) (*claim, protocol.BulkCode) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.carry == nil {
		return nil, protocol.BulkOverload
	}
	if len(j.claims) >= maxJobConnections {
		victim := j.idlest()
		if victim == nil {
			return nil, protocol.BulkTooManyConnections
		}
		victim.end()
	}
	j.users.Add(1)
	c := &claim{job: j, carry: j.carry, leave: leave, began: time.Now()}
	j.claims = append(j.claims, c)
	signal(j.changed)
	return c, 0
}

// idlest is the connection that moved nothing for longest, nil if that is not
// long enough for being dead. j.mu is held.
func (j *job) idlest() *claim {
	var victim *claim
	for _, c := range j.claims {
		if idle := c.idle(); idle >= doubtTime && (victim == nil || idle > victim.idle()) {
			victim = c
		}
	}
	return victim
}

// makeRoom ends the connection with somebody that moved nothing for longest, if
// it may be dead. e.mu is held.
func (e *Engine) makeRoom(peer protocol.PeerID) bool {
	var victim *claim
	for _, j := range e.jobs {
		if j.Peer != peer {
			continue
		}
		j.mu.Lock()
		if c := j.idlest(); c != nil && (victim == nil || c.idle() > victim.idle()) {
			victim = c
		}
		j.mu.Unlock()
	}
	if victim == nil {
		return false
	}
	victim.job.mu.Lock()
	defer victim.job.mu.Unlock()
	victim.end()
	return true
}

// idle is for how long nothing was moved.
func (c *claim) idle() time.Duration {
	return time.Since(c.began) - time.Duration(c.moved.Load())
}

// end ends the connection, and gives its place back at once. job.mu is held.
func (c *claim) end() {
	if c.ended {
		return
	}
	c.ended = true
	if c.cut != nil {
		c.cut()
	}
	c.leave()
	j := c.job
	j.claims = slices.DeleteFunc(j.claims, func(other *claim) bool { return other == c })
	signal(j.changed)
}

// run uses the connection until it ends, and closes it.
func (c *claim) run(ctx context.Context, conn net.Conn) {
	ctx, cut := context.WithCancel(ctx)
	defer cut()
	c.job.mu.Lock()
	c.cut = cut
	if c.ended {
		cut()
	}
	c.job.mu.Unlock()
	c.job.note(c.carry(ctx, &metered{conn, c}))
	c.over(c.bytes.Load() >= usefulBytes || time.Since(c.began) >= usefulTime)
}

// cancel gives the claim back: there is no connection.
func (c *claim) cancel() { c.over(false) }

func (c *claim) over(useful bool) {
	j := c.job
	ended := endedInVain
	if useful {
		ended = endedUseful
	}
	j.ended.Store(ended)
	j.mu.Lock()
	c.end()
	j.mu.Unlock()
	signal(j.changed)
	j.users.Done()
}

// metered is a connection that notes what it moves.
type metered struct {
	net.Conn
	claim *claim
}

func (m *metered) count(n int, err error) (int, error) {
	if n > 0 {
		m.claim.bytes.Add(int64(n))
		m.claim.moved.Store(int64(time.Since(m.claim.began)))
	}
	return n, err
}

func (m *metered) Read(p []byte) (int, error)  { return m.count(m.Conn.Read(p)) }
func (m *metered) Write(p []byte) (int, error) { return m.count(m.Conn.Write(p)) }

// CloseWrite ends writing, where the connection can do that.
func (m *metered) CloseWrite() error {
	half, ok := m.Conn.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	return half.CloseWrite()
}
