package bulk_test

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"feihong/transport/bulk"
)

// cutConn breaks after so many bytes, in whichever direction.
type cutConn struct {
	net.Conn
	left *atomic.Int64
}

func (c *cutConn) spend(n int) (int, error) {
	if left := c.left.Add(-int64(n)); left < 0 {
		_ = c.Close()
		return 0, errors.New("the cable was cut")
	}
	return n, nil
}

func (c *cutConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err != nil {
		return n, err
	}
	return c.spend(n)
}

func (c *cutConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if err != nil {
		return n, err
	}
	return c.spend(n)
}

// Connections break anywhere, receivers are begun anew with what the sink has,
// several connections run at once: in the end everything is there.
func TestCutAnywhere(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		sizes := rapid.SliceOfN(rapid.SampledFrom([]int{0, 1, 100, 5000, mib - 1, mib, mib + 1, 2*mib + 77, 3 * mib}), 1, 6).Draw(rt, "sizes")
		p := pack(t, sizes...)
		known := false
		for try := 0; ; try++ {
			if try == 200 {
				rt.Fatal("it never ends")
			}
			config := p.config()
			if known && rapid.Bool().Draw(rt, "manifest is known") {
				config.Manifest = p.source.Manifest()
			}
			if attempt(t, rt, p, config) {
				break
			}
			known = true
		}
		if err := p.sink.Check(p.content); err != nil {
			rt.Error(err)
		}
		if failed := p.sink.Failed(); len(failed) > 0 {
			rt.Errorf("failed: %v", failed)
		}
	})
}

// attempt runs one receiver over some connections until all of them have ended,
// and says whether it is done.
func attempt(t *testing.T, rt *rapid.T, p *parcel, config bulk.ReceiverConfig) bool {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r := receive(ctx, config)
	var ends []chan error
	for range rapid.IntRange(1, 3).Draw(rt, "connections") {
		near, far := net.Pipe()
		cut := &cutConn{Conn: far, left: new(atomic.Int64)}
		cut.left.Store(int64(rapid.IntRange(1, 4*mib).Draw(rt, "bytes")))
		sent, received := make(chan error, 1), make(chan error, 1)
		go func() { sent <- bulk.ServeSource(ctx, near, p.source, bulk.SenderConfig{}) }()
		go func() { received <- r.Attach(ctx, cut) }()
		ends = append(ends, sent, received)
	}
	for _, end := range ends {
		var hostile *bulk.HostileError
		if err := <-end; errors.As(err, &hostile) {
			rt.Fatalf("%v", err)
		}
	}
	cancel()
	err := <-r.served
	if err != nil && !errors.Is(err, context.Canceled) {
		rt.Fatalf("Serve: %v", err)
	}
	return err == nil
}
