package chat_test

import (
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

// count says how many of the transfers stand in each state, with the reason.
func (c *courier) count(ids []protocol.MessageID) map[string]int {
	c.t.Helper()
	n := make(map[string]int)
	for _, id := range ids {
		t := c.transfer(id)
		n[string(t.State)+" "+t.Reason]++
	}
	return n
}

// TestAutoAcceptMany offers more at once than is accepted at the same time.
func TestAutoAcceptMany(t *testing.T) {
	const many = 30
	tests := []struct {
		name  string
		then  func(t *testing.T, bob *courier)
		end   string
		least int // that came to this end
	}{
		{"all of them come", func(*testing.T, *courier) {}, "done ", many},
		{"after a restart", func(t *testing.T, bob *courier) { bob.restart(t) }, "done ", many},
		{"the user changes their mind", func(t *testing.T, bob *courier) { must(t, bob.SetAutoAccept(t.Context(), bob.id, 0)) }, "offered ", many / 2},
		{"the user wants less", func(t *testing.T, bob *courier) { must(t, bob.SetAutoAccept(t.Context(), bob.id, 10)) }, "offered ", many / 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				alice, bob := couple(t, newYard(nil))
				defer alice.leave()
				defer func() { bob.leave() }()
				must(t, bob.SetAutoAccept(t.Context(), bob.id, -1))
				var ids []protocol.MessageID
				for range many {
					ids = append(ids, alice.offer("/src/a").ID)
				}
				synctest.Wait()
				for _, c := range []*courier{alice, bob} {
					if n := c.count(ids); n["offered queued"] < many/2 || n["accepted "] == 0 || n["offered queued"]+n["accepted "] != many {
						t.Errorf("at first: %v", n)
					}
				}
				test.then(t, bob)
				pass(10 * time.Minute)
				synctest.Wait()
				for _, c := range []*courier{alice, bob} {
					if n := c.count(ids); n[test.end] < test.least || n[test.end]+n["done "] < many {
						t.Errorf("at the end: %v", n)
					}
				}
			})
		})
	}
}

// TestQueuedOfferIsTheUsers lets the user decide before there is a place.
func TestQueuedOfferIsTheUsers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, bob := couple(t, newYard(nil))
		defer alice.leave()
		defer bob.leave()
		must(t, bob.SetAutoAccept(t.Context(), bob.id, -1))
		var ids []protocol.MessageID
		for range 20 {
			ids = append(ids, alice.offer("/src/a").ID)
		}
		synctest.Wait()
		if n := bob.count(ids[18:]); n["offered queued"] != 2 {
			t.Fatalf("the last two: %v", n)
		}
		must(t, bob.Accept(t.Context(), ids[19], "/else/where"))
		must(t, bob.Reject(t.Context(), ids[18]))
		synctest.Wait()
		for _, c := range []*courier{alice, bob} {
			if n := c.count(ids[18:]); n["accepted "] != 1 || n["rejected "] != 1 {
				t.Errorf("answered: %v", n)
			}
		}
		if folder := bob.transfer(ids[19]).Folder; folder != "/else/where" {
			t.Errorf("folder %q", folder)
		}
	})
}

// TestPausedByTheSenderKeepsItsPlace has a sender pause what was accepted, in
// order to have more accepted.
func TestPausedByTheSenderKeepsItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, bob := couple(t, newYard(nil))
		defer alice.leave()
		defer bob.leave()
		must(t, bob.SetAutoAccept(t.Context(), bob.id, -1))
		var ids []protocol.MessageID
		for range 40 {
			id := alice.offer("/src/a").ID
			ids = append(ids, id)
			synctest.Wait()
			_ = alice.Pause(t.Context(), id) // those that wait for a place cannot be paused
			synctest.Wait()
		}
		if n := bob.count(ids); n["paused "] > 10 || n["paused "]+n["offered queued"] != len(ids) {
			t.Errorf("%v", n)
		}
	})
}

// TestReceiverWaits has something in the way of the receiver: both know it, and
// what the receiver's folders are called stays theirs.
func TestReceiverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, bob := couple(t, newYard(nil))
		defer alice.leave()
		defer bob.leave()
		id := alice.offer("/src/a").ID
		synctest.Wait()
		must(t, bob.Accept(t.Context(), id, ""))
		synctest.Wait()
		hears := func(what string, state chat.TransferState, reason chat.TransferReason) {
			t.Helper()
			synctest.Wait()
			if got := alice.transfer(id); got.State != state || got.Reason != reason || got.Detail != "" {
				t.Errorf("%s: Alice has %v, %q about %q", what, got.State, got.Reason, got.Detail)
			}
		}
		bob.Stalled(id, "disk-full", "/home/bob/secret")
		hears("no room", chat.TransferStalled, "disk-full")
		bob.Stalled(id, "target-missing", "/home/bob/secret")
		hears("no folder", chat.TransferStalled, "target-missing")
		alice.Carried(id, chat.Progress{Done: 900})
		hears("late progress", chat.TransferStalled, "target-missing")
		alice.Stalled(id, chat.ReasonWaiting, "")
		hears("no connection either", chat.TransferStalled, "target-missing")
		must(t, alice.Pause(t.Context(), id))
		hears("paused", chat.TransferPaused, "")
		must(t, alice.Resume(t.Context(), id))
		synctest.Wait()
		bob.Stalled(id, "target-missing", "/home/bob/secret")
		hears("resumed", chat.TransferStalled, "target-missing")
		bob.Stalled(id, "", "")
		hears("over", chat.TransferAccepted, "")
		bob.Stalled(id, "disk-full", "")
		hears("again", chat.TransferStalled, "disk-full")
		alice.line.cut()
		bob.Stalled(id, "", "")
		synctest.Wait()
		pass(10 * time.Minute)
		hears("at the end", chat.TransferDone, "")
	})
}

// TestAcceptIntoAnotherFolder leads a transfer away from a folder that has gone.
func TestAcceptIntoAnotherFolder(t *testing.T) {
	tests := []struct {
		name, folder, want string
		begun              bool
	}{
		{"another one", "/new", "/new", true},
		{"the same", "/old/", "/old", false},
		{"no choice", "", "/old", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				alice, bob := couple(t, newYard(nil))
				defer alice.leave()
				defer bob.leave()
				id := alice.offer("/src/a").ID
				synctest.Wait()
				must(t, bob.Accept(t.Context(), id, "/old"))
				synctest.Wait()
				bob.Stalled(id, "target-missing", "/old")
				synctest.Wait()
				bob.porter.told()
				must(t, bob.Accept(t.Context(), id, test.folder))
				synctest.Wait()
				if got := bob.transfer(id); got.Folder != test.want || test.begun != (got.Reason == "") {
					t.Errorf("into %q, waits for %q", got.Folder, got.Reason)
				}
				if begun := len(bob.porter.told()) > 0; begun != test.begun {
					t.Errorf("begun again: %v", begun)
				}
				bob.porter.yard.mu.Lock()
				into := bob.porter.jobs[id].Folder
				bob.porter.yard.mu.Unlock()
				if into != test.want {
					t.Errorf("the carrier puts it into %q", into)
				}
			})
		})
	}
}
