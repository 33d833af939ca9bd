package doctor

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"

	"feihong/protocol"
)

func (e *examination) ping() bool {
	began := time.Now()
	if e.facts.NoRoute {
		return true // nothing can leave; the system has said why
	}
	err := e.within(pingTime, func(ctx context.Context) error {
		_, err := e.system.Ping(ctx, e.facts.Host)
		return err
	})
	if errors.Is(err, ErrCannot) {
		e.done(CheckPing, OutcomeSkipped, began, say("doctor.step.ping.cannot"))
		return true
	}
	e.facts.Ping = classify(err)
	switch e.facts.Ping {
	case Works:
		e.done(CheckPing, OutcomeOK, began, say("doctor.step.ping.ok"))
	case NoRoute:
		e.done(CheckPing, OutcomeFailed, began, say("doctor.step.ping.no-route"))
	default: // many machines do not answer to this, so it is no failure
		e.done(CheckPing, OutcomeNote, began, say("doctor.step.ping.silent"))
	}
	return true
}

func (e *examination) askUDP() bool {
	began := time.Now()
	if e.facts.NoRoute {
		return true
	}
	var all []Instance
	err := e.within(udpTime, func(ctx context.Context) (err error) {
		all, err = e.config.Ask(ctx, e.facts.Host)
		return err
	})
	for _, one := range all {
		if one.ID != e.own.ID && len(e.others) < mostInstances {
			e.others = append(e.others, one)
		}
	}
	e.facts.UDP = udpResult(all, err)
	port := e.facts.UDPPort
	switch {
	case len(e.others) > 0:
		e.done(CheckUDP, OutcomeOK, began, say("doctor.step.udp.ok", "names", e.names(), "port", port))
	case len(all) > 0 || e.facts.Port == 0 && e.isOwn(e.facts.Host):
		e.facts.Self = e.facts.Port == 0
		e.done(CheckUDP, OutcomeNote, began, say("doctor.step.udp.self", "port", port))
	case e.facts.UDP == Denied:
		e.done(CheckUDP, OutcomeFailed, began, say("doctor.step.udp.denied", "port", port))
	case e.facts.UDP == NoRoute:
		e.done(CheckUDP, OutcomeFailed, began, say("doctor.step.udp.no-route", "port", port))
	case e.facts.UDP == NotTried:
		e.done(CheckUDP, OutcomeSkipped, began, tell(err, "doctor.failed"))
	default:
		e.done(CheckUDP, OutcomeFailed, began, say("doctor.step.udp.silent", "port", port))
	}
	return !e.facts.Self
}

// mostInstances bounds how many programs on one machine are shown.
const mostInstances = 16

func udpResult(all []Instance, err error) Result {
	if len(all) > 0 {
		return Works
	}
	if err == nil {
		return Silent
	}
	switch result := classify(err); result {
	case Denied, NoRoute, Silent, Refused:
		return result
	}
	return NotTried
}

func (e *examination) names() string {
	text := ""
	for i, one := range e.others {
		if i > 0 {
			text += ", "
		}
		text += nameOf(one.Name, one.ID)
	}
	return text
}

// choosePort finds the port if none was given, and whom to expect there.
func (e *examination) choosePort() bool {
	at := e.facts.Port
	if at == 0 {
		e.guessPort()
	} else {
		e.comparePort(at)
	}
	e.findOthers()
	if e.facts.Port != 0 {
		e.facts.Address = e.target().String()
	}
	e.facts.Self = e.isOwn(e.facts.Host) && e.facts.Port != 0 && int(e.facts.Port) == e.own.TCPPort
	return !e.facts.Self
}

// target is where to connect.
func (e *examination) target() netip.AddrPort { return netip.AddrPortFrom(e.facts.Host, e.facts.Port) }

// guessPort takes the port from who answered, or from who was there before.
func (e *examination) guessPort() {
	candidates := e.candidates()
	for _, one := range candidates {
		where := e.placeOf(one)
		if e.facts.Port == 0 {
			e.facts.Port = where.Port()
			e.expectInstance(one)
		}
		if len(candidates) > 1 {
			e.facts.Several = append(e.facts.Several, nameOf(one.Name, one.ID)+" ("+where.String()+")")
		}
	}
	for _, person := range e.known {
		if e.facts.Port == 0 && person.Address.Addr().WithZone("") == e.facts.Host.WithZone("") {
			e.facts.Port = person.Address.Port()
			e.expect(person)
		}
	}
	if e.facts.Port == 0 && len(e.others) > 0 {
		e.facts.Port = e.placeOf(e.others[0]).Port()
	}
}

// comparePort looks whether somebody who answered is at the given port.
func (e *examination) comparePort(given uint16) {
	for _, one := range e.candidates() {
		if e.placeOf(one).Port() == given {
			e.facts.RightPort = 0
			e.expectInstance(one)
			return
		}
		if e.facts.RightPort == 0 {
			e.facts.RightPort = e.placeOf(one).Port()
			e.facts.Name = nameOf(one.Name, one.ID)
		}
	}
	if !e.want.IsZero() && e.facts.RightPort != 0 {
		e.facts.Moved = netip.AddrPortFrom(e.facts.Host, e.facts.RightPort)
	}
}

// placeOf is where a program listens, seen from here: its address on the
// machine in question, or that machine with its port.
func (e *examination) placeOf(one Instance) netip.AddrPort {
	host := e.facts.Host
	for _, where := range one.Addresses {
		if where.Addr().WithZone("") == host.WithZone("") {
			return netip.AddrPortFrom(host, where.Port())
		}
	}
	if len(one.Addresses) > 0 {
		return netip.AddrPortFrom(host, one.Addresses[0].Port())
	}
	return netip.AddrPortFrom(host, 0)
}

// expectInstance notes that somebody says to be there. Who was known there
// stays the one to expect: that somebody says something proves nothing.
func (e *examination) expectInstance(one Instance) {
	at := slices.IndexFunc(e.known, func(person Acquaintance) bool { return person.ID == one.ID })
	switch {
	case at >= 0:
		e.expect(e.known[at])
	case e.who.IsZero():
		e.facts.Name = nameOf(one.Name, one.ID)
	}
}

func (e *examination) connect() bool {
	began := time.Now()
	if e.facts.NoRoute {
		return true
	}
	if e.facts.Port == 0 {
		e.done(CheckTCP, OutcomeSkipped, began, say("doctor.step.tcp.no-port"))
		return true
	}
	err := e.within(tcpTime, func(ctx context.Context) error { return e.system.Connect(ctx, e.target()) })
	e.facts.TCP = classify(err)
	e.tellTCP(began)
	return true
}

func (e *examination) tellTCP(began time.Time) {
	port := number(e.facts.Port)
	switch e.facts.TCP {
	case Works:
		e.done(CheckTCP, OutcomeOK, began, say("doctor.step.tcp.ok", "port", port))
	case Refused:
		e.done(CheckTCP, OutcomeFailed, began, say("doctor.step.tcp.refused", "port", port))
	case NoRoute:
		e.done(CheckTCP, OutcomeFailed, began, say("doctor.step.tcp.no-route", "port", port))
	case Denied:
		e.done(CheckTCP, OutcomeFailed, began, say("doctor.step.tcp.denied", "port", port))
	default:
		e.done(CheckTCP, OutcomeFailed, began, say("doctor.step.tcp.silent", "port", port))
	}
}

// neighbour finds out, when everything was silent, whether the machine at
// least tells its hardware address.
func (e *examination) neighbour() bool {
	if !e.facts.OnLink || !e.facts.allSilent() {
		return true
	}
	began := time.Now()
	_ = e.within(settleTime, func(ctx context.Context) error {
		e.facts.Neighbour = e.system.Neighbour(ctx, e.facts.Host)
		return nil
	})
	switch e.facts.Neighbour {
	case NeighbourPresent:
		e.done(CheckNeighbour, OutcomeOK, began, say("doctor.step.neighbour.present"))
	case NeighbourAbsent:
		e.done(CheckNeighbour, OutcomeFailed, began, say("doctor.step.neighbour.absent"))
	default:
		e.done(CheckNeighbour, OutcomeSkipped, began, say("doctor.step.neighbour.unknown"))
	}
	return true
}

// targetID is who is in question, as far as one person is: who is known there,
// or the only one who answered.
func (e *examination) targetID() protocol.PeerID {
	if !e.who.IsZero() {
		return e.who
	}
	for _, one := range e.others {
		if len(e.others) == 1 || e.placeOf(one).Port() == e.facts.Port && len(e.facts.Several) == 0 {
			return one.ID
		}
	}
	return protocol.PeerID{}
}
