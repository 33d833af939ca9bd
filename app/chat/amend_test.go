package chat_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

// look describes the messages of the conversation, seen from one side.
func (c *courier) look() (list []string) {
	c.t.Helper()
	messages, err := c.History(c.t.Context(), chat.HistoryQuery{Contact: c.id})
	must(c.t, err)
	for _, m := range messages {
		list = append(list, describe(m))
	}
	return list
}

func describe(m chat.Message) string {
	s := m.Direction.String() + " " + m.State.String() + " " + m.Kind.String()
	if m.Text != "" {
		s += " " + m.Text
	}
	if !m.ReplyTo.IsZero() {
		s += " answers " + m.ReplyTo.Direction.String()
	}
	if !m.Edited.IsZero() {
		s += " edited"
	}
	if m.Recalled {
		s += " recalled"
	}
	if m.Reactions != ([2]string{}) {
		s += " [" + strings.Join(m.Reactions[:], "|") + "]"
	}
	return s
}

// opposite is how the other person names a message.
func opposite(m chat.Message) chat.Ref {
	return chat.Ref{Direction: 1 - m.Direction, ID: m.ID}
}

func (c *courier) reply(text string, answers chat.Ref) chat.Message {
	c.t.Helper()
	m, err := c.Reply(c.t.Context(), c.id, text, answers)
	must(c.t, err)
	return m
}

func (c *courier) edit(ref chat.Ref, text string) chat.Message {
	c.t.Helper()
	m, err := c.Edit(c.t.Context(), c.id, ref, text)
	must(c.t, err)
	return m
}

func (c *courier) recall(ref chat.Ref) chat.Message {
	c.t.Helper()
	m, err := c.Recall(c.t.Context(), c.id, ref)
	must(c.t, err)
	return m
}

func (c *courier) react(ref chat.Ref, emoji string) chat.Message {
	c.t.Helper()
	m, err := c.React(c.t.Context(), c.id, ref, emoji)
	must(c.t, err)
	return m
}

// amending is a conversation in which Alice has written something.
func amending(t *testing.T, then func(t *testing.T, alice, bob *courier, m chat.Message)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		alice, bob := couple(t, newYard(nil))
		defer func() { alice.leave() }()
		defer func() { bob.leave() }()
		m := alice.send(alice.id, "hello")
		synctest.Wait()
		then(t, alice, bob, m)
	})
}

func TestAmendmentsReachTheOther(t *testing.T) {
	tests := map[string]struct {
		do         func(alice, bob *courier, m chat.Message) chat.Message // what the command gives
		gives      string
		alice, bob []string
	}{
		"reply": {
			do: func(_, bob *courier, m chat.Message) chat.Message { return bob.reply("hi", opposite(m)) }, gives: "out queued text hi answers in",
			alice: []string{"out delivered text hello", "in delivered text hi answers out"}, bob: []string{"in delivered text hello", "out delivered text hi answers in"},
		},
		"reply to an own message": {
			do: func(alice, _ *courier, m chat.Message) chat.Message { return alice.reply("also", m.Ref()) }, gives: "out queued text also answers out",
			alice: []string{"out delivered text hello", "out delivered text also answers out"}, bob: []string{"in delivered text hello", "in delivered text also answers in"},
		},
		"edit": {
			do: func(alice, _ *courier, m chat.Message) chat.Message { return alice.edit(m.Ref(), "hello\x07!") }, gives: "out delivered text hello␇! edited",
			alice: []string{"out delivered text hello␇! edited"}, bob: []string{"in delivered text hello␇! edited"},
		},
		"two edits": {
			do: func(alice, _ *courier, m chat.Message) chat.Message {
				alice.edit(m.Ref(), "one")
				return alice.edit(m.Ref(), "two")
			}, gives: "out delivered text two edited",
			alice: []string{"out delivered text two edited"}, bob: []string{"in delivered text two edited"},
		},
		"the same text again": {
			do: func(alice, _ *courier, m chat.Message) chat.Message { return alice.edit(m.Ref(), "hello") }, gives: "out delivered text hello",
			alice: []string{"out delivered text hello"}, bob: []string{"in delivered text hello"},
		},
		"recall": {
			do: func(alice, _ *courier, m chat.Message) chat.Message { return alice.recall(m.Ref()) }, gives: "out delivered text recalled",
			alice: []string{"out delivered text recalled"}, bob: []string{"in delivered text recalled"},
		},
		"reaction": {
			do: func(_, bob *courier, m chat.Message) chat.Message { return bob.react(opposite(m), "👍") }, gives: "in delivered text hello [|👍]",
			alice: []string{"out delivered text hello [👍|]"}, bob: []string{"in delivered text hello [|👍]"},
		},
		"reactions of both": {
			do: func(alice, bob *courier, m chat.Message) chat.Message {
				alice.react(m.Ref(), "❤\ufe0f")
				bob.react(opposite(m), "👍")
				synctest.Wait()
				return bob.react(opposite(m), "😂")
			}, gives: "in delivered text hello [❤\ufe0f|😂]",
			alice: []string{"out delivered text hello [😂|❤\ufe0f]"}, bob: []string{"in delivered text hello [❤\ufe0f|😂]"},
		},
		"reaction taken back": {
			do: func(_, bob *courier, m chat.Message) chat.Message {
				bob.react(opposite(m), "👍")
				return bob.react(opposite(m), "")
			}, gives: "in delivered text hello",
			alice: []string{"out delivered text hello"}, bob: []string{"in delivered text hello"},
		},
		"nudge": {
			do: func(alice, _ *courier, _ chat.Message) chat.Message {
				n, err := alice.Nudge(alice.t.Context(), alice.id)
				must(alice.t, err)
				return n
			}, gives: "out queued nudge",
			alice: []string{"out delivered text hello", "out delivered nudge"}, bob: []string{"in delivered text hello", "in delivered nudge"},
		},
	}
	for name, test := range tests {
		for _, away := range []bool{false, true} {
			t.Run(name+map[bool]string{true: ", one is away"}[away], func(t *testing.T) {
				amending(t, func(t *testing.T, alice, bob *courier, m chat.Message) {
					if away { // one after the other, so that the commands wait on the disk
						alice.line.cut()
						alice.line.failure, bob.line.failure = errNobody, errNobody
						synctest.Wait()
					}
					if got := describe(test.do(alice, bob, m)); got != test.gives && !away {
						t.Errorf("gives %q, want %q", got, test.gives)
					}
					synctest.Wait()
					if away {
						alice.line.failure, bob.line.failure = nil, nil
						alice.restart(t)
						bob.restart(t)
						pass(10 * time.Minute)
						synctest.Wait()
					}
					expect(t, "Alice has", alice.look(), test.alice...)
					expect(t, "Bob has", bob.look(), test.bob...)
				})
			})
		}
	}
}

func TestAmendmentsChangeTheSummary(t *testing.T) {
	amending(t, func(t *testing.T, alice, bob *courier, m chat.Message) {
		alice.edit(m.Ref(), "edited")
		bob.react(opposite(m), "👍")
		synctest.Wait()
		for _, c := range []*courier{alice, bob} {
			s := c.summary(c.id)
			if s.Last == nil || s.Last.Text != "edited" || s.Last.Kind != chat.KindText {
				t.Errorf("%s sees %+v as the last message", c.line.name, s.Last)
			}
		}
		if n := bob.summary(bob.id).Unread; n != 1 {
			t.Errorf("%d unread, want 1", n)
		}
		if n := alice.summary(alice.id).Unread; n != 0 {
			t.Errorf("a reaction counts as unread: %d", n)
		}
		alice.leave()
		var changed []string
		for _, e := range alice.seen {
			if e, ok := e.(chat.MessageChanged); ok && e.Message.State == chat.Delivered {
				changed = append(changed, describe(e.Message))
			}
		}
		expect(t, "Alice was told", changed, "out delivered text hello", "out delivered text edited edited", "out delivered text edited edited [👍|]")
		alice.restart(t)
	})
}

// TestRecalledBeforeItWasDelivered: what is taken back in time is never sent.
func TestRecalledBeforeItWasDelivered(t *testing.T) {
	amending(t, func(t *testing.T, alice, bob *courier, _ chat.Message) {
		bob.leave()
		secret := alice.send(alice.id, "secret")
		alice.edit(secret.Ref(), "secret again")
		alice.send(alice.id, "after")
		if got := describe(alice.recall(secret.Ref())); got != "out failed text recalled" {
			t.Errorf("gives %q", got)
		}
		synctest.Wait()
		alice.restart(t)
		bob.restartAfterLeaving(t)
		pass(10 * time.Minute)
		synctest.Wait()
		expect(t, "Bob has", bob.look(), "in delivered text hello", "in delivered text after")
		expect(t, "Alice has", alice.look(), "out delivered text hello", "out failed text recalled", "out delivered text after")
		all, err := bob.History(t.Context(), chat.HistoryQuery{Kinds: []chat.Kind{chat.KindEdit, chat.KindText}})
		must(t, err)
		for _, m := range all {
			if strings.Contains(m.Text, "secret") {
				t.Errorf("Bob got %+v", m)
			}
		}
	})
}

// TestEditOfWhatWaits: the other person never sees the first text.
func TestEditOfWhatWaits(t *testing.T) {
	amending(t, func(t *testing.T, alice, bob *courier, _ chat.Message) {
		bob.leave()
		m := alice.send(alice.id, "frist")
		alice.edit(m.Ref(), "first")
		synctest.Wait()
		bob.restartAfterLeaving(t)
		pass(10 * time.Minute)
		synctest.Wait()
		expect(t, "Bob has", bob.look(), "in delivered text hello", "in delivered text first edited")
		bob.leave()
		for _, e := range bob.seen {
			if e, ok := e.(chat.MessageAdded); ok && e.Message.Text == "frist" {
				t.Error("Bob saw the first text")
			}
		}
		bob.restartAfterLeaving(t)
	})
}

func TestAmendmentsThatAreNotPossible(t *testing.T) {
	reason := func(err error) string {
		var amend *chat.AmendError
		var old *chat.OldProgramError
		var text *protocol.TextError
		switch {
		case errors.As(err, &amend):
			return string(amend.Reason)
		case errors.As(err, &old):
			return "old"
		case errors.As(err, &text):
			return "text"
		case errors.Is(err, protocol.ErrEmoji):
			return "emoji"
		case errors.Is(err, chat.ErrNoMessage):
			return "none"
		case errors.Is(err, chat.ErrNoContact):
			return "nobody"
		}
		return ""
	}
	edit := func(c *courier, ref chat.Ref, text string) error {
		_, err := c.Edit(c.t.Context(), c.id, ref, text)
		return err
	}
	recall := func(c *courier, ref chat.Ref) error {
		_, err := c.Recall(c.t.Context(), c.id, ref)
		return err
	}
	react := func(c *courier, ref chat.Ref, emoji string) error {
		_, err := c.React(c.t.Context(), c.id, ref, emoji)
		return err
	}
	tests := map[string]struct {
		do   func(alice, bob *courier, m chat.Message) error
		want string
	}{
		"edit of the other's":   {func(_, bob *courier, m chat.Message) error { return edit(bob, opposite(m), "x") }, "not-yours"},
		"recall of the other's": {func(_, bob *courier, m chat.Message) error { return recall(bob, opposite(m)) }, "not-yours"},
		"edit to nothing":       {func(alice, _ *courier, m chat.Message) error { return edit(alice, m.Ref(), " \n") }, "text"},
		"edit after two days": {func(alice, _ *courier, m chat.Message) error {
			pass(chat.MaxAmendAge + time.Second)
			return edit(alice, m.Ref(), "x")
		}, "too-old"},
		"recall after two days": {func(alice, _ *courier, m chat.Message) error {
			pass(chat.MaxAmendAge + time.Second)
			return recall(alice, m.Ref())
		}, "too-old"},
		"edit of a recalled one": {func(alice, _ *courier, m chat.Message) error {
			alice.recall(m.Ref())
			return edit(alice, m.Ref(), "x")
		}, "recalled"},
		"reaction to a recalled one": {func(alice, bob *courier, m chat.Message) error {
			alice.recall(m.Ref())
			synctest.Wait()
			return react(bob, opposite(m), "👍")
		}, "recalled"},
		"edit of an offer": {func(alice, _ *courier, _ chat.Message) error {
			return edit(alice, chat.Ref{Direction: chat.Out, ID: alice.offer("/src/a").ID}, "x")
		}, "no-text"},
		"recall of a nudge": {func(alice, _ *courier, _ chat.Message) error {
			n, err := alice.Nudge(alice.t.Context(), alice.id)
			must(alice.t, err)
			return recall(alice, n.Ref())
		}, "no-text"},
		"reaction of words": {func(_, bob *courier, m chat.Message) error { return react(bob, opposite(m), "ha") }, "emoji"},
		"no such message":   {func(alice, _ *courier, m chat.Message) error { return edit(alice, opposite(m), "x") }, "none"},
		"no such person": {func(alice, _ *courier, m chat.Message) error {
			_, err := alice.Edit(alice.t.Context(), 99, m.Ref(), "x")
			return err
		}, "nobody"},
		"answer to nothing": {func(alice, _ *courier, m chat.Message) error {
			_, err := alice.Reply(alice.t.Context(), alice.id, "x", opposite(m))
			return err
		}, "none"},
		"an old program": {func(alice, bob *courier, m chat.Message) error {
			bob.line.old.Store(true)
			return edit(alice, m.Ref(), "x")
		}, "old"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			amending(t, func(t *testing.T, alice, bob *courier, m chat.Message) {
				if got := reason(test.do(alice, bob, m)); got != test.want {
					t.Errorf("%q, want %q", got, test.want)
				}
			})
		})
	}
}

// TestOldProgram: what somebody's program does not know fails, and an answer
// loses no more than what it answers.
func TestOldProgram(t *testing.T) {
	amending(t, func(t *testing.T, alice, bob *courier, m chat.Message) {
		bob.leave()
		alice.edit(m.Ref(), "edited")
		alice.reply("answer", m.Ref())
		_, err := alice.Nudge(t.Context(), alice.id)
		must(t, err)
		synctest.Wait()
		bob.restartAfterLeaving(t)
		bob.line.old.Store(true)
		pass(10 * time.Minute)
		synctest.Wait()
		expect(t, "Alice has", alice.look(), "out delivered text edited edited", "out delivered text answer answers out", "out failed nudge")
		alice.leave()
		if !slices.ContainsFunc(alice.seen, func(e chat.Event) bool {
			changed, ok := e.(chat.MessageChanged)
			return ok && changed.Message.Kind == chat.KindEdit && changed.Message.State == chat.Failed && changed.Message.Reason == chat.ReasonUnsupported
		}) {
			t.Error("nothing tells that the edit has failed")
		}
		alice.restart(t)
	})
}

func TestNudgesAreFew(t *testing.T) {
	amending(t, func(t *testing.T, alice, _ *courier, _ chat.Message) {
		_, err := alice.Nudge(t.Context(), alice.id)
		must(t, err)
		var again *chat.NudgeError
		if _, err := alice.Nudge(t.Context(), alice.id); !errors.As(err, &again) || again.Left != chat.NudgeEvery {
			t.Errorf("at once again: %v", err)
		}
		pass(chat.NudgeEvery)
		_, err = alice.Nudge(t.Context(), alice.id)
		must(t, err)
	})
}

func TestMessageAt(t *testing.T) {
	amending(t, func(t *testing.T, alice, bob *courier, m chat.Message) {
		got, err := bob.MessageAt(t.Context(), bob.id, opposite(m))
		if err != nil || got.Text != "hello" {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := alice.MessageAt(t.Context(), alice.id, opposite(m)); !errors.Is(err, chat.ErrNoMessage) {
			t.Errorf("the wrong direction gives %v", err)
		}
	})
}
