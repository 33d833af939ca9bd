package idle

import (
	"context"
	"log/slog"
	"os/exec"
	"sync"
	"time"
)

// fresh is how long an answer of ioreg is good for: a process each time is
// dear. The time since is counted as idle.
const fresh = 10 * time.Second

// ioreg asks the registry of devices, which knows when the last event of
// keyboard or mouse was. It needs neither permission nor a C compiler.
type ioreg struct {
	log  *slog.Logger
	told sync.Once

	mu     sync.Mutex
	closed bool
	asked  time.Time
	idle   time.Duration
	ok     bool
}

func newSource(logger *slog.Logger) Source { return &ioreg{log: logger} }

// Idle implements Source.
func (s *ioreg) Idle() (time.Duration, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, false
	}
	if s.asked.IsZero() || time.Since(s.asked) >= fresh {
		s.ask()
	}
	if !s.ok {
		return 0, false
	}
	return s.idle + time.Since(s.asked), true
}

func (s *ioreg) ask() {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, "/usr/sbin/ioreg", "-c", "IOHIDSystem", "-d", "4", "-r", "-k", "HIDIdleTime")
	command.WaitDelay = patience
	out, err := command.Output()
	s.asked = time.Now()
	s.idle, s.ok = parseHIDIdleTime(out)
	if err != nil {
		s.ok = false
	}
	if !s.ok {
		s.told.Do(func() { s.log.Debug("the time without input is not known", "error", err) })
	}
}

// Close implements Source.
func (s *ioreg) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
}
