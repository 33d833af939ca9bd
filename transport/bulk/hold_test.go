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
		time.AfterFunc(5*time.Millisecond, l.Hold) // makes it no longer
		time.AfterFunc(8*time.Millisecond, l.Release)
		if took := passes(t, l); took != 8*time.Millisecond {
			t.Errorf("with one that ends early: %v", took)
		}
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

// TestHoldLeavesHalf holds all the time: for a moment nothing passes, and then
// half of the time is left. After a rest it is as at first.
func TestHoldLeavesHalf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := bulk.NewLimiter(0)
		hold := func(most time.Duration) (passed int) {
			for begin := time.Now(); time.Since(begin) < most; time.Sleep(time.Millisecond) {
				l.Hold()
				passes(t, l)
				passed++
			}
			return passed
		}
		for _, when := range []string{"at first", "after a rest"} {
			if passed := hold(200 * time.Millisecond); passed > 12 {
				t.Errorf("%s passed in %d of 200 ms", when, passed)
			}
			if passed := hold(10 * time.Second); passed < 4500 || passed > 5500 {
				t.Errorf("%s passed in %d of 10,000 ms", when, passed)
			}
			time.Sleep(200 * time.Millisecond)
		}
	})
}
