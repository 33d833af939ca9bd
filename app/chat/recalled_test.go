package chat_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/protocol"
)

// picture is an offer by Alice with everything that can be taken back.
func (c *courier) picture() chat.Transfer {
	c.t.Helper()
	offer, err := c.OfferPicture(c.t.Context(), c.id, []string{"/src/a.png"}, "look", []byte("preview"))
	must(c.t, err)
	synctest.Wait()
	return offer
}

// forgotten checks that nothing is left of what an offer said.
func forgotten(t *testing.T, who string, left chat.Transfer) {
	t.Helper()
	if len(left.Tops)+left.MoreTops > 0 || left.Direction == chat.Out && len(left.Paths) > 0 || left.Preview != nil || left.Text != "" {
		t.Errorf("%s keeps %+v and %d more, %q, %q", who, left.Tops, left.MoreTops, left.Preview, left.Text)
	}
}

func TestRecalledOfferIsCancelled(t *testing.T) {
	tests := map[string]struct {
		before func(t *testing.T, bob *courier, id protocol.MessageID)
		want   string
	}{
		"undecided": {func(*testing.T, *courier, protocol.MessageID) {}, "cancelled"},
		"accepted":  {func(t *testing.T, bob *courier, id protocol.MessageID) { must(t, bob.Accept(t.Context(), id, "")) }, "cancelled"},
		"arrived": {func(t *testing.T, bob *courier, id protocol.MessageID) {
			must(t, bob.Accept(t.Context(), id, ""))
			pass(time.Minute)
		}, "done"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			amending(t, func(t *testing.T, alice, bob *courier, _ chat.Message) {
				offer := alice.picture()
				if got := bob.transfer(offer.ID); string(got.Preview) != "preview" || len(got.Tops) != 1 {
					t.Errorf("Bob got %+v", got)
				}
				tt.before(t, bob, offer.ID)
				synctest.Wait()
				alice.recall(chat.Ref{Direction: chat.Out, ID: offer.ID})
				synctest.Wait()
				expect(t, "transfers", states(offer.ID, alice, bob), tt.want, tt.want)
				for _, c := range []*courier{alice, bob} {
					forgotten(t, c.line.name, c.transfer(offer.ID))
					stored, err := c.store.Transfer(t.Context(), offer.ID)
					must(t, err)
					forgotten(t, c.line.name+" on disk", stored)
				}
				expect(t, "Bob has", bob.look(), "in delivered text hello", "in delivered files recalled")
				bob.leave()
				shown := slices.IndexFunc(bob.seen, func(e chat.Event) bool {
					changed, ok := e.(chat.TransferChanged)
					return ok && changed.Transfer.ID == offer.ID && len(changed.Transfer.Tops) == 0
				})
				if shown < 0 {
					t.Error("no event tells that the names are gone")
				}
				bob.restartAfterLeaving(t)
			})
		})
	}
}

// lastBreath is a store that refuses everything after somebody has recalled
// something: as if the program had crashed there.
type lastBreath struct {
	chat.Store
	dead atomic.Bool
}

func (s *lastBreath) Commit(ctx context.Context, b chat.Batch) (chat.Committed, error) {
	if s.dead.Load() {
		return chat.Committed{}, errors.New("dead")
	}
	if slices.ContainsFunc(b.Messages, func(m chat.Message) bool { return m.Kind == chat.KindRecall }) {
		s.dead.Store(true)
	}
	return s.Store.Commit(ctx, b)
}

// TestCrashAfterARecall: what belongs to a recall is in one transaction with it.
func TestCrashAfterARecall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		board, y := newSwitchboard(), newYard(nil)
		stores := []*lastBreath{{Store: newStore()}, {Store: newStore()}}
		alice := board.joinCourier(t, y, "Alice", "a:1", stores[0])
		defer alice.leave()
		bob := board.joinCourier(t, y, "Bob", "b:1", stores[1])
		defer bob.leave()
		alice.meet(bob)
		offer := alice.picture()
		alice.recall(chat.Ref{Direction: chat.Out, ID: offer.ID})
		synctest.Wait()
		for i, who := range []string{"Alice", "Bob"} {
			left, err := stores[i].Transfer(t.Context(), offer.ID)
			if err != nil || left.State != chat.TransferCancelled || !stores[i].dead.Load() {
				t.Errorf("%s: %v, %v", who, left.State, err)
			}
			forgotten(t, who, left)
		}
	})
}

// TestRecallFoundAtTheStart: an earlier program took a message back and did not
// come to cancel what it offered.
func TestRecallFoundAtTheStart(t *testing.T) {
	amending(t, func(t *testing.T, alice, bob *courier, _ chat.Message) {
		offer := alice.picture()
		bob.leave()
		_, err := bob.store.Commit(t.Context(), chat.Batch{Messages: []chat.Message{{
			ID: uuid.Must(uuid.NewV7()), Contact: bob.id, Direction: chat.In, State: chat.Read, Kind: chat.KindRecall,
			Target: chat.Ref{Direction: chat.In, ID: offer.ID}, Time: time.Now(),
		}}})
		must(t, err)
		bob.restartAfterLeaving(t)
		pass(time.Minute)
		synctest.Wait()
		expect(t, "transfers", states(offer.ID, alice, bob), "cancelled", "cancelled")
		forgotten(t, "Bob", bob.transfer(offer.ID))
	})
}

// TestAmendmentsOfOneTurn: two clients of the user change the same message
// before the first change is on disk.
func TestAmendmentsOfOneTurn(t *testing.T) {
	type step = func(s *chat.Service, to chat.ContactID, ref chat.Ref) error
	react := func(emoji string) step {
		return func(s *chat.Service, to chat.ContactID, ref chat.Ref) error {
			_, err := s.React(context.Background(), to, ref, emoji)
			return err
		}
	}
	edit := func(text string) step {
		return func(s *chat.Service, to chat.ContactID, ref chat.Ref) error {
			_, err := s.Edit(context.Background(), to, ref, text)
			return err
		}
	}
	recall := func(s *chat.Service, to chat.ContactID, ref chat.Ref) error {
		_, err := s.Recall(context.Background(), to, ref)
		return err
	}
	tests := map[string]struct {
		steps []step
		want  string
	}{
		"a reaction and none":     {[]step{react("👍"), react("")}, "queued text hello"},
		"none and a reaction":     {[]step{react(""), react("👍")}, "queued text hello [|👍]"},
		"one after the other":     {[]step{react("👍"), react("❤️"), react("👍")}, "queued text hello [|👍]"},
		"two edits":               {[]step{edit("one"), edit("two")}, "queued text two edited"},
		"an edit and back":        {[]step{edit("one"), edit("hello")}, "queued text hello edited"},
		"an edit and a reaction":  {[]step{edit("one"), react("👍")}, "queued text one edited [|👍]"},
		"a recall and a reaction": {[]step{recall, react("👍")}, "failed text recalled"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				board := newSwitchboard()
				g := &gate{Store: newStore()}
				alice := board.joinCourier(t, newYard(nil), "Alice", "a:1", g)
				defer alice.leave()
				alice.id = alice.contact("b:1")
				m := alice.send(alice.id, "hello")
				refused := make([]error, len(tt.steps))
				var inputs []func()
				for i, step := range tt.steps {
					inputs = append(inputs, func() { refused[i] = step(alice.Service, alice.id, m.Ref()) })
				}
				g.together(t, alice.Service, alice.id, inputs...)
				expect(t, "Alice has", alice.look(), "out "+tt.want)
				for i, err := range refused {
					var amend *chat.AmendError
					if err != nil && !(errors.As(err, &amend) && amend.Reason == chat.AmendRecalled && tt.want == "failed text recalled") {
						t.Errorf("step %d: %v", i, err)
					}
				}
			})
		})
	}
}
