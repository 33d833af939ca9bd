package bulk_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"feihong/protocol"
	"feihong/transport/bulk"
)

func TestTransfer(t *testing.T) {
	many := make([]int, 500)
	for i := range many {
		many[i] = i * 13
	}
	for name, sizes := range map[string][]int{
		"one byte":      {1},
		"nothing":       {0},
		"several empty": {0, 0, 0},
		"a chunk":       {mib},
		"two chunks":    {2 * mib},
		"around chunks": {mib - 1, mib, mib + 1, 3*mib + 5},
		"large":         {40*mib + 12345},
		"many small":    many,
		"mixed":         {0, 5 * mib, 17, 4096, mib + 1, 0, 300_000, 2 * mib, 1},
	} {
		t.Run(name, func(t *testing.T) {
			p := pack(t, sizes...)
			var moved, handed atomic.Int64
			config := p.config()
			config.Progress = func(e bulk.Event) { moved.Add(int64(e.Bytes)) }
			r := receive(t.Context(), config)
			sent, received := attach(t.Context(), r, p.source, bulk.SenderConfig{Progress: func(e bulk.Event) { handed.Add(int64(e.Bytes)) }})
			expect(t, r.served, sent, received)
			if err := p.sink.Check(p.content); err != nil {
				t.Error(err)
			}
			if total := int64(p.manifest.Bytes()); moved.Load() != total || handed.Load() != total {
				t.Errorf("progress of %d and %d bytes, want %d", moved.Load(), handed.Load(), total)
			}
			if len(p.sink.Failed()) > 0 {
				t.Errorf("failed: %v", p.sink.Failed())
			}
		})
	}
}

func TestSeveralConnections(t *testing.T) {
	p := pack(t, 30*mib, 10, 20, 12*mib+7, 0)
	r := receive(t.Context(), p.config())
	var ends []chan error
	for range 4 {
		sent, received := attach(t.Context(), r, p.source, bulk.SenderConfig{Manifest: p.manifest})
		ends = append(ends, sent, received)
	}
	expect(t, append(ends, r.served)...)
	if err := p.sink.Check(p.content); err != nil {
		t.Error(err)
	}
}

func TestZerosAreNotSent(t *testing.T) {
	p := pack(t, 3*mib+100, 5000)
	clear(p.content[2])
	clear(p.content[3])
	r := receive(t.Context(), p.config())
	sent, received := attach(t.Context(), r, p.source, bulk.SenderConfig{Limiter: bulk.NewLimiter(1 << 20)}) // 3 s if they were
	expect(t, r.served, sent, received)
	if err := p.sink.Check(p.content); err != nil {
		t.Error(err)
	}
}

func TestGoesOnWithWhatIsThere(t *testing.T) {
	p := pack(t, 5*mib, 100, 0, 2*mib+1)
	full := errors.New("full")
	var writes atomic.Int64
	p.sink.Before = func(uint64) error {
		if writes.Add(1) > 3 {
			return full
		}
		return nil
	}
	r := receive(t.Context(), p.config())
	sent, received := attach(t.Context(), r, p.source, bulk.SenderConfig{})
	if err := <-r.served; !errors.Is(err, full) {
		t.Errorf("Serve: %v", err)
	}
	if err := <-received; !errors.Is(err, full) {
		t.Errorf("Attach: %v", err)
	}
	var stop *bulk.StopError
	if err := <-sent; !errors.As(err, &stop) || stop.Code != protocol.BulkStorage {
		t.Errorf("ServeSource: %v", err)
	}
	stored := p.sink.Stored()
	var events atomic.Int64
	p.sink.Before = nil
	config := p.config()
	config.Manifest = p.source.Manifest()
	config.Progress = func(bulk.Event) { events.Add(1) }
	r = receive(t.Context(), config)
	sent, received = attach(t.Context(), r, p.source, bulk.SenderConfig{})
	expect(t, r.served, sent, received)
	if err := p.sink.Check(p.content); err != nil {
		t.Error(err)
	}
	if want := int64(p.manifest.Chunks()) - int64(stored); events.Load() != want {
		t.Errorf("%d chunks came the second time, want %d", events.Load(), want)
	}
	// Nothing is left, so no connection is needed.
	if err := bulk.NewReceiver(config).Serve(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestSourceChanges(t *testing.T) {
	p := pack(t, 100, 6*mib, 200, 3*mib, 300)
	p.source.Before = func(entry uint32, offset int64) error {
		switch {
		case entry == 3 && offset == 2*mib:
			return &bulk.Fault{Code: protocol.BulkSourceChanged, Text: "touched"}
		case entry == 4:
			return &bulk.Fault{Code: protocol.BulkSourceMissing}
		case entry == 5 && offset == 2*mib: // too late for Read, so Root must see it
			p.source.Change(5, noise(7))
		}
		return nil
	}
	content := map[uint32][]byte{2: p.content[2], 3: p.content[3], 4: p.content[4], 5: p.content[5], 6: p.content[6]}
	r := receive(t.Context(), p.config())
	sent, received := attach(t.Context(), r, p.source, bulk.SenderConfig{})
	expect(t, r.served, sent, received)
	if err := p.sink.Check(content); err != nil {
		t.Error(err)
	}
	failed := p.sink.Failed()
	for entry, code := range map[uint32]protocol.BulkCode{3: protocol.BulkSourceChanged, 4: protocol.BulkSourceMissing, 5: protocol.BulkSourceChanged} {
		if failed[entry] == nil || failed[entry].Code != code {
			t.Errorf("file %d: %v, want %v", entry, failed[entry], code)
		}
	}
	if len(failed) != 3 {
		t.Errorf("%d files failed", len(failed))
	}
}

func TestSourceErrorEndsTheConnection(t *testing.T) {
	p := pack(t, 100)
	broken := errors.New("broken")
	p.source.Before = func(uint32, int64) error { return broken }
	ctx, cancel := context.WithCancel(t.Context())
	r := receive(ctx, p.config())
	sent, received := attach(ctx, r, p.source, bulk.SenderConfig{})
	if err := <-sent; !errors.Is(err, broken) {
		t.Errorf("ServeSource: %v", err)
	}
	var stop *bulk.StopError
	if err := <-received; !errors.As(err, &stop) {
		t.Errorf("Attach: %v", err)
	}
	cancel()
	if err := <-r.served; !errors.Is(err, context.Canceled) {
		t.Errorf("Serve: %v", err)
	}
}

func TestPause(t *testing.T) {
	for name, senderPauses := range map[string]bool{"sender": true, "receiver": false} {
		t.Run(name, func(t *testing.T) {
			p := pack(t, 50*mib)
			ctx, pause := context.WithCancelCause(t.Context())
			why := &bulk.StopError{Code: protocol.BulkPaused, Text: "coffee"}
			p.sink.Before = func(chunk uint64) error {
				if chunk == 4 {
					pause(why)
				}
				return nil
			}
			sending, getting := context.Context(t.Context()), ctx
			if senderPauses {
				sending, getting = getting, sending
			}
			r := receive(getting, p.config())
			near, far := newPipe()
			sent, received := make(chan error, 1), make(chan error, 1)
			go func() { sent <- bulk.ServeSource(sending, near, p.source, bulk.SenderConfig{}) }()
			go func() { received <- r.Attach(getting, far) }()
			for _, end := range []chan error{sent, received} {
				var stop *bulk.StopError
				if err := <-end; !errors.As(err, &stop) || stop.Code != protocol.BulkPaused || stop.Text != "coffee" {
					t.Errorf("%v", err)
				}
			}
			if senderPauses {
				sent, received := attach(t.Context(), r, p.source, bulk.SenderConfig{})
				expect(t, r.served, sent, received)
				return
			}
			if err := <-r.served; !errors.Is(err, why) {
				t.Errorf("Serve: %v", err)
			}
		})
	}
}
