package transport_test

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"

	"feihong/protocol"
	"feihong/transport"
	"feihong/transport/bulk"
)

// echo sends back what comes.
func echo(_ context.Context, conn net.Conn, _ protocol.PeerID) { _, _ = io.Copy(conn, conn) }

func dialFiles(t *testing.T, from *node, to *fileNode) net.Conn {
	t.Helper()
	conn, err := from.DialFiles(t.Context(), to.address, to.peer())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// expectRefusal opens a connection as for a transfer, and expects to hear why not.
func expectRefusal(t *testing.T, conn net.Conn, code protocol.BulkCode) {
	t.Helper()
	err := bulk.Open(t.Context(), conn, protocol.MessageID{1}, [32]byte{1}, false)
	var refused *bulk.RefusedError
	if !errors.As(err, &refused) || refused.Code != code {
		t.Errorf("%v, want %v", err, code)
	}
}

func TestFileConnection(t *testing.T) {
	alice, bob := serve(t, "Alice", nil), serveFiles(t, "Bob", nil)
	who := make(chan protocol.PeerID, 1)
	bob.set(func(ctx context.Context, conn net.Conn, peer protocol.PeerID) {
		who <- peer
		echo(ctx, conn, peer)
	})
	conn := dialFiles(t, alice, bob)
	data := make([]byte, 1<<20)
	for i := range data {
		data[i] = byte(i >> 4)
	}
	go func() { _, _ = conn.Write(data) }()
	back := make([]byte, len(data))
	if _, err := io.ReadFull(conn, back); err != nil || string(back) != string(data) {
		t.Errorf("other bytes, %v", err)
	}
	if peer := <-who; peer != alice.peer() {
		t.Errorf("from %v", peer)
	}
	if alice.Session(bob.peer()) != nil || bob.Session(alice.peer()) != nil {
		t.Error("a file connection made a session")
	}
}

func TestTheHelloTellsOfFiles(t *testing.T) {
	alice, bob := serve(t, "Alice", nil), serveFiles(t, "Bob", nil)
	toBob := dial(t, alice, bob.node)
	bob.await("session", func() bool { return bob.current[alice.peer()] != nil })
	if !toBob.Speaks(protocol.FeatureFiles) {
		t.Error("Bob takes files and does not say so")
	}
	if bob.Session(alice.peer()).Speaks(protocol.FeatureFiles) {
		t.Error("Alice takes no files and says so")
	}
}

func TestFileConnectionsThatAreRefused(t *testing.T) {
	alice := serve(t, "Alice", nil)
	t.Run("nobody takes files", func(t *testing.T) {
		bob := &fileNode{node: serve(t, "Bob", nil)}
		expectRefusal(t, dialFiles(t, alice, bob), protocol.BulkUnknownTransfer)
	})
	t.Run("not admitted", func(t *testing.T) {
		bob := serveFiles(t, "Bob", func(c *transport.Config) {
			c.Admit = func(protocol.PeerID) error { return errors.New("blocked") }
		})
		expectRefusal(t, dialFiles(t, alice, bob), protocol.BulkNotAccepted)
	})
	t.Run("too many", func(t *testing.T) {
		bob := serveFiles(t, "Bob", nil)
		in := make(chan struct{}, transport.MaxFilesPerPeer)
		bob.set(func(ctx context.Context, conn net.Conn, peer protocol.PeerID) {
			in <- struct{}{}
			echo(ctx, conn, peer)
		})
		var first net.Conn
		for range transport.MaxFilesPerPeer {
			first = dialFiles(t, alice, bob)
			<-in
		}
		expectRefusal(t, dialFiles(t, alice, bob), protocol.BulkTooManyConnections)
		_ = first.Close()
		for { // there is room as soon as the other side has noticed
			conn := dialFiles(t, alice, bob)
			var refused *bulk.RefusedError
			if err := openOrEcho(conn); !errors.As(err, &refused) {
				break
			}
		}
	})
}

// Strangers whose keys are made up, and who say nothing, hold no places of
// those who have something to say.
func TestStrangersLeaveRoomForFiles(t *testing.T) {
	bob := serveFiles(t, "Bob", func(c *transport.Config) {
		c.Files = func(ctx context.Context, conn net.Conn, _ protocol.PeerID, welcome func() bool) {
			_, _ = bulk.Accept(ctx, conn, func(*protocol.BulkOpenMessage) *protocol.RefusedOpen {
				if welcome() {
					return nil
				}
				return &protocol.RefusedOpen{Code: protocol.BulkTooManyConnections}
			})
		}
	})
	for range transport.MaxFiles/transport.MaxFilesPerPeer + 1 {
		mallory := serve(t, "Mallory", nil)
		for range transport.MaxFilesPerPeer {
			// The node may need the room of the one before: its end is no error.
			conn, err := mallory.DialFiles(t.Context(), bob.address, bob.peer())
			if err == nil {
				t.Cleanup(func() { _ = conn.Close() })
			}
		}
	}
	alice := serve(t, "Alice", nil)
	if err := bulk.Open(t.Context(), dialFiles(t, alice, bob), protocol.MessageID{1}, [32]byte{1}, false); err != nil {
		t.Errorf("Alice: %v", err)
	}
}

// openOrEcho opens a connection to what is, if not full, only an echo.
func openOrEcho(conn net.Conn) error {
	return bulk.Open(context.Background(), conn, protocol.MessageID{1}, [32]byte{1}, false)
}

func TestFileDialErrors(t *testing.T) {
	alice, bob, carol := serve(t, "Alice", nil), serveFiles(t, "Bob", nil), serve(t, "Carol", nil)
	bob.set(echo)
	var wrong *transport.WrongPeerError
	if _, err := alice.DialFiles(t.Context(), bob.address, carol.peer()); !errors.As(err, &wrong) || wrong.Got != bob.peer() {
		t.Errorf("another peer: %v", err)
	}
	var self *transport.SelfError
	if _, err := alice.DialFiles(t.Context(), alice.address, bob.peer()); !errors.As(err, &self) {
		t.Errorf("oneself: %v", err)
	}
	if _, err := alice.DialFiles(t.Context(), bob.address, protocol.PeerID{}); err == nil {
		t.Error("nobody in particular was dialled")
	}
	var unreachable *transport.UnreachableError
	if _, err := alice.DialFiles(t.Context(), "127.0.0.1:1", bob.peer()); !errors.As(err, &unreachable) {
		t.Errorf("nobody there: %v", err)
	}
	alice.stop()
	if _, err := alice.DialFiles(t.Context(), bob.address, bob.peer()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("closed node: %v", err)
	}
}

// Closing either node ends its file connections and waits for who uses them.
func TestClosingEndsFileConnections(t *testing.T) {
	alice, bob := serve(t, "Alice", nil), serveFiles(t, "Bob", nil)
	var ended error
	in := make(chan struct{})
	bob.set(func(ctx context.Context, conn net.Conn, _ protocol.PeerID) {
		close(in)
		_, _ = conn.Read(make([]byte, 1))
		ended = ctx.Err()
	})
	conn := dialFiles(t, alice, bob)
	<-in
	bob.stop()
	if ended == nil {
		t.Error("the node was closed before the user of a connection had ended")
	}
	if _, err := conn.Read(make([]byte, 1)); err == nil {
		t.Error("the connection is still there")
	}

	carol := serveFiles(t, "Carol", nil)
	carol.set(echo)
	conn = dialFiles(t, alice, carol)
	alice.stop()
	for { // soon after, the dialler's connection does not outlive its node
		if _, err := conn.Write([]byte("x")); err != nil {
			break
		}
	}
}
