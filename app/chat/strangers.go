package chat

import (
	"cmp"
	"slices"
	"time"
)

const (
	// roomAtOnce is how many strangers make room together, so that a flood of
	// invented people does not cost a transaction each.
	roomAtOnce = 100
	// A stranger who was not seen for forgetAfter is forgotten at the next
	// start, and forgetAtOnce of them at most, so that a start takes no longer.
	forgetAfter  = 30 * 24 * time.Hour
	forgetAtOnce = 1000
)

// wanted says that the user has something to do with a person: only such people
// are dialled without being asked to. The rest of the office is only looked at.
func (p *person) wanted() bool {
	return p.Pending() || p.overview.Last != nil || !p.outbox.empty() || p.busy > 0 || p.reach.asked
}

// stranger says that nothing is lost with a person but their name in the list.
// An address that the user entered is no stranger's: text for it may be on its
// way.
func (p *person) stranger() bool {
	return !p.wanted() && p.session == nil && p.overview.Draft == "" && p.Remark == "" && !p.Blocked && !p.Verified && !p.Pinned && p.MutedUntil.IsZero()
}

// makeRoom removes some strangers.
func (l *loop) makeRoom() bool {
	if l.commit() != nil { // what is on its way to a stranger makes them known
		return false
	}
	strangers := l.strangers(func(*person) bool { return true })
	slices.SortFunc(strangers, dispensable)
	strangers = strangers[:min(len(strangers), roomAtOnce)]
	return len(strangers) > 0 && l.remove(strangers...) == nil
}

// dispensable orders strangers: those who are away come first, of these the
// ones who were not seen for the longest time. Of those who are here the newest
// come first, so that invented people push out each other and not the office.
func dispensable(a, b *person) int {
	switch {
	case a.presence.nearby != b.presence.nearby:
		if b.presence.nearby {
			return -1
		}
		return 1
	case a.presence.nearby:
		return cmp.Compare(b.ID, a.ID)
	}
	return cmp.Or(a.LastSeen.Compare(b.LastSeen), cmp.Compare(a.ID, b.ID))
}

// forget removes strangers who have not been there for long. If the store
// refuses, the next start tries again.
func (l *loop) forget() {
	before := now().Add(-forgetAfter)
	old := l.strangers(func(p *person) bool {
		known := !p.LastSeen.IsZero() || !p.Created.IsZero() // since when
		return known && p.LastSeen.Before(before) && p.Created.Before(before)
	})
	slices.SortFunc(old, dispensable)
	if old = old[:min(len(old), forgetAtOnce)]; len(old) > 0 {
		_ = l.remove(old...)
	}
}

func (l *loop) strangers(which func(*person) bool) []*person {
	var found []*person
	for _, p := range l.people {
		if p.stranger() && which(p) {
			found = append(found, p)
		}
	}
	return found
}
