package idle

import (
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	getLastInputInfo = windows.NewLazySystemDLL("user32.dll").NewProc("GetLastInputInfo")
	getTickCount     = windows.NewLazySystemDLL("kernel32.dll").NewProc("GetTickCount")
)

// lastInputInfo is LASTINPUTINFO.
type lastInputInfo struct {
	size uint32
	tick uint32 // of the last input, in milliseconds since the start of the system
}

// session asks the session of the user.
type session struct {
	log    *slog.Logger
	told   sync.Once
	closed atomic.Bool
}

func newSource(logger *slog.Logger) Source { return &session{log: logger} }

// Idle implements Source.
func (s *session) Idle() (time.Duration, bool) {
	if s.closed.Load() {
		return 0, false
	}
	for _, proc := range []*windows.LazyProc{getLastInputInfo, getTickCount} {
		if err := proc.Find(); err != nil {
			return s.unknown(err)
		}
	}
	info := lastInputInfo{size: uint32(unsafe.Sizeof(lastInputInfo{}))}
	if done, _, err := getLastInputInfo.Call(uintptr(unsafe.Pointer(&info))); done == 0 {
		return s.unknown(err)
	}
	now, _, _ := getTickCount.Call() // cannot fail
	return sinceTick(uint32(now), info.tick), true
}

func (s *session) unknown(err error) (time.Duration, bool) {
	s.told.Do(func() { s.log.Debug("the time without input is not known", "error", err) })
	return 0, false
}

// Close implements Source.
func (s *session) Close() { s.closed.Store(true) }
