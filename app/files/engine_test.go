package files_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/app/files"
	"feihong/app/files/folder"
	"feihong/protocol"
	"feihong/transport/bulk"
)

func pair(t *testing.T) (*wire, *person, *person) {
	w := newWire()
	alice, bob := newPerson(t, w, 1), newPerson(t, w, 2)
	t.Cleanup(w.group.Wait)
	return w, alice, bob
}

func TestTransfer(t *testing.T) {
	_, alice, bob := pair(t)
	x := offer(t, alice, bob, sources(t, mixed))
	alice.engine.Begin(x.out)
	bob.engine.Begin(x.in)
	x.arrived(t)
	listing, err := bob.engine.Listing(x.in.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := listing.Close(); err != nil {
		t.Fatal(err)
	}

	// Begun again, it is told again.
	bob.engine.Begin(x.in)
	x.arrived(t)
	// Also by another run of the program.
	bob.end()
	bob.start()
	bob.engine.Begin(x.in)
	x.arrived(t)
}

func TestBeforeServe(t *testing.T) {
	_, alice, bob := pair(t)
	x := offer(t, alice, bob, sources(t, mixed))
	alice.engine.Begin(x.out)
	bob.end()
	bob.build()
	bob.engine.Begin(x.in)
	bob.serve()
	x.arrived(t)
}

// TestOneCannotBeDialled: whichever side it is, the other one dials.
func TestOneCannotBeDialled(t *testing.T) {
	for name, deaf := range map[string]func(alice, bob *person) protocol.PeerID{
		"sender":   func(alice, _ *person) protocol.PeerID { return alice.id },
		"receiver": func(_, bob *person) protocol.PeerID { return bob.id },
	} {
		t.Run(name, func(t *testing.T) {
			w, alice, bob := pair(t)
			w.deaf[deaf(alice, bob)] = true
			x := offer(t, alice, bob, sources(t, mixed))
			alice.engine.Begin(x.out)
			bob.engine.Begin(x.in)
			x.arrived(t)
			if called := w.calls > 0; called != (name == "sender") {
				t.Errorf("called %d times", w.calls)
			}
		})
	}
}

// TestBreaks: connections break again and again, and still everything arrives.
func TestBreaks(t *testing.T) {
	w, alice, bob := pair(t)
	random := rand.New(rand.NewPCG(1, 2))
	broken := 0
	w.limit = func() int64 {
		if broken++; broken > 25 {
			return -1
		}
		return random.Int64N(1 << 20)
	}
	x := offer(t, alice, bob, sources(t, mixed))
	alice.engine.Begin(x.out)
	bob.engine.Begin(x.in)
	for i := 0; i < 200 && len(bob.finished) == 0; i++ {
		bob.engine.Nudge(alice.id)
		<-time.After(20 * time.Millisecond)
	}
	x.arrived(t)
	if broken < 5 {
		t.Errorf("only %d connections", broken)
	}
}

// patience is how long the i-th try may take: longer and longer, so that one
// of them ends. The first is interrupted in any case.
func patience(i int) <-chan time.Time {
	if i > 0 {
		return time.After(time.Duration(1+2*i) * time.Millisecond)
	}
	over := make(chan time.Time)
	close(over)
	return over
}

// TestRestarts: both programs are closed and started again and again.
func TestRestarts(t *testing.T) {
	w, alice, bob := pair(t)
	w.limit = func() int64 { return 3 << 20 }
	x := offer(t, alice, bob, sources(t, mixed))
	alice.engine.Begin(x.out)
	for i := 0; ; i++ {
		bob.engine.Begin(x.in)
		select {
		case outcome := <-bob.finished:
			bob.finished <- outcome
			x.arrived(t)
			return
		case <-patience(i):
		}
		if i > 300 {
			t.Fatal("it never ends")
		}
		restarted := bob
		if i%3 == 2 {
			restarted = alice
		}
		restarted.end()
		restarted.start()
		if restarted == alice {
			alice.engine.Begin(x.out)
		}
	}
}

func TestPauseAndResume(t *testing.T) {
	w, alice, bob := pair(t)
	w.limit = func() int64 { return 2 << 20 } // it does not arrive at once
	x := offer(t, alice, bob, sources(t, mixed))
	alice.engine.Begin(x.out)
	bob.engine.Begin(x.in)
	for i := range 20 {
		halted := []*person{alice, bob}[i%2]
		halted.engine.Halt(x.in.ID)
		halted.engine.Halt(x.in.ID)
		alice.engine.Begin(x.out)
		bob.engine.Begin(x.in)
		bob.engine.Nudge(alice.id)
	}
	w.mu.Lock()
	w.limit = nil
	w.mu.Unlock()
	bob.engine.Nudge(alice.id)
	x.arrived(t)
}

func TestDrop(t *testing.T) {
	w, alice, bob := pair(t)
	w.limit = func() int64 { return 2 << 20 }
	x := offer(t, alice, bob, sources(t, mixed))
	alice.engine.Begin(x.out)
	bob.engine.Begin(x.in)
	for len(contents(t, bob.dir)) < 4 { // journal, ledger, manifest
		bob.engine.Nudge(alice.id)
	}
	for range 2 {
		bob.engine.Drop(x.in.ID)
		alice.engine.Drop(x.out.ID)
	}
	bob.end()
	alice.end()
	for _, p := range []*person{alice, bob} {
		if left := contents(t, p.dir); len(left) > 0 {
			t.Errorf("%d files are left", len(left))
		}
	}
	for name := range contents(t, x.target) {
		if strings.HasPrefix(name, ".feihong-") {
			t.Errorf("%s is left", name)
		}
	}
}

// TestSourceChanged: a file that is not what it was is named, all others come.
func TestSourceChanged(t *testing.T) {
	_, alice, bob := pair(t)
	x := offer(t, alice, bob, sources(t, mixed))
	changed := filepath.Join(x.source, "tree", "two")
	if err := os.WriteFile(changed, []byte("another"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(x.source, "empty")); err != nil {
		t.Fatal(err)
	}
	alice.engine.Begin(x.out)
	bob.engine.Begin(x.in)
	outcome := <-bob.finished
	want := map[string]chat.TransferReason{"tree/two": "source-changed", "empty": "source-missing"}
	for _, failure := range outcome.Failures {
		if want[failure.Name] != failure.Reason {
			t.Errorf("%s failed because of %q", failure.Name, failure.Reason)
		}
		delete(want, failure.Name)
	}
	if len(want) > 0 || outcome.Receipt != nil || outcome.Reason == "" || outcome.Detail == "" {
		t.Errorf("%v have not failed; %+v", want, outcome)
	}
	if err := os.Remove(changed); err != nil {
		t.Fatal(err)
	}
	x.same(t)
}

func TestManifestIsNotTheOffer(t *testing.T) {
	_, alice, bob := pair(t)
	x := offer(t, alice, bob, sources(t, mixed))
	x.in.Offer.Bytes++
	alice.engine.Begin(x.out)
	bob.engine.Begin(x.in)
	if outcome := <-bob.finished; outcome.Err == nil || outcome.Reason != "hostile" {
		t.Errorf("the outcome is %+v", outcome)
	}
	if _, err := os.Stat(x.target); err == nil {
		t.Error("something was made")
	}
}

// TestTargetGoneAndBack: what is in the way is told, and when it is gone, things
// go on by themselves.
func TestTargetGoneAndBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, alice, bob := pair(t)
		x := offer(t, alice, bob, sources(t, mixed))
		if err := os.WriteFile(x.target, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		alice.engine.Begin(x.out)
		bob.engine.Begin(x.in)
		time.Sleep(time.Minute)
		bob.mu.Lock()
		at := slices.Index(bob.stalls, "target-unwritable")
		if at < 0 || len(bob.stalls) < at+3 || bob.stalls[at+1] != "" || bob.stalls[at+2] != "target-unwritable" {
			t.Errorf("told were %q", bob.stalls)
		}
		bob.mu.Unlock()
		if err := os.Remove(x.target); err != nil {
			t.Fatal(err)
		}
		x.arrived(t)
		alice.end()
		bob.end()
		w.group.Wait()
	})
}

func TestTrouble(t *testing.T) {
	for want, err := range map[chat.TransferReason]error{
		"disk-full":         fmt.Errorf("writing: %w", bulk.ErrNoSpace),
		"target-missing":    fmt.Errorf("writing: %w", &folder.TargetError{Missing: true}),
		"target-unwritable": &folder.TargetError{Err: os.ErrPermission},
		chat.ReasonOther:    errors.New("something"),
	} {
		if got := files.Trouble(err); got != want {
			t.Errorf("%v: %q instead of %q", err, got, want)
		}
	}
}

func TestReceiptsThatLie(t *testing.T) {
	_, alice, bob := pair(t)
	x := offer(t, alice, bob, sources(t, mixed))
	alice.engine.Begin(x.out)
	bob.engine.Begin(x.in)
	outcome := <-bob.finished
	for name, lie := range map[string]func(*protocol.Receipt){
		"listing":  func(r *protocol.Receipt) { r.Listing[0]++ },
		"manifest": func(r *protocol.Receipt) { r.Manifest[0]++ },
		"bytes":    func(r *protocol.Receipt) { r.Bytes++ },
		"sender":   func(r *protocol.Receipt) { r.Sender = bob.id },
		"transfer": func(r *protocol.Receipt) { r.Transfer = uuid.New() },
	} {
		r, err := protocol.DecodeReceipt(outcome.Receipt)
		if err != nil {
			t.Fatal(err)
		}
		lie(r)
		if err := r.SignReceiver(r.ReceiverKey, func(m []byte) []byte { return sign(bob, m) }); err != nil {
			t.Fatal(err)
		}
		data, err := protocol.EncodeReceipt(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := alice.engine.Countersign(t.Context(), x.out.ID, data); err == nil {
			t.Errorf("a receipt with another %s was signed", name)
		}
	}
	x.signed(t, outcome.Receipt)
}
