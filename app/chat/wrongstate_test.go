package chat_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
)

// TestStateErrorsNameTheState has something done too early, too late or by the
// wrong one.
func TestStateErrorsNameTheState(t *testing.T) {
	tests := []struct {
		direction chat.Direction
		action    string
		state     chat.TransferState
		key       string
	}{
		{chat.In, "pause", chat.TransferOffered, "offered"},
		{chat.In, "reject", chat.TransferAccepted, "accepted"},
		{chat.In, "reject", chat.TransferRunning, "accepted"},
		{chat.In, "reject", chat.TransferStalled, "accepted"},
		{chat.In, "reject", chat.TransferPaused, "accepted"},
		{chat.Out, "pause", chat.TransferFinishing, "finishing"},
		{chat.In, "accept", chat.TransferDone, "done"},
		{chat.In, "accept", chat.TransferRejected, "rejected"},
		{chat.Out, "resume", chat.TransferCancelled, "cancelled"},
		{chat.Out, "cancel", chat.TransferFailed, "failed"},
		{chat.Out, "accept", chat.TransferOffered, "theirs"},
		{chat.Out, "reject", chat.TransferDone, "theirs"},
	}
	for _, test := range tests {
		e := &chat.TransferStateError{Action: test.action, State: test.state, Direction: test.direction, Name: "报告.pdf"}
		key, args := e.UserText()
		if key != "chat.transfer-state."+test.key || args["name"] != "报告.pdf" || !strings.Contains(e.Error(), "报告.pdf") {
			t.Errorf("%v: %s, %v", e, key, args)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		alice, bob := couple(t, newYard(nil))
		defer alice.leave()
		defer bob.leave()
		id := alice.offer("/src/a", "/src/b").ID
		var state *chat.TransferStateError
		want := chat.TransferStateError{Action: "pause", State: chat.TransferOffered, Direction: chat.Out, Name: "a"}
		if err := alice.Pause(t.Context(), id); !errors.As(err, &state) || *state != want {
			t.Errorf("%+v", state)
		}
	})
}

// TestBlockedPersonIsNotKeptWaiting ends what was going on with somebody for
// whom there is no way to us any more.
func TestBlockedPersonIsNotKeptWaiting(t *testing.T) {
	for _, at := range []string{"offered", "accepted", "paused"} {
		for _, byReceiver := range []bool{false, true} {
			t.Run(at, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					alice, bob := couple(t, newYard(nil))
					defer alice.leave()
					defer bob.leave()
					id := alice.offer("/src/a").ID
					synctest.Wait()
					if at != "offered" {
						must(t, bob.Accept(t.Context(), id, ""))
						synctest.Wait()
					}
					if at == "paused" {
						must(t, bob.Pause(t.Context(), id))
						synctest.Wait()
					}
					blocker, other := alice, bob
					if byReceiver {
						blocker, other = bob, alice
					}
					must(t, blocker.SetBlocked(t.Context(), blocker.id, true))
					pass(time.Hour)
					synctest.Wait()
					if end := other.transfer(id); end.State != chat.TransferFailed || end.Reason != chat.ReasonBlocked {
						t.Errorf("%v: %q", end.State, end.Reason)
					}
					if end := blocker.transfer(id); !end.Final() {
						t.Errorf("for who has blocked: %v", end.State)
					}
				})
			})
		}
	}
}
