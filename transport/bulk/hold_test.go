package bulk_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"feihong/transport/bulk"
)

// passes tells how long something waits.
func passes(t *testing.T, l *bulk.Limiter) time.Duration {
	t.Helper()
	begin := time.Now()
	if err := l.Wait(t.Context(), 1<<20); err != nil {
		t.Fatal(err)
	}
	return time.Since(begin)
}

func TestHold(t *testing.T) {
	const most = 20 * time.Millisecond
	synctest.Test(t, func(t *testing.T) {
		l := bulk.NewLimiter(0)
		l.Release() // of nothing
		if took := passes(t, l); took != 0 {
			t.Errorf("without a hold: %v", took)
		}
		l.Hold()
		if took := passes(t, l); took != most {
			t.Errorf("with a hold that nobody ends: %v", took)
		}
		l.Hold()
		if took := passes(t, l); took != 0 {
			t.Errorf("files have no rest after one: %v", took)
		}
		time.Sleep(2 * most)
		l.Hold()
		time.AfterFunc(5*time.Millisecond, l.Hold) // makes it no longer
		time.AfterFunc(8*time.Millisecond, l.Release)
		if took := passes(t, l); took != 8*time.Millisecond {
			t.Errorf("with one that ends early: %v", took)
		}
		time.Sleep(16 * time.Millisecond)
		l.Hold()
		if took := passes(t, l); took != most { // no timer of an earlier one ends it
			t.Errorf("with another: %v", took)
		}

		time.Sleep(time.Second)
		l.Hold()
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := l.Wait(ctx, 1); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("who gives up: %v", err)
		}
		var none *bulk.Limiter
		none.Hold()
		none.Release()
	})
}

// TestHoldLeavesMost holds all the time: two thirds of it are left.
func TestHoldLeavesMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := bulk.NewLimiter(0)
		begin, passed := time.Now(), 0
		for time.Since(begin) < 10*time.Second {
			l.Hold()
			passes(t, l)
			passed++
			time.Sleep(time.Millisecond)
		}
		if passed < 6500 {
			t.Errorf("passed in %d of 10,000 ms", passed)
		}
	})
}
