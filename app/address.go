package app

import (
	"errors"
	"net/netip"
	"strings"

	"feihong/app/chat"
	"feihong/app/control"
	"feihong/transport"
	"feihong/transport/address"
)

// checkAddress reads an address as the user typed it, and refuses our own. If
// nothing but the port is missing, the error holds a *control.NoPortError.
func (n *node) checkAddress(typed string) (string, []error, error) {
	local := address.LocalPrefixes()
	a, notes, err := address.Parse(typed, local)
	if err != nil {
		return "", nil, &control.BadAddressError{Err: portless(local, err)}
	}
	if n.isSelf(a, local) {
		return "", nil, &chat.DialError{Reason: chat.ReasonSelf, Err: &transport.SelfError{Address: a.String()}}
	}
	var warnings []error
	for _, note := range notes {
		warnings = append(warnings, addressNote{note})
	}
	return a.String(), warnings, nil
}

// portless is problem, or what says that the address is good but for its port.
func portless(local []netip.Prefix, problem error) error {
	var reason *address.Error
	if !errors.As(problem, &reason) {
		return problem
	}
	completed := strings.TrimSuffix(reason.Input, ":") + ":1"
	switch reason.Code {
	case address.NoPort:
	case address.NoBrackets:
		completed = "[" + reason.Input + "]:1"
	default:
		return problem
	}
	a, _, err := address.Parse(completed, local)
	if err != nil {
		return problem
	}
	return &control.NoPortError{Host: a.Host, Own: isOwn(a, local), Err: problem}
}

func (n *node) isSelf(a address.Address, local []netip.Prefix) bool {
	return a.Port != 0 && a.Port == n.net.Port() && isOwn(a, local)
}

// isOwn tells whether an address is one of this machine.
func isOwn(a address.Address, local []netip.Prefix) bool {
	if a.Host == "localhost" || a.IP.IsLoopback() {
		return true
	}
	for _, p := range local {
		if p.Addr().WithZone("") == a.IP.WithZone("") {
			return true
		}
	}
	return false
}

// addressNote lets a warning travel where errors do.
type addressNote struct{ address.Warning }

func (n addressNote) Error() string { return n.String() }
