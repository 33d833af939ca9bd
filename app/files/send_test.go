package files_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"feihong/app/chat"
)

// TestNotesCannotBeRead has the sender be unable to read its notes for a while,
// as with too many open files: that passes. If they are gone, it does not.
func TestNotesCannotBeRead(t *testing.T) {
	_, alice, bob := pair(t)
	x := offer(t, alice, bob, sources(t, mixed))
	manifest := filepath.Join(alice.dir, x.out.ID.String(), "manifest")
	if err := errors.Join(os.Rename(manifest, manifest+".away"), os.Mkdir(manifest, 0o700)); err != nil {
		t.Fatal(err)
	}
	alice.engine.Begin(x.out)
	if reason := <-alice.stalled; reason != chat.ReasonOther {
		t.Errorf("stalled for %q", reason)
	}
	if err := errors.Join(os.Remove(manifest), os.Rename(manifest+".away", manifest)); err != nil {
		t.Fatal(err)
	}
	alice.engine.Nudge(bob.id)
	bob.engine.Begin(x.in)
	x.arrived(t)

	gone := offer(t, alice, bob, sources(t, mixed))
	if err := os.Remove(filepath.Join(alice.dir, gone.out.ID.String(), "manifest")); err != nil {
		t.Fatal(err)
	}
	alice.engine.Begin(gone.out)
	if outcome := <-alice.finished; outcome.Err == nil {
		t.Errorf("without notes: %+v", outcome)
	}
}

// TestSenderWithoutRoom sends files of many chunks where their hashes cannot be
// written down.
func TestSenderWithoutRoom(t *testing.T) {
	_, alice, bob := pair(t)
	x := offer(t, alice, bob, sources(t, mixed))
	ledger := filepath.Join(alice.dir, x.out.ID.String(), "ledger")
	if err := errors.Join(os.Remove(ledger), os.Mkdir(ledger, 0o700)); err != nil {
		t.Fatal(err)
	}
	alice.engine.Begin(x.out)
	bob.engine.Begin(x.in)
	x.arrived(t)
}

// TestPrivateIsNotSent offers a folder with a profile in it, and the profile.
func TestPrivateIsNotSent(t *testing.T) {
	_, alice, _ := pair(t)
	home := sources(t, map[string]int{"letter": 10, "profile/identity.key": 32, "profile/received/photo": 5})
	alice.end()
	alice.private = []string{filepath.Join(home, "profile")}
	alice.start()
	parcel, err := alice.engine.Prepare(t.Context(), uuid.New(), []string{home})
	if err != nil || parcel.Offer.Files != 1 || len(parcel.Skipped)+parcel.MoreSkipped != 1 {
		t.Errorf("%+v, %v", parcel, err)
	}
	if _, err := alice.engine.Prepare(t.Context(), uuid.New(), alice.private); err == nil {
		t.Error("a profile is sent")
	}
}
