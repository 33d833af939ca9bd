package transport_test

import (
	"bytes"
	"io"
	"testing"
	"time"

	"feihong/protocol"
)

// FuzzServer sends arbitrary bytes to a node, instead of the hello or after
// it. The node must end the connection within a second and stay well.
func FuzzServer(f *testing.F) {
	network := newMemNetwork()
	bob := serve(f, "Bob", inMemory(network, "10.0.0.2:5000"))
	id := newIdentity(f)
	hello := &protocol.Hello{MinVersion: 1, MaxVersion: 1, Peer: id.PeerID(), Name: "x"}
	f.Add(true, []byte{})
	f.Add(false, linkFrame(f, hello))
	for _, m := range []protocol.LinkMessage{hello, &protocol.Ping{Nonce: 1}, &protocol.Pong{}, &protocol.Goodbye{}, &protocol.Error{Code: 1, Text: "x"}} {
		f.Add(true, linkFrame(f, m))
	}
	f.Add(true, bytes.Join([][]byte{frame(protocol.AppChat, []byte{0xa0}), frame(99, []byte("x")), linkFrame(f, &protocol.Ping{})}, nil))
	f.Add(true, bytes.Repeat(frame(7, nil), 20))
	f.Add(true, []byte{0xff, 0xff, 0xff, 0xff, 0, 1})
	f.Fuzz(func(t *testing.T, greeted bool, data []byte) {
		bob.note(func() { bob.t = t })
		raw, err := network.dial("10.0.0.1", "10.0.0.2:5000")
		if err != nil {
			t.Fatal(err)
		}
		c := secure(t, raw, id)
		if greeted {
			c.greet()
		}
		if err := c.conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
			t.Fatal(err)
		}
		written := make(chan struct{})
		go func() { // the node may close early
			defer close(written)
			if _, err := c.conn.Write(data); err == nil {
				_ = c.conn.CloseWrite()
			}
		}()
		_, err = io.Copy(io.Discard, raw)
		<-written
		if err != nil {
			t.Fatalf("the node does not close the connection: %v", err)
		}
		c.close()
		bob.await("down", func() bool { return len(bob.current) == 0 })
		bob.note(func() { bob.downs, bob.received, bob.t = nil, nil, f })
	})
}
