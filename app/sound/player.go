package sound

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"
)

// longest is when a player that does not end is ended.
const longest = 5 * time.Second

// Player plays sounds while Serve runs. Play is safe for concurrent use and
// never waits.
type Player struct {
	log     *slog.Logger
	next    chan Name
	playing atomic.Bool
	play    func(ctx context.Context, name Name) error
}

// NewPlayer makes a player that keeps files in a folder of its own if the
// system plays files only. A nil logger keeps silent.
func NewPlayer(folder string, logger *slog.Logger) *Player {
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	device := newDevice(folder)
	return &Player{log: logger, next: make(chan Name, 1), play: device.play}
}

// Play plays a sound, unless another one is being played: many messages make
// one sound.
func (p *Player) Play(name Name) {
	if p.playing.Load() {
		return
	}
	select {
	case p.next <- name:
	default:
	}
}

// Serve plays until ctx ends.
func (p *Player) Serve(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case name := <-p.next:
			p.playing.Store(true)
			p.one(ctx, name)
			p.playing.Store(false)
		}
	}
}

func (p *Player) one(ctx context.Context, name Name) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	if err := p.play(ctx, name); err != nil {
		p.log.Debug("sound", "name", name, "err", err)
	}
}
