package control_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"feihong/app/chat"
	"feihong/app/control"
	"feihong/protocol"
)

// listener collects events as they come.
type listener struct {
	t      *testing.T
	events chan control.Event
	ended  chan error
	stop   context.CancelFunc
}

// listen begins to listen; "ready" has come when it returns.
func (r *running) listen(t *testing.T) *listener {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	l := &listener{t: t, events: make(chan control.Event, 1024), ended: make(chan error, 1), stop: cancel}
	go func() {
		l.ended <- r.client.Events(ctx, func(e control.Event) error {
			l.events <- e
			return nil
		})
	}()
	t.Cleanup(cancel)
	if e := l.next(); e.Event != "ready" {
		t.Fatalf("the first event is %+v", e)
	}
	return l
}

func (l *listener) next() control.Event {
	l.t.Helper()
	select {
	case e := <-l.events:
		return e
	case err := <-l.ended:
		l.t.Fatalf("the events ended: %v", err)
		return control.Event{}
	}
}

// brief is an event in one line.
func brief(e control.Event) string {
	words := []string{e.Event, e.Name, e.State, e.Reason, e.Text}
	if e.Address != nil {
		words = append(words, *e.Address)
	}
	if e.Online != nil {
		words = append(words, fmt.Sprint(*e.Online))
	}
	if e.From != nil {
		words = append(words, e.From.Name)
	}
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}

func (l *listener) want(briefs ...string) []control.Event {
	l.t.Helper()
	var events []control.Event
	for _, want := range briefs {
		e := l.next()
		if got := brief(e); got != want {
			l.t.Fatalf("the event is %q, want %q", got, want)
		}
		events = append(events, e)
	}
	return events
}

func TestReadyComesFirst(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		stop := errors.New("enough")
		err := r.client.Events(t.Context(), func(e control.Event) error {
			self := r.self()
			want := control.Event{
				Event: "ready", ID: self.ID, Name: self.Name, Port: self.Port, Addresses: self.Addresses, Control: r.socket,
			}
			if !reflect.DeepEqual(e, want) {
				t.Errorf("got %+v, want %+v", e, want)
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Errorf("ended with %v", err)
		}
	})
}

func TestEvents(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		l := r.listen(t)
		bob := r.net.comes("Bob")
		l.want("peer Bob bob:1 true")
		// Nothing of this changes who is where.
		bob.write(&protocol.Typing{Active: true})
		if err := r.SetDraft(t.Context(), 1, "draft"); err != nil {
			t.Fatal(err)
		}
		r.receive(bob, "hi")
		message := l.want("message hi Bob")[0]
		id := peerOf("Bob").String()
		if message.Conversation != id || message.From.ID != id || message.Time == nil || message.Time.UnixMilli() != 1_700_000_000_000 {
			t.Errorf("message event %+v", message)
		}
		if err := r.MarkRead(t.Context(), 1, 0); err != nil {
			t.Fatal(err)
		}
		sent, err := r.client.Send(t.Context(), control.SendRequest{To: "Bob", Text: "hello", Wait: "1m"})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range l.want("state sent", "state delivered") {
			if e.ID != sent.ID {
				t.Errorf("state event %+v", e)
			}
		}
		r.Down(bob, nil)
		if e := l.want("peer Bob bob:1 false")[0]; e.ID != id {
			t.Errorf("peer event %+v", e)
		}
	})
}

func TestEventsOfStrangersAndPlaces(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		l := r.listen(t)
		r.net.comes("Stranger")
		if e := l.want("peer Stranger true")[0]; e.ID != peerOf("Stranger").String() || e.Address == nil {
			t.Errorf("peer event %+v", e)
		}
		if _, err := r.client.Send(t.Context(), control.SendRequest{To: "new:1", Text: "x", Wait: "1m"}); err != nil {
			t.Fatal(err)
		}
		// Known by address first, by key as soon as somebody answers there.
		if e := l.want("peer new:1 new:1 false")[0]; e.ID != "" {
			t.Errorf("peer event %+v", e)
		}
		ids := make(map[string]string)
		for range 3 { // the person and their receipt come in any order
			e := l.next()
			ids[brief(e)] = e.ID
		}
		if ids["state sent"] == "" || ids["state sent"] != ids["state delivered"] || ids["peer Newman new:1 true"] != peerOf("Newman").String() {
			t.Errorf("events %v", ids)
		}
		if _, err := r.client.Send(t.Context(), control.SendRequest{To: "refused:1", Text: "x", Wait: "1m"}); err != nil {
			t.Fatal(err)
		}
		l.want("peer refused:1 refused:1 false", "state failed refused")
	})
}

// Everything that was there before is not told as news.
func TestEventsBeginWithThePresent(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		bob := r.net.comes("Bob")
		r.receive(bob, "old")
		l := r.listen(t)
		r.receive(bob, "new")
		l.want("message new Bob")
	})
}

func TestManyEventsKeepTheirOrder(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		l := r.listen(t)
		bob := r.net.comes("Bob")
		l.want("peer Bob bob:1 true")
		const many = 600 // more than are written at once
		r.net.tasks.Go(func() {
			for i := range many {
				r.receive(bob, fmt.Sprint(i))
			}
		})
		for i := range many {
			l.want(fmt.Sprintf("message %d Bob", i))
		}
	})
}

func TestEventsEnd(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		l := r.listen(t)
		l.stop()
		if err := <-l.ended; err != nil {
			t.Errorf("the client went: %v", err)
		}
		l = r.listen(t)
		r.stop()
		if err := <-l.ended; err != nil {
			t.Errorf("the profile ended: %v", err)
		}
	})
}

// The profile dies without a farewell.
func TestEventsEndWithTheConnection(t *testing.T) {
	for name, rest := range map[string]string{
		"between events":   "",
		"within an event":  `data: {"event":"pe`,
		"after half a one": "event: peer\n",
	} {
		t.Run(name, func(t *testing.T) {
			client := control.Local(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, "event: ready\ndata: {\"event\":\"ready\"}\n\n"+rest)
			}))
			count := 0
			err := client.Events(t.Context(), func(control.Event) error {
				count++
				return nil
			})
			if err != nil || count != 1 {
				t.Errorf("%d events, %v", count, err)
			}
		})
	}
}

func TestEventsThatAreNone(t *testing.T) {
	client := control.Local(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "data: nonsense\n\n")
	}))
	if err := client.Events(t.Context(), func(control.Event) error { return nil }); err == nil {
		t.Error("nonsense was taken for an event")
	}
}

// Who was told of is told to be gone.
func TestRemovedIsTold(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		l := r.listen(t)
		all, err := r.People(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		who := all[slices.IndexFunc(all, chat.Summary.Pending)]
		if err := r.Delete(t.Context(), who.ID); err != nil {
			t.Fatal(err)
		}
		e := l.next()
		if e.Event != "removed" || e.Name != who.DisplayName() || e.ID != "" || *e.Address != who.Address {
			t.Errorf("told %+v", e)
		}
	})
}

func TestStreamForgetsWhoIsGone(t *testing.T) {
	translate, remembered := control.NewStream()
	for id := chat.ContactID(1); id <= 100; id++ {
		translate(chat.ContactChanged{Summary: chat.Summary{Contact: chat.Contact{ID: id, Name: "x"}}})
		var gone chat.Event = chat.ContactRemoved{ID: id}
		if id%2 == 0 {
			gone = chat.ContactMerged{From: id, Into: 1000}
		}
		if e, told := translate(gone); !told || e.Event != "removed" || e.Name != "x" {
			t.Errorf("told %v: %+v", told, e)
		}
		if _, told := translate(gone); told {
			t.Error("told twice")
		}
	}
	if remembered() != 0 {
		t.Errorf("%d people are remembered", remembered())
	}
}

// What others than our client see.
func TestServerSentEvents(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		request, err := http.NewRequestWithContext(t.Context(), "GET", "http://feihong/v1/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := r.client.HTTP().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if got := response.Header.Get("Content-Type"); got != "text/event-stream" {
			t.Errorf("type %q", got)
		}
		r.net.comes("Bob")
		lines := bufio.NewScanner(response.Body)
		for _, kind := range []string{"ready", "peer"} {
			var data struct{ Event string }
			if !lines.Scan() || lines.Text() != "event: "+kind {
				t.Fatalf("line %q, want event: %s", lines.Text(), kind)
			}
			if !lines.Scan() || json.Unmarshal([]byte(strings.TrimPrefix(lines.Text(), "data: ")), &data) != nil || data.Event != kind {
				t.Fatalf("line %q", lines.Text())
			}
			if !lines.Scan() || lines.Text() != "" {
				t.Fatalf("line %q, want an empty one", lines.Text())
			}
		}
	})
}
