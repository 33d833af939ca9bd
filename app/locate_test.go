package app_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"feihong/app"
	"feihong/app/chat"
	"feihong/app/control"
	"feihong/protocol"
)

func TestMain(m *testing.M) {
	// With the window comes a queue of the toolkit that lives as long as the program.
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("fyne.io/fyne/v2/internal/async.(*UnboundedChan[...]).processing"))
}

func peerOf(word string) protocol.PeerID {
	var key [32]byte
	copy(key[:], word)
	return protocol.PeerIDOf(key[:])
}

// street is where people are looked for.
type street struct {
	mu    sync.Mutex
	asked []string
}

var errCut = errors.New("the cable is out")

func (s *street) ask(_ context.Context, at netip.Addr) ([]chat.Sighting, error) {
	s.mu.Lock()
	s.asked = append(s.asked, at.String())
	s.mu.Unlock()
	there := map[string][]string{
		"192.168.1.107": {"Dora"},
		"fd00::7":       {"Dora"},
		"fe80::7%eth0":  {"Dora"},
		"192.168.1.108": {"Fritz", "Emil"},
		"192.168.1.109": {"me", "Gina"},
		"192.168.1.110": {"me"},
	}
	if at == netip.MustParseAddr("192.168.1.111") {
		return nil, errCut
	}
	var all []chat.Sighting
	for _, name := range there[at.String()] {
		all = append(all, chat.Sighting{Peer: peerOf(name), Name: name})
	}
	return all, nil
}

var hosts = map[string][]string{
	"desk":     {"192.168.1.107", "fd00::7", "::ffff:192.168.1.107"},
	"terminal": {"192.168.1.108", "192.168.1.109", "192.168.1.107"},
	"empty":    {"192.168.1.150", "192.168.1.151"},
	"half":     {"192.168.1.111", "192.168.1.107"},
	"broken":   {"192.168.1.150", "192.168.1.111"},
}

func resolve(_ context.Context, host string) ([]netip.Addr, error) {
	known := hosts[host]
	switch host {
	case "huge":
		for i := range 100 {
			known = append(known, fmt.Sprintf("10.0.0.%d", i+1))
		}
	case "nameless":
		return nil, nil
	}
	if known == nil {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	var all []netip.Addr
	for _, address := range known {
		all = append(all, netip.MustParseAddr(address))
	}
	return all, nil
}

func TestLocate(t *testing.T) {
	tests := []struct {
		host  string
		names string
		asked string
		err   error
	}{
		{"192.168.1.107", "Dora", "192.168.1.107", nil},
		{"::ffff:192.168.1.107", "Dora", "192.168.1.107", nil},
		{"fe80::7%eth0", "Dora", "fe80::7%eth0", nil},
		{"192.168.1.108", "Emil Fritz", "192.168.1.108", nil},
		{"192.168.1.109", "Gina", "192.168.1.109", nil},
		{"192.168.1.110", "", "192.168.1.110", nil},
		{"192.168.1.150", "", "192.168.1.150", nil},
		{"192.168.1.111", "", "192.168.1.111", errCut},
		{"desk", "Dora", "192.168.1.107 fd00::7", nil},
		{"terminal", "Dora Emil Fritz Gina", "192.168.1.107 192.168.1.108 192.168.1.109", nil},
		{"empty", "", "192.168.1.150 192.168.1.151", nil},
		{"half", "Dora", "192.168.1.107 192.168.1.111", nil},
		{"broken", "", "192.168.1.111 192.168.1.150", errCut},
		{"huge", "", "10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6 10.0.0.7 10.0.0.8", nil},
	}
	for _, test := range tests {
		s := &street{}
		found, err := app.Locate(t.Context(), test.host, peerOf("me"), s.ask, resolve)
		var names []string
		for _, one := range found {
			names = append(names, one.Name)
		}
		slices.Sort(s.asked)
		if got := strings.Join(names, " "); got != test.names || !errors.Is(err, test.err) {
			t.Errorf("%s: found %s, %v", test.host, got, err)
		}
		if got := strings.Join(s.asked, " "); got != test.asked {
			t.Errorf("%s: asked at %s", test.host, got)
		}
	}
}

func TestNoSuchHost(t *testing.T) {
	for _, host := range []string{"bo", "nameless"} {
		s := &street{}
		_, err := app.Locate(t.Context(), host, peerOf("me"), s.ask, resolve)
		var nowhere *control.HostError
		if !errors.As(err, &nowhere) || nowhere.Host != host || s.asked != nil {
			t.Errorf("%s: %v, asked at %v", host, err, s.asked)
		}
		if key, _ := nowhere.UserText(); key != "control.no-such-host" {
			t.Errorf("%s is told as %s", host, key)
		}
	}
}

// A silent name server keeps nobody waiting for long, and is told from a user
// who has gone.
func TestSilentNameServer(t *testing.T) {
	silent := func(ctx context.Context, _ string) ([]netip.Addr, error) {
		<-ctx.Done()
		return nil, &net.DNSError{Err: ctx.Err().Error(), IsTimeout: true}
	}
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		_, err := app.Locate(t.Context(), "bo", peerOf("me"), (&street{}).ask, silent)
		var nowhere *control.HostError
		if !errors.As(err, &nowhere) || time.Since(began) != 2*time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		if key, _ := nowhere.UserText(); key != "control.host-unanswered" {
			t.Errorf("told as %s", key)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := app.Locate(ctx, "bo", peerOf("me"), (&street{}).ask, silent); err != context.DeadlineExceeded {
			t.Errorf("given up with %v", err)
		}
	})
}
