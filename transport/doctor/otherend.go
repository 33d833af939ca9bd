package doctor

import (
	"cmp"
	"context"
	"math/bits"
	"net/netip"
	"slices"
	"sync"
	"time"

	"feihong/protocol"
)

// mostAsked bounds how many colleagues are asked beside the one in question.
const mostAsked = 2

// otherEnd looks at the same from elsewhere: from the machine in question if
// there is a session with it, and from colleagues if we cannot reach it.
func (e *examination) otherEnd() {
	if e.ctx.Err() != nil || !e.facts.Host.IsValid() || e.facts.Self || e.facts.Problem.Key != "" {
		return
	}
	e.reverse()
	e.askOthers()
	if e.facts.Greeting == NotGreeted || e.facts.keptOut() {
		var findings []Finding
		e.facts.Firewall, findings = e.firewall(e.ctx, e.own)
		e.report.Findings = append(e.report.Findings, findings...)
	}
}

func (d *Doctor) colleagues() []Colleague {
	if d.config.Colleagues == nil {
		return nil
	}
	return d.config.Colleagues()
}

// session is the session with somebody, if there is one.
func (d *Doctor) session(id protocol.PeerID) (Colleague, bool) {
	all := d.colleagues()
	at := slices.IndexFunc(all, func(one Colleague) bool { return one.ID == id })
	if id.IsZero() || at < 0 {
		return Colleague{}, false
	}
	return all[at], true
}

// reverse finds out whether they can reach us although we cannot reach them.
func (e *examination) reverse() {
	target := e.targetID()
	if e.facts.TCP == Works || target.IsZero() {
		return
	}
	if session, ok := e.session(target); ok {
		e.facts.FromThere = !session.Dialed
		if session.Address.WithZone("") == e.facts.Host.WithZone("") {
			e.facts.OtherThere = NobodyIdentified // the one who is meant is there too
		}
		return
	}
	if e.config.Call == nil || e.facts.UDP != Works || e.facts.OtherThere != NobodyIdentified || e.own.TCPPort == 0 {
		return
	}
	began := time.Now()
	e.config.Call(target)
	e.facts.FromThere = e.within(reverseTime, func(ctx context.Context) error { return e.awaitSession(ctx, target) }) == nil
	if e.facts.FromThere {
		e.done(CheckReverse, OutcomeOK, began, say("doctor.step.reverse.ok", "name", e.facts.Name))
		return
	}
	e.done(CheckReverse, OutcomeFailed, began, say("doctor.step.reverse.failed", "name", e.facts.Name))
}

func (e *examination) awaitSession(ctx context.Context, id protocol.PeerID) error {
	const every = 50 * time.Millisecond
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		if _, ok := e.session(id); ok {
			return nil
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// inquiry is one question to another machine.
type inquiry struct {
	whom   Colleague
	about  protocol.Examine
	target bool
}

func (e *examination) askOthers() {
	if e.config.AskFar == nil {
		return
	}
	inquiries := e.inquiries()
	answers := make([]protocol.Examined, len(inquiries))
	var group sync.WaitGroup
	for i, one := range inquiries {
		group.Go(func() {
			err := e.within(farTime, func(ctx context.Context) (err error) {
				answers[i], err = e.config.AskFar(ctx, one.whom.ID, one.about)
				return err
			})
			if err != nil {
				e.log.Debug("doctor: a colleague did not look", "peer", one.whom.ID.Short(), "err", err)
				answers[i] = protocol.Examined{}
			}
		})
	}
	group.Wait()
	for i, one := range inquiries {
		e.noteFar(one, answers[i])
	}
}

func (e *examination) inquiries() []inquiry {
	var list []inquiry
	target := e.targetID()
	if session, ok := e.session(target); ok && canTell(e.source) && e.own.TCPPort != 0 {
		here := netip.AddrPortFrom(e.source, uint16(e.own.TCPPort))
		list = append(list, inquiry{session, protocol.Examine{Address: here, Peer: e.own.ID}, true})
	}
	if e.facts.Greeting != NotGreeted || !canTell(e.facts.Host) {
		return list
	}
	others := slices.DeleteFunc(slices.Clone(e.colleagues()), func(one Colleague) bool { return one.ID == target })
	slices.SortStableFunc(others, func(a, b Colleague) int { // the nearest to the machine in question first
		return -cmp.Compare(commonBits(a.Address, e.facts.Host), commonBits(b.Address, e.facts.Host))
	})
	for _, one := range others[:min(len(others), mostAsked)] {
		list = append(list, inquiry{one, protocol.Examine{Address: e.target(), Peer: target}, false})
	}
	return list
}

// canTell says that an address means the same machine elsewhere.
func canTell(at netip.Addr) bool {
	return at.IsValid() && !at.IsLoopback() && !at.IsLinkLocalUnicast()
}

// commonBits is how many bits two addresses begin with in common, -1 if they
// are of different kinds.
func commonBits(a, b netip.Addr) int {
	if !a.IsValid() || !b.IsValid() || a.Is4() != b.Is4() {
		return -1
	}
	left, right := a.AsSlice(), b.AsSlice()
	for i := range left {
		if diff := left[i] ^ right[i]; diff != 0 {
			return i*8 + bits.LeadingZeros8(diff)
		}
	}
	return len(left) * 8
}

func (e *examination) noteFar(asked inquiry, answer protocol.Examined) {
	if answer.Refused || len(answer.Steps) == 0 {
		return
	}
	facts := FarFacts{Who: nameOf(asked.whom.Name, asked.whom.ID), Target: asked.target}
	side := FarSide{Who: facts.Who, Target: asked.target}
	for _, step := range answer.Steps[:min(len(answer.Steps), protocol.MaxExaminedSteps)] {
		result := resultOf(step.Outcome)
		switch step.Check {
		case protocol.CheckPing:
			facts.Ping = result
		case protocol.CheckUDP:
			facts.UDP = result
		case protocol.CheckTCP:
			facts.TCP = result
		case protocol.CheckGreeting:
			facts.Greeting = result
		case protocol.CheckIdentity:
		default:
			continue // a later version
		}
		side.Steps = append(side.Steps, farStep(step, result))
	}
	e.facts.Far = append(e.facts.Far, facts)
	e.report.Far = append(e.report.Far, side)
}

// farStep is a step taken by somebody else. Whatever number they give, the
// time is one of a step.
func farStep(step protocol.ExaminedStep, result Result) Step {
	outcome, word := OutcomeFailed, "silent"
	switch result {
	case Works:
		outcome, word = OutcomeOK, "ok"
	case NotTried:
		outcome, word = OutcomeSkipped, "skipped"
	case Refused:
		word = "refused"
	case NoRoute:
		word = "no-route"
	case Foreign:
		word = "foreign"
	case Other:
		word = "other"
	}
	if step.Check == protocol.CheckPing && result == Silent {
		outcome = OutcomeNote
	}
	took := min(time.Duration(step.Micros)*time.Microsecond, farTime)
	return Step{Check: step.Check.String(), Outcome: outcome, Text: say("doctor.far." + word), Took: took}
}
