package discovery

import (
	"context"
	"math/rand/v2"
	"time"

	"feihong/protocol"
)

// A newcomer to a large network does not let everybody answer, but takes the
// list of the people from one of them.
const (
	manyPeople   = 8 // with fewer, everybody answers
	listDelay    = 30 * time.Millisecond
	listSpread   = 20 * time.Millisecond
	dialWithin   = 10 * time.Second
	maxListTries = 3
	checkAfter   = 3 * time.Second
	mostOffers   = 16
)

// newcomer is how far we have come with getting to know the others.
type newcomer struct {
	wants   bool // to be told of the others
	open    bool // a list may be taken
	most    int
	tellers []*record // who could give a list
	asked   map[protocol.PeerID]bool
	tries   int
	plan    *task
	teller  *record // who is asked now
	done    func(count int)
	task    int // counts the tries, so that late results are known as such
}

// begin is called in a new network.
func (n *newcomer) begin(l *loop) {
	l.agenda.cancel(n.plan)
	*n = newcomer{wants: true, open: l.config.Dial != nil, asked: make(map[protocol.PeerID]bool), task: n.task + 1}
}

// enough tells whether we know about as many as others know.
func (n *newcomer) enough(l *loop) bool { return len(l.table.all)*10 >= n.most*9 }

// want tells whether we ask everybody to tell us of themselves.
func (n *newcomer) want(l *loop) bool {
	if n.wants && n.most > manyPeople && n.enough(l) {
		n.wants = false
	}
	return n.wants
}

// promised notes that somebody knows so many people.
func (n *newcomer) promised(l *loop, r *record, known uint16) {
	if !n.open || int(known) <= manyPeople {
		return
	}
	n.most = max(n.most, min(int(known), maxPeople))
	if len(n.tellers) < mostOffers {
		n.tellers = append(n.tellers, r)
	}
	if n.plan == nil && n.teller == nil {
		n.plan = l.after(listDelay+spread(listSpread), func() { n.take(l) })
	}
}

// take takes a list, if one is needed.
func (n *newcomer) take(l *loop) {
	n.plan = nil
	if !n.open {
		return
	}
	if !l.visible() || n.enough(l) || n.tries >= maxListTries || l.now.Sub(l.beacon.came) > burstEnd {
		n.open = false
		return
	}
	for len(n.tellers) > 0 && n.teller == nil {
		at := rand.IntN(len(n.tellers))
		r := n.tellers[at]
		n.tellers = append(n.tellers[:at], n.tellers[at+1:]...)
		n.askFor(l, r, func(count int) { n.taken(l, count) })
	}
}

// askFor asks one of the others for a list, in a session that there is, or a
// new one.
func (n *newcomer) askFor(l *loop, r *record, done func(count int)) {
	addresses := l.links.dialable(r.announcement, r.from)
	if n.asked[r.id] || l.table.all[r.key] != r || len(addresses) == 0 {
		return
	}
	n.asked[r.id] = true
	n.tries++
	n.task++
	n.teller = r
	task := n.task
	n.done = func(count int) {
		if n.task == task && n.teller == r {
			n.teller, n.done = nil, nil
			done(count)
		}
	}
	if c := l.contacts[r.id]; c != nil {
		n.up(l, c)
		return
	}
	failed := n.done
	l.tasks.Go(func() {
		ctx, cancel := context.WithTimeout(l.ctx, dialWithin)
		defer cancel()
		if err := l.config.Dial(ctx, addresses[0].String(), r.id); err != nil {
			l.later(func() { failed(0) })
		}
	})
	l.after(listWithin, func() { failed(0) })
}

// later makes the loop do something, from a goroutine that it waits for.
func (l *loop) later(do func()) {
	select {
	case l.events <- func(*loop) { do() }:
	case <-l.ctx.Done():
	}
}

// up asks for the list when the session for it is there.
func (n *newcomer) up(l *loop, c *contact) {
	if n.teller == nil || n.done == nil || c.session.Peer() != n.teller.id {
		return
	}
	if c.list != nil {
		c.list.done = n.done
		return
	}
	l.askList(c, n.done)
}

// taken is called with the length of a list. If it is much shorter than
// promised, somebody else is asked.
func (n *newcomer) taken(l *loop, count int) {
	if count*10 < n.most*8 && n.tries < maxListTries && len(n.tellers) > 0 {
		n.take(l)
		return
	}
	n.open = false
	if count == 0 {
		return
	}
	n.wants = false
	l.spreadAll(l.announceBody(l.announcement(sameWithin), false))
	task := n.task
	l.after(checkAfter, func() {
		if n.task == task {
			n.check(l)
		}
	})
}

// check takes a second list from somebody else, because the first one may
// have left out people.
func (n *newcomer) check(l *loop) {
	if !l.visible() {
		return // to dial is to be seen
	}
	for _, r := range l.table.all { // in random order
		if r.isFirstHand() && !n.asked[r.id] && !l.elsewhere(r) {
			if n.askFor(l, r, func(int) {}); n.teller != nil {
				return
			}
		}
	}
}
