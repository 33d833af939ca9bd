package control_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"feihong/app/chat"
	"feihong/app/control"
)

// The events are those of a service; what is told after each is written down.
func TestFollow(t *testing.T) {
	mine := func(state chat.TransferState, done int64) chat.Transfer {
		return chat.Transfer{ID: transferID(2), Contact: 7, Direction: chat.Out, State: state, Done: done}
	}
	other := mine(chat.TransferDone, 0)
	other.ID = transferID(1)
	zoe := chat.Contact{ID: 7, Peer: peerOf("zoe"), Name: "Zoe"}
	gone := chat.Summary{Contact: zoe, Problem: errors.New("cable out")}
	bob := chat.Summary{Contact: chat.Contact{ID: 1, Name: "Robert"}}
	tests := []struct {
		name   string
		events []chat.Event
		want   string // what is told after the first; ends with the transfer or with what went wrong
	}{
		{"runs and is done", []chat.Event{
			chat.TransferProgress{Transfer: mine(chat.TransferRunning, 500)},
			chat.TransferChanged{Transfer: mine(chat.TransferFinishing, 1000), Contact: zoe},
			chat.TransferChanged{Transfer: mine(chat.TransferDone, 1000), Contact: zoe},
			chat.TransferChanged{Transfer: mine(chat.TransferFailed, 0), Contact: zoe}, // nobody listens any more
		}, "zoe running 500, Zoe finishing 1000, Zoe done 1000"},
		{"others do something", []chat.Event{
			chat.TransferProgress{Transfer: other}, chat.TransferChanged{Transfer: other, Contact: zoe}, chat.ContactChanged{Summary: bob},
			chat.MessageAdded{}, chat.StoreFailed{},
		}, "the profile is closing"},
		{"cannot be reached any more", []chat.Event{chat.ContactChanged{Summary: gone}}, "Zoe running 400 cable out, the profile is closing"},
		{"events were lost", []chat.Event{chat.Lagged{}}, "zoe running 400, the profile is closing"},
		{"turns out to be somebody known", []chat.Event{chat.ContactMerged{From: 8, Into: 7}}, "zoe running 400, the profile is closing"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := start(t, true)
			events := make(chan chat.Event, len(test.events))
			for _, e := range test.events {
				events <- e
			}
			close(events)
			var told []string
			err := control.Follow(t.Context(), r.config(), transferID(2), events, func(now control.Transfer) error {
				line := fmt.Sprint(now.Name, " ", now.State, " ", now.Done)
				if now.Problem != nil {
					line += " " + now.Problem.Message
				}
				told = append(told, line)
				return nil
			})
			if err != nil {
				told = append(told, err.Error())
			}
			if got := strings.Join(told, ", "); got != "zoe running 400, "+test.want {
				t.Errorf("told %s", got)
			}
		})
	}
}

func TestFollowWhatIsOver(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		var told []string
		err := r.client.Follow(t.Context(), "0003", func(now control.Transfer) error {
			told = append(told, now.State)
			return nil
		})
		if err != nil || !slices.Equal(told, []string{"failed"}) {
			t.Errorf("told %q, %v", told, err)
		}
	})
}

func TestFollowEnds(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		enough := errors.New("enough")
		if err := r.client.Follow(t.Context(), "0002", func(control.Transfer) error { return enough }); !errors.Is(err, enough) {
			t.Errorf("ended with %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		err := r.client.Follow(ctx, "0002", func(control.Transfer) error {
			cancel()
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
		if e := refusal(t, r.client.Follow(t.Context(), "dead", nil)); e.Code != control.CodeUnknown {
			t.Errorf("refused with %+v", e)
		}
	})
	r := start(t, false)
	err := r.client.Follow(t.Context(), "0002", func(control.Transfer) error {
		go r.stop()
		return nil
	})
	if e := refusal(t, err); e.Code != control.CodeClosing {
		t.Errorf("ended with %+v", e)
	}
}

// Lines of a later version are left out. If the last line is cut off, or missing,
// the profile was killed.
func TestFollowUnknownLines(t *testing.T) {
	done, err := json.Marshal(control.TransferLine{Transfer: &control.Transfer{State: "done"}})
	if err != nil {
		t.Fatal(err)
	}
	for answer, fails := range map[string]control.Code{
		`{"rest":5}` + string(done): "", `{"transfer":{"state":"running"}}`: control.CodeClosing, `{"tr`: control.CodeClosing, ``: control.CodeClosing,
		`<html>`: "senseless", `{"transfer":5}`: "senseless",
	} {
		client := control.Local(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(answer))
		}))
		err := client.Follow(t.Context(), "0002", func(control.Transfer) error { return nil })
		var code control.Code
		var refusal *control.Error
		switch {
		case errors.As(err, &refusal):
			code = refusal.Code
		case err != nil:
			code = "senseless"
		}
		if code != fails {
			t.Errorf("%s: ended with %v", answer, err)
		}
	}
}
