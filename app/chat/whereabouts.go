package chat

import (
	"context"

	"feihong/protocol"
)

// Whereabouts returns the addresses (host:port) at which somebody known may be
// dialled, the likeliest first. It fails with ErrNoContact for a stranger.
func (s *Service) Whereabouts(ctx context.Context, peer protocol.PeerID) ([]string, error) {
	return ask(ctx, s, func(l *loop) ([]string, error) {
		p := l.byPeer[peer]
		if p == nil {
			return nil, ErrNoContact
		}
		return p.candidates(), nil
	})
}
