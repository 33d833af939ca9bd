package chat

import (
	"context"
	"slices"
	"strings"

	"feihong/protocol"
)

// maxCandidates bounds the people listed with an error.
const maxCandidates = 10

// Find returns the contact that who names: a full ID, the user's remark, a
// name (whatever its case), or a prefix of an ID of six characters or more.
// It fails with UnknownError or AmbiguousError.
func (s *Service) Find(ctx context.Context, who string) (Contact, error) {
	return ask(ctx, s, func(l *loop) (Contact, error) { return l.find(strings.TrimSpace(who)) })
}

func (l *loop) find(who string) (Contact, error) {
	if id, err := protocol.ParsePeerID(who); err == nil {
		if p := l.byPeer[id]; p != nil {
			return p.Contact, nil
		}
		return Contact{}, &UnknownError{Who: who}
	}
	prefix, isPrefix := protocol.PeerIDPrefix(who)
	matches := l.filter(func(c Contact) bool {
		if who == "" {
			return false
		}
		return strings.EqualFold(c.Remark, who) || strings.EqualFold(c.Name, who) ||
			isPrefix && !c.Pending() && strings.HasPrefix(c.Peer.Compact(), prefix)
	})
	switch len(matches) {
	case 1:
		return matches[0], nil
	case 0:
		return Contact{}, &UnknownError{Who: who, Candidates: l.similar(who)}
	}
	return Contact{}, &AmbiguousError{Who: who, Candidates: matches[:min(len(matches), maxCandidates)]}
}

// similar lists the people whose name or ID contains what was typed.
func (l *loop) similar(who string) []Contact {
	part := strings.ToLower(who)
	if part == "" {
		return nil
	}
	found := l.filter(func(c Contact) bool {
		return strings.Contains(strings.ToLower(c.Name+"\n"+c.Remark+"\n"+c.Peer.String()), part)
	})
	return found[:min(len(found), maxCandidates)]
}

func (l *loop) filter(keep func(Contact) bool) []Contact {
	var found []Contact
	for _, p := range l.people {
		if keep(p.Contact) {
			found = append(found, p.Contact)
		}
	}
	slices.SortFunc(found, func(a, b Contact) int { return int(a.ID - b.ID) })
	return found
}

// FindAddress returns the contact last known at an address, be it only by
// their own word, and be it one of several.
func (s *Service) FindAddress(ctx context.Context, address string) (Contact, error) {
	return ask(ctx, s, func(l *loop) (Contact, error) {
		p := l.at(address)
		if p == nil {
			p = l.saidAt(address)
		}
		if p == nil {
			p = l.sightedAt(address)
		}
		if p == nil {
			return Contact{}, &UnknownError{Who: address}
		}
		return p.Contact, nil
	})
}
