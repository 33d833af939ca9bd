package chat

import (
	"net"
	"strings"

	"feihong/protocol"
)

// maxContacts bounds how many people a profile keeps, so that invented ones
// cannot fill the disk. It is ten times the largest office we know of.
const maxContacts = 10_000

// meet makes a new contact, or returns nil if there are too many.
func (l *loop) meet(c Contact) *person {
	if len(l.people) >= maxContacts {
		return nil
	}
	l.lastID++
	c.ID = l.lastID
	c.Created = now()
	c.Namesake = l.nameTaken(c.Name)
	p := l.add(c)
	l.touch(p)
	return p
}

// rename takes over what a person calls themself. It is the only place that
// sets a name, because names are counted.
func (l *loop) rename(p *person, name string) {
	l.countName(p.Name, -1)
	p.Name = name
	l.countName(name, 1)
}

func (l *loop) countName(name string, change int) {
	if name == "" {
		return
	}
	folded := strings.ToLower(name)
	if l.names[folded] += change; l.names[folded] == 0 {
		delete(l.names, folded)
	}
}

// nameTaken says whether a known person already goes by this name.
func (l *loop) nameTaken(name string) bool { return l.names[strings.ToLower(name)] > 0 }

// pendingAt finds the contact that is nothing but this address.
func (l *loop) pendingAt(address string) *person {
	if address == "" {
		return nil
	}
	for _, p := range l.people {
		if p.Pending() && sameAddress(p.Address, address) {
			return p
		}
	}
	return nil
}

// at finds the contact who was last known at the address: of several, the one
// who was known first.
func (l *loop) at(address string) *person {
	var found *person
	for _, p := range l.people {
		if sameAddress(p.Address, address) && (found == nil || p.ID < found.ID) {
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

// stranger makes a contact of somebody who answered in another's place, so
// that the user can write to them too.
func (l *loop) stranger(peer protocol.PeerID, name, address string) {
	if peer.IsZero() || peer == l.self || l.byPeer[peer] != nil {
		return
	}
	l.meet(Contact{Peer: peer, Name: protocol.SafeName(name), Address: address})
}
