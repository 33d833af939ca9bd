package control_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"feihong/app/chat"
	"feihong/app/control"
	"feihong/assets/translations"
)

// sightings are the people who are found at hosts. Where nobody is found, some
// are known to exist.
func sightings() map[string][]chat.Sighting {
	at := func(name string, addresses ...string) chat.Sighting {
		return chat.Sighting{Peer: peerOf(name), Name: name, Addresses: addresses, Status: chat.StatusBusy}
	}
	crowd := []chat.Sighting{}
	for i := range 12 {
		crowd = append(crowd, at(fmt.Sprintf("Crowd %02d", i), fmt.Sprintf("192.168.1.113:%d", i+1)))
	}
	two := []chat.Sighting{at("Emil", "192.168.1.108:1"), at("Fritz", "192.168.1.108:2")}
	return map[string][]chat.Sighting{
		"192.168.1.107": {at("Dora", "192.168.1.107:5")},
		"fd00::7":       {at("Dora", "[fd00::7]:5")},
		"desk":          {at("Dora", "192.168.1.107:5")},
		"192.168.1.108": two,
		"terminal":      two,
		"192.168.1.110": {at("Bob", "192.168.1.110:7")},
		"192.168.1.112": {at("eve", "192.168.1.112:1")},
		"192.168.1.113": crowd,
		"192.168.1.120": {at("Mute")}, // does not listen
		"empty":         nil,
	}
}

func (r *running) locate(_ context.Context, host string) ([]chat.Sighting, error) {
	r.asked <- host
	if host == "192.168.1.111" || host == "broken" {
		return nil, cause{host}
	}
	there, known := r.found[host]
	if _, err := netip.ParseAddr(host); !known && err != nil {
		return nil, &control.HostError{Host: host}
	}
	return there, nil
}

// askedAt takes the hosts at which people were looked for.
func (r *running) askedAt() string {
	var all []string
	for {
		select {
		case host := <-r.asked:
			all = append(all, host)
		default:
			slices.Sort(all)
			return strings.Join(all, " ")
		}
	}
}

func TestSendToAnIPAlone(t *testing.T) {
	tests := []struct{ name, to, toName, asked string }{
		{"somebody new", "192.168.1.107", "Dora", "192.168.1.107"},
		{"IPv6", "[fd00::7]", "Dora", "fd00::7"},
		{"somebody known", "192.168.1.110", "Bob", "192.168.1.110"},
		{"a host", "desk", "Dora", "desk"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			both(t, func(t *testing.T, r *running) {
				got, err := r.client.Send(t.Context(), control.SendRequest{To: test.to, Text: "x", Wait: "1m"})
				if err != nil {
					t.Fatal(err)
				}
				if got.State != "delivered" || got.To != (control.Person{ID: peerOf(test.toName).String(), Name: test.toName}) {
					t.Errorf("answered %+v", got)
				}
				if asked := r.askedAt(); asked != test.asked {
					t.Errorf("asked at %s", asked)
				}
			})
		})
	}
}

func TestNobodyAtAnIP(t *testing.T) {
	tests := []struct {
		to      string
		status  int
		code    control.Code
		key     string
		mention string
	}{
		{"192.168.1.150", 404, control.CodeNobodyThere, "control.nobody-there", "192.168.1.150:PORT"},
		{"[fd00::8]", 404, control.CodeNobodyThere, "control.nobody-there", "as in [fd00::8]:PORT, or run \"feihong doctor [fd00::8]\""},
		{"empty", 404, control.CodeNobodyThere, "control.nobody-there", "feihong doctor empty"},
		{"192.168.1.111", 404, control.CodeNobodyThere, "control.cannot-ask", "cannot reach 192.168.1.111"},
		{"broken", 404, control.CodeNobodyThere, "control.cannot-ask", "broken"},
		{ownIP, 400, control.CodeSelf, "control.own-address", ownIP},
		{"192.168.1.112", 403, control.CodeBlocked, "chat.blocked", "blocked"},
		{"no-such-host", 404, control.CodeUnknown, "chat.unknown", "no-such-host"},
		{"bo", 404, control.CodeUnknown, "chat.unknown", "bo"},
	}
	both(t, func(t *testing.T, r *running) {
		for _, test := range tests {
			got := r.request("POST", "/v1/messages", `{"to":"`+test.to+`","text":"x"}`)
			e := got.refused(t, test.status, test.code)
			if e.Key != test.key || !strings.Contains(e.Message, test.mention) {
				t.Errorf("%s: refused with %+v", test.to, e)
			}
		}
		if all, err := r.History(t.Context(), everything); err != nil || len(all) != 0 {
			t.Errorf("refused texts were kept: %+v, %v", all, err)
		}
	})
}

// A name without a port is a person first, and nobody is asked for them.
func TestPeopleComeBeforeHosts(t *testing.T) {
	r := start(t, true)
	r.net.comes("desk")
	got, err := r.client.Send(t.Context(), control.SendRequest{To: "desk", Text: "x", Wait: "1m"})
	if err != nil || got.To.ID != peerOf("desk").String() || r.askedAt() != "" {
		t.Errorf("answered %+v, %v", got, err)
	}
}

// But an IP address is never a name: anybody could call themself that.
func TestNobodyIsCalledAnIP(t *testing.T) {
	r := start(t, true)
	r.receive(r.net.comes("192.168.1.107"), "send it to me")
	r.receive(r.net.comes("192.168.1.150"), "and this too")
	got, err := r.client.Send(t.Context(), control.SendRequest{To: "192.168.1.107", Text: "x", Wait: "1m"})
	if err != nil || got.To.Name != "Dora" {
		t.Errorf("answered %+v, %v", got, err)
	}
	r.request("POST", "/v1/messages", `{"to":"192.168.1.150","text":"x"}`).refused(t, 404, control.CodeNobodyThere)
	r.request("GET", "/v1/messages?with=192.168.1.150", "").refused(t, 404, control.CodeUnknown)
}

func TestSeveralAtAnIP(t *testing.T) {
	for _, to := range []string{"192.168.1.108", "terminal"} {
		both(t, func(t *testing.T, r *running) {
			_, err := r.client.Send(t.Context(), control.SendRequest{To: to, Text: "x"})
			e := refusal(t, err)
			want := []control.Person{
				{ID: peerOf("Emil").String(), Name: "Emil", Address: "192.168.1.108:1"},
				{ID: peerOf("Fritz").String(), Name: "Fritz", Address: "192.168.1.108:2"},
			}
			if e.Code != control.CodeAmbiguous || e.Key != "control.several-there" || !slices.Equal(e.Candidates, want) {
				t.Fatalf("refused with %+v", e)
			}
			for _, choice := range []string{e.Candidates[1].Address, e.Candidates[1].ID, "Fritz"} {
				got, err := r.client.Send(t.Context(), control.SendRequest{To: choice, Text: "x", Wait: "1m"})
				if err != nil || got.State != "delivered" || got.To.Name != "Fritz" {
					t.Errorf("to %s: answered %+v, %v", choice, got, err)
				}
			}
		})
	}
}

func TestCrowdAtAnIP(t *testing.T) {
	r := start(t, true)
	_, err := r.client.Send(t.Context(), control.SendRequest{To: "192.168.1.113", Text: "x"})
	if e := refusal(t, err); e.Code != control.CodeAmbiguous || len(e.Candidates) != 10 {
		t.Errorf("refused with %+v", e)
	}
}

// Somebody who was found, but does not listen, gets the text when they come.
func TestSomebodyWhoDoesNotListen(t *testing.T) {
	r := start(t, true)
	got, err := r.client.Send(t.Context(), control.SendRequest{To: "192.168.1.120", Text: "x", Wait: "1ms"})
	if err != nil || got.State != "queued" || got.To.Name != "Mute" {
		t.Errorf("answered %+v, %v", got, err)
	}
}

// Without discovery, an address needs its port, as the parser says.
func TestNobodyCanBeAsked(t *testing.T) {
	r := start(t, true)
	config := r.config()
	config.Locate = nil
	client := control.Local(control.Handler(config))
	_, err := client.Send(t.Context(), control.SendRequest{To: "192.168.1.107", Text: "x"})
	if e := refusal(t, err); e.Code != control.CodeBadAddress || e.Key != "test.cause" {
		t.Errorf("refused with %+v", e)
	}
	_, err = client.Send(t.Context(), control.SendRequest{To: "desk", Text: "x"})
	if e := refusal(t, err); e.Code != control.CodeUnknown {
		t.Errorf("refused with %+v", e)
	}
}

// The client gives up while people are looked for.
func TestLookingIsGivenUp(t *testing.T) {
	r := start(t, true)
	config := r.config()
	ctx, cancel := context.WithCancel(t.Context())
	config.Locate = func(ctx context.Context, _ string) ([]chat.Sighting, error) {
		cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	}
	_, err := control.Local(control.Handler(config)).Send(ctx, control.SendRequest{To: "192.168.1.107", Text: "x"})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}

// Questions about a conversation ask nobody: who was last at the address is
// meant.
func TestConversationsByIP(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		for _, ip := range []string{"192.168.1.107", "192.168.1.108", "192.168.1.110"} {
			for _, s := range r.found[ip] {
				if _, err := r.Known(t.Context(), s); err != nil {
					t.Fatal(err)
				}
			}
		}
		if _, err := r.client.Send(t.Context(), control.SendRequest{To: "Dora", Text: "hi", Wait: "1m"}); err != nil {
			t.Fatal(err)
		}
		history, err := r.client.History(t.Context(), "192.168.1.107", "", 0)
		if err != nil || len(history) != 1 {
			t.Errorf("history %+v, %v", history, err)
		}
		if got := r.request("POST", "/v1/read", `{"with":"192.168.1.107"}`); got.status != 204 {
			t.Errorf("answered %d with %s", got.status, got.body)
		}
		e := r.request("GET", "/v1/messages?with=192.168.1.108", "").refused(t, 409, control.CodeAmbiguous)
		if len(e.Candidates) != 2 || e.Candidates[0].Address == "" {
			t.Errorf("refused with %+v", e)
		}
		if asked := r.askedAt(); asked != "" {
			t.Errorf("asked at %s", asked)
		}
		// Nobody answers any more, but the one who did is named.
		delete(r.found, "192.168.1.107")
		e = r.request("POST", "/v1/messages", `{"to":"192.168.1.107","text":"x"}`).refused(t, 404, control.CodeNobodyThere)
		want := []control.Person{{ID: peerOf("Dora").String(), Name: "Dora", Address: "192.168.1.107:5"}}
		if !slices.Equal(e.Candidates, want) {
			t.Errorf("refused with %+v", e)
		}
	})
}

// What discovery tells of people is shown, and told when it changes.
func TestPeopleNearby(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		l := r.listen(t)
		dora := r.found["192.168.1.107"][0]
		dora.Department, dora.Host, dora.StatusText, dora.Via = "Sales", "desk", "in a meeting", "multicast"
		r.Seen(dora)
		e := l.want("peer Dora 192.168.1.107:5 true")[0]
		if e.Status != "busy" || e.StatusText != "in a meeting" {
			t.Errorf("event %+v", e)
		}
		peers, err := r.client.Peers(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(peers, func(p control.Peer) bool { return p.Name == "Dora" })
		if i < 0 {
			t.Fatalf("peers are %+v", peers)
		}
		got := peers[i]
		got.LastSeen = nil
		want := control.Peer{
			ID: peerOf("Dora").String(), Name: "Dora", Address: "192.168.1.107:5", Online: true, Nearby: true, Via: "multicast",
			Status: "busy", StatusText: "in a meeting", Department: "Sales", Host: "desk",
		}
		if got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		dora.Status, dora.StatusText = chat.StatusAway, ""
		r.Seen(dora)
		if e := l.want("peer Dora 192.168.1.107:5 true")[0]; e.Status != "away" || e.StatusText != "" {
			t.Errorf("event %+v", e)
		}
		r.Seen(dora)
		r.Gone(dora.Peer)
		if e := l.want("peer Dora 192.168.1.107:5 false")[0]; e.Status != "offline" {
			t.Errorf("event %+v", e)
		}
	})
}

// Nobody answers at a host where somebody was before.
func TestWhoWasAtAHost(t *testing.T) {
	r := start(t, true)
	if _, err := r.client.Send(t.Context(), control.SendRequest{To: "empty:9", Text: "x", Wait: "1m"}); err != nil {
		t.Fatal(err)
	}
	e := r.request("POST", "/v1/messages", `{"to":"EMPTY","text":"x"}`).refused(t, 404, control.CodeUnknown)
	if e.Key != "chat.unknown" {
		t.Errorf("refused with %+v", e)
	}
	e = r.request("POST", "/v1/messages", `{"to":"empty","text":"x"}`).refused(t, 404, control.CodeNobodyThere)
	want := []control.Person{{ID: peerOf("Ida").String(), Name: "Ida", Address: "empty:9"}}
	if !slices.Equal(e.Candidates, want) {
		t.Errorf("refused with %+v", e)
	}
}

func TestHostErrors(t *testing.T) {
	tests := []struct {
		err     error
		key     string
		mention string
	}{
		{nil, "control.no-such-host", "no machine called desk"},
		{&net.DNSError{Err: "no such host", Name: "desk", IsNotFound: true}, "control.no-such-host", "no machine called desk"},
		{&net.DNSError{Err: "timeout", Name: "desk", IsTimeout: true}, "control.host-unanswered", "no name server"},
		{context.DeadlineExceeded, "control.host-unanswered", "no name server"},
	}
	for _, test := range tests {
		err := &control.HostError{Host: "desk", Err: test.err}
		key, args := err.UserText()
		if key != test.key || args["host"] != "desk" || !strings.Contains(err.Error(), test.mention) {
			t.Errorf("%v: told as %s %v, %v", test.err, key, args, err)
		}
		for _, lang := range []string{"en", "zh"} {
			if told := translations.New(lang).Error(err); !strings.Contains(told, "desk") || told == err.Error() {
				t.Errorf("%v: told as %q", test.err, told)
			}
		}
		if test.err != nil && !errors.Is(err, test.err) {
			t.Errorf("%v is lost", test.err)
		}
	}
}
