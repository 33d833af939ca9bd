package doctor

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"feihong/transport/ether"
)

// zoneProblem says what is missing of a link-local IPv6 address, which means
// something only together with one of the interfaces of this machine. The Text
// is empty if nothing is.
func (e *examination) zoneProblem(at netip.Addr, port uint16) Text {
	if !at.Is6() || !at.IsLinkLocalUnicast() || hasZone(e.networks, at.Zone()) {
		return Text{}
	}
	names := zones(e.networks)
	if len(names) == 0 {
		return Text{} // without a network there is worse to tell
	}
	example := at.WithZone(names[0]).String()
	if port != 0 {
		example = netip.AddrPortFrom(at.WithZone(names[0]), port).String()
	}
	pairs := []any{"zone", safe(at.Zone()), "address", at.WithZone(""), "interfaces", strings.Join(names, ", "), "example", example}
	if at.Zone() == "" {
		return say("doctor.zone.missing", pairs...)
	}
	return say("doctor.zone.unknown", pairs...)
}

// hasZone tells whether an interface has a zone as its name or its number.
func hasZone(all []ether.Interface, zone string) bool {
	return zone != "" && slices.ContainsFunc(all, func(one ether.Interface) bool {
		return one.Name == zone || strconv.Itoa(one.Index) == zone
	})
}

// zones names the interfaces on which link-local addresses are possible: those
// that have one or, if none has, all but loopback.
func zones(all []ether.Interface) []string {
	var with, others []string
	for _, one := range all {
		linkLocal := func(prefix netip.Prefix) bool { return prefix.Addr().Is6() && prefix.Addr().IsLinkLocalUnicast() }
		switch {
		case one.Loopback:
		case slices.ContainsFunc(one.Addresses, linkLocal):
			with = append(with, safe(one.Name))
		default:
			others = append(others, safe(one.Name))
		}
	}
	if len(with) > 0 {
		return with
	}
	return others
}
