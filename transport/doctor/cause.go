package doctor

import (
	"strconv"
	"strings"
)

// The causes of a verdict. They are stable: scripts rely on them.
const (
	CauseFine            = "fine"
	CauseFineUDPBlocked  = "fine-but-udp-blocked"
	CauseFineOneWay      = "fine-only-one-way"    // we reach them, they cannot reach us
	CauseFineFromThere   = "fine-only-from-there" // they reach us, we cannot reach them
	CauseBadAddress      = "bad-address"
	CauseSelf            = "self"
	CauseOwnMachine      = "own-machine" // at another port than ours
	CauseNoNetwork       = "no-network"
	CauseInterfaceDown   = "interface-down"
	CauseNoAddress       = "no-address" // of our own
	CauseNameNotFound    = "name-not-found"
	CauseNoRoute         = "no-route"
	CauseWrongPrefix     = "wrong-prefix"
	CauseNothingThere    = "nothing-there"
	CauseNoAnswer        = "no-answer" // from another network
	CauseNoProgram       = "host-up-no-program"
	CauseOtherProgram    = "other-program"
	CauseWrongPort       = "wrong-port"
	CauseTwoInstances    = "two-instances"
	CauseTCPBlockedThere = "tcp-blocked-there"
	CauseTCPBlockedHere  = "tcp-blocked-here"
	CauseUDPBlocked      = "udp-blocked"
	CauseUDPBlockedHere  = "udp-blocked-here"
	CauseBlockedBetween  = "blocked-between"
	CauseFirewallThere   = "firewall-there"
	CauseIsolation       = "isolation"
	CauseOneWay          = "one-way" // we hear them, and they do not answer
	CauseIdentityChanged = "identity-changed"
	CauseOtherPerson     = "other-person"
	CauseOldVersion      = "old-version"
	CauseOldHere         = "old-version-here"
	CauseRefused         = "refused-by-them"
	CauseBlockedHere     = "blocked-here" // by the user
	CauseGreetingBroken  = "greeting-broken"
)

// The causes that only a verdict about this machine has.
const (
	CauseMachineFine       = "machine-fine"
	CauseNotRunning        = "not-running"
	CauseNotListening      = "not-listening"
	CauseFirewallHere      = "firewall-here"
	CauseUDPPortTaken      = "udp-port-taken"
	CauseDiscoveryOff      = "discovery-off"
	CauseDiscoveryLoopback = "discovery-loopback"
	CauseInvisible         = "invisible"
	CauseNobodyHeard       = "nobody-heard"
)

// causeArgs names the arguments that the text and the advice of each cause
// have.
var causeArgs = map[string]string{
	CauseFine:            "name address",
	CauseFineUDPBlocked:  "name udp",
	CauseFineOneWay:      "name",
	CauseFineFromThere:   "name port",
	CauseBadAddress:      "",
	CauseSelf:            "address",
	CauseOwnMachine:      "address",
	CauseNoNetwork:       "",
	CauseInterfaceDown:   "links",
	CauseNoAddress:       "",
	CauseNameNotFound:    "address",
	CauseNoRoute:         "host",
	CauseWrongPrefix:     "host network",
	CauseNothingThere:    "host",
	CauseNoAnswer:        "host udp",
	CauseNoProgram:       "host",
	CauseOtherProgram:    "address",
	CauseWrongPort:       "name host right",
	CauseTwoInstances:    "host several",
	CauseTCPBlockedThere: "name port",
	CauseTCPBlockedHere:  "host",
	CauseUDPBlocked:      "host udp",
	CauseUDPBlockedHere:  "udp",
	CauseBlockedBetween:  "colleague host port udp",
	CauseFirewallThere:   "host",
	CauseIsolation:       "host",
	CauseOneWay:          "name udp",
	CauseIdentityChanged: "expected address",
	CauseOtherPerson:     "expected name address",
	CauseOldVersion:      "name",
	CauseOldHere:         "name",
	CauseRefused:         "name",
	CauseBlockedHere:     "name",
	CauseGreetingBroken:  "address",

	CauseMachineFine:       "count",
	CauseNotRunning:        "",
	CauseNotListening:      "",
	CauseFirewallHere:      "firewall port udp",
	CauseUDPPortTaken:      "udp",
	CauseDiscoveryOff:      "",
	CauseDiscoveryLoopback: "",
	CauseInvisible:         "",
	CauseNobodyHeard:       "udp",
}

// works are the causes with which messages get through.
var works = map[string]bool{
	CauseFine: true, CauseFineUDPBlocked: true, CauseFineOneWay: true, CauseFineFromThere: true,
	CauseMachineFine: true, CauseInvisible: true, CauseNobodyHeard: true,
}

// moves are the causes that are explained by the person who is meant being
// somewhere else.
var moves = map[string]bool{
	CauseOtherPerson: true, CauseIdentityChanged: true, CauseNothingThere: true, CauseNoAnswer: true,
	CauseNoProgram: true, CauseOtherProgram: true, CauseOwnMachine: true,
}

// verdict words a cause.
func (f *Facts) verdict(cause string) Verdict {
	name, address := either(f.Name, f.place()), f.Address
	if f.OtherThere != NobodyIdentified && f.Greeting == NotGreeted {
		name, address = f.OtherName, f.place() // they may be at another port
	}
	expected := either(f.Expected, f.place())
	v := worded(cause, map[string]string{
		"name":      name,
		"expected":  expected,
		"address":   address,
		"host":      f.place(),
		"port":      number(f.Port),
		"right":     number(f.RightPort),
		"udp":       number(f.UDPPort),
		"links":     strings.Join(f.LinksDown, ", "),
		"network":   f.nearest(),
		"several":   strings.Join(f.Several, ", "),
		"colleague": f.helper(),
	})
	switch cause {
	case CauseBadAddress:
		v.Text = f.Problem
	case CauseFineOneWay, CauseUDPBlockedHere:
		v.Command = f.Firewall.Command
	}
	if moves[cause] && f.Moved.IsValid() {
		v.Advice = say("doctor.advice.moved", "expected", expected, "now", f.Moved)
	}
	return v
}

func (f *MachineFacts) verdict(cause string) Verdict {
	v := worded(cause, map[string]string{
		"links":    strings.Join(f.LinksDown, ", "),
		"port":     strconv.Itoa(f.TCPPort),
		"udp":      strconv.Itoa(f.UDPPort),
		"count":    strconv.Itoa(f.Heard),
		"firewall": f.Firewall.Name,
	})
	if cause == CauseFirewallHere {
		v.Command = f.Firewall.Command
	}
	return v
}

func worded(cause string, values map[string]string) Verdict {
	var pairs []any
	for _, name := range strings.Fields(causeArgs[cause]) {
		pairs = append(pairs, name, values[name])
	}
	return Verdict{
		OK:     works[cause],
		Cause:  cause,
		Text:   say("doctor.cause."+cause, pairs...),
		Advice: say("doctor.advice."+cause, pairs...),
	}
}

// place is the machine in question, as short as it can be said.
func (f *Facts) place() string {
	if f.Host.IsValid() {
		return f.Host.String()
	}
	return f.Address
}

// helper is the colleague who gets through.
func (f *Facts) helper() string {
	far, _ := f.colleague()
	return far.Who
}

// nearest is the own network that the verdict is about, if one of them is.
func (f *Facts) nearest() string {
	best := ""
	most := -1
	for _, own := range f.Networks {
		if own.Addr().Is4() != f.Host.Is4() {
			continue
		}
		if bits := commonBits(own.Addr(), f.Host); bits > most {
			most, best = bits, own.String()
		}
	}
	return best
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// number is a port as it is shown.
func number(port uint16) string {
	if port == 0 {
		return "?"
	}
	return strconv.Itoa(int(port))
}
