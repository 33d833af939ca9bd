package bulk_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"feihong/protocol"
	"feihong/transport/bulk"
)

// again attaches until the receiver has ended, with a pause after a stall, and
// gives the number of stalls.
func again(ctx context.Context, r *receiving, s bulk.Source, config bulk.SenderConfig) (stalls int) {
	for ctx.Err() == nil {
		sent, got := attach(ctx, r, s, config)
		err := <-got
		<-sent
		if err == nil {
			return stalls
		}
		var stall *bulk.StallError
		if errors.As(err, &stall) {
			stalls++
			time.Sleep(time.Second)
		}
	}
	return stalls
}

// Many connections share the lowest rate that can be set: all of them go on.
func TestManyShareALowRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const people = 24
		config := bulk.SenderConfig{Limiter: bulk.NewLimiter(10_000)}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour) // 42 minutes if nothing is lost
		defer cancel()
		stalls := make(chan int)
		for range people {
			p := pack(t, mib)
			r := receive(ctx, p.config())
			go func() {
				n := again(ctx, r, p.source, config)
				if err := <-r.served; err != nil {
					t.Errorf("not done: %v", err)
				}
				stalls <- n
			}()
		}
		for range people {
			if n := <-stalls; n > 0 {
				t.Errorf("%d stalls", n)
			}
		}
	})
}

// Receiving under a limit does not keep out what is sent under the same one.
func TestBothDirectionsShareALowRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := bulk.NewLimiter(10_000)
		ctx, cancel := context.WithCancel(t.Context())
		in := pack(t, 60*mib, 60*mib)
		config := in.config()
		config.Limiter = limiter
		coming := receive(ctx, config)
		var ends []chan error
		for range 2 {
			sent, received := attach(ctx, coming, in.source, bulk.SenderConfig{})
			ends = append(ends, sent, received)
		}
		out := pack(t, 300_000)
		going := receive(ctx, out.config())
		begun := time.Now()
		stop := time.AfterFunc(time.Hour, cancel)
		if stalls := again(ctx, going, out.source, bulk.SenderConfig{Limiter: limiter}); stalls > 0 {
			t.Errorf("%d stalls", stalls)
		}
		stop.Stop()
		if err := <-going.served; err != nil || time.Since(begun) > 5*time.Minute {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
		cancel()
		<-coming.served
		for _, end := range ends {
			<-end
		}
	})
}

// A sender that hangs in reading one file says that it is alive, but not for
// ever: what was asked for on that connection others could have.
func TestAliveIsNotEnough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pack(t, 5, 3*mib, 5)
		hang := make(chan struct{})
		p.source.Before = func(entry uint32, _ int64) error {
			if entry == 3 {
				<-hang
			}
			return nil
		}
		ctx, cancel := context.WithCancel(t.Context())
		r := receive(ctx, p.config())
		sent, received := attach(ctx, r, p.source, bulk.SenderConfig{})
		time.Sleep(9 * time.Minute)
		if len(received) > 0 {
			t.Errorf("given up too soon: %v", <-received)
		}
		time.Sleep(2 * time.Minute)
		var stall *bulk.StallError
		select {
		case err := <-received:
			if !errors.As(err, &stall) {
				t.Errorf("%v", err)
			}
		default:
			t.Error("it still waits")
		}
		close(hang)
		<-sent
		p.source.Before = nil
		sent, received = attach(ctx, r, p.source, bulk.SenderConfig{})
		expect(t, r.served, sent, received)
		cancel()
	})
}

// Of a file that the sink gives up, only what is under way still comes.
func TestTheSinkGivesUp(t *testing.T) {
	p := pack(t, 100*mib, 10, 2*mib)
	read := 0
	p.source.Before = func(entry uint32, offset int64) error {
		if entry == 2 && offset%mib == 0 {
			read++ // one connection: one goroutine reads
		}
		return nil
	}
	p.sink.Before = func(chunk uint64) error {
		if chunk < 100 {
			return &bulk.Fault{Code: protocol.BulkStorage, Text: "no such name here"}
		}
		return nil
	}
	r := receive(t.Context(), p.config())
	sent, received := attach(t.Context(), r, p.source, bulk.SenderConfig{})
	expect(t, r.served, sent, received)
	if read > 60 {
		t.Errorf("%d chunks of it were read", read)
	}
	failed := p.sink.Failed()
	if len(failed) != 1 || failed[2] == nil || failed[2].Code != protocol.BulkStorage {
		t.Errorf("failed: %v", failed)
	}
	delete(p.content, 2)
	if err := p.sink.Check(p.content); err != nil {
		t.Error(err)
	}
}
