package transport

import (
	"crypto/tls"
	"net"
	"sync"
	"time"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"

	"feihong/protocol"
)

const (
	// gatherBytes is how much of what TLS seals is written in one system
	// call: TLS alone makes one for each record of 16 KiB. It has room for
	// whole records, with what surrounds them.
	gatherBytes = 8 * (16<<10 + 32)
	// lowPriority marks what files are to the network: high-throughput data
	// (AF11, RFC 4594). Linux gives it the last place among what waits for
	// the same interface, a Wi-Fi its background queue.
	lowPriority = 10 << 2
)

// wire is the connection below TLS. For a file connection it gathers the
// records of a Write, for others it only passes on.
type wire struct {
	net.Conn

	mu     sync.Mutex
	hold   bool   // gather
	sealed []byte // what was gathered
}

func newWire(raw net.Conn) *wire { return &wire{Conn: raw} }

// prepare sets the connection up for much data that nobody is in a hurry for.
// Where the system does not do that, it goes without.
func (w *wire) prepare() {
	if addrPort(w.RemoteAddr()).Addr().Is4() {
		_ = ipv4.NewConn(w.Conn).SetTOS(lowPriority)
	} else {
		_ = ipv6.NewConn(w.Conn).SetTrafficClass(lowPriority)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sealed = make([]byte, 0, gatherBytes)
}

// Write is called by TLS, for each record.
func (w *wire) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.hold {
		return w.Conn.Write(p)
	}
	if len(w.sealed)+len(p) > cap(w.sealed) {
		if err := w.flush(); err != nil {
			return 0, err
		}
	}
	w.sealed = append(w.sealed, p...)
	return len(p), nil
}

// flush writes what was gathered. The caller holds mu.
func (w *wire) flush() error {
	if len(w.sealed) == 0 {
		return nil
	}
	_, err := w.Conn.Write(w.sealed)
	w.sealed = w.sealed[:0]
	return err
}

// gather says whether records are to be held back from now on. At the end it
// writes those that were.
func (w *wire) gather(on bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hold = on && cap(w.sealed) > 0
	if on {
		return nil
	}
	return w.flush()
}

// fileConn is a file connection.
type fileConn struct {
	*tls.Conn
	wire   *wire
	forget func() bool // the node need not close it any more; nil: it does not
}

// Write writes p in few, large pieces. One goroutine at a time may write.
func (c *fileConn) Write(p []byte) (int, error) {
	if err := c.wire.gather(true); err != nil {
		return 0, err
	}
	n, err := c.Conn.Write(p)
	if flushed := c.wire.gather(false); err == nil {
		err = flushed
	}
	return n, err
}

// Close closes the connection at once. Whoever has last words sends them before.
func (c *fileConn) Close() error {
	if c.forget != nil {
		c.forget()
	}
	return c.wire.Conn.Close()
}

// refuse says why the peer cannot have the connection.
func (c *fileConn) refuse(reason *protocol.RefusedOpen) {
	frame, err := protocol.AppendBulk(nil, reason)
	if err != nil || c.wire.SetDeadline(time.Now().Add(farewellTime)) != nil {
		return
	}
	if _, err := c.Write(frame); err != nil {
		return
	}
	endWriting(c.wire.Conn, c.Conn)
	drain(c.wire.Conn)
}
