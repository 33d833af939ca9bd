package files_test

import (
	"errors"
	"net"
	"testing"
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
// they are for.
func TestCrowd(t *testing.T) {
	w, alice, bob := pair(t)
	dial := func() net.Conn {
		conn, err := seat{w, bob.id}.Dial(t.Context(), alice.id)
		if err != nil {
			t.Fatal(err)
		}
		return conn
	}
	for range 16 {
		conn := dial()
		t.Cleanup(func() { _ = conn.Close() }) // maybe by alice before
		// One byte is read: whoever reads it has counted the connection.
		if _, err := conn.Write([]byte{0}); err != nil {
			t.Fatal(err)
		}
	}
	extra := dial()
	if err := extra.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	reader := protocol.NewBulkReader(extra)
	if kind, _, err := reader.Next(); err != nil || kind != protocol.BulkStop {
		t.Fatalf("%v, %v", kind, err)
	}
	if message, err := reader.Message(); err != nil || message.(*protocol.Stop).Code != protocol.BulkTooManyConnections {
		t.Errorf("%v, %v", message, err)
	}
	_ = extra.Close() // by alice before
}
