package doctor

import (
	"net/netip"

	"feihong/protocol"
)

// Result is what came of trying one thing.
type Result uint8

// The results.
const (
	NotTried Result = iota
	Works
	Silent  // nothing came back in time
	Refused // the machine says no
	NoRoute // the network does not lead there
	Denied  // this machine itself does not let us
	Foreign // something else answers
	Other   // somebody else answers
)

// Greeting is what came of speaking the protocol to whoever took the
// connection.
type Greeting uint8

// The results of a greeting.
const (
	NotGreeted Greeting = iota
	Greeted
	GreetedForeign  // another program
	GreetedSelf     // this very profile
	GreetingRefused // a Feihong program that does not want us
	BlockedHere     // the user has blocked whoever answers
	GreetingBroken  // the connection broke in the middle
	TheyAreOld      // no common version: theirs is too old, or it is not known whose
	WeAreOld        // no common version: ours is too old
)

// IdentityFact is whom the greeting showed.
type IdentityFact uint8

// The identities.
const (
	NobodyIdentified   IdentityFact = iota
	Stranger                        // nobody known, and nobody else was known to be there
	KnownPerson                     // known
	VerifiedPerson                  // known, and compared face to face
	SameNameAnotherKey              // not the one known there, but called the same
	AnotherPerson                   // not the one known there
)

// FarFacts is how it looks from another machine, see FarSide.
type FarFacts struct {
	Who                      string
	Target                   bool
	Ping, UDP, TCP, Greeting Result
}

// reaches tells whether a connection came about from there.
func (f FarFacts) reaches() bool { return f.TCP == Works || f.Greeting == Works }

// Facts is all that a verdict about an address is made of. The zero value of
// each field means that nothing is known.
type Facts struct {
	Address string     // as it was understood, or entered
	Host    netip.Addr // the IP address in question
	Name    string     // who is or should be there; may be empty
	Port    uint16     // 0: not known
	UDPPort uint16

	Problem     Text // why it is no address; without a key: it is one
	NameUnknown bool // the host name is not known
	Self        bool // it is this very profile
	Own         bool // it is an address of this machine

	Networks     []netip.Prefix // of this machine, without loopback
	OnlyVirtual  bool           // all of them exist inside this machine only
	LinksDown    []string       // real interfaces that are off or unplugged
	SelfAssigned bool           // the only addresses are such as a machine gives itself

	OnLink    bool   // the address is in one of Networks
	Interface string // where packets to it leave
	Wireless  Wireless
	NoRoute   bool // there is no way to it

	Ping, UDP, TCP Result
	Neighbour      Neighbour // asked only if everything was silent

	Several   []string // more than one program is there, and no port was given: their names and addresses
	RightPort uint16   // the program there listens at this port, and another was asked for

	Greeting Greeting
	Reason   Text // why they refuse
	Identity IdentityFact
	Expected string // who was known there, or is meant

	OtherThere IdentityFact   // who answered by UDP where a certain person is meant, if not that one
	OtherName  string         // their name
	Moved      netip.AddrPort // where the person who is meant is heard, if not at the address

	HeardOnLink bool // their announcements came over the link lately
	HeardOf     bool // their program runs: it was heard lately by whatever way
	FromThere   bool // there is a session that they opened, or they opened one when asked to

	Far []FarFacts

	Firewall FirewallFacts
}

// FirewallFacts is what the own firewall does, as far as it may be read.
type FirewallFacts struct {
	Name       string // "ufw", …; empty: none found that is on
	TCPClosed  bool   // connections to our port do not come in
	UDPClosed  bool   // questions of others do not come in
	OutFilters bool   // what goes out is filtered too
	Command    string // would open the ports
}

// colleague is the first one, other than the machine in question, who gets a
// connection to the address.
func (f *Facts) colleague() (FarFacts, bool) {
	for _, far := range f.Far {
		if !far.Target && far.reaches() {
			return far, true
		}
	}
	return FarFacts{}, false
}

// keptOut tells that the machine in question was asked and does not get a
// connection to us.
func (f *Facts) keptOut() bool {
	for _, far := range f.Far {
		if far.Target && (far.TCP == Silent || far.TCP == Refused || far.TCP == NoRoute) {
			return true
		}
	}
	return false
}

// allSilent tells that nothing at all came back.
func (f *Facts) allSilent() bool {
	return f.Ping != Works && f.UDP != Works && f.TCP != Works && f.TCP != Refused
}

// nearlyOn tells that the address would be in one of our networks if that had
// the usual size of 256 addresses. A network made smaller by a wrong mask is
// the commonest way not to see the desk next door.
func (f *Facts) nearlyOn() bool {
	const usual = 24
	if !f.Host.Is4() || f.OnLink {
		return false
	}
	for _, own := range f.Networks {
		if !own.Addr().Is4() || own.Bits() <= usual || own.Bits() == own.Addr().BitLen() {
			continue
		}
		if wide, err := own.Addr().Prefix(usual); err == nil && wide.Contains(f.Host) {
			return true
		}
	}
	return false
}

// resultOf turns what a colleague told into a Result.
func resultOf(outcome protocol.ExamineOutcome) Result {
	switch outcome {
	case protocol.OutcomeOK:
		return Works
	case protocol.OutcomeNoAnswer:
		return Silent
	case protocol.OutcomeRefused:
		return Refused
	case protocol.OutcomeNoRoute:
		return NoRoute
	case protocol.OutcomeForeign:
		return Foreign
	case protocol.OutcomeWrongPeer:
		return Other
	}
	return NotTried
}

// outcomeOf is the opposite of resultOf.
func outcomeOf(result Result) protocol.ExamineOutcome {
	switch result {
	case Works:
		return protocol.OutcomeOK
	case Silent:
		return protocol.OutcomeNoAnswer
	case Refused:
		return protocol.OutcomeRefused
	case NoRoute, Denied:
		return protocol.OutcomeNoRoute
	case Foreign:
		return protocol.OutcomeForeign
	case Other:
		return protocol.OutcomeWrongPeer
	}
	return protocol.OutcomeSkipped
}
