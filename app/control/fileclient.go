package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"feihong/app/chat"
)

// Offer offers files and folders to somebody. With any other error than an
// *Error it is not known whether the offer is kept.
func (c *Client) Offer(ctx context.Context, request OfferRequest) (OfferResponse, error) {
	var response OfferResponse
	return response, c.do(ctx, http.MethodPost, "/v1/files", request, &response)
}

// TransfersQuery says which transfers Client.Transfers is to list.
type TransfersQuery struct {
	Peer  string // with whom, as in SendRequest.To; empty: anybody
	Open  bool   // only those that are not over
	Limit int    // only the newest, and those that are not over; 0: all
}

// Transfers lists transfers, oldest first.
func (c *Client) Transfers(ctx context.Context, query TransfersQuery) ([]Transfer, error) {
	values := url.Values{"peer": {query.Peer}, "open": {strconv.FormatBool(query.Open)}, "limit": {strconv.Itoa(query.Limit)}}
	var transfers []Transfer
	return transfers, c.do(ctx, http.MethodGet, "/v1/files?"+values.Encode(), nil, &transfers)
}

// Transfer asks for one transfer by its ID, or by enough of it.
func (c *Client) Transfer(ctx context.Context, id string) (Transfer, error) {
	var transfer Transfer
	return transfer, c.do(ctx, http.MethodGet, transferPath(id, ""), nil, &transfer)
}

// Follow calls each with a transfer as it is, and whenever it has changed,
// until it is over (nil) or each fails (its error). The profile going away is
// an *Error with CodeClosing.
func (c *Client) Follow(ctx context.Context, id string, each func(Transfer) error) error {
	response, err := c.request(ctx, http.MethodGet, transferPath(id, "")+"?follow=true", nil)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // only read from
	lines := json.NewDecoder(response.Body)
	for {
		var line TransferLine
		err := lines.Decode(&line)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && !senseless(err):
			return asError(chat.ErrClosed) // without a word: it was killed
		case err != nil:
			return fmt.Errorf("follow a transfer: %w", err)
		case line.Error != nil:
			return line.Error
		case line.Transfer == nil:
			continue // from a later version that has more to say
		}
		if err := each(*line.Transfer); err != nil {
			return err
		}
		if line.Transfer.Over() {
			return nil
		}
	}
}

// senseless says that what was read is not what was expected, rather than
// nothing any more.
func senseless(err error) bool {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	return errors.As(err, &syntax) || errors.As(err, &kind)
}

// Accept lets an offer come into a folder, by its absolute path; an empty one
// is that of the settings.
func (c *Client) Accept(ctx context.Context, id, folder string) (Transfer, error) {
	var transfer Transfer
	return transfer, c.do(ctx, http.MethodPost, transferPath(id, "/accept"), AcceptRequest{Folder: folder}, &transfer)
}

// ChangeTransfer does something with a transfer: "reject", "pause", "resume",
// "cancel" or "again". The last one gives the new transfer, if there is one.
func (c *Client) ChangeTransfer(ctx context.Context, id, what string) (Transfer, error) {
	var transfer Transfer
	return transfer, c.do(ctx, http.MethodPost, transferPath(id, "/"+what), struct{}{}, &transfer)
}

// Receipt asks what the receipt of a transfer says, and what it is worth.
func (c *Client) Receipt(ctx context.Context, id string) (Receipt, error) {
	var receipt Receipt
	return receipt, c.do(ctx, http.MethodGet, transferPath(id, "/receipt"), nil, &receipt)
}

// Listing writes what has arrived to a stream: a line for each file, as b3sum
// writes it.
func (c *Client) Listing(ctx context.Context, id string, to io.Writer) error {
	response, err := c.request(ctx, http.MethodGet, transferPath(id, "/listing"), nil)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // only read from
	if _, err := io.Copy(to, response.Body); err != nil {
		return fmt.Errorf("read the listing: %w", err)
	}
	return nil
}

// ChangePeer changes what the user chose about somebody.
func (c *Client) ChangePeer(ctx context.Context, change PeerChange) (Peer, error) {
	var peer Peer
	return peer, c.do(ctx, http.MethodPut, "/v1/peers", change, &peer)
}

func transferPath(id, what string) string { return "/v1/files/" + url.PathEscape(id) + what }
