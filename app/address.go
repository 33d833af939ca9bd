package app

import (
	"net/netip"

	"feihong/app/chat"
	"feihong/app/control"
	"feihong/transport"
	"feihong/transport/address"
)

// checkAddress reads an address as the user typed it, and refuses our own.
func (n *node) checkAddress(typed string) (string, []error, error) {
	local := address.LocalPrefixes()
	a, notes, err := address.Parse(typed, local)
	if err != nil {
		return "", nil, &control.BadAddressError{Err: err}
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

func (n *node) isSelf(a address.Address, local []netip.Prefix) bool {
	if a.Port == 0 || a.Port != n.net.Port() {
		return false
	}
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
