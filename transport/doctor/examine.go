package doctor

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"time"

	"feihong/protocol"
	"feihong/transport/address"
	"feihong/transport/ether"
)

// How long a step may take. TCP gets long enough for a system to say that a
// machine on the same link does not answer to its address.
const (
	resolveTime = 3 * time.Second
	pingTime    = 1200 * time.Millisecond
	udpTime     = 2 * time.Second
	tcpTime     = 4 * time.Second
	settleTime  = 4 * time.Second
	greetTime   = 10 * time.Second
	farTime     = 8 * time.Second
	reverseTime = 4 * time.Second
)

// heardLately is how long somebody heard is taken to be there: three beacons
// and something.
const heardLately = 2 * time.Minute

// examination is one way to a colleague. It belongs to one goroutine.
type examination struct {
	*Doctor
	ctx      context.Context
	own      Self
	networks []ether.Interface
	progress func(Step)

	facts  Facts
	report Report
	input  string
	host   string          // as it was entered, if it is a name
	source netip.Addr      // from which own address packets leave
	others []Instance      // who answered by UDP, without ourselves
	known  []Acquaintance  // who was there before, or the one who is meant
	want   protocol.PeerID // who is meant, zero for anybody
	who    protocol.PeerID
}

// colleague goes all the way to an address.
func (d *Doctor) colleague(ctx context.Context, input string, want protocol.PeerID, progress func(Step)) Report {
	e := &examination{Doctor: d, ctx: ctx, own: d.self(), want: want, progress: progress}
	e.input = input
	e.facts.Address = safeLine(input)
	e.facts.UDPPort = uint16(e.own.UDPPort)
	e.surroundings()
	for _, step := range []func() bool{
		e.readAddress, e.resolve, e.locate, e.ping, e.askUDP, e.choosePort, e.connect, e.neighbour, e.greet,
	} {
		if !step() || ctx.Err() != nil {
			break
		}
	}
	e.otherEnd()
	e.report.Address = e.facts.Address
	e.report.Verdict = Judge(e.facts)
	return e.report.complete()
}

// complete makes lists without elements the same as those read back.
func (r Report) complete() Report {
	if r.Findings == nil {
		r.Findings = []Finding{}
	}
	if r.Steps == nil {
		r.Steps = []Step{}
	}
	if r.Far == nil {
		r.Far = []FarSide{}
	}
	return r
}

func (e *examination) done(check, outcome string, began time.Time, text Text) {
	took := time.Since(began).Truncate(time.Microsecond)
	step := Step{Check: check, Outcome: outcome, Text: text, Took: took}
	e.report.Steps = append(e.report.Steps, step)
	e.progress(step)
}

// within calls a function that may take no longer than limit.
func (e *examination) within(limit time.Duration, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(e.ctx, limit)
	defer cancel()
	return do(ctx)
}

// surroundings notes in which networks this machine is.
func (e *examination) surroundings() {
	var err error
	if e.networks, err = e.config.Interfaces(); err != nil {
		e.log.Debug("doctor: the interfaces cannot be read", "err", err)
	}
	e.facts.Networks, e.facts.OnlyVirtual, e.facts.SelfAssigned = networks(e.networks)
	e.facts.LinksDown = e.linksDown()
}

// networks sums up interfaces, leaving loopback out.
func networks(all []ether.Interface) (prefixes []netip.Prefix, onlyVirtual, selfAssigned bool) {
	onlyVirtual = true
	selfAssigned = true
	for _, one := range all {
		if one.Loopback {
			continue
		}
		for _, prefix := range one.Addresses {
			prefixes = append(prefixes, prefix)
			onlyVirtual = onlyVirtual && one.Virtual
			selfAssigned = selfAssigned && (one.Virtual || prefix.Addr().IsLinkLocalUnicast())
		}
	}
	some := len(prefixes) > 0
	return prefixes, onlyVirtual && some, selfAssigned && some && !onlyVirtual
}

// linksDown names the real interfaces that are off or unplugged.
func (d *Doctor) linksDown() []string {
	links, err := d.system.Links()
	if err != nil {
		d.log.Debug("doctor: the links cannot be read", "err", err)
	}
	var names []string
	for _, link := range links {
		if !link.Virtual && (!link.Up || !link.Running) {
			names = append(names, safe(link.Name))
		}
	}
	return names
}

func (e *examination) readAddress() bool {
	began := time.Now()
	var local []netip.Prefix
	for _, one := range e.networks {
		local = append(local, one.Addresses...)
	}
	parsed, port, warnings, err := readAddress(e.input, local)
	if err != nil {
		e.facts.Problem = tell(err, "doctor.failed")
		e.done(CheckAddress, OutcomeFailed, began, e.facts.Problem)
		return false
	}
	e.facts.Host, e.facts.Port = parsed.IP, port
	if !parsed.IP.IsValid() {
		e.host = parsed.Host
	}
	if problem := e.zoneProblem(parsed.IP, port); problem.Key != "" {
		e.facts.Problem = problem
		e.done(CheckAddress, OutcomeFailed, began, problem)
		return false
	}
	e.facts.Address = shown(parsed, port)
	if len(warnings) > 0 {
		e.done(CheckAddress, OutcomeNote, began, tell(warned{warnings[0]}, "doctor.failed"))
		return true
	}
	e.done(CheckAddress, OutcomeOK, began, say("doctor.step.address.ok", "address", e.facts.Address))
	return true
}

// warned lends a warning the looks of an error.
type warned struct{ address.Warning }

func (w warned) Error() string { return w.String() }

// readAddress reads an address whose port may be missing: it is 0 then.
func readAddress(input string, local []netip.Prefix) (address.Address, uint16, []address.Warning, error) {
	parsed, warnings, err := address.Parse(input, local)
	var refusal *address.Error
	if err == nil {
		return parsed, uint16(parsed.Port), warnings, nil
	}
	if !errors.As(err, &refusal) || refusal.Code != address.NoPort && refusal.Code != address.NoBrackets {
		return parsed, 0, nil, err
	}
	const anyPort = ":50000" // only to have the host read
	host := strings.TrimRight(strings.TrimSpace(input), ":：")
	if refusal.Code == address.NoBrackets {
		host = "[" + strings.TrimSpace(input) + "]"
	}
	parsed, warnings, again := address.Parse(host+anyPort, local)
	if again != nil {
		if refusal.Code == address.NoBrackets {
			return parsed, 0, nil, err
		}
		return parsed, 0, nil, again
	}
	return parsed, 0, warnings, nil
}

// shown is an address as it is told, with its port if that is known.
func shown(a address.Address, port uint16) string {
	if port == 0 {
		return a.Host
	}
	return a.String()
}

func (e *examination) resolve() bool {
	if e.host == "" {
		return true
	}
	began := time.Now()
	var found []netip.Addr
	err := e.within(resolveTime, func(ctx context.Context) (err error) {
		found, err = e.system.Resolve(ctx, e.host)
		return err
	})
	if err != nil || len(found) == 0 {
		e.facts.NameUnknown = true
		e.done(CheckName, OutcomeFailed, began, say("doctor.step.name.failed", "host", e.host))
		return false
	}
	e.facts.Host = e.nearestOf(found)
	e.done(CheckName, OutcomeOK, began, say("doctor.step.name.ok", "host", e.host, "ip", e.facts.Host))
	return true
}

// nearestOf chooses among the addresses of a host: one in an own network
// before one with a route, and IPv4 first.
func (e *examination) nearestOf(all []netip.Addr) netip.Addr {
	rank := func(one netip.Addr) int {
		rank := 0
		if _, err := e.system.Route(one); err != nil {
			rank += 4
		}
		if _, on := e.linkOf(one); !on {
			rank += 2
		}
		if one.Is6() {
			rank++
		}
		return rank
	}
	return slices.MinFunc(all, func(a, b netip.Addr) int { return rank(a) - rank(b) })
}

// linkOf is the interface in one of whose networks an address lies.
func (e *examination) linkOf(at netip.Addr) (ether.Interface, bool) {
	for _, one := range e.networks {
		if at.Zone() != "" && at.Zone() != one.Name {
			continue
		}
		if one.Contains(at) {
			return one, true
		}
	}
	return ether.Interface{}, false
}

// locate finds out on which network the address is, or how it is reached.
func (e *examination) locate() bool {
	began := time.Now()
	host := e.facts.Host
	source, err := e.system.Route(host)
	e.source = source
	via, _ := e.linkOf(source)
	e.facts.NoRoute = err != nil
	e.facts.Own = e.isOwn(host)
	e.facts.Interface = safe(via.Name)
	if on, ok := e.linkOf(host); ok {
		e.facts.OnLink, e.facts.Interface = !on.Loopback, safe(on.Name)
	}
	e.facts.Wireless = e.wireless()
	e.findKnown()
	e.findHeard()
	e.findMoved()
	pairs := []any{"host", host, "interface", e.facts.Interface, "source", source, "network", masked(e.facts.nearest())}
	switch {
	case e.isOwn(host) && !e.facts.NoRoute:
		e.done(CheckNetwork, OutcomeNote, began, say("doctor.step.network.own", pairs...))
	case e.facts.NoRoute:
		e.done(CheckNetwork, OutcomeFailed, began, say("doctor.step.network.no-route", pairs...))
	case e.facts.OnLink:
		e.done(CheckNetwork, OutcomeOK, began, say("doctor.step.network.on-link", pairs...))
	default:
		e.done(CheckNetwork, OutcomeOK, began, say("doctor.step.network.routed", pairs...))
	}
	e.facts.Self = e.isOwn(host) && e.facts.Port != 0 && int(e.facts.Port) == e.own.TCPPort
	return !e.facts.Self
}

// masked is a network without the own address in it.
func masked(network string) string {
	prefix, err := netip.ParsePrefix(network)
	if err != nil {
		return network
	}
	return prefix.Masked().String()
}

func (e *examination) wireless() Wireless {
	links, err := e.system.Links()
	if err != nil {
		return WirelessUnknown
	}
	for _, link := range links {
		if safe(link.Name) == e.facts.Interface {
			return link.Wireless
		}
	}
	return WirelessUnknown
}

// isOwn tells whether an address is one of this machine.
func (e *examination) isOwn(at netip.Addr) bool {
	if at.IsLoopback() {
		return true
	}
	at = at.WithZone("")
	return slices.ContainsFunc(e.networks, func(one ether.Interface) bool {
		return slices.ContainsFunc(one.Addresses, func(prefix netip.Prefix) bool { return prefix.Addr() == at })
	})
}
