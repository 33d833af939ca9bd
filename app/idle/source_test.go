package idle_test

import (
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"feihong/app/idle"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// user is a Source that tells what the test says.
type user struct {
	mu     sync.Mutex
	left   time.Time // when they last touched anything
	silent bool      // the system does not tell
	closed bool
	asked  int
}

func newUser() *user { return &user{left: time.Now()} }

func (u *user) Idle() (time.Duration, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.asked++
	if u.silent || u.closed {
		return 0, false
	}
	return time.Since(u.left), true
}

func (u *user) Close() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.closed = true
}

func (u *user) touches() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.left = time.Now()
}

func (u *user) isSilent(silent bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.silent = silent
}

func (u *user) count() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.asked
}

// keepsItsWord checks what every Source promises.
func keepsItsWord(t *testing.T, s idle.Source) {
	t.Helper()
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			if d, ok := s.Idle(); d < 0 || !ok && d != 0 {
				t.Errorf("idle for %v, %v", d, ok)
			}
		})
	}
	asking.Wait()
	s.Close()
	if d, ok := s.Idle(); ok || d != 0 {
		t.Errorf("idle for %v, %v after the end", d, ok)
	}
	s.Close()
}

func TestSourcesKeepTheirWord(t *testing.T) {
	t.Run("user of the tests", func(t *testing.T) { keepsItsWord(t, newUser()) })
	t.Run("system", func(t *testing.T) { keepsItsWord(t, idle.New(nil)) })
	t.Run("system that was never asked", func(t *testing.T) { idle.New(nil).Close() })
}
