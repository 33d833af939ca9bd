package doctor

import (
	"context"
	"errors"
	"slices"
	"time"

	"feihong/protocol"
	"feihong/transport"
)

// greet speaks the protocol to whoever took the connection.
func (e *examination) greet() bool {
	if e.facts.TCP != Works || len(e.facts.Several) > 0 {
		return true
	}
	began := time.Now()
	id, name, err := e.dial(e.who)
	var wrong *transport.WrongPeerError
	if errors.As(err, &wrong) && e.knownHere(wrong.Got) >= 0 {
		e.expect(e.known[e.knownHere(wrong.Got)])
		id, name, err = e.dial(wrong.Got)
	}
	switch {
	case errors.As(err, &wrong):
		e.facts.Greeting = Greeted
		e.done(CheckGreeting, OutcomeOK, began, say("doctor.step.greeting.ok"))
		e.strange(wrong)
		return true
	case err != nil:
		e.unsuccessful(err, began)
		return true
	}
	e.facts.Greeting = Greeted
	e.done(CheckGreeting, OutcomeOK, began, say("doctor.step.greeting.ok"))
	e.identify(id, name)
	e.roundTrip(id)
	return true
}

func (e *examination) dial(want protocol.PeerID) (id protocol.PeerID, name string, err error) {
	err = e.within(greetTime, func(ctx context.Context) (err error) {
		id, name, err = e.config.Dial(ctx, e.target().String(), want)
		return err
	})
	return id, name, err
}

func (e *examination) knownHere(id protocol.PeerID) int {
	return slices.IndexFunc(e.known, func(person Acquaintance) bool { return person.ID == id })
}

// BlockedError is what Config.Dial fails with when the user has blocked whoever
// answers.
type BlockedError struct {
	Peer protocol.PeerID
	Err  error // of the block list
}

func (b *BlockedError) Error() string { return b.Err.Error() }
func (b *BlockedError) Unwrap() error { return b.Err }

// nameFor is what somebody is called here.
func (e *examination) nameFor(id protocol.PeerID) string {
	if e.config.Person != nil {
		if person, ok := e.config.Person(id); ok {
			return nameOf(person.Name, id)
		}
	}
	if at := e.knownHere(id); at >= 0 {
		return nameOf(e.known[at].Name, id)
	}
	return nameOf("", id)
}

// unsuccessful notes why a greeting did not come to its end.
func (e *examination) unsuccessful(err error, began time.Time) {
	e.facts.Greeting, e.facts.Reason = greetingOf(err), tell(err, "doctor.failed")
	var blocked *BlockedError
	if errors.As(err, &blocked) {
		e.facts.Name = e.nameFor(blocked.Peer)
		e.facts.Reason = say("doctor.step.greeting.blocked-here", "name", e.facts.Name)
	}
	if e.facts.Greeting == NotGreeted {
		e.facts.TCP = classify(err)
		e.tellTCP(began) // it worked a moment ago
		return
	}
	e.done(CheckGreeting, OutcomeFailed, began, e.facts.Reason)
}

// greetingOf tells what the error of a dial means. What is no error of the
// connection is a refusal of theirs.
func greetingOf(err error) Greeting {
	var (
		foreign     *transport.NotFeihongError
		self        *transport.SelfError
		version     *transport.VersionError
		unreachable *transport.UnreachableError
		blocked     *BlockedError
	)
	switch {
	case errors.As(err, &blocked):
		return BlockedHere
	case errors.As(err, &foreign):
		return GreetedForeign
	case errors.As(err, &self):
		return GreetedSelf
	case errors.As(err, &version) && version.TheirMax > version.OurMax:
		return WeAreOld
	case errors.As(err, &version):
		return TheyAreOld
	case errors.As(err, &unreachable) && unreachable.Greeting, errors.Is(err, context.DeadlineExceeded):
		return GreetingBroken
	case errors.As(err, &unreachable):
		return NotGreeted
	}
	return GreetingRefused
}

// strange judges somebody else than the one who was expected.
func (e *examination) strange(wrong *transport.WrongPeerError) {
	began := time.Now()
	e.facts.Name = nameOf(wrong.GotName, wrong.Got)
	e.facts.Identity = AnotherPerson
	key := "doctor.step.identity.other"
	if e.sameName(wrong.Got, wrong.GotName) {
		e.facts.Identity = SameNameAnotherKey
		key = "doctor.step.identity.changed"
	}
	e.done(CheckIdentity, OutcomeFailed, began,
		say(key, "expected", e.facts.Expected, "name", e.facts.Name, "id", wrong.Got.Short()))
}

// identify tells who answered.
func (e *examination) identify(id protocol.PeerID, name string) {
	began := time.Now()
	e.who = id
	e.facts.Name = nameOf(name, id)
	var person Acquaintance
	known := false
	if e.config.Person != nil {
		person, known = e.config.Person(id)
	}
	if at := e.knownHere(id); !known && at >= 0 {
		person, known = e.known[at], true
	}
	pairs := []any{"name", e.facts.Name, "id", id.Short()}
	switch {
	case !known:
		e.facts.Identity = Stranger
		e.done(CheckIdentity, OutcomeNote, began, say("doctor.step.identity.new", pairs...))
	case person.Verified:
		e.facts.Identity = VerifiedPerson
		e.done(CheckIdentity, OutcomeOK, began, say("doctor.step.identity.verified", pairs...))
	default:
		e.facts.Identity = KnownPerson
		e.done(CheckIdentity, OutcomeOK, began, say("doctor.step.identity.known", pairs...))
	}
}

func (e *examination) roundTrip(id protocol.PeerID) {
	if e.config.Ping == nil {
		return
	}
	began := time.Now()
	var took time.Duration
	err := e.within(pingTime, func(ctx context.Context) (err error) {
		took, err = e.config.Ping(ctx, id)
		return err
	})
	if err != nil {
		e.done(CheckRoundTrip, OutcomeNote, began, say("doctor.step.round-trip.failed"))
		return
	}
	e.done(CheckRoundTrip, OutcomeOK, began, say("doctor.step.round-trip.ok", "time", took.Round(10*time.Microsecond)))
}
