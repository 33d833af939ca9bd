package control

import (
	"context"
	"net/http"

	"feihong/app/chat"
	"feihong/protocol"
)

// HTTP is the client below a client, for requests that it does not make.
func (c *Client) HTTP() *http.Client { return c.http }

// NewStream gives what turns events into those for the outside, and how many
// people it remembers.
func NewStream() (translate func(chat.Event) (Event, bool), remembered func() int) {
	s := newStream(Identity{})
	return s.translate, func() int { return len(s.peers) }
}

// Follow tells each how a transfer is until it is over, learning from events.
func Follow(ctx context.Context, cfg Config, id protocol.MessageID, events <-chan chat.Event, each func(Transfer) error) error {
	return handler{cfg}.follow(ctx, id, events, each)
}

// SumOf is the hash of what a reader gives.
var SumOf = sumOf
