package files_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"feihong/protocol"
	"feihong/transport/bulk"
)

func TestStrangersAreRefused(t *testing.T) {
	w, alice, bob := pair(t)
	mallory := newPerson(t, w, 3)
	x := offer(t, alice, bob, sources(t, mixed))
	alice.engine.Begin(x.out)
	wrong := x.in.Offer.Token
	wrong[31]++
	open := func(who *person, id protocol.MessageID, token [32]byte, sending bool) protocol.BulkCode {
		conn, err := seat{w, who.id}.Dial(t.Context(), alice.id)
		if err != nil {
			t.Fatal(err)
		}
		err = bulk.Open(t.Context(), conn, id, token, sending)
		var refused *bulk.RefusedError
		if errors.As(err, &refused) {
			return refused.Code
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() }) // maybe by alice before
		return 0
	}
	for open(bob, x.in.ID, x.in.Offer.Token, false) == protocol.BulkOverload {
		<-time.After(20 * time.Millisecond) // alice opens her files
	}
	for name, c := range map[string]struct {
		who     *person
		id      protocol.MessageID
		token   [32]byte
		sending bool
		want    protocol.BulkCode
	}{
		"third person": {mallory, x.in.ID, x.in.Offer.Token, false, protocol.BulkUnknownTransfer},
		"wrong token":  {bob, x.in.ID, wrong, false, protocol.BulkBadToken},
		"unknown":      {bob, uuid.New(), x.in.Offer.Token, false, protocol.BulkUnknownTransfer},
		"wrong side":   {bob, x.in.ID, x.in.Offer.Token, true, protocol.BulkWrongSide},
		"welcome":      {bob, x.in.ID, x.in.Offer.Token, false, 0},
	} {
		if got := open(c.who, c.id, c.token, c.sending); got != c.want {
			t.Errorf("%s: %v instead of %v", name, got, c.want)
		}
	}
	for range 6 {
		open(bob, x.in.ID, x.in.Offer.Token, false)
	}
	if got := open(bob, x.in.ID, x.in.Offer.Token, false); got != protocol.BulkTooManyConnections {
		t.Errorf("one connection too many: %v", got)
	}
	alice.engine.Halt(x.out.ID)
	if got := open(bob, x.in.ID, x.in.Offer.Token, false); got != protocol.BulkPaused {
		t.Errorf("while it is halted: %v", got)
	}
	if got := open(bob, x.in.ID, wrong, false); got != protocol.BulkBadToken {
		t.Errorf("wrong token while it is halted: %v", got)
	}
	alice.engine.Begin(x.out)
	bob.engine.Begin(x.in)
	x.arrived(t)
}

// TestCrowd: one person may not have more than so many connections, whatever
// they are for. Those that may be dead make room.
func TestCrowd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, alice, bob := pair(t)
		var conns []net.Conn
		open := func(x *transfer) error {
			conn, err := x.open(w)
			if err == nil {
				conns = append(conns, conn)
			}
			return err
		}
		var all []*transfer
		for range 3 {
			x := offer(t, alice, bob, sources(t, mixed))
			alice.engine.Begin(x.out)
			all = append(all, x)
		}
		time.Sleep(time.Second)
		for i := range 16 {
			if err := open(all[i/8]); err != nil {
				t.Fatalf("connection %d: %v", i, err)
			}
		}
		var refused *bulk.RefusedError
		if err := open(all[2]); !errors.As(err, &refused) || refused.Code != protocol.BulkTooManyConnections {
			t.Errorf("one too many: %v", err)
		}
		time.Sleep(10 * time.Second)
		if err := open(all[2]); err != nil {
			t.Errorf("while the others are idle: %v", err)
		}
		for _, conn := range conns {
			_ = conn.Close() // maybe by alice before
		}
		alice.end()
		bob.end()
		w.group.Wait()
	})
}

// open opens a connection as the receiver does.
func (x *transfer) open(w *wire) (net.Conn, error) {
	conn, err := seat{w, x.to.id}.Dial(context.Background(), x.from.id)
	if err != nil {
		return nil, err
	}
	return conn, bulk.Open(context.Background(), conn, x.in.ID, x.in.Offer.Token, false)
}

// TestDeadConnectionsGiveWay: the receiver has lost all connections that there
// may be, which the sender cannot know, and comes back.
func TestDeadConnectionsGiveWay(t *testing.T) {
	for name, nudge := range map[string]bool{"a new session": true, "only new connections": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, alice, bob := pair(t)
				x := offer(t, alice, bob, sources(t, mixed))
				alice.engine.Begin(x.out)
				time.Sleep(time.Second)
				var dead []net.Conn
				for range 8 {
					conn, err := x.open(w)
					if err != nil {
						t.Fatal(err)
					}
					frame, err := protocol.AppendBulk(nil, &protocol.Want{Runs: []protocol.ChunkRun{{First: 0, Count: 8}}})
					if err != nil {
						t.Fatal(err)
					}
					if _, err := conn.Write(frame); err != nil {
						t.Fatal(err)
					}
					dead = append(dead, conn)
				}
				begun := time.Now()
				bob.engine.Begin(x.in)
				if nudge {
					alice.engine.Nudge(bob.id)
					bob.engine.Nudge(alice.id)
				}
				x.arrived(t)
				if took := time.Since(begun); took > 30*time.Second {
					t.Errorf("it took %v", took)
				}
				for _, conn := range dead {
					_ = conn.Close()
				}
				alice.end()
				bob.end()
				w.group.Wait()
			})
		})
	}
}
