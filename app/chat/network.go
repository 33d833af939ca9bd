package chat

import (
	"context"

	"feihong/protocol"
)

// Network is how the service reaches people. It reports what happens by
// calling the service's Up, Receive and Down.
type Network interface {
	// Dial connects to address (host:port) and returns who answered once a
	// session with them is up: Up has been called for it, or was before.
	// If want is not zero and somebody else answers, it fails and nothing
	// but the greeting was sent. It never outlives ctx.
	Dial(ctx context.Context, address string, want protocol.PeerID) (protocol.PeerID, error)

	// Call asks somebody whom discovery hears of to dial us, after dialling
	// them failed: some firewalls let only one direction through. It returns
	// at once, and no answer is expected but their dial.
	Call(peer protocol.PeerID)
}

// Traffic is what the program moves besides messages, which make it wait: a
// text is small, and somebody waits for it. Its methods never block.
type Traffic interface {
	// Hold keeps it back for a moment, if that did not happen too much of
	// late: a text has begun its way.
	Hold()
	// Release lets it go on: a text has arrived, or its receipt.
	Release()
}

type noTraffic struct{}

func (noTraffic) Hold()    {}
func (noTraffic) Release() {}

// Session is a live, authenticated connection with one peer. Methods are safe
// for concurrent use and never block. At any moment a peer has at most one
// session that is up, as told by Up and Down.
//
// A session may have a method Prove() bool besides, which finds out whether the
// peer is still there and ends the session if not, within a few seconds. It is
// called, beside the others, when what was sent has no answer. And it may have
// a method Speaks(feature string) bool, which tells what the peer's program can
// do beyond the first version; without it that is nothing.
type Session interface {
	Peer() protocol.PeerID
	// Name is what the peer calls themself, made safe for display.
	Name() string
	// Address is where the peer can be dialled, host:port, or "" if the peer
	// does not listen.
	Address() string
	// Dialed is the address as it was given to Dial, or "" if the peer
	// dialled us.
	Dialed() string
	// Send queues one frame. Frames of a session arrive in order, or the
	// session ends. An error means that the session is ending; what was
	// queued may or may not have arrived.
	Send(app protocol.Application, body []byte) error
	// Close ends the session, telling the peer the reason.
	Close(code protocol.ErrorCode, reason string)
}
