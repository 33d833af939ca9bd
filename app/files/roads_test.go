package files_test

import (
	"context"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/protocol"
	"feihong/transport/bulk"
)

// roads are a network that does as it is told.
type roads struct {
	dial func(ctx context.Context, number int) (net.Conn, error)

	mu    sync.Mutex
	dials []time.Time
	calls []protocol.MessageID
}

func (r *roads) Dial(ctx context.Context, _ protocol.PeerID) (net.Conn, error) {
	r.mu.Lock()
	r.dials = append(r.dials, time.Now())
	number := len(r.dials)
	r.mu.Unlock()
	return r.dial(ctx, number)
}

func (r *roads) Call(_ protocol.PeerID, id protocol.MessageID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, id)
}

func (r *roads) dialled() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.dials)
}

// called gives for which transfers we asked to be dialled, and forgets them.
func (r *roads) called() []protocol.MessageID {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.calls
	r.calls = nil
	slices.SortFunc(all, func(a, b protocol.MessageID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(all)
}

// by gives somebody another network than the wire, in a bubble. At the end both
// are closed.
func by(t *testing.T, r *roads, test func(t *testing.T, w *wire, alice, bob *person)) {
	synctest.Test(t, func(t *testing.T) {
		w, alice, bob := pair(t)
		bob.end()
		bob.roads = r
		bob.start()
		test(t, w, alice, bob)
		alice.end()
		bob.end()
		w.group.Wait()
	})
}

// accepted is the near end of a connection that meets with behave.
func accepted(w *wire, refused *protocol.RefusedOpen, behave func(net.Conn)) net.Conn {
	near, far := net.Pipe()
	w.group.Go(func() {
		_, err := bulk.Accept(context.Background(), far, func(*protocol.BulkOpenMessage) *protocol.RefusedOpen { return refused })
		if err == nil {
			behave(far)
		}
	})
	return near
}

// TestNoStorm: one connection works, and all others end at once. They are not
// tried again and again without a pause.
func TestNoStorm(t *testing.T) {
	r := &roads{}
	by(t, r, func(t *testing.T, w *wire, alice, bob *person) {
		alice.end()
		alice.limiter = bulk.NewLimiter(1 << 20)
		alice.start()
		r.dial = func(ctx context.Context, number int) (net.Conn, error) {
			if number == 1 {
				return seat{w, bob.id}.Dial(ctx, alice.id)
			}
			return accepted(w, nil, func(conn net.Conn) {
				time.Sleep(20 * time.Millisecond)
				_ = conn.Close()
			}), nil
		}
		x := offer(t, alice, bob, sources(t, map[string]int{"big": 20 << 20}))
		alice.engine.Begin(x.out)
		time.Sleep(time.Second)
		bob.engine.Begin(x.in)
		x.arrived(t) // after 20 s
		if n := r.dialled(); n < 2 || n > 8 {
			t.Errorf("%d connections were tried", n)
		}
	})
}

// TestNudgeEndsADial: they came back somewhere else.
func TestNudgeEndsADial(t *testing.T) {
	r := &roads{}
	by(t, r, func(t *testing.T, w *wire, alice, bob *person) {
		r.dial = func(ctx context.Context, number int) (net.Conn, error) {
			if number == 1 { // to where they were
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return seat{w, bob.id}.Dial(ctx, alice.id)
		}
		x := offer(t, alice, bob, sources(t, mixed))
		alice.engine.Begin(x.out)
		bob.engine.Begin(x.in)
		time.Sleep(time.Second)
		nudged := time.Now()
		bob.engine.Nudge(alice.id)
		x.arrived(t)
		if took := time.Since(nudged); took > time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

// TestWhyItWaits: what the other side says again and again, the user hears.
func TestWhyItWaits(t *testing.T) {
	stop := func(code protocol.BulkCode) func(net.Conn) {
		return func(conn net.Conn) {
			go func() { _, _ = io.Copy(io.Discard, conn) }() // a pipe has no buffer
			bulk.Stop(conn, code, "")
		}
	}
	for name, c := range map[string]struct {
		refused *protocol.RefusedOpen
		behave  func(net.Conn)
		want    chat.TransferReason
	}{
		"bad token":         {refused: &protocol.RefusedOpen{Code: protocol.BulkBadToken}, want: chat.ReasonBadToken},
		"unknown":           {refused: &protocol.RefusedOpen{Code: protocol.BulkUnknownTransfer}, want: chat.ReasonForgotten},
		"paused":            {refused: &protocol.RefusedOpen{Code: protocol.BulkPaused}, want: chat.ReasonWaiting},
		"source unreadable": {behave: stop(protocol.BulkSourceUnreadable), want: "source-unreadable"},
	} {
		t.Run(name, func(t *testing.T) {
			r := &roads{}
			by(t, r, func(t *testing.T, w *wire, alice, bob *person) {
				r.dial = func(context.Context, int) (net.Conn, error) { return accepted(w, c.refused, c.behave), nil }
				x := offer(t, alice, bob, sources(t, mixed))
				bob.engine.Begin(x.in)
				time.Sleep(20 * time.Second)
				bob.mu.Lock()
				defer bob.mu.Unlock()
				if n := len(bob.stalls); n == 0 || bob.stalls[n-1] != c.want {
					t.Errorf("heard %q", bob.stalls)
				}
			})
		})
	}
}

// TestManifestsOneAfterAnother: long manifests take memory, so those of one
// person are not received all at once.
func TestManifestsOneAfterAnother(t *testing.T) {
	r := &roads{dial: func(context.Context, int) (net.Conn, error) { return nil, errUnreachable }}
	by(t, r, func(t *testing.T, _ *wire, alice, bob *person) {
		x := offer(t, alice, bob, sources(t, mixed))
		begin := func(bytes uint64) protocol.MessageID {
			job := x.in
			job.ID = uuid.New()
			job.Offer.ID, job.Offer.ManifestBytes = job.ID, bytes
			bob.engine.Begin(job)
			time.Sleep(time.Minute)
			return job.ID
		}
		first := begin(20 << 20)
		second := begin(20 << 20)
		small := begin(1 << 20)
		if called := r.called(); slices.Contains(called, second) || !slices.Contains(called, first) || !slices.Contains(called, small) {
			t.Errorf("asked for %v; %v has to wait for %v", called, second, first)
		}
		bob.engine.Halt(first)
		time.Sleep(time.Minute)
		r.called()
		time.Sleep(time.Minute)
		if called := r.called(); slices.Contains(called, first) || !slices.Contains(called, second) || len(called) != 2 {
			t.Errorf("asked for %v, not %v and %v", called, second, small)
		}
	})
}
