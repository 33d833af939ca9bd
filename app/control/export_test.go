package control

import "net/http"

// HTTP is the client below a client, for requests that it does not make.
func (c *Client) HTTP() *http.Client { return c.http }
