package chat

import "time"

func (p *person) summary() Summary {
	s := Summary{
		Contact: p.Contact,
		Online:  p.online(),
		Status:  StatusOffline,
		Nearby:  p.presence.nearby,
		Typing:  p.typing,
		Via:     p.via,
		Unread:  p.overview.Unread,
		Last:    p.last(),
		Draft:   p.overview.Draft,
		Problem: p.reach.problem,
	}
	copy(s.Addresses[:], p.presence.addresses)
	if s.Online {
		s.Status, s.StatusText = p.presence.said()
	}
	if p.session == nil && s.Nearby {
		s.Via = p.presence.via
	}
	return s
}

// last copies the newest message, with the state it has in memory.
func (p *person) last() *Message {
	if p.overview.Last == nil {
		return nil
	}
	m := *p.overview.Last
	p.outbox.overlay(&m)
	return &m
}

// same says that two summaries of one person look the same. When somebody who
// is there was last seen does not matter, nor where else they can be dialled,
// and of a problem only what it says.
func (s *Summary) same(other *Summary) bool {
	a, b := *s, *other
	if a.Online && b.Online {
		a.LastSeen, b.LastSeen = time.Time{}, time.Time{}
	}
	sameLast := a.Last == b.Last || a.Last != nil && b.Last != nil && *a.Last == *b.Last
	sameProblem := (a.Problem == nil) == (b.Problem == nil) && (a.Problem == nil || a.Problem.Error() == b.Problem.Error())
	return sameLast && sameProblem && a.Contact == b.Contact &&
		a.Online == b.Online && a.Status == b.Status && a.StatusText == b.StatusText && a.Nearby == b.Nearby &&
		a.Typing == b.Typing && a.Via == b.Via && a.Unread == b.Unread && a.Draft == b.Draft
}
