package idle_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/idle"
)

// watched is a watcher at work in a bubble, with a diary of what it told.
type watched struct {
	*idle.Watcher
	user  *user
	limit atomic.Int64
	start time.Time
	stop  func()

	mu    sync.Mutex
	diary []string
}

func watch(t *testing.T, limit time.Duration) *watched {
	w := &watched{user: newUser(), start: time.Now()}
	w.limit.Store(int64(limit))
	w.Watcher = idle.NewWatcher(w.user, func() time.Duration { return time.Duration(w.limit.Load()) }, func(away bool) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.diary = append(w.diary, fmt.Sprintf("%v away=%v", time.Since(w.start), away))
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Serve(ctx) }()
	w.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if !w.user.closed {
			t.Error("the source is still open")
		}
	}
	return w
}

func (w *watched) want(t *testing.T, diary ...string) {
	t.Helper()
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Equal(w.diary, diary) {
		t.Errorf("it told %q, want %q", w.diary, diary)
	}
}

func TestAwayAndBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watch(t, 10*time.Minute)
		defer w.stop()
		time.Sleep(9*time.Minute + 59*time.Second)
		w.want(t)
		time.Sleep(time.Second)
		w.want(t, "10m0s away=true")
		time.Sleep(time.Hour)
		w.want(t, "10m0s away=true")
		time.Sleep(time.Second) // between two looks
		w.user.touches()
		time.Sleep(3 * time.Second)
		w.want(t, "10m0s away=true", "1h10m3s away=false")
	})
}

func TestTouchesKeepTheUserHere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watch(t, time.Minute)
		defer w.stop()
		for range 100 {
			time.Sleep(59 * time.Second)
			w.user.touches()
		}
		w.want(t)
		if asked := w.user.count(); asked > 400 {
			t.Errorf("the system was asked %d times in 100 minutes", asked)
		}
	})
}

func TestLimitChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watch(t, 0)
		defer w.stop()
		time.Sleep(time.Hour)
		w.want(t)
		if w.user.count() != 0 {
			t.Errorf("asked %d times although nobody wants to know", w.user.count())
		}
		w.limit.Store(int64(30 * time.Minute))
		w.Look()
		w.want(t, "1h0m0s away=true")
		w.limit.Store(int64(2 * time.Hour))
		w.Look()
		w.Look()
		w.want(t, "1h0m0s away=true", "1h0m0s away=false")
		time.Sleep(time.Hour)
		w.want(t, "1h0m0s away=true", "1h0m0s away=false", "2h0m0s away=true")
		w.limit.Store(-1)
		w.Look()
		w.want(t, "1h0m0s away=true", "1h0m0s away=false", "2h0m0s away=true", "2h0m0s away=false")
	})
}

// Nobody is away on a guess: neither where the system never tells, nor where
// it stops to tell.
func TestSystemThatDoesNotTell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watch(t, time.Minute)
		defer w.stop()
		w.user.isSilent(true)
		time.Sleep(time.Hour)
		w.want(t)
		w.user.isSilent(false)
		time.Sleep(30 * time.Second)
		w.want(t, "1h0m30s away=true")
		w.user.isSilent(true)
		time.Sleep(3 * time.Second)
		w.want(t, "1h0m30s away=true", "1h0m33s away=false")
	})
}

// Nothing is told once the watcher has ended, even if the user is away.
func TestWatcherEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watch(t, time.Minute)
		time.Sleep(time.Hour)
		w.stop()
		w.Look()
		w.want(t, "1m0s away=true")
	})
}
