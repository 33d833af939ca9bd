package files

import (
	"context"
	"crypto/subtle"
	"net"

	"feihong/app/chat"
	"feihong/protocol"
	"feihong/transport/bulk"
)

// Incoming runs a file connection that somebody, who is proven, has opened to
// us, until it ends. It closes conn. It calls welcome when the connection is for
// a transfer of theirs; false from it means that there are too many.
func (e *Engine) Incoming(ctx context.Context, conn net.Conn, peer protocol.PeerID, welcome func() bool) {
	var claimed *claim
	_, err := bulk.Accept(ctx, conn, func(open *protocol.BulkOpenMessage) *protocol.RefusedOpen {
		var refused *protocol.RefusedOpen
		if claimed, refused = e.decide(peer, open); refused == nil && !welcome() {
			refused = refusal(protocol.BulkTooManyConnections)
		}
		return refused
	})
	if err == nil {
		claimed.run(ctx, conn)
		return
	}
	e.cfg.Logger.Debug("a file connection was not accepted", "peer", peer.Short(), "err", err)
	if claimed != nil {
		claimed.cancel()
	}
}

// decide finds the transfer that a connection is for, or says why not. Somebody
// else's transfer is as unknown as one that is not there, and nothing else is
// told to whoever does not know the token.
func (e *Engine) decide(peer protocol.PeerID, open *protocol.BulkOpenMessage) (*claim, *protocol.RefusedOpen) {
	e.mu.Lock()
	defer e.mu.Unlock()
	j := e.jobs[open.Transfer]
	known, paused := e.halted[open.Transfer]
	if j != nil {
		known = j.Job
	} else if !paused {
		return nil, refusal(protocol.BulkUnknownTransfer)
	}
	switch {
	case known.Peer != peer:
		return nil, refusal(protocol.BulkUnknownTransfer)
	case subtle.ConstantTimeCompare(known.Offer.Token[:], open.Token[:]) != 1:
		return nil, refusal(protocol.BulkBadToken)
	case open.Sending != (known.Direction == chat.In):
		return nil, refusal(protocol.BulkWrongSide)
	case j == nil:
		return nil, refusal(protocol.BulkPaused)
	}
	if !e.places.enter(peer, false) && !(e.makeRoom(peer) && e.places.enter(peer, false)) {
		return nil, refusal(protocol.BulkTooManyConnections)
	}
	leave := func() { e.places.leave(peer, false) }
	claimed, code := j.claim(leave)
	if claimed == nil {
		leave()
		return nil, refusal(code)
	}
	return claimed, nil
}
