package discovery

import (
	"net/netip"
	"time"

	"feihong/protocol"
)

// callEvery is how often one person is called, and may call.
const callEvery = 5 * time.Second

// call asks somebody to dial us.
func (l *loop) call(id protocol.PeerID) {
	r := l.table.byID[id]
	if r == nil || !l.visible() || !r.lastCall.IsZero() && l.now.Sub(r.lastCall) < callEvery {
		return
	}
	r.lastCall = l.now
	signed := l.sign(l.config.Self(), [16]byte{})
	if signed == nil {
		return
	}
	body := l.encode(&protocol.Call{Signed: signed, Want: id})
	for _, addr := range l.targets(r) {
		l.send(netip.AddrPortFrom(addr, uint16(l.config.Port)), body)
	}
}

// calledBy handles a call. It must be new, or anybody could repeat it.
func (l *loop) calledBy(d *protocol.Call, a arrival) {
	if d.Want != l.ownID || l.config.Passive {
		return
	}
	key, _, sequence, err := protocol.PeekAnnouncement(d.Signed)
	if err != nil || publicKey(key) == l.own {
		return
	}
	before := l.table.all[publicKey(key)]
	if before != nil && sequence <= before.announcement.Sequence {
		return
	}
	r := l.take(a)
	if r == nil || !r.itsCall.IsZero() && l.now.Sub(r.itsCall) < callEvery || !l.calls.take(l.now, rateCalls) {
		return
	}
	r.itsCall = l.now
	l.config.Handler.Called(l.describe(r))
}
