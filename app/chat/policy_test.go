package chat_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

// countingStore counts the pictures that are stored.
type countingStore struct {
	chat.Store
	pictures atomic.Int64
}

func (s *countingStore) Commit(ctx context.Context, b chat.Batch) (chat.Committed, error) {
	s.pictures.Add(int64(len(b.Pictures)))
	return s.Store.Commit(ctx, b)
}

func TestReceiptsAreTheUsersChoice(t *testing.T) {
	amending(t, func(t *testing.T, alice, bob *courier, _ chat.Message) {
		bob.SetPolicy(chat.Policy{Typing: true})
		must(t, bob.MarkRead(t.Context(), bob.id, 0))
		synctest.Wait()
		expect(t, "Bob has", bob.look(), "in read text hello")
		expect(t, "Alice has", alice.look(), "out delivered text hello")
		alice.restart(t)
		pass(time.Minute)
		expect(t, "Alice has after a restart", alice.look(), "out delivered text hello")
		bob.SetPolicy(chat.Policy{Receipts: true, Typing: true})
		alice.send(alice.id, "second")
		synctest.Wait()
		must(t, bob.MarkRead(t.Context(), bob.id, 0))
		synctest.Wait()
		expect(t, "Alice has then", alice.look(), "out delivered text hello", "out read text second")
	})
}

func TestTypingIsTheUsersChoice(t *testing.T) {
	amending(t, func(t *testing.T, alice, bob *courier, _ chat.Message) {
		alice.SetPolicy(chat.Policy{Receipts: true})
		alice.SetTyping(alice.id, true)
		synctest.Wait()
		if bob.summary(bob.id).Typing {
			t.Error("Bob sees that Alice is typing")
		}
		alice.SetPolicy(chat.Policy{Receipts: true, Typing: true})
		alice.SetTyping(alice.id, true)
		synctest.Wait()
		if !bob.summary(bob.id).Typing {
			t.Error("Bob does not see that Alice is typing")
		}
	})
}

func TestOldMessagesAreDeleted(t *testing.T) {
	amending(t, func(t *testing.T, alice, _ *courier, _ chat.Message) {
		alice.SetPolicy(chat.Policy{KeepDays: 3})
		synctest.Wait()
		pass(50 * time.Hour)
		alice.send(alice.id, "second")
		synctest.Wait()
		expect(t, "after two days", alice.look(), "out delivered text hello", "out delivered text second")
		pass(48 * time.Hour)
		synctest.Wait()
		expect(t, "after four days", alice.look(), "out delivered text second")
		pass(72 * time.Hour)
		synctest.Wait()
		expect(t, "after a week", alice.look())
		if last := alice.summary(alice.id).Last; last != nil {
			t.Errorf("the list still shows %+v", last)
		}
		alice.leave()
		if !slices.Contains(alice.seen, chat.Event(chat.Lagged{})) {
			t.Error("nothing tells that messages are gone")
		}
		alice.restart(t)
	})
}

func TestClear(t *testing.T) {
	amending(t, func(t *testing.T, alice, bob *courier, _ chat.Message) {
		bob.leave()
		alice.send(alice.id, "waits")
		must(t, alice.Clear(t.Context(), alice.id))
		expect(t, "Alice has", alice.look(), "out queued text waits")
		if s := alice.summary(alice.id); s.Last == nil || s.Last.Text != "waits" {
			t.Errorf("the list shows %+v", s.Last)
		}
		bob.restartAfterLeaving(t)
		must(t, bob.Clear(t.Context(), bob.id))
		pass(10 * time.Minute)
		synctest.Wait()
		expect(t, "Bob has", bob.look(), "in delivered text waits")
		if n := bob.summary(bob.id).Unread; n != 1 {
			t.Errorf("%d unread", n)
		}
		if err := alice.Clear(t.Context(), 99); !errors.Is(err, chat.ErrNoContact) {
			t.Errorf("of nobody: %v", err)
		}
	})
}

func TestPicturesAreAcceptedAlone(t *testing.T) {
	tests := map[string]struct {
		upTo    int64
		wrote   bool // Bob has written to Alice
		paths   []string
		accepts bool
	}{
		"a picture":                      {1000, true, []string{"/src/a.PNG"}, true},
		"several":                        {3000, true, []string{"/src/a.jpg", "/src/b.webp", "/src/c.gif"}, true},
		"too large":                      {999, true, []string{"/src/a.png"}, false},
		"not chosen":                     {0, true, []string{"/src/a.png"}, false},
		"of somebody never written to":   {1000, false, []string{"/src/a.png"}, false},
		"a program beside it":            {9000, true, []string{"/src/a.png", "/src/b.exe"}, false},
		"a picture by its beginning":     {9000, true, []string{"/src/a.png.exe"}, false},
		"something that could hold more": {9000, true, []string{"/src/a.svg"}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			amending(t, func(t *testing.T, alice, bob *courier, _ chat.Message) {
				if test.wrote {
					bob.send(bob.id, "hi")
				}
				bob.SetPolicy(chat.Policy{ImagesUpTo: test.upTo})
				offer := alice.offer(test.paths...)
				synctest.Wait()
				if got := bob.transfer(offer.ID).State; (got != chat.TransferOffered) != test.accepts {
					t.Errorf("%s", got)
				}
			})
		})
	}
}

func TestOwnPictureIsShown(t *testing.T) {
	amending(t, func(t *testing.T, alice, bob *courier, _ chat.Message) {
		shown := func(want string) {
			t.Helper()
			pass(time.Minute)
			synctest.Wait()
			data, err := bob.Picture(t.Context(), bob.id)
			if must(t, err); string(data) != want || (bob.summary(bob.id).Picture == "") != (want == "") {
				t.Errorf("Bob has %q, want %q", data, want)
			}
		}
		must(t, alice.SetOwnPicture([]byte("first")))
		shown("first")
		must(t, alice.SetOwnPicture([]byte("second")))
		shown("second")
		bob.leave()
		must(t, alice.SetOwnPicture([]byte("third")))
		bob.restartAfterLeaving(t)
		must(t, alice.Service.SetRemark(t.Context(), alice.id, "Robert"))
		alice.send(alice.id, "wake up")
		shown("third")
		bob.leave()
		alice.leave()
		alice.restartAfterLeaving(t)
		must(t, alice.SetOwnPicture(nil)) // the program does not know that another one was shown before
		bob.restartAfterLeaving(t)
		alice.send(alice.id, "wake up")
		shown("")
		var limit *protocol.LimitError
		if err := alice.SetOwnPicture(bytes.Repeat([]byte{1}, protocol.MaxPictureBytes+1)); !errors.As(err, &limit) {
			t.Errorf("too large: %v", err)
		}
	})
}

func TestPinMuteVerify(t *testing.T) {
	amending(t, func(t *testing.T, alice, _ *courier, _ chat.Message) {
		must(t, alice.SetPinned(t.Context(), alice.id, true))
		must(t, alice.SetMuted(t.Context(), alice.id, chat.Forever))
		must(t, alice.SetVerified(t.Context(), alice.id, true))
		alice.restart(t)
		c := alice.summary(alice.id).Contact
		if !c.Pinned || !c.Verified || !c.Muted(time.Now().AddDate(100, 0, 0)) {
			t.Errorf("kept: %+v", c)
		}
		must(t, alice.SetMuted(t.Context(), alice.id, time.Time{}))
		if alice.summary(alice.id).Muted(time.Now()) {
			t.Error("still muted")
		}
		if err := alice.SetVerified(t.Context(), alice.contact("nowhere:1"), true); !errors.Is(err, chat.ErrNoContact) {
			t.Errorf("an address was verified: %v", err)
		}
	})
}
