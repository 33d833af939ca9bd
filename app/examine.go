package app

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"

	"feihong/app/chat"
	"feihong/app/profile"
	"feihong/protocol"
	"feihong/transport/discovery"
	"feihong/transport/doctor"
	"feihong/transport/ether"
)

// openDoctor prepares to find out why somebody is not reached.
func (n *node) openDoctor(pinned bool) {
	n.doctor = doctor.New(doctor.Config{
		Self:       func() doctor.Self { return n.patient(pinned) },
		Interfaces: ether.System().Interfaces,
		Heard:      n.heard,
		Ask:        n.instances,
		Dial:       n.greet,
		Ping:       n.ping,
		Known:      n.acquaintances,
		Person:     n.acquaintance,
		Call:       n.call,
		Colleagues: n.consultation.Colleagues,
		AskFar:     n.consultation.Ask,
		Logger:     n.log,
	})
}

// openConsultation prepares to look at addresses for colleagues.
func (n *node) openConsultation() {
	n.consultation = doctor.NewConsultation(doctor.NewResponder(doctor.ResponderConfig{
		Ask:    n.instances,
		Dial:   n.greet,
		Knows:  n.knows,
		Logger: n.log,
	}), n.log)
}

// patient is this profile as the doctor sees it.
func (n *node) patient(pinned bool) doctor.Self {
	s := n.profile.Current()
	self := doctor.Self{
		Name:      s.Name,
		Profile:   n.profile.Name,
		ID:        n.profile.Identity.PeerID(),
		TCPPort:   n.net.Port(),
		Pinned:    pinned,
		Invisible: s.Status == profile.StatusInvisible,
		Passive:   n.passive,
		Discovery: doctor.Discovery(cmp.Or(n.mode, profile.DiscoveryOn)),
	}
	if n.discovery != nil {
		self.UDPTrouble = n.discovery.State().Trouble
	}
	return self
}

// heard tells of everybody heard, by each way, the newest first.
func (n *node) heard() []doctor.Heard {
	if n.discovery == nil {
		return nil
	}
	var list []doctor.Heard
	for _, p := range n.discovery.Peers() {
		for _, way := range p.Ways {
			h := doctor.Heard{ID: p.ID, Name: p.Name, From: way.From, Way: way.Way, Interface: way.Interface, When: way.When}
			if len(p.Addresses) > 0 {
				h.Address = p.Addresses[0]
			}
			list = append(list, h)
		}
	}
	slices.SortFunc(list, func(a, b doctor.Heard) int { return b.When.Compare(a.When) })
	return list
}

// instances asks by UDP who is at an address.
func (n *node) instances(ctx context.Context, at netip.Addr) ([]doctor.Instance, error) {
	if n.discovery == nil {
		return nil, nil
	}
	found, err := n.discovery.Ask(ctx, at)
	var list []doctor.Instance
	for _, p := range found {
		list = append(list, doctor.Instance{ID: p.ID, Name: p.Name, Addresses: p.Addresses})
	}
	return list, err
}

// greet opens a session, or finds the one there is.
func (n *node) greet(ctx context.Context, address string, want protocol.PeerID) (protocol.PeerID, string, error) {
	session, err := n.net.Dial(ctx, address, want)
	if err != nil {
		return protocol.PeerID{}, "", err
	}
	return session.Peer(), session.Name(), nil
}

// admission tells the doctor's refusals apart from those of others.
func admission(admit func(protocol.PeerID) error) func(protocol.PeerID) error {
	return func(peer protocol.PeerID) error {
		if err := admit(peer); err != nil {
			return &doctor.BlockedError{Peer: peer, Err: err}
		}
		return nil
	}
}

func (n *node) ping(ctx context.Context, who protocol.PeerID) (time.Duration, error) {
	session := n.net.Session(who)
	if session == nil {
		return 0, errors.New("there is no session with them")
	}
	return session.RoundTrip(ctx)
}

// acquaintances are those who were at an address, whoever was seen there last
// first. Port 0 stands for any.
func (n *node) acquaintances(at netip.AddrPort) []doctor.Acquaintance {
	var found []chat.Summary
	for _, p := range n.people() {
		if acquainted(p) && slices.ContainsFunc(placesOf(p), func(where netip.AddrPort) bool { return isAt(where, at) }) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b chat.Summary) int { return b.LastSeen.Compare(a.LastSeen) })
	list := make([]doctor.Acquaintance, 0, len(found))
	for _, p := range found {
		a := acquaintanceOf(p)
		for _, where := range placesOf(p) {
			if isAt(where, at) { // not at any other of theirs
				a.Address = where
				break
			}
		}
		list = append(list, a)
	}
	return list
}

// placesOf are the addresses of somebody: the last one, and those that they
// announce.
func placesOf(p chat.Summary) []netip.AddrPort {
	var list []netip.AddrPort
	for _, address := range append([]string{p.Address}, p.Addresses[:]...) {
		if where, err := netip.ParseAddrPort(address); err == nil {
			list = append(list, where)
		}
	}
	return list
}

// isAt tells whether a place is the one asked for. Port 0 stands for any.
func isAt(where, at netip.AddrPort) bool {
	return where.Addr() == at.Addr() && (at.Port() == 0 || at.Port() == where.Port())
}

// acquainted says that something was written with somebody, or that the user
// marked them. Whoever was only seen is a stranger, whatever they call themself.
func acquainted(p chat.Summary) bool {
	return !p.Pending() && (p.Last != nil || p.Verified || p.Remark != "")
}

func (n *node) acquaintance(who protocol.PeerID) (doctor.Acquaintance, bool) {
	for _, p := range n.people() {
		if p.Peer == who && acquainted(p) {
			return acquaintanceOf(p), true
		}
	}
	return doctor.Acquaintance{}, false
}

func acquaintanceOf(p chat.Summary) doctor.Acquaintance {
	a := doctor.Acquaintance{ID: p.Peer, Name: p.DisplayName(), Verified: p.Verified}
	if at, err := netip.ParseAddrPort(p.Address); err == nil {
		a.Address = at
	}
	return a
}

// people is everybody, or nobody at the end of the profile.
func (n *node) people() []chat.Summary {
	list, err := n.chat.People(context.Background())
	if err != nil {
		return nil
	}
	return list
}

func (n *node) call(who protocol.PeerID) {
	if n.discovery != nil {
		n.discovery.Call(who)
	}
}

// confirmTime is how long somebody may take to confirm that they are where
// their announcements came from.
const confirmTime = 1500 * time.Millisecond

// knows tells whether somebody is at an address as far as this machine can
// find out by itself: they answered there, or were heard from there and answer
// now. What they or others say of it does not count, or anybody could have any
// address looked at. Port 0 stands for any port, a zero ID for anybody.
func (n *node) knows(at netip.AddrPort, who protocol.PeerID) bool {
	meant := func(id protocol.PeerID, port uint16) bool {
		return (who.IsZero() || who == id) && (at.Port() == 0 || at.Port() == port)
	}
	if slices.ContainsFunc(n.people(), func(p chat.Summary) bool {
		where, err := netip.ParseAddrPort(p.Address)
		return err == nil && p.Proven && where.Addr() == at.Addr() && meant(p.Peer, where.Port())
	}) {
		return true
	}
	heard := n.heardFrom(at.Addr(), meant)
	if heard == nil || heard.Proven {
		return heard != nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), confirmTime)
	defer cancel()
	there, err := n.discovery.Ask(ctx, at.Addr())
	return err == nil && slices.ContainsFunc(there, func(p discovery.Peer) bool {
		return len(p.Addresses) > 0 && meant(p.ID, p.Addresses[0].Port())
	})
}

// heardFrom is somebody meant whose announcements came from an address; nil if
// there is nobody.
func (n *node) heardFrom(at netip.Addr, meant func(protocol.PeerID, uint16) bool) *discovery.Peer {
	if n.discovery == nil {
		return nil
	}
	for _, p := range n.discovery.Peers() {
		from := func(h discovery.Heard) bool { return h.From == at }
		if len(p.Addresses) > 0 && meant(p.ID, p.Addresses[0].Port()) && slices.ContainsFunc(p.Ways, from) {
			return &p
		}
	}
	return nil
}
