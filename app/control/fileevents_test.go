package control_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/chat"
	"feihong/app/control"
)

func TestFileEvents(t *testing.T) {
	bob := chat.Contact{ID: 1, Peer: peerOf("Bob"), Name: "Bob"}
	changed := func(n byte, way chat.Direction, state chat.TransferState) chat.Event {
		return chat.TransferChanged{Contact: bob, Transfer: chat.Transfer{ID: transferID(n), Contact: 1, Direction: way, State: state, Reason: "r"}}
	}
	added := func(n byte, way chat.Direction) chat.Event {
		return chat.MessageAdded{Contact: bob, Message: chat.Message{ID: transferID(n), Direction: way, Kind: chat.KindFiles, Text: "caption"}}
	}
	tests := []struct {
		name   string
		events []chat.Event
		want   string
	}{
		{"an offer to us", []chat.Event{added(1, chat.In), changed(1, chat.In, chat.TransferOffered), changed(1, chat.In, chat.TransferAccepted)}, "offer offered, file accepted"},
		{"accepted by itself", []chat.Event{added(1, chat.In), changed(1, chat.In, chat.TransferAccepted)}, "offer accepted"},
		{"an offer of ours", []chat.Event{added(1, chat.Out), changed(1, chat.Out, chat.TransferOffered)}, "file offered"},
		{"another offer", []chat.Event{added(1, chat.In), changed(2, chat.In, chat.TransferDone), changed(1, chat.In, chat.TransferOffered)}, "file done, offer offered"},
		{"events were lost", []chat.Event{added(1, chat.In), chat.Lagged{}, changed(1, chat.In, chat.TransferDone)}, "lagged, file done"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			translate, _ := control.NewStream()
			var got []string
			for _, e := range test.events {
				event, ok := translate(e)
				if !ok {
					continue
				}
				got = append(got, strings.TrimSpace(event.Event+" "+event.State))
				isOffer := event.Event == "offer"
				if isOffer != (event.From != nil) || isOffer != (event.Conversation != "") {
					t.Errorf("told %+v", event)
				}
				if event.Event != "lagged" && (event.ID == "" || event.Name != "Bob" || event.Reason != "r" || event.Peer != peerOf("Bob").String()) {
					t.Errorf("told %+v", event)
				}
			}
			if strings.Join(got, ", ") != test.want {
				t.Errorf("told %q, want %s", got, test.want)
			}
		})
	}
}

// Progress of one transfer is told once a second; every state at once.
func TestProgressEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		translate, _ := control.NewStream()
		translate(chat.ContactChanged{Summary: chat.Summary{Contact: chat.Contact{ID: 1, Address: "a:1"}}})
		var got []string
		tell := func(n byte, done int64, state chat.TransferState) {
			transfer := chat.Transfer{ID: transferID(n), Contact: 1, State: state, Done: done}
			var e chat.Event = chat.TransferProgress{Transfer: transfer}
			if state != chat.TransferRunning {
				e = chat.TransferChanged{Transfer: transfer}
			}
			if event, ok := translate(e); ok {
				got = append(got, fmt.Sprint(event.Event, event.Done))
				if event.Event == "progress" && (event.Name != "a:1" || event.Peer != "address:a:1") {
					t.Errorf("told %+v", event)
				}
			}
		}
		for i := range int64(10) {
			tell(1, i, chat.TransferRunning)
			tell(2, i+100, chat.TransferRunning)
			time.Sleep(200 * time.Millisecond)
		}
		tell(1, 10, chat.TransferPaused)
		tell(1, 11, chat.TransferRunning)
		tell(1, 12, chat.TransferDone)
		if want := "progress0 progress100 progress5 progress105 file10 progress11 file12"; strings.Join(got, " ") != want {
			t.Errorf("told %q", got)
		}
	})
}

// An event about a transfer has the fields of GET /v1/files beside each other,
// and other events have none of them.
func TestFileEventAsJSON(t *testing.T) {
	translate, _ := control.NewStream()
	transfer := transfersAtFirst()[1]
	event, _ := translate(chat.TransferChanged{Transfer: transfer, Contact: chat.Contact{ID: 7, Peer: peerOf("zoe"), Name: "zoe"}})
	raw, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	var flat struct {
		Event string
		control.Transfer
	}
	if err := json.Unmarshal(raw, &flat); err != nil || flat.Event != "file" || fmt.Sprint(flat.Names, flat.ID, flat.State, *flat.Left) != fmt.Sprint(shown().Names, shown().ID, "running", 3) {
		t.Errorf("told %s, %v", raw, err)
	}
	var back control.Event
	if err := json.Unmarshal(raw, &back); err != nil || back.TransferFacts == nil || back.Size != 1000 || back.ID != shown().ID {
		t.Errorf("arrived as %+v, %v", back, err)
	}
	event, _ = translate(chat.Lagged{})
	if raw, err := json.Marshal(event); err != nil || string(raw) != `{"event":"lagged"}` {
		t.Errorf("told %s, %v", raw, err)
	}
}
