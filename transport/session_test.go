package transport_test

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"feihong/protocol"
	"feihong/transport"
)

func TestClose(t *testing.T) {
	alice, bob := serve(t, "Alice", nil), serve(t, "Bob", nil)
	s := dial(t, alice, bob)
	send(t, s, "last words")
	s.Close(protocol.CodeStorage, "the disk is full")
	s.Close(protocol.CodeBusy, "too late")
	bob.awaitText("last words")
	for _, n := range []*node{alice, bob} {
		told, ok := n.awaitDowns(1)[0].(*protocol.Error)
		if !ok || told.Code != protocol.CodeStorage || told.Text != "the disk is full" {
			t.Errorf("ended by %v", n.downs)
		}
	}
	<-s.Done()
	if err := s.Send(protocol.AppChat, nil); err == nil {
		t.Error("sent after the end")
	}
}

func TestGoodbye(t *testing.T) {
	alice, bob := serve(t, "Alice", nil), serve(t, "Bob", nil)
	send(t, dial(t, alice, bob), "last words")
	alice.stop()
	bob.awaitText("last words")
	for _, n := range []*node{alice, bob} {
		if err := n.awaitDowns(1)[0]; err != nil {
			t.Errorf("ended by %v", err)
		}
	}
}

// TestStopWithStuckPeers is about peers who never read, so that the goodbye
// cannot be delivered.
func TestStopWithStuckPeers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := newMemNetwork()
		bob := serve(t, "Bob", inMemory(network, "10.0.0.2:5000"))
		for i := range 20 {
			raw, err := network.dial(fmt.Sprintf("10.0.1.%d", i+1), "10.0.0.2:5000")
			if err != nil {
				t.Fatal(err)
			}
			c := secure(t, raw, newIdentity(t))
			c.greet()
			bob.await("up", func() bool { return bob.current[c.id.PeerID()] != nil })
			for range 50 {
				send(t, bob.current[c.id.PeerID()], string(make([]byte, 10000)))
			}
		}
		start := time.Now()
		bob.stop()
		if took := time.Since(start); took > 1100*time.Millisecond {
			t.Errorf("took %v", took)
		}
	})
}

// TestHandlerHoldsPeerBack: while Receive blocks, the sender's queue fills
// and nothing gets lost; when it returns, everything arrives in order.
func TestHandlerHoldsPeerBack(t *testing.T) {
	network := newMemNetwork()
	release := make(chan struct{})
	var mu sync.Mutex
	var got []byte
	bob := serve(t, "Bob", inMemory(network, "10.0.0.2:5000"))
	bob.recorder.receive = func(_ *transport.Session, _ protocol.Application, body []byte) {
		<-release
		mu.Lock()
		got = append(got, body[0])
		count := len(got)
		mu.Unlock()
		if count == 100 {
			bob.note(func() { bob.received = append(bob.received, "all") })
		}
	}
	alice := serve(t, "Alice", inMemory(network, "10.0.0.1:5000"))
	s := dial(t, alice, bob)
	for i := range 100 {
		send(t, s, string([]byte{byte(i)})+string(make([]byte, 50000)))
	}
	close(release)
	bob.awaitText("all")
	for i, b := range got {
		if int(b) != i {
			t.Fatalf("frame %d came as %d", b, i)
		}
	}
}

func TestOverflow(t *testing.T) {
	tests := []struct {
		name       string
		size, most int // frames that fit at least in any case
	}{
		{"frames", 10, 8192},
		{"bytes", 64 << 10, 200},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			network := newMemNetwork()
			release := make(chan struct{})
			bob := serve(t, "Bob", inMemory(network, "10.0.0.2:5000"))
			bob.recorder.receive = func(*transport.Session, protocol.Application, []byte) { <-release }
			alice := serve(t, "Alice", inMemory(network, "10.0.0.1:5000"))
			s := dial(t, alice, bob)
			body := make([]byte, test.size)
			sent := 0
			for s.Send(protocol.AppChat, body) == nil {
				sent++
			}
			if sent < test.most {
				t.Errorf("the queue was full after %d frames", sent)
			}
			if code := codeOf(alice.awaitDowns(1)[0]); code != protocol.CodeBusy {
				t.Errorf("ended by %v", alice.downs)
			}
			close(release)
			bob.awaitDowns(1)
		})
	}
}

func TestPeerVanishes(t *testing.T) {
	bob := serve(t, "Bob", nil)
	c := connectRaw(t, bob)
	c.greet()
	c.close()
	if err := bob.awaitDowns(1)[0]; err == nil || codeOf(err) != 0 {
		t.Errorf("ended by %v", err)
	}
}

func TestIdleSessionLives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := newMemNetwork()
		alice := serve(t, "Alice", inMemory(network, "10.0.0.1:5000"))
		bob := serve(t, "Bob", inMemory(network, "10.0.0.2:5000"))
		s := dial(t, alice, bob)
		time.Sleep(24 * time.Hour)
		send(t, s, "good morning")
		bob.awaitText("good morning")
	})
}

func TestDeadPeerIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := newMemNetwork()
		bob := serve(t, "Bob", inMemory(network, "10.0.0.2:5000"))
		raw, err := network.dial("10.0.0.1", "10.0.0.2:5000")
		if err != nil {
			t.Fatal(err)
		}
		secure(t, raw, newIdentity(t)).greet()
		synctest.Wait()
		start := time.Now()
		raw.cut()
		err = bob.awaitDownsSlowly(2 * time.Minute)
		if took := time.Since(start); codeOf(err) != protocol.CodeTimeout || took != 90*time.Second {
			t.Errorf("ended by %v after %v", err, took)
		}
	})
}

// awaitDownsSlowly waits for one Down under a fake clock.
func (r *recorder) awaitDownsSlowly(limit time.Duration) error {
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(time.Second) {
		synctest.Wait()
		r.mu.Lock()
		downs := r.downs
		r.mu.Unlock()
		if len(downs) > 0 {
			return downs[0]
		}
	}
	return nil
}

// TestSlowHandlerIsNotDeath: a handler that holds its peer back for long must
// not make either side believe that the other is dead.
func TestSlowHandlerIsNotDeath(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := newMemNetwork()
		alice := serve(t, "Alice", inMemory(network, "10.0.0.1:5000"))
		bob := serve(t, "Bob", inMemory(network, "10.0.0.2:5000"))
		bob.recorder.receive = func(s *transport.Session, _ protocol.Application, _ []byte) {
			select {
			case <-time.After(10 * time.Minute):
			case <-s.Done():
			}
			bob.note(func() { bob.received = append(bob.received, "slow") })
		}
		s := dial(t, alice, bob)
		send(t, s, "x")
		time.Sleep(11 * time.Minute)
		synctest.Wait()
		if s.Send(protocol.AppChat, []byte("y")) != nil || len(bob.received) != 1 {
			t.Errorf("alice: %v, bob: %v", alice.downs, bob.downs)
		}
	})
}

func TestWriteTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := newMemNetwork()
		bob := serve(t, "Bob", inMemory(network, "10.0.0.2:5000"))
		raw, err := network.dial("10.0.0.1", "10.0.0.2:5000")
		if err != nil {
			t.Fatal(err)
		}
		c := secure(t, raw, newIdentity(t))
		c.greet()
		synctest.Wait()
		start := time.Now()
		for range 10 {
			send(t, bob.current[c.id.PeerID()], string(make([]byte, 64<<10)))
		}
		err = bob.awaitDownsSlowly(2 * time.Minute)
		if took := time.Since(start); err == nil || took != 30*time.Second {
			t.Errorf("ended by %v after %v", err, took)
		}
	})
}

// TestPeerThatNeverReads sends pings without reading the answers: the node
// must give it up, not collect the answers for ever.
func TestPeerThatNeverReads(t *testing.T) {
	network := newMemNetwork()
	bob := serve(t, "Bob", inMemory(network, "10.0.0.2:5000"))
	raw, err := network.dial("10.0.0.1", "10.0.0.2:5000")
	if err != nil {
		t.Fatal(err)
	}
	c := secure(t, raw, newIdentity(t))
	c.greet()
	pings := bytes.Repeat(linkFrame(t, &protocol.Ping{Nonce: 1}), 1000)
	for {
		if _, err := c.conn.Write(pings); err != nil {
			break
		}
	}
	if code := codeOf(bob.awaitDowns(1)[0]); code != protocol.CodeBusy {
		t.Errorf("ended by %v", bob.downs)
	}
}

func TestSessions(t *testing.T) {
	alice, bob := serve(t, "Alice", nil), serve(t, "Bob", nil)
	if s := alice.Session(bob.id.PeerID()); s != nil || len(alice.Sessions()) != 0 {
		t.Fatalf("sessions before the first one: %v, %v", s, alice.Sessions())
	}
	s := dial(t, alice, bob)
	if alice.Session(bob.id.PeerID()) != s || len(alice.Sessions()) != 1 || alice.Sessions()[0] != s {
		t.Errorf("the session is not listed: %v", alice.Sessions())
	}
	if !s.Remote().IsLoopback() {
		t.Errorf("the other end is at %v", s.Remote())
	}
	if took, err := s.RoundTrip(t.Context()); err != nil || took <= 0 {
		t.Errorf("a round trip takes %v, %v", took, err)
	}
	s.Close(protocol.CodeClosing, "")
	alice.awaitDowns(1)
	if _, err := s.RoundTrip(t.Context()); err == nil {
		t.Error("a round trip after the end")
	}
	if alice.Session(bob.id.PeerID()) != nil || len(alice.Sessions()) != 0 {
		t.Error("an ended session is listed")
	}
}
