package chat

import (
	"net"
	"slices"
	"strings"

	"feihong/protocol"
)

// maxContacts bounds how many people a profile keeps, so that invented ones
// cannot fill the disk. It is ten times the largest office we know of.
const maxContacts = 10_000

// meet makes a new contact. If there are too many, strangers make room; it
// returns nil if there are none.
func (l *loop) meet(c Contact) *person {
	if len(l.people) >= maxContacts && !l.makeRoom() {
		return nil
	}
	name := c.Name
	c.Name = ""
	l.lastID++
	c.ID = l.lastID
	c.Created = now()
	p := l.add(c)
	l.rename(p, name)
	l.touch(p)
	return p
}

// rename takes over what a person calls themself, and marks them if somebody
// known has a name that looks the same. It is the only place that sets a name,
// because names are counted.
func (l *loop) rename(p *person, name string) {
	if name == p.Name {
		return
	}
	l.countName(p.Name, -1)
	p.Name = name
	p.Namesake = l.names[protocol.NameSkeleton(name)] > 0
	l.countName(name, 1)
}

func (l *loop) countName(name string, change int) {
	if name == "" {
		return
	}
	look := protocol.NameSkeleton(name)
	if l.names[look] += change; l.names[look] == 0 {
		delete(l.names, look)
	}
}

// place notes where a person can be dialled. That they answered there counts
// more than that they say so; where they answered before is not forgotten for
// somewhere they only say that they are.
func (l *loop) place(p *person, address string, proven bool) {
	switch {
	case proven:
		p.answeredAt = ""
	case p.Proven && p.Address != address && address != "":
		p.answeredAt = p.Address
	}
	p.Proven = proven || p.Proven && p.Address == address
	p.Address = address
}

// pendingAt finds the contact that is nothing but this address.
func (l *loop) pendingAt(address string) *person {
	if address == "" {
		return nil
	}
	for _, p := range l.pending {
		if sameAddress(p.Address, address) {
			return p
		}
	}
	return nil
}

// at finds the contact for whom text to an address is meant: who answered there
// when it was dialled, or the contact that is nothing but this address. That
// somebody says that they are there is not enough. Of several it is the one who
// was known first.
func (l *loop) at(address string) *person {
	return l.first(func(p *person) bool {
		return (p.Proven || p.Pending()) && sameAddress(p.Address, address)
	})
}

// saidAt finds a contact who says that they are at an address.
func (l *loop) saidAt(address string) *person {
	return l.first(func(p *person) bool { return sameAddress(p.Address, address) })
}

// sightedAt finds a contact whom discovery hears of at an address.
func (l *loop) sightedAt(address string) *person {
	return l.first(func(p *person) bool {
		return slices.ContainsFunc(p.presence.addresses, func(sighted string) bool { return sameAddress(sighted, address) })
	})
}

func (l *loop) first(match func(*person) bool) *person {
	var found *person
	for _, p := range l.people {
		if match(p) && (found == nil || p.ID < found.ID) {
			found = p
		}
	}
	return found
}

// sameAddress compares two host:port; the names of this machine are one host.
func sameAddress(a, b string) bool {
	return a == b || a != "" && b != "" && unify(a) == unify(b)
}

func unify(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	host = strings.ToLower(host)
	if host == "localhost" || host == "::1" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// stumble makes a contact of somebody who answered in another's place, so
// that the user can write to them too.
func (l *loop) stumble(peer protocol.PeerID, name, address string) {
	if peer.IsZero() || peer == l.self || l.byPeer[peer] != nil {
		return
	}
	l.meet(Contact{Peer: peer, Name: protocol.SafeName(name), Address: address, Proven: true})
}
