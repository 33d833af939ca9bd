package sound

import "context"

// NewPlayerFor makes a player with a device of the test's.
func NewPlayerFor(play func(ctx context.Context, name Name) error) *Player {
	p := NewPlayer("", nil)
	p.play = play
	return p
}
