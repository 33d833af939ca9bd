package chat_test

import (
	"bytes"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
	"feihong/protocol"
)

// confirmed says how often an ID was confirmed to a peer.
func (a *scripted) confirmed(id protocol.MessageID) (n int) {
	for _, m := range a.sent {
		var ids []protocol.MessageID
		switch m := m.(type) {
		case *protocol.Delivered:
			ids = m.IDs
		case *protocol.Read:
			ids = m.IDs
		}
		for _, other := range ids {
			if other == id {
				n++
			}
		}
	}
	return n
}

// TestForgedAmendments: what somebody must not change stays as it is, is
// acknowledged, and ends no session.
func TestForgedAmendments(t *testing.T) {
	var (
		mine    = uuid.Must(uuid.NewV7()) // Mallory's text
		old     = uuid.Must(uuid.NewV7()) // Mallory's text of three days ago
		bobs    = uuid.Must(uuid.NewV7()) // Bob's text
		forgery = uuid.Must(uuid.NewV7())
	)
	at := func() int64 { return time.Now().UnixMilli() }
	tests := map[string]func(alices protocol.MessageID) protocol.ChatMessage{
		"edit of Alice's": func(alices protocol.MessageID) protocol.ChatMessage {
			return &protocol.Edit{ID: forgery, Time: at(), Target: alices, Body: "forged"}
		},
		"recall of Alice's": func(alices protocol.MessageID) protocol.ChatMessage {
			return &protocol.Recall{ID: forgery, Time: at(), Target: alices}
		},
		"edit of Bob's": func(protocol.MessageID) protocol.ChatMessage {
			return &protocol.Edit{ID: forgery, Time: at(), Target: bobs, Body: "forged"}
		},
		"recall of Bob's": func(protocol.MessageID) protocol.ChatMessage {
			return &protocol.Recall{ID: forgery, Time: at(), Target: bobs}
		},
		"reaction to Bob's": func(protocol.MessageID) protocol.ChatMessage {
			return &protocol.Reaction{ID: forgery, Time: at(), Target: protocol.Reference{Own: true, ID: bobs}, Emoji: "👍"}
		},
		"reaction to Alice's as if it were Mallory's": func(alices protocol.MessageID) protocol.ChatMessage {
			return &protocol.Reaction{ID: forgery, Time: at(), Target: protocol.Reference{Own: true, ID: alices}, Emoji: "👍"}
		},
		"edit too late": func(protocol.MessageID) protocol.ChatMessage {
			return &protocol.Edit{ID: forgery, Time: at(), Target: old, Body: "forged"}
		},
		"recall too late": func(protocol.MessageID) protocol.ChatMessage {
			return &protocol.Recall{ID: forgery, Time: at(), Target: old}
		},
		"edit of an edit": func(protocol.MessageID) protocol.ChatMessage {
			return &protocol.Edit{ID: forgery, Time: at(), Target: forgery, Body: "forged"}
		},
		"recall of nothing": func(protocol.MessageID) protocol.ChatMessage {
			return &protocol.Recall{ID: forgery, Time: at(), Target: uuid.Must(uuid.NewV7())}
		},
	}
	for name, forge := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				board := newSwitchboard()
				alice := board.join(t, "Alice", "a:1", memstore.New())
				defer alice.leave()
				bob, mallory := &scripted{name: "Bob", peer: peerOf("Bob")}, &scripted{name: "Mallory", peer: peerOf("Mallory")}
				alice.Up(bob)
				alice.Up(mallory)
				alice.Receive(bob, protocol.AppChat, body(t, &protocol.Text{ID: bobs, Time: at(), Body: "from Bob"}))
				alice.Receive(mallory, protocol.AppChat, body(t, &protocol.Text{ID: mine, Time: at(), Body: "from Mallory"}))
				alice.Receive(mallory, protocol.AppChat, body(t, &protocol.Text{ID: old, Time: at() - 72*3600_000, Body: "old"}))
				synctest.Wait()
				ours := alice.send(alice.who("Mallory").ID, "from Alice")
				synctest.Wait()
				alice.Receive(mallory, protocol.AppChat, body(t, forge(ours.ID)))
				synctest.Wait()
				messages, err := alice.History(t.Context(), chat.HistoryQuery{})
				must(t, err)
				var got []string
				for _, m := range messages {
					got = append(got, describe(m))
				}
				expect(t, "messages", got, "in delivered text from Bob", "in delivered text from Mallory", "in delivered text old", "out sent text from Alice")
				if n := mallory.confirmed(forgery); n != 1 || len(mallory.closed) > 0 {
					t.Errorf("acknowledged %d times, closed with %v", n, mallory.closed)
				}
			})
		})
	}
}

// TestReactionsThatAreNone: an emoji that is none ends the session, as every
// message does that breaks the rules.
func TestReactionsThatAreNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		id := uuid.Must(uuid.NewV7())
		good := body(t, &protocol.Reaction{ID: id, Target: protocol.Reference{ID: id}, Emoji: "👍"})
		for _, bad := range []string{"\u202e\u202e", "👍\u202e", "𒐫𒐫", "\x1b[2J"} {
			m := &scripted{name: "Mallory", peer: peerOf("Mallory")}
			alice.Up(m)
			item := append([]byte{0x60 | byte(len(bad))}, bad...)
			if len(bad) >= 24 {
				t.Fatal(bad)
			}
			alice.Receive(m, protocol.AppChat, bytes.Replace(good, append([]byte{0x64}, "👍"...), item, 1))
			synctest.Wait()
			if len(m.closed) != 1 || m.closed[0] != protocol.CodeBadMessage {
				t.Errorf("%q: closed with %v", bad, m.closed)
			}
			alice.Down(m, nil)
			synctest.Wait()
		}
	})
}

// TestStormOfReactions: thousands of reactions leave one message with one, and
// not thousands of them on disk.
func TestStormOfReactions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		mallory := &scripted{name: "Mallory", peer: peerOf("Mallory")}
		alice.Up(mallory)
		target := uuid.Must(uuid.NewV7())
		alice.Receive(mallory, protocol.AppChat, body(t, &protocol.Text{ID: target, Body: "x"}))
		for i := range 3000 {
			alice.Receive(mallory, protocol.AppChat, body(t, &protocol.Reaction{
				ID: uuid.Must(uuid.NewV7()), Target: protocol.Reference{Own: true, ID: target}, Emoji: []string{"👍", "😂"}[i%2],
			}))
		}
		synctest.Wait()
		s := alice.summary(alice.who("Mallory").ID)
		if s.Unread != 1 || s.Last == nil || s.Last.Reactions != [2]string{chat.In: "😂"} {
			t.Errorf("%d unread, last %+v", s.Unread, s.Last)
		}
		kept, err := alice.History(t.Context(), chat.HistoryQuery{Kinds: []chat.Kind{chat.KindReaction}})
		if err != nil || len(kept) != chat.KeptAmendments {
			t.Errorf("%d reactions are kept, %v", len(kept), err)
		}
	})
}

func TestStormOfNudges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		alice := board.join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		mallory := &scripted{name: "Mallory", peer: peerOf("Mallory")}
		alice.Up(mallory)
		var last protocol.MessageID
		for range 100 { // ten a second
			last = uuid.Must(uuid.NewV7())
			alice.Receive(mallory, protocol.AppChat, body(t, &protocol.Nudge{ID: last}))
			pass(100 * time.Millisecond)
		}
		synctest.Wait()
		if s := alice.summary(alice.who("Mallory").ID); s.Unread != 1 {
			t.Errorf("%d nudges were taken in ten seconds", s.Unread)
		}
		if mallory.confirmed(last) != 1 {
			t.Error("one that was dropped was not acknowledged")
		}
		alice.Receive(mallory, protocol.AppChat, body(t, &protocol.Nudge{ID: uuid.Must(uuid.NewV7())}))
		synctest.Wait()
		if s := alice.summary(alice.who("Mallory").ID); s.Unread != 2 {
			t.Errorf("%d after ten seconds, want 2", s.Unread)
		}
	})
}

// TestFloodOfPictures: of many, one in ten seconds is stored, and in the end the
// last one.
func TestFloodOfPictures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board := newSwitchboard()
		store := &countingStore{Store: memstore.New()}
		alice := board.join(t, "Alice", "a:1", store)
		defer alice.leave()
		mallory := &scripted{name: "Mallory", peer: peerOf("Mallory")}
		alice.Up(mallory)
		var last protocol.MessageID
		for i := range 300 { // for half a minute
			last = uuid.Must(uuid.NewV7())
			alice.Receive(mallory, protocol.AppChat, body(t, &protocol.Picture{ID: last, Data: []byte(fmt.Sprint("picture ", i))}))
			pass(100 * time.Millisecond)
		}
		pass(10 * time.Second)
		synctest.Wait()
		if n := store.pictures.Load(); n != 4 {
			t.Errorf("%d pictures were stored in 40 seconds", n)
		}
		id := alice.who("Mallory").ID
		if data, err := alice.Picture(t.Context(), id); err != nil || string(data) != "picture 299" {
			t.Errorf("%q, %v", data, err)
		}
		if mallory.confirmed(last) != 1 {
			t.Error("the last one was not confirmed")
		}
		pass(time.Minute)
		alice.Receive(mallory, protocol.AppChat, body(t, &protocol.Picture{ID: uuid.Must(uuid.NewV7())}))
		synctest.Wait()
		if data, err := alice.Picture(t.Context(), id); err != nil || data != nil || alice.who("Mallory").Picture != "" {
			t.Errorf("after removal: %q, %v", data, err)
		}
	})
}

// TestEditsByAWrongClock: the last edit holds, also if the times of all of them
// are replaced at the same moment.
func TestEditsByAWrongClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice := newSwitchboard().join(t, "Alice", "a:1", memstore.New())
		defer alice.leave()
		bob := &scripted{name: "Bob", peer: peerOf("Bob")}
		alice.Up(bob)
		id, ahead := uuid.Must(uuid.NewV7()), time.Now().Add(72*time.Hour).UnixMilli()
		alice.Receive(bob, protocol.AppChat, body(t, &protocol.Text{ID: id, Time: ahead, Body: "zero"}))
		synctest.Wait()
		for i, text := range []string{"one", "two", "three"} {
			edit := &protocol.Edit{ID: uuid.Must(uuid.NewV7()), Time: ahead + int64(i+1)*60_000, Target: id, Body: text}
			alice.Receive(bob, protocol.AppChat, body(t, edit))
		}
		synctest.Wait()
		list, err := alice.History(t.Context(), chat.HistoryQuery{})
		must(t, err)
		if len(list) != 1 || list[0].Text != "three" {
			t.Errorf("Alice has %+v", list)
		}
	})
}
