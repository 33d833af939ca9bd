package control

import (
	"net/http"

	"feihong/app/chat"
)

// HTTP is the client below a client, for requests that it does not make.
func (c *Client) HTTP() *http.Client { return c.http }

// NewStream gives what turns events into those for the outside, and how many
// people it remembers.
func NewStream() (translate func(chat.Event) (Event, bool), remembered func() int) {
	s := newStream(Identity{})
	return s.translate, func() int { return len(s.peers) }
}
