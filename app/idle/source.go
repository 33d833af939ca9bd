package idle

import (
	"log/slog"
	"time"
)

// Source tells how long the user has not touched keyboard and mouse. Its
// methods are safe for concurrent use.
type Source interface {
	// Idle returns the time since the last touch, zero or more. ok is false,
	// and the time zero, if the system does not tell. It blocks for two
	// seconds at most, however the system behaves.
	Idle() (idle time.Duration, ok bool)
	// Close gives back what Idle opened; from then on Idle is not ok. It may
	// be called more than once.
	Close()
}

// patience is how long a question to the system may take.
const patience = time.Second

// New gives the source of this system. Nothing is opened before the first
// question. The logger, nil for none, is told once why there is no answer.
func New(logger *slog.Logger) Source {
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return newSource(logger)
}
