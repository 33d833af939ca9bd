package control

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"feihong/transport/doctor"
)

// Client speaks with a profile.
type Client struct {
	http *http.Client
}

// Dial connects with the profile that listens on a socket. It fails if
// nobody answers there. Whoever answers is trusted: the path must be one that
// nobody else could have put a socket at (profile.Location.FindSocket).
func Dial(ctx context.Context, path string) (*Client, error) {
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	connect := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, "unix", path)
	}
	conn, err := connect(ctx, "", "")
	if err != nil {
		return nil, err
	}
	if err := conn.Close(); err != nil {
		return nil, err
	}
	return &Client{http: &http.Client{Transport: &http.Transport{DialContext: connect, DisableKeepAlives: true}}}, nil
}

// Local gives a client that calls the handler of a profile in this process.
func Local(handler http.Handler) *Client {
	return &Client{http: &http.Client{Transport: direct{handler}}}
}

// ID asks who and where the profile is.
func (c *Client) ID(ctx context.Context) (Identity, error) {
	var id Identity
	return id, c.do(ctx, http.MethodGet, "/v1/id", nil, &id)
}

// Peers lists everybody the profile knows.
func (c *Client) Peers(ctx context.Context) ([]Peer, error) {
	var peers []Peer
	return peers, c.do(ctx, http.MethodGet, "/v1/peers", nil, &peers)
}

// KeptError is what Client.Send fails with when the profile has kept the text,
// and it is not known how far it got then.
type KeptError struct{ Err error }

func (e *KeptError) Error() string { return "the text is stored for later: " + e.Err.Error() }
func (e *KeptError) Unwrap() error { return e.Err }

// UserText gives the translation.
func (e *KeptError) UserText() (string, map[string]any) { return "control.kept", nil }

// Send writes a text. With any other error than a *KeptError or an *Error it is
// not known whether the text is kept.
func (c *Client) Send(ctx context.Context, request SendRequest) (SendResponse, error) {
	var response SendResponse
	answer, err := c.request(ctx, http.MethodPost, "/v1/messages", request)
	if err != nil {
		return response, err
	}
	defer func() { _ = answer.Body.Close() }() // only read from
	if err := json.NewDecoder(answer.Body).Decode(&response); err != nil {
		return response, &KeptError{Err: err}
	}
	return response, nil
}

// History reads the newest messages with somebody, oldest first; limit 0
// means all.
func (c *Client) History(ctx context.Context, with, search string, limit int) ([]Message, error) {
	query := url.Values{"with": {with}, "search": {search}, "limit": {strconv.Itoa(limit)}}
	var messages []Message
	return messages, c.do(ctx, http.MethodGet, "/v1/messages?"+query.Encode(), nil, &messages)
}

// Settings asks what the user chose.
func (c *Client) Settings(ctx context.Context) (Settings, error) {
	var settings Settings
	return settings, c.do(ctx, http.MethodGet, "/v1/settings", nil, &settings)
}

// ChangeSettings changes what is not nil, and returns all settings as they are
// then.
func (c *Client) ChangeSettings(ctx context.Context, change SettingsChange) (Settings, error) {
	var settings Settings
	return settings, c.do(ctx, http.MethodPut, "/v1/settings", change, &settings)
}

// Search makes the profile look for people now.
func (c *Client) Search(ctx context.Context) error {
	return c.do(ctx, http.MethodPost, "/v1/search", struct{}{}, nil)
}

// Doctor examines an address, a known person's, or this machine for "". Each
// step is told to progress when it is done.
func (c *Client) Doctor(ctx context.Context, address string, progress func(doctor.Step)) (doctor.Report, error) {
	response, err := c.request(ctx, http.MethodPost, "/v1/doctor", DoctorRequest{Address: address})
	if err != nil {
		return doctor.Report{}, err
	}
	defer func() { _ = response.Body.Close() }() // only read from
	lines := json.NewDecoder(response.Body)
	for {
		var line DoctorLine
		err := lines.Decode(&line)
		switch {
		case ctx.Err() != nil:
			return doctor.Report{}, ctx.Err()
		case err != nil:
			return doctor.Report{}, fmt.Errorf("read the doctor's report: %w", err)
		case line.Error != nil:
			return doctor.Report{}, line.Error
		case line.Report != nil:
			return *line.Report, nil
		case line.Step != nil:
			progress(*line.Step)
		}
	}
}

// ShowWindow brings the window of the profile to the front.
func (c *Client) ShowWindow(ctx context.Context) error {
	return c.do(ctx, http.MethodPost, "/v1/window", struct{}{}, nil)
}

// Events calls each with every event, the first being "ready", until ctx or
// the profile ends (nil) or each fails (its error).
func (c *Client) Events(ctx context.Context, each func(Event) error) error {
	response, err := c.request(ctx, http.MethodGet, "/v1/events", nil)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // only read from
	lines := bufio.NewReader(response.Body)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("read events: %w", err)
		}
		data, ok := strings.CutPrefix(line, "data: ")
		if !ok {
			continue
		}
		var event Event
		if err := json.Unmarshal([]byte(data), &event); err != nil {
			return fmt.Errorf("read events: %w", err)
		}
		if err := each(event); err != nil {
			return err
		}
	}
}

func (c *Client) do(ctx context.Context, method, path string, body, into any) error {
	response, err := c.request(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // only read from
	if into == nil {
		return nil
	}
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		return fmt.Errorf("read the answer of the running profile: %w", err)
	}
	return nil
}

func (c *Client) request(ctx context.Context, method, path string, body any) (*http.Response, error) {
	var content io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = bytes.NewReader(raw)
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://feihong"+path, content)
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask the running profile: %w", err)
	}
	if response.StatusCode < 400 {
		return response, nil
	}
	defer func() { _ = response.Body.Close() }() // only read from
	refusal := &Error{}
	if err := json.NewDecoder(response.Body).Decode(refusal); err != nil || refusal.Message == "" {
		return nil, fmt.Errorf("the running profile answered %s", response.Status)
	}
	return nil, refusal
}
