package chat

import (
	"errors"
	"slices"
	"time"

	"feihong/protocol"
)

// haste is how long after an attempt news of somebody may start another.
const haste = 200 * time.Millisecond

// askBackAfter is how long a dial may go without an answer before the other
// side is asked to dial.
const askBackAfter = time.Second

// round is one attempt at all the addresses of a person, one after the other.
// Pauses are between rounds.
type round struct {
	rest    []string // addresses that are still to be tried
	address string   // of problem
	problem error    // the first, unless it was only that the address is our own
	// unreachable says that nobody answered at one of the addresses: the
	// other direction may be open.
	unreachable bool
	asked       bool // they were asked to dial us
}

// candidates are the addresses at which a person may be, the likeliest first:
// where they answered, then as they were sighted.
func (p *person) candidates() []string {
	first := p.Address
	if !p.Proven && slices.ContainsFunc(p.presence.addresses, p.isAt) {
		first = ""
	}
	list := make([]string, 0, 2+len(p.presence.addresses))
	for _, address := range append([]string{first}, append(slices.Clone(p.presence.addresses), p.answeredAt)...) {
		if address != "" && !slices.Contains(list, address) {
			list = append(list, address)
		}
	}
	return list
}

func (r *round) take() string {
	address := r.rest[0]
	r.rest = r.rest[1:]
	return address
}

// failed notes why an address failed. It returns whether to go on: not with
// nothing left, and not after the person has answered that they do not want to.
func (r *round) failed(address string, err error) (goOn bool) {
	reason := reasonOf(err)
	if r.problem == nil || reasonOf(r.problem) == ReasonSelf || final(reason) {
		r.address, r.problem = address, err
	}
	r.unreachable = r.unreachable || reason == ReasonUnreachable
	return len(r.rest) > 0 && !final(reason)
}

// final says that the person themself answered, and will not elsewhere either.
func final(reason DialReason) bool { return reason == ReasonRefused || reason == ReasonVersion }

func reasonOf(err error) DialReason {
	var failure *DialError
	if errors.As(err, &failure) {
		return failure.Reason
	}
	return ReasonUnreachable
}

func (r *reach) endRound() { r.round, r.called = nil, false }

// roundFailed settles that a person was at none of their addresses. Whoever is
// near is asked to try the other way round, unless that is what they asked for.
func (l *loop) roundFailed(p *person) {
	r := &p.reach
	failed, called := r.round, r.called
	r.endRound()
	if !p.wanted() {
		l.log.Debug("cannot reach a stranger who asked to be dialled", "peer", p.Peer.Short(), "error", failed.problem)
		return
	}
	r.fails++
	l.noteProblem(p, failed.address, failed.problem)
	if failed.unreachable && !called {
		l.askBack(p, failed)
	}
	l.reachFor(p)
}

// askBack asks somebody who is near to dial us, once in a round.
func (l *loop) askBack(p *person, of *round) {
	if !p.presence.nearby || of.asked || l.passive {
		return
	}
	of.asked = true
	l.network.Call(p.Peer)
}

// loseNoTime does not wait for the end of a dial that gets no answer, to ask
// for one in the other direction: on a LAN a dial takes some milliseconds, or
// fails only when the time for it is up.
func (l *loop) loseNoTime(p *person, of *round) {
	if !p.presence.nearby || of.asked || p.reach.called || !p.wanted() {
		return
	}
	l.after(askBackAfter, func(l *loop) {
		if p.reach.round == of && p.reach.dialing {
			l.askBack(p, of)
		}
	})
}

// hurry dials a person for whom something waits and of whom there is news,
// whatever the pause. It does no harm that there is news all the time.
func (l *loop) hurry(p *person) {
	if p.session != nil || p.Blocked {
		return
	}
	r := &p.reach
	r.fails = 0
	if r.dialing {
		l.redirect(p)
		return
	}
	r.stop()
	r.round = nil
	if wait := haste - time.Since(r.last); wait > 0 && !r.queued {
		l.dialAfter(p, wait)
		return
	}
	l.reachFor(p)
}

// redirect makes a round that is under way go to where the person is now. A
// dial to where they are not any more is not waited for.
func (l *loop) redirect(p *person) {
	r := &p.reach
	if r.at != p.Address && !slices.Contains(p.presence.addresses, r.at) {
		r.again = true
		r.cancel()
		return
	}
	if r.round != nil {
		r.round.rest = slices.DeleteFunc(p.candidates(), func(address string) bool { return address == r.at })
	}
}

// Strangers who ask to be dialled get that so often altogether, because each
// time we dial where they say.
const (
	favourEvery = 5 * time.Second
	mostFavours = 8 // at once, after a while without any
)

// favours counts the dials that strangers asked for.
type favours struct{ usedUp time.Time }

// take tells whether there is one left, and uses it.
func (f *favours) take(now time.Time) bool {
	earliest := now.Add(-mostFavours * favourEvery)
	if f.usedUp.Before(earliest) {
		f.usedUp = earliest
	}
	if f.usedUp.Add(favourEvery).After(now) {
		return false
	}
	f.usedUp = f.usedUp.Add(favourEvery)
	return true
}

// called dials somebody who asks for it, be it a stranger. Strangers do not
// wait for a place among the dials, and cannot make us dial without end.
func (l *loop) called(peer protocol.PeerID) {
	p := l.byPeer[peer]
	if p == nil || l.passive && !p.reach.asked {
		return
	}
	least := impatience
	if !p.wanted() {
		least = idleFirstPause
	}
	r := &p.reach
	if r.dialing || r.queued || time.Since(r.last) < least {
		return
	}
	if r.called = true; !l.mayReach(p) {
		r.called = false
		return
	}
	if !p.wanted() {
		if !l.mayDial(p) || !l.favours.take(time.Now()) {
			r.called = false
			return
		}
		// Anybody can claim any address: only the best is tried, which is
		// where their call came from.
		where := append(slices.Clone(p.presence.addresses), p.Address)
		r.round = &round{rest: where[:1]}
	}
	r.stop()
	l.dial(p)
}
