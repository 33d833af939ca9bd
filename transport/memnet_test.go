package transport_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"
)

// memNetwork is a network in memory: what is dialled by one node arrives at
// the listener that has the address. It works under a fake clock.
type memNetwork struct {
	mu        sync.Mutex
	listeners map[string]*memListener
	port      uint16
}

func newMemNetwork() *memNetwork {
	return &memNetwork{listeners: make(map[string]*memListener), port: 40000}
}

// listen gives the listener of an address such as "10.0.0.1:5000".
func (n *memNetwork) listen(address string) net.Listener {
	n.mu.Lock()
	defer n.mu.Unlock()
	l := &memListener{
		address: net.TCPAddrFromAddrPort(netip.MustParseAddrPort(address)),
		queue:   make(chan net.Conn, 2048),
		closed:  make(chan struct{}),
	}
	n.listeners[address] = l
	return l
}

// dialerFrom gives the dial function of a machine.
func (n *memNetwork) dialerFrom(ip string) func(context.Context, string, string) (net.Conn, error) {
	return func(_ context.Context, _, address string) (net.Conn, error) {
		conn, err := n.dial(ip, address)
		if err != nil {
			return nil, err // not a typed nil
		}
		return conn, nil
	}
}

func (n *memNetwork) dial(ip, address string) (*memConn, error) {
	n.mu.Lock()
	l := n.listeners[address]
	n.port++
	local := net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(ip), n.port))
	n.mu.Unlock()
	if l == nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	}
	ours, theirs := memPair(local, l.address)
	select {
	case <-l.closed:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	case l.queue <- theirs:
		return ours, nil
	}
}

type memListener struct {
	address net.Addr
	queue   chan net.Conn
	once    sync.Once
	closed  chan struct{}
}

func (l *memListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.queue:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *memListener) Close() error   { l.once.Do(func() { close(l.closed) }); return nil }
func (l *memListener) Addr() net.Addr { return l.address }

// memPair gives the two ends of a connection with bounded buffers.
func memPair(a, b net.Addr) (*memConn, *memConn) {
	ab, ba := newHalf(), newHalf()
	return &memConn{in: ba, out: ab, local: a, remote: b}, &memConn{in: ab, out: ba, local: b, remote: a}
}

type memConn struct {
	in, out       *half
	local, remote net.Addr
}

func (c *memConn) Read(p []byte) (int, error)  { return c.in.read(p) }
func (c *memConn) Write(p []byte) (int, error) { return c.out.write(p) }
func (c *memConn) LocalAddr() net.Addr         { return c.local }
func (c *memConn) RemoteAddr() net.Addr        { return c.remote }

// cut loses everything in both directions from now on, as a pulled cable does.
func (c *memConn) cut() {
	c.in.set(func(h *half) { h.lost = true })
	c.out.set(func(h *half) { h.lost = true })
}

func (c *memConn) CloseWrite() error {
	c.out.set(func(h *half) { h.ended = true })
	return nil
}

func (c *memConn) Close() error {
	c.in.set(func(h *half) { h.readClosed = true; h.data = nil })
	c.out.set(func(h *half) { h.ended, h.writeClosed = true, true })
	return nil
}

func (c *memConn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}
func (c *memConn) SetReadDeadline(t time.Time) error  { c.in.deadline(&c.in.readBy, t); return nil }
func (c *memConn) SetWriteDeadline(t time.Time) error { c.out.deadline(&c.out.writeBy, t); return nil }

// half carries the bytes of one direction.
type half struct {
	mu          sync.Mutex
	changed     *sync.Cond
	data        []byte
	ended       bool // no more will be written
	lost        bool
	readClosed  bool
	writeClosed bool
	readBy      limit
	writeBy     limit
}

type limit struct {
	at    time.Time
	timer *time.Timer
}

func (l *limit) passed() bool { return !l.at.IsZero() && !time.Now().Before(l.at) }

const memBuffer = 64 << 10

func newHalf() *half {
	h := &half{}
	h.changed = sync.NewCond(&h.mu)
	return h
}

func (h *half) set(change func(*half)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change(h)
	h.changed.Broadcast()
}

func (h *half) deadline(l *limit, t time.Time) {
	h.set(func(h *half) {
		l.at = t
		if l.timer != nil {
			l.timer.Stop()
			l.timer = nil
		}
		if !t.IsZero() {
			l.timer = time.AfterFunc(time.Until(t), func() { h.set(func(*half) {}) })
		}
	})
}

func (h *half) read(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		switch {
		case h.readClosed:
			return 0, net.ErrClosed
		case h.readBy.passed():
			return 0, os.ErrDeadlineExceeded
		case len(h.data) > 0:
			n := copy(p, h.data)
			h.data = h.data[n:]
			h.changed.Broadcast()
			return n, nil
		case h.ended && !h.lost:
			return 0, io.EOF
		}
		h.changed.Wait()
	}
}

func (h *half) write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	written := 0
	for {
		switch {
		case h.ended || h.writeClosed:
			return written, net.ErrClosed
		case h.writeBy.passed():
			return written, os.ErrDeadlineExceeded
		case h.lost:
			return len(p), nil
		case h.readClosed:
			return written, syscall.ECONNRESET
		}
		room := min(memBuffer-len(h.data), len(p)-written)
		h.data = append(h.data, p[written:written+room]...)
		written += room
		h.changed.Broadcast()
		if written == len(p) {
			return written, nil
		}
		h.changed.Wait()
	}
}
