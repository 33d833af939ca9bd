package files

import (
	"context"
	"crypto/subtle"
	"net"

	"feihong/app/chat"
	"feihong/protocol"
	"feihong/transport/bulk"
)

const (
	// maxPeerConnections is how many connections one person may have open to
	// us.
	maxPeerConnections = 16
	// maxJobConnections is how many of them may be for one transfer.
	maxJobConnections = 8
)

// Incoming runs a file connection that somebody, who is proven, has opened to
// us, until it ends. It closes conn.
func (e *Engine) Incoming(ctx context.Context, conn net.Conn, peer protocol.PeerID) {
	if !e.admit(peer) {
		bulk.Stop(conn, protocol.BulkTooManyConnections, "")
		return
	}
	defer e.leave(peer)
	var claimed *claim
	_, err := bulk.Accept(ctx, conn, func(open *protocol.BulkOpenMessage) *protocol.RefusedOpen {
		var refused *protocol.RefusedOpen
		claimed, refused = e.decide(peer, open)
		return refused
	})
	if err == nil {
		claimed.job.note(claimed.run(ctx, conn))
		return
	}
	e.cfg.Logger.Debug("a file connection was not accepted", "peer", peer.Short(), "err", err)
	if claimed != nil {
		claimed.cancel()
	}
}

// admit counts a connection, if there may be one more.
func (e *Engine) admit(peer protocol.PeerID) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed || e.peers[peer] >= maxPeerConnections {
		return false
	}
	e.peers[peer]++
	return true
}

func (e *Engine) leave(peer protocol.PeerID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.peers[peer]--; e.peers[peer] == 0 {
		delete(e.peers, peer)
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
	claimed, code := j.claim(maxJobConnections)
	if claimed == nil {
		return nil, refusal(code)
	}
	return claimed, nil
}
