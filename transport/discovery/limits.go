package discovery

import (
	"net/netip"
	"time"
)

// Bounds of what others can fill.
const (
	maxPeople     = 4096 // records of people
	maxFromSource = 256  // of them, first heard from one address
	maxGone       = 4096 // people whose goodbye is remembered
	maxSources    = 8192 // addresses that datagrams came from
	maxPending    = 256  // answers to newcomers that wait for their time
	maxInquiries  = 8192 // questions under way
	maxAsks       = 64   // calls of Ask under way
	maxBacklog    = 4096 // announcements told of, not yet looked at
	maxSeen       = 4096 // questions answered a moment ago
	maxWays       = 8    // ways of one person
	maxAwayGreets = 1024 // people on other links who get our announcements
)

// Rates of what others can set off, each so many per second and at once.
var (
	rateNews      = rate{2000, 3000} // signatures of people not known so far
	rateKnown     = rate{1000, 2000} // of people who are known: a flood of news must not hide them
	rateSource    = rate{50, 150}    // of one address
	rateQuestions = rate{200, 200}   // questions answered
	rateAsker     = rate{20, 20}     // of one address
	rateAnswers   = rate{50, 50}     // answers to newcomers
	rateTarget    = rate{0.4, 4}     // to one address
	rateTried     = rate{0.5, 8}     // our questions to one address, unless the user asks
	ratePressed   = rate{1, 12}      // signatures of one address, in a flood
	rateDoubted   = rate{0.5, 4}     // doubts of one address
	rateCalls     = rate{20, 20}     // calls told to the handler
	rateCopies    = rate{2, 12}      // copies of what one person announced that are looked at
	rateDoubts    = rate{200, 200}   // questions whether an announcement is true
)

// maxCredit bounds what is counted as received from one address, to be sent
// there again.
const maxCredit = 4 * 1200

// rate is an allowance.
type rate struct{ perSecond, burst float64 }

// bucket is what is used of an allowance. The zero value is unused.
type bucket struct {
	used float64
	at   time.Time
}

// take uses one of the allowance; false if nothing is left.
func (b *bucket) take(now time.Time, r rate) bool {
	b.used = max(0, b.used-now.Sub(b.at).Seconds()*r.perSecond)
	b.at = now
	if b.used+1 > r.burst {
		return false
	}
	b.used++
	return true
}

// left is how much may be used now.
func (b *bucket) left(now time.Time, r rate) float64 {
	return r.burst - max(0, b.used-now.Sub(b.at).Seconds()*r.perSecond)
}

// pressed tells whether more than half of the allowance is used.
func (b *bucket) pressed(now time.Time, r rate) bool {
	return b.used-now.Sub(b.at).Seconds()*r.perSecond > r.burst/2
}

// source is an address that datagrams came from. It may be forged.
type source struct {
	addr    netip.Addr
	last    time.Time
	verify  bucket
	pressed bucket
	asked   bucket
	answers bucket
	doubts  bucket
	tried   bucket
	credit  int // bytes received from there and not yet answered
}

// sources are the addresses that datagrams came from lately.
type sources struct{ all map[netip.Addr]*source }

// get finds or makes the record of an address, and notes that so many bytes
// came from there.
func (s *sources) get(addr netip.Addr, now time.Time, bytes int) *source {
	found := s.all[addr]
	if found == nil {
		if len(s.all) >= maxSources {
			s.forget(now, time.Second)
		}
		found = &source{addr: addr}
		s.all[addr] = found
	}
	found.note(now, bytes)
	return found
}

// note notes that bytes of somebody came from an address, without a search if
// it is where their last datagram came from.
func (s *sources) note(r *record, addr netip.Addr, now time.Time, bytes int) {
	if r.sender != nil && r.sender.addr == addr {
		r.sender.note(now, bytes)
		return
	}
	s.get(addr, now, bytes)
}

func (s *source) note(now time.Time, bytes int) {
	s.last = now
	s.credit = min(s.credit+bytes, maxCredit)
}

// pay takes bytes from what an address may be sent; false if it has not sent
// as many itself.
func (s *source) pay(bytes int) bool {
	if s.credit < bytes {
		return false
	}
	s.credit -= bytes
	return true
}

// forget drops the addresses that were silent for a while. If that makes no
// room, it drops any: who forges so many can as well forge others.
func (s *sources) forget(now time.Time, silence time.Duration) {
	for addr, one := range s.all {
		if now.Sub(one.last) > silence {
			delete(s.all, addr)
		}
	}
	for addr := range s.all {
		if len(s.all) < maxSources {
			return
		}
		delete(s.all, addr)
	}
}
