package app

import (
	"context"
	"io"
	"net/netip"
	"testing"
	"time"

	"feihong/app/chat"
	"feihong/app/cli"
	"feihong/app/control"
	"feihong/app/profile"
	"feihong/assets/translations"
	"feihong/protocol"
)

// Locate finds out who is at a host, with ways to ask and to look up names.
func Locate(ctx context.Context, host string, self protocol.PeerID,
	ask func(context.Context, netip.Addr) ([]chat.Sighting, error),
	resolve func(context.Context, string) ([]netip.Addr, error),
) ([]chat.Sighting, error) {
	return locator{self: self, ask: ask, resolve: resolve}.locate(ctx, host)
}

// Sightings hands on what discovery reports, with ways to replace who listens
// and the sessions.
type Sightings struct{ *sightings }

// Prover is a session that can be doubted.
type Prover = session

// NewSightings makes one of these.
func NewSightings(to listener, session func(protocol.PeerID) Prover) Sightings {
	s := newSightings(to, nil)
	s.session = session
	return Sightings{s}
}

// HandOver hands on what is new and returns the sessions that are to be proven.
func (s Sightings) HandOver() []Prover { return s.handOver() }

// Remembered is of how many people something is kept.
func (s Sightings) Remembered() int { return len(s.handed) }

// Once opens a profile for one command, as if it did not run.
func Once(ctx context.Context, data, discovery string, do func(context.Context, *control.Client) error) error {
	o := cli.Options{Data: data, Name: "Me", Discovery: discovery, Catalog: translations.New("en"), Stderr: io.Discard}
	return host{}.Do(ctx, o, do)
}

// PreviewOfOffer makes what comes with an offer by a command.
func PreviewOfOffer(ctx context.Context, paths []string) []byte {
	return newOffers(nil).preview(ctx, paths)
}

// RemoveLoose removes the pictures of a folder that nothing refers to.
func RemoveLoose(dir string, before time.Time, inUse func() ([]string, error)) error {
	return removeLoose(dir, before, inUse)
}

// Running is a whole profile at work in this process, for tests and
// benchmarks from outside.
type Running struct {
	Chat    *chat.Service
	Address string
	Client  *control.Client
}

// Run starts a profile in a folder of the test and stops it at the end.
func Run(t testing.TB, data, name string) *Running {
	t.Helper()
	at, err := profile.Locate(data, name)
	if err != nil {
		t.Fatal(err)
	}
	o := cli.Options{Name: name, Port: 0, Listen: "127.0.0.1", Discovery: profile.DiscoveryOff, Catalog: translations.New("en"), Stderr: io.Discard}
	n, err := open(t.Context(), at, o, mode{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- n.run(ctx, func(ctx context.Context, _ *control.Client) error {
			<-ctx.Done()
			return nil
		})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return &Running{Chat: n.chat, Address: n.net.Addresses()[0], Client: control.Local(n.handler)}
}
