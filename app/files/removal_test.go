package files_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"feihong/app/chat"
	"feihong/app/files"
	"feihong/protocol"
)

// swept has an engine look what an earlier run has left behind.
func swept(t *testing.T, p *person, what chat.Fate) (asked int) {
	t.Helper()
	fate := func(context.Context, protocol.MessageID) (chat.Fate, error) { asked++; return what, nil }
	if err := p.engine.Sweep(t.Context(), fate); err != nil {
		t.Fatal(err)
	}
	return asked
}

// begun is a receiving that has a staging folder and a part of the data, after
// its program has ended.
func begun(t *testing.T) (alice, bob *person, x *transfer) {
	w, alice, bob := pair(t)
	w.limit = func() int64 { // at first, then nothing goes
		if x == nil || len(list(t, x.target)) == 0 {
			return 5 << 20
		}
		return 0
	}
	x = offer(t, alice, bob, sources(t, map[string]int{"big": 40 << 20}))
	alice.engine.Begin(x.out)
	bob.engine.Begin(x.in)
	for len(list(t, x.target)) == 0 {
		<-bob.stalled
	}
	alice.end()
	bob.end()
	if left := list(t, x.target); len(left) != 1 {
		t.Fatalf("%q is in the target", left)
	}
	return alice, bob, x
}

// list gives what is in a folder.
func list(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// TestDropWhileClosing drops a transfer when the program is ending already: the
// next one removes what there is of it.
func TestDropWhileClosing(t *testing.T) {
	_, bob, x := begun(t)
	bob.engine.Drop(x.in.ID)
	bob.start()
	swept(t, bob, chat.FateOpen)
	if left := list(t, x.target); len(left) != 1 {
		t.Fatalf("a transfer that is not over has lost its data: %q", left)
	}
	swept(t, bob, chat.FateGone)
	if left := append(list(t, x.target), list(t, bob.dir)...); len(left) > 0 {
		t.Errorf("%q is left", left)
	}
}

// TestDropWhileDiskIsAway removes what is on a disk when that is back.
func TestDropWhileDiskIsAway(t *testing.T) {
	_, bob, x := begun(t)
	away := x.target + ".away"
	for _, mount := range []bool{false, true} { // whether an empty folder is in its place
		if err := os.Rename(x.target, away); err != nil {
			t.Fatal(err)
		}
		if mount {
			if err := os.Mkdir(x.target, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		bob.start()
		swept(t, bob, chat.FateGone)
		bob.end()
		if notes := list(t, bob.dir); len(notes) != 1 {
			t.Fatalf("nobody knows of what is on the disk: %q", notes)
		}
		if mount {
			if err := os.Remove(x.target); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Rename(away, x.target); err != nil {
			t.Fatal(err)
		}
	}
	bob.start()
	swept(t, bob, chat.FateGone)
	if left := append(list(t, x.target), list(t, bob.dir)...); len(left) > 0 {
		t.Errorf("%q is left", left)
	}
}

// TestSweepSpares looks that only what it is about is removed.
func TestSweepSpares(t *testing.T) {
	_, alice, bob := pair(t)
	offer(t, alice, bob, sources(t, mixed))
	if asked := swept(t, alice, chat.FateGone); asked != 0 {
		t.Error("what was prepared a moment ago may be swept away")
	}
	alice.end()
	dir := filepath.Join(alice.dir, list(t, alice.dir)[0])
	for _, path := range []string{filepath.Join(alice.dir, "notes"), filepath.Join(dir, ".manifest.new-123")} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := len(list(t, dir))
	alice.start()
	swept(t, alice, chat.FateOpen)
	if left := list(t, dir); len(left) != before-1 {
		t.Errorf("%q is left of a transfer that is not over, and something half written", left)
	}
	swept(t, alice, chat.FateGone)
	if left := list(t, alice.dir); len(left) != 1 || left[0] != "notes" {
		t.Errorf("%q is left", left)
	}
}

// TestNotesOfDone looks what the sender keeps of a transfer that is done, and
// whether it can sign without having been told of it in this run.
func TestNotesOfDone(t *testing.T) {
	for name, again := range map[string]bool{"in one run": false, "after a restart": true} {
		t.Run(name, func(t *testing.T) {
			_, alice, bob := pair(t)
			x := offer(t, alice, bob, sources(t, mixed))
			alice.engine.Begin(x.out)
			bob.engine.Begin(x.in)
			outcome := <-bob.finished
			if again {
				alice.end()
				alice.start()
				alice.engine.Halt(x.out.ID) // as for a transfer that is paused
			}
			x.signed(t, outcome.Receipt)
			alice.engine.Halt(x.out.ID) // now because it is done
			alice.end()
			if again { // or so it says when that did not come any more
				alice.start()
				swept(t, alice, chat.FateOver)
			}
			if kept := list(t, filepath.Join(alice.dir, x.out.ID.String())); len(kept) != 1 || kept[0] != "listing" {
				t.Errorf("%q is kept", kept)
			}
		})
	}
}

// TestCountersignDisagrees tells what does not pass from what may.
func TestCountersignDisagrees(t *testing.T) {
	_, alice, bob := pair(t)
	x := offer(t, alice, bob, sources(t, mixed))
	alice.engine.Begin(x.out)
	bob.engine.Begin(x.in)
	outcome := <-bob.finished
	alice.end()
	alice.start()
	good, err := protocol.DecodeReceipt(outcome.Receipt)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]func(r *protocol.Receipt){
		"another manifest": func(r *protocol.Receipt) { r.Manifest[0] ^= 1 },
		"another listing":  func(r *protocol.Receipt) { r.Listing[0] ^= 1 },
		"more files":       func(r *protocol.Receipt) { r.Files++ },
		"more bytes":       func(r *protocol.Receipt) { r.Bytes++ },
		"another sender":   func(r *protocol.Receipt) { r.Sender = bob.id },
	}
	for name, change := range tests {
		r := *good
		change(&r)
		if err := r.SignReceiver(bob.key.Public().(ed25519.PublicKey), func(m []byte) []byte { return sign(bob, m) }); err != nil {
			t.Fatal(err)
		}
		raw, err := protocol.EncodeReceipt(&r)
		if err != nil {
			t.Fatal(err)
		}
		_, err = alice.engine.Countersign(t.Context(), x.out.ID, raw)
		var disagrees *files.DisagreeError
		if !errors.As(err, &disagrees) || !errors.Is(err, chat.ErrDisagree) {
			t.Errorf("%s: %v", name, err)
		}
	}
	notes := filepath.Join(alice.dir, x.out.ID.String())
	if err := os.Rename(notes, notes+".away"); err != nil {
		t.Fatal(err)
	}
	if _, err := alice.engine.Countersign(t.Context(), x.out.ID, outcome.Receipt); err == nil || errors.Is(err, chat.ErrDisagree) {
		t.Errorf("what may pass: %v", err)
	}
	if err := os.Rename(notes+".away", notes); err != nil {
		t.Fatal(err)
	}
	x.signed(t, outcome.Receipt)
}
