package control_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"feihong/app/chat"
)

// Whoever gives up during the wait knows that the text is kept: the head of the
// answer comes before it.
func TestSendTellsBeforeTheWaitThatTheTextIsKept(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		body := strings.NewReader(`{"to":"mute:1","text":"hi","wait":"10m"}`)
		request, err := http.NewRequestWithContext(ctx, "POST", "http://feihong/v1/messages", body)
		if err != nil {
			t.Fatal(err)
		}
		response, err := r.client.HTTP().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Errorf("answered %d", response.StatusCode)
		}
	})
}

// Somebody is found at each of the addresses that they announce.
func TestContactAtAnAnnouncedAddress(t *testing.T) {
	r := start(t, true)
	all, err := r.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if s.Name != "Bob" {
			continue
		}
		r.Seen(chat.Sighting{Peer: s.Peer, Name: "Bob", Status: chat.StatusOnline, Addresses: []string{"192.168.9.1:7", "192.168.9.2:7"}})
		break
	}
	for _, address := range []string{"192.168.9.1", "192.168.9.2"} {
		if _, err := r.client.History(t.Context(), address, "", 0); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := r.client.History(t.Context(), "192.168.9.3", "", 0); err == nil {
		t.Error("somebody is where nobody is")
	}
}
