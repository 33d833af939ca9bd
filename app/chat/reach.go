package chat

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"feihong/protocol"
)

const (
	// maxDials bounds the dials under way, so that a morning with a thousand
	// known people does not open a thousand sockets at once.
	maxDials = 16
	// keptDials of them are kept for people for whom text waits: they do not
	// queue behind everybody who is switched off.
	keptDials = 4
	// dialTimeout is a little more than the network's own limits together:
	// five seconds to connect, ten for TLS and hello.
	dialTimeout = 20 * time.Second

	// Pauses between attempts double from first to last. Somebody for whom
	// text waits is tried more often than somebody who is merely away.
	firstPause     = 500 * time.Millisecond
	lastPause      = 30 * time.Second
	idleFirstPause = 5 * time.Second
	idleLastPause  = 5 * time.Minute

	// impatience is how long after an attempt a new message may start another.
	impatience = time.Second
)

// DialReason is why somebody could not be reached.
type DialReason string

// The reasons for which a dial fails.
const (
	ReasonUnreachable DialReason = "unreachable" // nobody answers there
	ReasonForeign     DialReason = "not-feihong" // another program answers there
	ReasonWrongPeer   DialReason = "wrong-peer"  // another person answers there
	ReasonRefused     DialReason = "refused"     // the person does not want to
	ReasonSelf        DialReason = "self"        // the address is our own
	ReasonVersion     DialReason = "version"     // no protocol version in common
)

// DialError is how a Network says why Dial failed.
type DialError struct {
	Reason DialReason
	// Peer and Name are who answered instead, for ReasonWrongPeer.
	Peer protocol.PeerID
	Name string
	Err  error
}

func (e *DialError) Error() string { return e.Err.Error() }
func (e *DialError) Unwrap() error { return e.Err }

// Lasting says that trying again soon will not help.
func (e *DialError) Lasting() bool { return e.Reason != ReasonUnreachable }

// reach is the state of the attempts to connect with one person.
type reach struct {
	asked   bool // a command asked for it; a passive service dials only then
	called  bool // the person asked for the dial that comes next or is under way
	dialing bool
	at      string             // where the dial under way goes
	cancel  context.CancelFunc // of the dial under way
	again   bool               // the dial under way was cancelled for a better one
	queued  bool               // waits for a free place among the dials
	round   *round             // nil between rounds
	fails   int                // rounds in a row
	last    time.Time          // of the last attempt
	timer   *time.Timer
	problem error
}

func (r *reach) stop() {
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
}

func (r *reach) reset() {
	r.stop()
	r.endRound()
	r.fails = 0
	r.problem = nil
}

// want dials a person without waiting for the pause to end. A burst of
// messages to somebody away does not become a burst of dials.
func (l *loop) want(p *person) {
	r := &p.reach
	r.asked = true
	if r.timer != nil && time.Since(r.last) >= impatience {
		r.stop()
		r.fails = 0
	}
	l.reachFor(p)
}

// reachFor dials a person unless that is under way, done or useless.
func (l *loop) reachFor(p *person) {
	r := &p.reach
	if r.queued {
		l.dialNext() // it may have become urgent
		return
	}
	if !l.mayReach(p) || r.timer != nil {
		return
	}
	if l.passive && !r.asked {
		return
	}
	if r.fails > 0 {
		l.pause(p)
		return
	}
	l.dial(p)
}

// mayReach says that a dial makes sense now. It is asked again when a pause or
// a wait for a place is over, because much may have changed meanwhile.
func (l *loop) mayReach(p *person) bool {
	r := &p.reach
	return l.people[p.ID] == p && p.session == nil && !p.Blocked && p.Address != "" && (p.wanted() || r.called) && !r.dialing && !r.queued
}

func (l *loop) pause(p *person) {
	first, last := idleFirstPause, idleLastPause
	if p.urgent() {
		first, last = firstPause, lastPause
	}
	d := min(last, first<<min(p.reach.fails-1, 16))
	l.dialAfter(p, d/2+rand.N(d/2+1))
}

// dialAfter dials after a pause, unless the timer is stopped or replaced before,
// be it at the last moment.
func (l *loop) dialAfter(p *person, d time.Duration) {
	var timer *time.Timer
	timer = l.after(d, func(l *loop) {
		if p.reach.timer != timer {
			return
		}
		p.reach.timer = nil
		if l.mayReach(p) {
			l.dial(p)
		}
	})
	p.reach.timer = timer
}

// urgent says that somebody waits for this person.
func (p *person) urgent() bool { return p.Pending() || !p.outbox.empty() || p.busy > 0 }

// dial tries the next address of the round, or the first of a new one.
func (l *loop) dial(p *person) {
	if !l.mayDial(p) {
		p.reach.queued = true
		l.waiting = append(l.waiting, p)
		return
	}
	l.dialing++
	r := &p.reach
	r.dialing = true
	r.last = time.Now()
	if r.round == nil {
		r.round = &round{rest: p.candidates()}
	}
	of, address, want := r.round, r.round.take(), p.Peer
	ctx, cancel := context.WithTimeout(l.ctx, dialTimeout)
	r.at, r.cancel = address, cancel
	l.loseNoTime(p, of)
	l.dials.Go(func() {
		defer cancel()
		peer, err := l.network.Dial(ctx, address, want)
		l.post(func(l *loop) { l.dialed(p, of, peer, err) })
	})
}

// dialed settles a dial that belongs to a round.
func (l *loop) dialed(p *person, of *round, peer protocol.PeerID, err error) {
	l.dialing--
	r := &p.reach
	address, again := r.at, r.again
	r.dialing, r.again, r.at, r.cancel = false, false, "", nil
	l.dialNext()
	switch {
	case l.people[p.ID] != p: // merged meanwhile
	case err == nil:
		l.reached(p, peer)
	case again:
		r.endRound()
		l.hurry(p)
	case of != r.round: // a session or a block came between
		l.reachFor(p)
	case of.failed(address, err) && l.mayReach(p):
		l.dial(p)
	default:
		l.roundFailed(p)
	}
}

func (l *loop) reached(p *person, peer protocol.PeerID) {
	p.reach.endRound()
	l.answered(p, peer)
	if l.people[p.ID] == p && p.session == nil {
		// The session has ended already, or the merge was refused.
		p.reach.fails++
		l.reachFor(p)
	}
}

func (l *loop) mayDial(p *person) bool {
	if p.urgent() {
		return l.dialing < maxDials
	}
	return l.dialing < maxDials-keptDials
}

// dialNext dials those who wait for a place, the urgent ones first.
func (l *loop) dialNext() {
	for _, urgent := range []bool{true, false} {
		rest := l.waiting[:0]
		for _, p := range l.waiting {
			if p.urgent() != urgent || !l.mayDial(p) {
				rest = append(rest, p)
				continue
			}
			p.reach.queued = false
			if l.mayReach(p) {
				l.dial(p)
			}
		}
		clear(l.waiting[len(rest):])
		l.waiting = rest
	}
}

// answered settles a dial that led to a session which was there before: Up
// has not seen the address then.
func (l *loop) answered(p *person, peer protocol.PeerID) {
	known := l.byPeer[peer]
	if known == p || known == nil || !p.Pending() {
		return
	}
	l.merge(p, known)
}

// noteProblem remembers why a person could not be reached and tells those who
// wait for their messages.
func (l *loop) noteProblem(p *person, address string, err error) {
	p.reach.problem = err
	l.show(p)
	l.log.Info("cannot reach", "name", p.DisplayName(), "address", address, "error", err)
	var failure *DialError
	if !errors.As(err, &failure) {
		return
	}
	switch failure.Reason {
	case ReasonWrongPeer:
		l.stumble(failure.Peer, failure.Name, address)
	case ReasonRefused:
		l.shutOut(p) // which tells the waiting
		return
	case ReasonSelf:
		l.selfDialled(p)
		return
	}
	if failure.Lasting() {
		l.wakeFor(p, err)
	}
}

// selfDialled settles that an address is our own: nobody was meant, or somebody
// known was there once and is elsewhere now.
func (l *loop) selfDialled(p *person) {
	if p.Pending() {
		l.failAll(p, string(ReasonSelf))
		return
	}
	l.wakeFor(p, p.reach.problem)
	l.place(p, "", false)
	l.touch(p)
}
