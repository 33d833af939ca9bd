package discovery

import (
	"net/netip"
	"slices"
	"time"

	"feihong/protocol"
)

// ownState is what this program said of itself last.
type ownState struct {
	said      Self
	addresses []netip.Addr
	signed    []byte // the announcement; nil if there was none
	at        time.Time
	sequence  uint64
	told      time.Time // when everybody was told last
	out       bool      // somebody may think that we are there
}

// visible tells whether there is anything to announce. It asks Self.
func (l *loop) visible() bool {
	return !l.config.Passive && l.config.Self().Status != protocol.StatusOffline
}

// announcement returns what this program says of itself, signed no longer ago
// than that, or nil if it is invisible. What is signed anew is news to those
// who know the last one, and costs each of them the check of a signature.
func (l *loop) announcement(atMost time.Duration) []byte {
	if !l.visible() {
		return nil
	}
	said := l.config.Self()
	o := &l.self
	if o.signed == nil || l.now.Sub(o.at) > atMost || said != o.said ||
		!slices.Equal(o.addresses, l.addresses(said)) {
		o.said, o.addresses, o.at = said, l.addresses(said), l.now
		o.signed = l.sign(said, [16]byte{})
	}
	return o.signed
}

// addresses are those at which we can be dialled.
func (l *loop) addresses(said Self) []netip.Addr {
	if said.Only.IsValid() && l.links.own(said.Only) {
		return []netip.Addr{said.Only.WithZone("")}
	}
	return l.links.addresses()
}

// sign makes an announcement with the next sequence number; nil if that
// fails, which is logged.
func (l *loop) sign(said Self, nonce [16]byte) []byte {
	l.self.out = said.Status != protocol.StatusOffline
	ms := l.wall().UnixMilli()
	l.self.sequence = max(l.self.sequence+1, uint64(max(ms, 0)))
	if said.Status == 0 {
		said.Status = protocol.StatusOnline
	}
	signed, err := protocol.SignAnnouncement(&protocol.Announcement{
		MinVersion: protocol.MinVersion, MaxVersion: protocol.Version,
		Key: l.own[:], Instance: l.config.Instance, Sequence: l.self.sequence,
		Name: said.Name, Host: said.Host, Department: said.Department,
		Status: said.Status, StatusText: said.StatusText,
		Port: said.Port, Addresses: l.addresses(said), Nonce: nonce,
	}, l.config.Identity.Sign)
	if err != nil {
		l.log.Error("cannot announce", "error", err)
		return nil
	}
	return signed
}

// encode makes a datagram; nil if that fails, which is logged.
func (l *loop) encode(d protocol.Datagram) []byte {
	raw, err := protocol.EncodeDatagram(d)
	if err != nil {
		l.log.Error("cannot encode a datagram", "error", err)
		return nil
	}
	return raw
}

// announce makes a datagram of an announcement; nil if there is none.
func (l *loop) announceBody(signed []byte, want bool) []byte {
	if signed == nil {
		return nil
	}
	return l.encode(&protocol.Announce{Signed: signed, Want: want, Known: l.table.known()})
}

// sayGoodbye is the last thing that is done.
func (l *loop) sayGoodbye() {
	if l.config.Passive {
		return
	}
	if l.config.Directory != nil {
		l.config.Directory.Publish(nil, "", 0)
	}
	l.leave()
}

// goodbye is what we say when we are not there, or do not want to be seen.
func (l *loop) goodbye() []byte {
	goodbye := l.self.said
	goodbye.Status = protocol.StatusOffline
	return l.sign(goodbye, [16]byte{})
}

// leave tells everybody that we are going, or invisible from now on.
func (l *loop) leave() {
	if !l.self.out {
		return // nobody was told of us
	}
	l.self.signed = nil
	signed := l.goodbye()
	body := l.announceBody(signed, false)
	if body == nil {
		return
	}
	l.spreadAll(body)
	l.posts.drop()
	for _, r := range l.away() {
		l.send(r.mailbox(l), body)
	}
	l.tellSessions(signed)
}
