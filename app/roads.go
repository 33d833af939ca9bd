package app

import (
	"context"
	"errors"
	"net"
	"slices"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

const (
	// maxRoads is at how many addresses somebody is tried for one connection.
	maxRoads = 4
	// backTime bounds a dial to somebody who dialled us: it may be that only
	// their side can, and then they are asked to.
	backTime = 1500 * time.Millisecond
)

// roads finds the way for file connections. It is the Network of package files.
type roads struct{ *peers }

// Dial implements files.Network: it tries where the session leads, then where
// discovery hears of the peer, then the last known address.
func (r roads) Dial(ctx context.Context, peer protocol.PeerID) (net.Conn, error) {
	problem := error(&chat.DialError{Reason: chat.ReasonUnreachable, Err: errors.New("no address is known")})
	limit := time.Duration(0)
	if s := r.node.Session(peer); s != nil && s.Dialed() == "" {
		limit = backTime
	}
	for _, address := range r.addresses(ctx, peer) {
		conn, err := r.dialWithin(ctx, limit, address, peer)
		if err == nil {
			return conn, nil
		}
		problem = err
		if ctx.Err() != nil {
			break
		}
	}
	return nil, problem
}

// dialWithin dials one address, for no longer than limit if that is not zero.
func (r roads) dialWithin(ctx context.Context, limit time.Duration, address string, peer protocol.PeerID) (net.Conn, error) {
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	return r.node.DialFiles(ctx, address, peer)
}

// addresses are where the peer may be, the likeliest first.
func (r roads) addresses(ctx context.Context, peer protocol.PeerID) []string {
	var found []string
	add := func(addresses ...string) {
		for _, address := range addresses {
			if address != "" && !slices.Contains(found, address) && len(found) < maxRoads {
				found = append(found, address)
			}
		}
	}
	if s := r.node.Session(peer); s != nil {
		add(s.Dialed(), s.Address())
	}
	if known, err := r.chat.Whereabouts(ctx, peer); err == nil {
		add(known...)
	}
	return found
}

// Call implements files.Network: it asks over the session to be dialled.
func (r roads) Call(peer protocol.PeerID, id protocol.MessageID) {
	s := r.node.Session(peer)
	if s == nil {
		return // both sides tell how far they are when there is a session again
	}
	body, err := protocol.EncodeFiles(&protocol.TransferCall{ID: id})
	if err == nil {
		_ = s.Send(protocol.AppFiles, body) // a session that ends is followed by another one
	}
}
