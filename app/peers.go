package app

import (
	"context"
	"errors"

	"feihong/app/chat"
	"feihong/protocol"
	"feihong/transport"
	"feihong/transport/discovery"
	"feihong/transport/doctor"
)

// peers joins the network with those who use it, each of which knows only its
// own words: it is the Network of chat and the Handler of transport.
type peers struct {
	node         *transport.Node
	chat         *chat.Service
	discovery    *discovery.Service // nil if the user does not want it
	consultation *doctor.Consultation
}

// Dial implements chat.Network.
func (p *peers) Dial(ctx context.Context, address string, want protocol.PeerID) (protocol.PeerID, error) {
	session, err := p.node.Dial(ctx, address, want)
	if err != nil {
		return protocol.PeerID{}, dialError(err)
	}
	return session.Peer(), nil
}

// Call implements chat.Network.
func (p *peers) Call(peer protocol.PeerID) {
	if p.discovery != nil {
		p.discovery.Call(peer)
	}
}

// Admit says who may have a session.
func (p *peers) Admit(peer protocol.PeerID) error { return p.chat.Admit(peer) }

// Up implements transport.Handler, as do the next two.
func (p *peers) Up(s *transport.Session) {
	p.chat.Up(s)
	if p.discovery != nil {
		p.discovery.Up(s)
	}
	p.consultation.Up(s)
}

func (p *peers) Receive(s *transport.Session, app protocol.Application, body []byte) {
	switch app {
	case protocol.AppChat, protocol.AppFiles:
		p.chat.Receive(s, app, body)
	case protocol.AppPresence:
		if p.discovery != nil {
			p.discovery.Receive(s, body)
		}
	case protocol.AppDoctor:
		p.consult(s, body)
	}
}

// consult takes a question or an answer of the peer's doctor.
func (p *peers) consult(s *transport.Session, body []byte) {
	err := p.consultation.Receive(s, body)
	var newer *protocol.UnknownKindError
	if err == nil || errors.As(err, &newer) {
		return // from a later version that has more to say
	}
	s.Close(protocol.CodeBadMessage, err.Error())
}

func (p *peers) Down(s *transport.Session, err error) {
	p.consultation.Down(s)
	if p.discovery != nil {
		p.discovery.Down(s)
	}
	p.chat.Down(s, err)
}

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
