package control

import (
	"context"
	"net/http"
	"net/url"
)

// ChangeMessage edits, recalls or reacts to a message, and returns it as it is
// then.
func (c *Client) ChangeMessage(ctx context.Context, id string, change MessageChange) (Message, error) {
	var m Message
	return m, c.do(ctx, http.MethodPut, "/v1/messages/"+url.PathEscape(id), change, &m)
}

// Nudge asks somebody for attention. It does not wait until that has arrived.
func (c *Client) Nudge(ctx context.Context, to string) (SendResponse, error) {
	var response SendResponse
	return response, c.do(ctx, http.MethodPost, "/v1/nudge", NudgeRequest{To: to}, &response)
}
