package doctor

// Judge finds the one cause that explains the facts about an address. It is
// pure. The order matters: what would explain everything after it comes
// first.
func Judge(f Facts) Verdict { return f.verdict(f.cause()) }

func (f *Facts) cause() string {
	switch {
	case f.Problem.Key != "":
		return CauseBadAddress
	case f.Self, f.Greeting == GreetedSelf:
		return CauseSelf
	case f.Host.IsLoopback():
	case len(f.Networks) == 0:
		return f.disconnected()
	case f.NoRoute && f.OnlyVirtual && len(f.LinksDown) > 0:
		return CauseInterfaceDown
	}
	switch {
	case f.NameUnknown:
		return CauseNameNotFound
	case f.Greeting != NotGreeted:
		return f.afterGreeting()
	case len(f.Several) > 0 && (f.TCP == NotTried || f.TCP == Works):
		return CauseTwoInstances
	case f.TCP == Denied, f.TCP == Silent && f.UDP == Denied: // a filter drops TCP without a word
		return CauseTCPBlockedHere
	case f.TCP == NotTried && f.UDP == Denied:
		return CauseUDPBlockedHere
	case f.RightPort != 0 && f.TCP != Works:
		return CauseWrongPort
	case f.OtherThere == SameNameAnotherKey:
		return CauseIdentityChanged
	case f.OtherThere == AnotherPerson:
		return CauseOtherPerson
	case f.Own:
		return CauseOwnMachine
	case f.FromThere:
		return CauseFineFromThere
	case f.TCP == Refused:
		return f.afterRefusal()
	case f.NoRoute, f.TCP == NoRoute, f.TCP == NotTried && f.UDP == NoRoute:
		return f.withoutRoute()
	}
	return f.afterSilence()
}

func (f *Facts) disconnected() string {
	if len(f.LinksDown) > 0 {
		return CauseInterfaceDown
	}
	return CauseNoNetwork
}

// afterGreeting judges when a connection came about and something was said.
func (f *Facts) afterGreeting() string {
	switch f.Greeting {
	case GreetedForeign:
		if f.RightPort != 0 {
			return CauseWrongPort
		}
		return CauseOtherProgram
	case GreetingRefused:
		return CauseRefused
	case BlockedHere:
		return CauseBlockedHere
	case GreetingBroken:
		return CauseGreetingBroken
	case TheyAreOld:
		return CauseOldVersion
	case WeAreOld:
		return CauseOldHere
	}
	switch {
	case f.Identity == SameNameAnotherKey:
		return CauseIdentityChanged
	case f.Identity == AnotherPerson:
		return CauseOtherPerson
	case f.keptOut():
		return CauseFineOneWay
	case f.UDP == Silent || f.UDP == Refused || f.UDP == Denied || f.UDP == NoRoute:
		return CauseFineUDPBlocked
	}
	return CauseFine
}

// afterRefusal judges when the machine, or a firewall, says at once that
// nobody listens at the port.
func (f *Facts) afterRefusal() string {
	_, reached := f.colleague()
	switch {
	case f.UDP == Works:
		return CauseTCPBlockedThere
	case reached:
		return f.blockedForUs()
	}
	return CauseNoProgram
}

// withoutRoute judges when the system knows no way.
func (f *Facts) withoutRoute() string {
	switch {
	case f.HeardOnLink && !f.OnLink, f.nearlyOn():
		return CauseWrongPrefix
	case f.OnLink && (f.Ping == Works || f.Neighbour == NeighbourPresent):
		return CauseFirewallThere // it rejects, and says so in this way
	case f.OnLink:
		return CauseNothingThere
	case f.SelfAssigned:
		return CauseNoAddress
	}
	return CauseNoRoute
}

// afterSilence judges when connecting brought no answer at all, or could not
// be tried because the port is not known.
func (f *Facts) afterSilence() string {
	_, reached := f.colleague()
	switch {
	case f.allSilent() && (f.HeardOnLink && !f.OnLink || f.nearlyOn()):
		return CauseWrongPrefix
	case reached:
		return f.blockedForUs()
	case f.UDP == Works:
		return CauseTCPBlockedThere
	case f.HeardOnLink && f.Neighbour != NeighbourAbsent:
		return CauseOneWay
	case f.Ping == Works:
		return f.deafHost()
	case f.OnLink && f.Neighbour == NeighbourPresent:
		return f.deafNeighbour()
	case f.OnLink, f.Host.IsLoopback():
		return CauseNothingThere
	case f.SelfAssigned:
		return CauseNoAddress
	}
	return CauseNoAnswer
}

// deafHost judges a machine that answers to ping but not to Feihong.
func (f *Facts) deafHost() string {
	switch {
	case f.TCP == Silent:
		return CauseFirewallThere
	case f.HeardOf:
		return CauseUDPBlocked
	}
	return CauseNoProgram
}

// deafNeighbour judges a machine that tells its hardware address and nothing
// else.
func (f *Facts) deafNeighbour() string {
	if f.Wireless == WirelessNo {
		return CauseFirewallThere
	}
	return CauseIsolation
}

// blockedForUs judges when a colleague gets through and we do not.
func (f *Facts) blockedForUs() string {
	switch {
	case f.OnLink && f.allSilent() && f.Neighbour == NeighbourPresent && f.Wireless == WirelessNo:
		return CauseWrongPrefix // theirs: the answers go elsewhere
	case f.OnLink && f.allSilent() && f.Neighbour == NeighbourPresent:
		return CauseIsolation
	case f.OnLink, f.Firewall.OutFilters:
		return CauseTCPBlockedHere
	}
	return CauseBlockedBetween
}

// MachineFacts is all that a verdict about this machine is made of.
type MachineFacts struct {
	Networks     int // in which this machine is, without loopback
	OnlyVirtual  bool
	LinksDown    []string
	SelfAssigned bool

	TCPPort, UDPPort int
	Passive          bool // the program does not run, but for this question
	UDPTrouble       bool
	Discovery        Discovery
	Invisible        bool
	Heard            int // people heard lately

	Firewall FirewallFacts
}

// JudgeMachine finds what is most in the way of this machine being found and
// reached. It is pure.
func JudgeMachine(f MachineFacts) Verdict { return f.verdict(f.cause()) }

func (f *MachineFacts) cause() string {
	off := f.Networks == 0 || f.OnlyVirtual
	switch {
	case f.Discovery == DiscoveryLoopback:
		return CauseDiscoveryLoopback
	case off && len(f.LinksDown) > 0:
		return CauseInterfaceDown
	case f.Networks == 0:
		return CauseNoNetwork
	case f.SelfAssigned:
		return CauseNoAddress
	case f.Passive:
		return CauseNotRunning
	case f.TCPPort == 0:
		return CauseNotListening
	case f.Firewall.TCPClosed || f.Firewall.UDPClosed:
		return CauseFirewallHere
	case f.Discovery == DiscoveryOff:
		return CauseDiscoveryOff
	case f.UDPTrouble:
		return CauseUDPPortTaken
	case f.Invisible:
		return CauseInvisible
	case f.Heard == 0:
		return CauseNobodyHeard
	}
	return CauseMachineFine
}
