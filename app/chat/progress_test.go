package chat_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
	"feihong/protocol"
)

// receiving is Alice who has accepted an offer of 1000 bytes from Bob.
func receiving(t *testing.T) (alice *courier, bob *scripted, id protocol.MessageID) {
	t.Helper()
	alice, company := besieged(t, "Bob")
	id = company[0].offers(t, alice, nil)
	synctest.Wait()
	must(t, alice.Accept(t.Context(), id, ""))
	synctest.Wait()
	return alice, company[0], id
}

func TestProgressIsShownSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, _, id := receiving(t)
		for i := range 1000 {
			alice.Carried(id, chat.Progress{Done: int64(i), Rate: 10, Left: time.Second})
			pass(10 * time.Millisecond)
		}
		synctest.Wait()
		if got := alice.transfer(id); got.Done != 999 || got.State != chat.TransferRunning {
			t.Errorf("%+v", got)
		}
		alice.leave()
		shown := 0
		for _, e := range alice.seen {
			if _, ok := e.(chat.TransferProgress); ok {
				shown++
			}
		}
		if shown < 40 || shown > 50 {
			t.Errorf("shown %d times in ten seconds", shown)
		}
		stored, err := alice.store.Transfer(t.Context(), id)
		if err != nil || stored.Done != 999 {
			t.Errorf("stored at the end: %d, %v", stored.Done, err)
		}
	})
}

func TestProgressOfAllKinds(t *testing.T) {
	report := func(p chat.Progress) func(*courier, protocol.MessageID) {
		return func(c *courier, id protocol.MessageID) { c.Carried(id, p) }
	}
	stall := func(reason, detail string) func(*courier, protocol.MessageID) {
		return func(c *courier, id protocol.MessageID) { c.Stalled(id, reason, detail) }
	}
	wait := func(d time.Duration) func(*courier, protocol.MessageID) {
		return func(*courier, protocol.MessageID) { pass(d) }
	}
	finish := func(o chat.Outcome) func(*courier, protocol.MessageID) {
		return func(c *courier, id protocol.MessageID) { c.Finished(id, o) }
	}
	type steps = []func(*courier, protocol.MessageID)
	tests := []struct {
		name  string
		steps steps
		want  chat.Transfer
	}{
		{"running", steps{report(chat.Progress{Done: 7, Rate: 3})}, chat.Transfer{State: chat.TransferRunning, Done: 7, Rate: 3}},
		{"more than there is", steps{report(chat.Progress{Done: 7000})}, chat.Transfer{State: chat.TransferRunning, Done: 1000}},
		{"less than nothing", steps{report(chat.Progress{Done: -1, Rate: -1, FilesDone: -1})}, chat.Transfer{State: chat.TransferRunning}},
		{"has not looked yet", steps{report(chat.Progress{Done: 7, Rate: 3}), report(chat.Progress{Left: -1})}, chat.Transfer{State: chat.TransferRunning, Done: 7}},
		{"stalled", steps{report(chat.Progress{Done: 7, Rate: 3}), stall("disk-full", "a\nb")},
			chat.Transfer{State: chat.TransferStalled, Done: 7, Reason: "disk-full", Detail: "a b"}},
		{"late progress", steps{report(chat.Progress{Done: 7}), stall("disk-full", ""), report(chat.Progress{Done: 7})},
			chat.Transfer{State: chat.TransferStalled, Done: 7, Reason: "disk-full"}},
		{"goes on", steps{report(chat.Progress{Done: 7}), stall("disk-full", ""), report(chat.Progress{Done: 8})},
			chat.Transfer{State: chat.TransferRunning, Done: 8}},
		{"trouble is over", steps{stall("disk-full", "x"), stall("", "")}, chat.Transfer{State: chat.TransferAccepted}},
		{"no connection", steps{report(chat.Progress{Done: 7, Rate: 3}), stall(chat.ReasonWaiting, "")}, chat.Transfer{State: chat.TransferAccepted, Done: 7}},
		{"nothing is heard", steps{report(chat.Progress{Done: 7, Rate: 3}), wait(time.Minute)}, chat.Transfer{State: chat.TransferAccepted, Done: 7}},
		{"a reason that is no code", steps{stall("Disk full!", "")}, chat.Transfer{State: chat.TransferStalled, Reason: chat.ReasonOther}},
		{"failed", steps{finish(chat.Outcome{Err: errors.New("no"), Reason: "hostile"})}, chat.Transfer{State: chat.TransferFailed, Reason: "hostile"}},
		{"failed without a reason", steps{finish(chat.Outcome{Err: errors.New("no")})}, chat.Transfer{State: chat.TransferFailed, Reason: chat.ReasonOther}},
		{"no receipt", steps{finish(chat.Outcome{Paths: []string{"/got/a"}})}, chat.Transfer{State: chat.TransferFailed, Reason: chat.ReasonOther}},
		{"some files failed", steps{finish(chat.Outcome{Receipt: []byte{1}, Failures: []chat.Failure{{Name: "a\u202e", Reason: "source-missing"}, {Name: "b", Reason: "x"}}})},
			chat.Transfer{State: chat.TransferFailed, Reason: "source-missing", Detail: "a[U+202E]", Failures: 2}},
		{"a long name", steps{stall("x", strings.Repeat("长", 1000))}, chat.Transfer{State: chat.TransferStalled, Reason: "x", Detail: strings.Repeat("长", 85)}},
		{"over already", steps{finish(chat.Outcome{Reason: "hostile"}), report(chat.Progress{Done: 9}), stall("x", ""), finish(chat.Outcome{Receipt: []byte{1}})},
			chat.Transfer{State: chat.TransferFailed, Reason: "hostile"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				alice, _, id := receiving(t)
				defer alice.leave()
				for _, step := range test.steps {
					step(alice, id)
					synctest.Wait()
				}
				got := alice.transfer(id)
				short := chat.Transfer{State: got.State, Done: got.Done, Rate: got.Rate, Reason: got.Reason, Detail: got.Detail, Failures: got.Failures, FilesDone: got.FilesDone}
				if g, w := visibly(short), visibly(test.want); g != w {
					t.Errorf("got %s, want %s", g, w)
				}
			})
		})
	}
}

// visibly is what a test compares of a transfer.
func visibly(t chat.Transfer) string {
	return strings.Join(slices.DeleteFunc([]string{string(t.State), t.Reason, t.Detail, time.Duration(t.Done).String(), time.Duration(t.Rate).String(),
		strings.Repeat("!", t.Failures), strings.Repeat("f", t.FilesDone)}, func(s string) bool { return s == "" }), " ")
}

func TestReportsAboutOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, company := besieged(t, "Bob")
		defer alice.leave()
		id := company[0].offers(t, alice, nil)
		synctest.Wait()
		for _, about := range []protocol.MessageID{id, {1}} { // not accepted, and not known
			alice.Carried(about, chat.Progress{Done: 1})
			alice.Stalled(about, "disk-full", "")
			alice.Finished(about, chat.Outcome{Receipt: []byte{1}})
		}
		synctest.Wait()
		if got := alice.transfer(id); got.State != chat.TransferOffered || got.Done != 0 {
			t.Errorf("%+v", got)
		}
	})
}

// TestProgressOfTheSender counts what a carrier sends on top of what the receiver
// had before, be it that either side was started again in the middle.
func TestProgressOfTheSender(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, bob := couple(t, newYard(nil))
		defer func() { alice.leave() }()
		defer bob.leave()
		id := alice.offer("/src/a").ID
		synctest.Wait()
		must(t, bob.Accept(t.Context(), id, ""))
		bob.porter.restart() // nothing comes from there but what follows
		synctest.Wait()
		shown := func(want int64) {
			t.Helper()
			synctest.Wait()
			if got := alice.transfer(id).Done; got != want {
				t.Errorf("done %d, want %d", got, want)
			}
		}
		alice.Carried(id, chat.Progress{Done: 100})
		alice.Carried(id, chat.Progress{Done: 300})
		shown(300)
		bob.Carried(id, chat.Progress{Done: 290})
		alice.restart(t)
		shown(290)
		alice.Carried(id, chat.Progress{Done: 20, Rate: 100, Left: time.Hour})
		shown(310)
		if left := alice.transfer(id).Left; left != 6900*time.Millisecond {
			t.Errorf("time left %v", left)
		}
		alice.Carried(id, chat.Progress{Done: 50})
		shown(340)
		alice.Carried(id, chat.Progress{Done: 10}) // begun anew
		shown(350)
		alice.Carried(id, chat.Progress{Done: 5000})
		shown(1000)
	})
}

// TestEndIsKeptThoughTheDiskRefuses lets a carrier finish while the disk is
// full: that is told once, and must not be lost.
func TestEndIsKeptThoughTheDiskRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		disk := &brokenStore{Store: memstore.New()}
		alice := newSwitchboard().joinCourier(t, newYard(nil), "Alice", "a:1", disk)
		defer alice.leave()
		bob := &scripted{name: "Bob", peer: signerOf("Bob")}
		alice.Up(bob)
		id := bob.offers(t, alice, nil)
		synctest.Wait()
		must(t, alice.Accept(t.Context(), id, ""))
		disk.broken.Store(true)
		alice.Finished(id, chat.Outcome{Err: errors.New("no"), Reason: "hostile"})
		pass(time.Second / 2)
		expect(t, "Bob was told", bob.told(), "accepted")
		disk.broken.Store(false)
		pass(2 * time.Second)
		synctest.Wait()
		expect(t, "Bob was told", bob.told(), "failed")
	})
}

// TestSlowReaderGetsTheNewestProgress reads nothing while a transfer runs.
func TestSlowReaderGetsTheNewestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, _, id := receiving(t)
		defer alice.leave()
		slow := alice.Subscribe()
		defer slow.Close()
		for i := range 500 {
			alice.Carried(id, chat.Progress{Done: int64(i)})
			pass(250 * time.Millisecond)
		}
		synctest.Wait()
		var newest int64
		progress := 0
		for newest < 499 {
			switch e := (<-slow.Events()).(type) {
			case chat.TransferProgress:
				progress++
				newest = e.Transfer.Done
			case chat.TransferChanged:
				newest = e.Transfer.Done
			}
		}
		if progress > 3 {
			t.Errorf("%d events about progress for one who is late", progress)
		}
	})
}

// TestTransfersOfAMergedContact offers to an address where somebody known
// turns out to be.
func TestTransfersOfAMergedContact(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, bob := couple(t, newYard(nil))
		defer alice.leave()
		defer func() { bob.leave() }()
		known := alice.id
		bob.leave()
		alice.id = alice.contact("elsewhere:2")
		id := alice.offer("/src/a").ID
		synctest.Wait()
		bob.line.address = "elsewhere:2"
		bob.restartAfterLeaving(t)
		pass(10 * time.Minute)
		synctest.Wait()
		if got := alice.transfer(id); got.Contact != known {
			t.Errorf("the transfer is with %d, want %d", got.Contact, known)
		}
		must(t, bob.Accept(t.Context(), id, ""))
		pass(time.Minute)
		synctest.Wait()
		expect(t, "at the end", states(id, alice, bob), "done", "done")
	})
}

// TestDeletedAddress deletes an address to which something was offered.
func TestDeletedAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, _ := besieged(t)
		defer alice.leave()
		alice.id = alice.contact("nobody:1")
		id := alice.offer("/src/a").ID
		must(t, alice.Delete(t.Context(), alice.id))
		synctest.Wait()
		if _, err := alice.Transfer(t.Context(), id); !errors.Is(err, chat.ErrNoTransfer) {
			t.Errorf("after the address was deleted: %v", err)
		}
		expect(t, "porter", alice.porter.told(), "prepare", "drop")
	})
}
