package app

import (
	"context"
	"errors"

	"feihong/app/chat"
	"feihong/protocol"
	"feihong/transport"
)

// peers joins chat and transport, each of which knows only its own words: it
// is the Network of the one and the Handler of the other.
type peers struct {
	node *transport.Node
	chat *chat.Service
}

// Dial implements chat.Network.
func (p *peers) Dial(ctx context.Context, address string, want protocol.PeerID) (protocol.PeerID, error) {
	session, err := p.node.Dial(ctx, address, want)
	if err != nil {
		return protocol.PeerID{}, dialError(err)
	}
	return session.Peer(), nil
}

// Admit says who may have a session.
func (p *peers) Admit(peer protocol.PeerID) error { return p.chat.Admit(peer) }

// Up implements transport.Handler, as do the next two.
func (p *peers) Up(s *transport.Session) { p.chat.Up(s) }

func (p *peers) Receive(s *transport.Session, app protocol.Application, body []byte) {
	p.chat.Receive(s, app, body)
}

func (p *peers) Down(s *transport.Session, err error) { p.chat.Down(s, err) }

// dialError says in chat's words why a dial failed.
func dialError(err error) error {
	var (
		wrong   *transport.WrongPeerError
		foreign *transport.NotFeihongError
		self    *transport.SelfError
		refused *transport.RefusedError
		version *transport.VersionError
	)
	failed := &chat.DialError{Reason: chat.ReasonUnreachable, Err: err}
	switch {
	case errors.As(err, &wrong):
		failed.Reason, failed.Peer, failed.Name = chat.ReasonWrongPeer, wrong.Got, wrong.GotName
	case errors.As(err, &foreign):
		failed.Reason = chat.ReasonForeign
	case errors.As(err, &self):
		failed.Reason = chat.ReasonSelf
	case errors.As(err, &refused) && refused.Code == protocol.CodeRefused:
		failed.Reason = chat.ReasonRefused
	case errors.As(err, &version):
		failed.Reason = chat.ReasonVersion
	}
	return failed
}
