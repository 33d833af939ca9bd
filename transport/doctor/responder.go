package doctor

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"time"

	"feihong/protocol"
	"feihong/transport"
)

// The limits for looking at addresses because others ask.
const (
	// AnswerPause is how long one peer waits before the next question.
	AnswerPause = 10 * time.Second
	// AnswersPerMinute is for all peers together.
	AnswersPerMinute = 6
	// AnswersAtOnce is how many run at the same time.
	AnswersAtOnce = 2
	// answerTime is what one answer takes at most. It is less than what the
	// asker waits for.
	answerTime = 6 * time.Second
)

// Asker is a peer who asks, as the session with them shows.
type Asker struct {
	ID      protocol.PeerID
	Address netip.AddrPort // where the session comes from, with the port they say to listen on, or 0
}

// ResponderConfig is what a Responder works with. Ask and Dial are as in
// Config, and so is System.
type ResponderConfig struct {
	Ask  func(ctx context.Context, at netip.Addr) ([]Instance, error)
	Dial func(ctx context.Context, address string, want protocol.PeerID) (protocol.PeerID, string, error)
	// Knows tells whether somebody listens at an address as far as is known
	// here at first hand: by discovery or as a contact. Port 0 means any
	// port, a zero ID anybody. It must not believe what others only told.
	// Nil means that nobody is known.
	Knows  func(at netip.AddrPort, who protocol.PeerID) bool
	System System
	Logger *slog.Logger
}

// Responder looks at addresses for others. A peer may ask about the address
// that their own session comes from and about those of people known here, a
// few times a minute; of the answers they learn how each step ended and how
// long it took, no more. It is safe for concurrent use and owns no goroutine.
type Responder struct {
	config ResponderConfig
	system System
	log    *slog.Logger
	places chan struct{}

	mu     sync.Mutex
	recent []answered // within the last minute
}

type answered struct {
	whom protocol.PeerID
	when time.Time
}

// NewResponder returns a Responder.
func NewResponder(config ResponderConfig) *Responder {
	r := &Responder{config: config, system: config.System, log: config.Logger, places: make(chan struct{}, AnswersAtOnce)}
	if r.system == nil {
		r.system = Machine()
	}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	return r
}

// Answer looks at an address for a peer, or refuses to. It takes up to 6 s.
func (r *Responder) Answer(ctx context.Context, from Asker, about protocol.Examine) protocol.Examined {
	refusal := protocol.Examined{ID: about.ID, Refused: true}
	if !r.allowed(from, about) || !r.admit(from.ID) {
		r.log.Debug("doctor: does not look at an address for a peer", "peer", from.ID.Short(), "address", about.Address)
		return refusal
	}
	select {
	case r.places <- struct{}{}:
		defer func() { <-r.places }()
	default:
		return refusal
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	return protocol.Examined{ID: about.ID, Steps: r.look(ctx, about)}
}

// allowed is the rule that keeps a peer from having this machine scan ports.
func (r *Responder) allowed(from Asker, about protocol.Examine) bool {
	at := plain(about.Address)
	switch {
	case !canTell(at.Addr()) || at.Addr().IsMulticast() || at.Addr().IsUnspecified():
		return false
	case at.Addr() == plain(from.Address).Addr():
		themself := about.Peer.IsZero() || about.Peer == from.ID
		return themself && (at.Port() == from.Address.Port() || at.Port() == 0)
	}
	return r.config.Knows != nil && r.config.Knows(at, about.Peer)
}

// plain is an address in the one form in which it can be compared.
func plain(at netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(at.Addr().Unmap().WithZone(""), at.Port())
}

// admit keeps count of the answers.
func (r *Responder) admit(peer protocol.PeerID) bool {
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.recent = slices.DeleteFunc(r.recent, func(one answered) bool { return now.Sub(one.when) >= time.Minute })
	again := slices.ContainsFunc(r.recent, func(one answered) bool {
		return one.whom == peer && now.Sub(one.when) < AnswerPause
	})
	if again || len(r.recent) >= AnswersPerMinute {
		return false
	}
	r.recent = append(r.recent, answered{peer, now})
	return true
}

// look takes the steps, those that do not need each other at once.
func (r *Responder) look(ctx context.Context, about protocol.Examine) []protocol.ExaminedStep {
	var steps [4]protocol.ExaminedStep
	var group sync.WaitGroup
	at := plain(about.Address)
	group.Go(func() { steps[0] = timed(ctx, protocol.CheckPing, pingTime, r.ping(at.Addr())) })
	group.Go(func() { steps[1] = timed(ctx, protocol.CheckUDP, udpTime, r.askUDP(at.Addr(), about.Peer)) })
	group.Go(func() {
		steps[2] = timed(ctx, protocol.CheckTCP, tcpTime, r.connect(at))
		steps[3] = protocol.ExaminedStep{Check: protocol.CheckGreeting, Outcome: protocol.OutcomeSkipped}
		if steps[2].Outcome == protocol.OutcomeOK && !about.Peer.IsZero() {
			steps[3] = timed(ctx, protocol.CheckGreeting, answerTime, r.greet(at, about.Peer))
		}
	})
	group.Wait()
	return append(steps[:], identityStep(steps[3]))
}

// identityStep is what the greeting told about who is there.
func identityStep(greeting protocol.ExaminedStep) protocol.ExaminedStep {
	step := protocol.ExaminedStep{Check: protocol.CheckIdentity, Outcome: protocol.OutcomeSkipped}
	switch greeting.Outcome {
	case protocol.OutcomeOK, protocol.OutcomeWrongPeer:
		step.Outcome = greeting.Outcome
	}
	return step
}

func timed(ctx context.Context, check protocol.ExamineCheck, limit time.Duration,
	try func(context.Context) Result) protocol.ExaminedStep {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	began := time.Now()
	outcome := outcomeOf(try(ctx))
	micros := min(time.Since(began), answerTime+time.Second).Microseconds()
	return protocol.ExaminedStep{Check: check, Outcome: outcome, Micros: uint32(micros)}
}

func (r *Responder) ping(at netip.Addr) func(context.Context) Result {
	return func(ctx context.Context) Result {
		_, err := r.system.Ping(ctx, at)
		if errors.Is(err, ErrCannot) {
			return NotTried
		}
		return classify(err)
	}
}

func (r *Responder) askUDP(at netip.Addr, want protocol.PeerID) func(context.Context) Result {
	return func(ctx context.Context) Result {
		all, err := r.config.Ask(ctx, at)
		wanted := func(one Instance) bool { return want.IsZero() || one.ID == want }
		if result := udpResult(all, err); result != Works || slices.ContainsFunc(all, wanted) {
			return result
		}
		return Other
	}
}

func (r *Responder) connect(at netip.AddrPort) func(context.Context) Result {
	return func(ctx context.Context) Result {
		if at.Port() == 0 {
			return NotTried
		}
		return classify(r.system.Connect(ctx, at))
	}
}

func (r *Responder) greet(at netip.AddrPort, want protocol.PeerID) func(context.Context) Result {
	return func(ctx context.Context) Result {
		_, _, err := r.config.Dial(ctx, at.String(), want)
		var wrong *transport.WrongPeerError
		if err == nil {
			return Works
		}
		if errors.As(err, &wrong) {
			return Other
		}
		switch greetingOf(err) {
		case GreetedForeign:
			return Foreign
		case GreetingRefused, BlockedHere, TheyAreOld, WeAreOld, GreetedSelf:
			return Refused
		case NotGreeted:
			return classify(err)
		}
		return Silent
	}
}
