package bulk_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"feihong/protocol"
	"feihong/transport/bulk"
)

var (
	someTransfer = protocol.MessageID{1, 2, 3}
	someToken    = [32]byte{4, 5, 6}
)

func TestOpening(t *testing.T) {
	near, far := net.Pipe()
	opened := make(chan error, 1)
	go func() { opened <- bulk.Open(t.Context(), near, someTransfer, someToken, true) }()
	got, err := bulk.Accept(t.Context(), far, func(*protocol.BulkOpenMessage) *protocol.RefusedOpen { return nil })
	if err != nil || got.Transfer != someTransfer || got.Token != someToken || !got.Sending {
		t.Errorf("%+v, %v", got, err)
	}
	expect(t, opened)
	// Nothing that comes behind the opening may be lost, and no deadline stays.
	go func() { _, _ = far.Write([]byte("next")) }()
	buf := make([]byte, 4)
	if _, err := near.Read(buf); err != nil || string(buf) != "next" {
		t.Errorf("%q, %v", buf, err)
	}
	_, _ = near.Close(), far.Close()
}

func TestOpeningIsRefused(t *testing.T) {
	near, far := net.Pipe()
	opened := make(chan error, 1)
	go func() { opened <- bulk.Open(t.Context(), near, someTransfer, someToken, false) }()
	_, err := bulk.Accept(t.Context(), far, func(*protocol.BulkOpenMessage) *protocol.RefusedOpen {
		return &protocol.RefusedOpen{Code: protocol.BulkBadToken, Text: "another one"}
	})
	for _, err := range []error{err, <-opened} {
		var refused *bulk.RefusedError
		if !errors.As(err, &refused) || refused.Code != protocol.BulkBadToken || refused.Text != "another one" {
			t.Errorf("%v", err)
		}
	}
	if _, err := near.Write([]byte("x")); err == nil {
		t.Error("a refused connection is still open")
	}
}

func TestBadOpenings(t *testing.T) {
	stop, _ := protocol.AppendBulk(nil, &protocol.Stop{Code: protocol.BulkFinished})
	for name, data := range map[string][]byte{
		"too long":      {0xff, 0, 0, 0, 0, 1},
		"garbage":       {0, 0, 0, 1, 0, 1, 0xff},
		"no opening":    stop,
		"nothing":       {},
		"half a header": {0, 0},
		"half a body":   {0, 0, 0, 9, 0, 1, 0xa4},
	} {
		t.Run(name, func(t *testing.T) {
			near, far := net.Pipe()
			go func() {
				_, _ = near.Write(data)
				_ = near.Close()
			}()
			_, err := bulk.Accept(t.Context(), far, func(*protocol.BulkOpenMessage) *protocol.RefusedOpen {
				t.Error("somebody was asked about it")
				return nil
			})
			if err == nil {
				t.Error("it was taken")
			}
		})
		t.Run(name+" as the answer", func(t *testing.T) {
			near, far := net.Pipe()
			go func() {
				buf := make([]byte, 1000)
				_, _ = far.Read(buf)
				_, _ = far.Write(data)
				_ = far.Close()
			}()
			if err := bulk.Open(t.Context(), near, someTransfer, someToken, true); err == nil {
				t.Error("it was taken")
			}
		})
	}
}

func TestOpeningTakesNoLongerThanItMay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		begin := time.Now()
		if err := bulk.Open(t.Context(), near, someTransfer, someToken, true); err == nil {
			t.Error("nobody answered")
		}
		if _, err := bulk.Accept(t.Context(), far, nil); err == nil {
			t.Error("nobody opened")
		}
		if took := time.Since(begin); took > 21*time.Second {
			t.Errorf("took %v", took)
		}
		near, far = net.Pipe()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := bulk.Open(ctx, near, someTransfer, someToken, true); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		_ = far.Close()
	})
}

func TestLimiter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const mb = 1 << 20
		l := bulk.NewLimiter(mb)
		begin := time.Now()
		for range 160 {
			if err := l.Wait(t.Context(), mb/16); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begin).Seconds(); took < 9.5 || took > 10.1 {
			t.Errorf("10 MiB at 1 MiB/s took %.1f s", took)
		}
		time.AfterFunc(time.Second, func() { l.SetRate(0) })
		begin = time.Now()
		if err := l.Wait(t.Context(), 100*mb); err != nil || time.Since(begin) != time.Second {
			t.Errorf("without a limit after 1 s it took %v, %v", time.Since(begin), err)
		}
		if l.Limits() {
			t.Error("there is a limit")
		}
		l.SetRate(10)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := l.Wait(ctx, mb); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		var none *bulk.Limiter
		if err := none.Wait(t.Context(), mb); err != nil || none.Limits() {
			t.Errorf("no limiter: %v", err)
		}
	})
}
