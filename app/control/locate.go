package control

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"feihong/app/chat"
	"feihong/protocol"
)

// NoPortError is what CheckAddress fails with when nothing but the port is
// missing. Where people can be looked for at an address, that is no error.
type NoPortError struct {
	Host string // an IP address, with its zone, or a host name; as the parser gives it
	Own  bool   // the address is one of this machine
	Err  error  // what is said where nobody can be looked for
}

func (e *NoPortError) Error() string { return e.Err.Error() }
func (e *NoPortError) Unwrap() error { return e.Err }

// shown is the host as it is to be typed: an IPv6 address in brackets.
func (e *NoPortError) shown() string {
	if strings.Contains(e.Host, ":") {
		return "[" + e.Host + "]"
	}
	return e.Host
}

// HostError is what Locate fails with when no address of a host name is found.
type HostError struct {
	Host string
	Err  error // of the look-up; nil if there is no address
}

func (e *HostError) Error() string {
	text := "no machine called " + e.Host + " is known; check the name, or use the IP address"
	if e.unanswered() {
		text = "no name server says where " + e.Host + " is; use the IP address"
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

func (e *HostError) Unwrap() error { return e.Err }

// unanswered tells that the name may well exist.
func (e *HostError) unanswered() bool {
	var said *net.DNSError
	return e.Err != nil && !(errors.As(e.Err, &said) && said.IsNotFound)
}

// UserText gives the translation.
func (e *HostError) UserText() (string, map[string]any) {
	if e.unanswered() {
		return "control.host-unanswered", map[string]any{"host": e.Host}
	}
	return "control.no-such-host", map[string]any{"host": e.Host}
}

// maxThere bounds the people among whom the user chooses.
const maxThere = 10

// personAt finds the one person who is at an IP address or a host, or fails
// with the choice, or with why there is nobody: a *HostError if there is no
// such host.
func (h handler) personAt(ctx context.Context, where *NoPortError) (chat.Contact, error) {
	there, err := h.Locate(ctx, where.Host)
	var nowhere *HostError
	switch {
	case errors.As(err, &nowhere):
		return chat.Contact{}, err
	case err != nil:
		return chat.Contact{}, h.cannotAsk(ctx, where, err)
	}
	switch len(there) {
	case 0:
		return chat.Contact{}, h.nobodyAt(ctx, where)
	case 1:
		return h.Chat.Known(ctx, there[0])
	}
	// They are kept, so that the user can choose one of them by ID.
	var found []chat.Contact
	for _, sighting := range there[:min(len(there), maxThere)] {
		contact, err := h.Chat.Known(ctx, sighting)
		if err != nil {
			return chat.Contact{}, err
		}
		if len(sighting.Addresses) > 0 {
			contact.Address = sighting.Addresses[0]
		}
		found = append(found, contact)
	}
	return chat.Contact{}, severalAt(where.shown(), found)
}

// nobodyAt says that nobody has answered, and who was there before.
func (h handler) nobodyAt(ctx context.Context, where *NoPortError) error {
	if where.Own {
		return &Error{
			Code: CodeSelf, Key: "control.own-address", Args: map[string]any{"address": where.shown()},
			Message: where.shown() + " is your own address, and nobody else's program runs here",
		}
	}
	host := where.shown()
	example := host + ":PORT"
	e := &Error{
		Code: CodeNobodyThere, Key: "control.nobody-there", Args: map[string]any{"address": host, "example": example},
		Message: fmt.Sprintf("nobody answers at %s on UDP port %d; add the port that your colleague's window shows, as in %s, or run \"feihong doctor %s\" to see why",
			host, protocol.DiscoveryPort, example, host),
	}
	before, err := h.contactsAt(ctx, where.Host)
	if err != nil {
		return err
	}
	e.Candidates = people(before)
	return e
}

func (h handler) cannotAsk(ctx context.Context, where *NoPortError, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &Error{
		Code: CodeNobodyThere, Key: "control.cannot-ask", Args: plainArgs(map[string]any{"address": where.shown(), "error": err}),
		Message: fmt.Sprintf("cannot ask who is at %s: %v; run \"feihong doctor %s\" to see why", where.shown(), err, where.shown()),
	}
}

func severalAt(host string, found []chat.Contact) error {
	return &Error{
		Code: CodeAmbiguous, Key: "control.several-there", Args: map[string]any{"address": host, "count": len(found)},
		Message:    fmt.Sprintf("%d people are at %s; choose one by the address with its port, or by the ID", len(found), host),
		Candidates: people(found),
	}
}

// contactAt is for questions about a conversation: the one contact who was
// last at an IP address, whatever the port.
func (h handler) contactAt(ctx context.Context, where *NoPortError) (chat.Contact, error) {
	found, err := h.contactsAt(ctx, where.Host)
	switch {
	case err != nil:
		return chat.Contact{}, err
	case len(found) == 0:
		return chat.Contact{}, &chat.UnknownError{Who: where.shown()}
	case len(found) > 1:
		return chat.Contact{}, severalAt(where.shown(), found)
	}
	return found[0], nil
}

// contactsAt gives the contacts whose last address was at this host, or who say
// that they are there, at most as many as the user chooses among.
func (h handler) contactsAt(ctx context.Context, host string) ([]chat.Contact, error) {
	all, err := h.Chat.People(ctx)
	if err != nil {
		return nil, err
	}
	var found []chat.Contact
	for _, s := range all {
		at := func(address string) bool {
			where, _, err := net.SplitHostPort(address)
			return err == nil && sameHost(host, where)
		}
		if at(s.Address) || slices.ContainsFunc(s.Addresses[:], at) {
			found = append(found, s.Contact)
		}
	}
	slices.SortFunc(found, func(a, b chat.Contact) int { return cmp.Compare(a.ID, b.ID) })
	return found[:min(len(found), maxThere)], nil
}

// sameHost compares hosts as they are written; an IP address without a zone is
// that in any zone.
func sameHost(a, b string) bool {
	one, failed := netip.ParseAddr(a)
	other, alsoFailed := netip.ParseAddr(b)
	if failed != nil || alsoFailed != nil {
		return strings.EqualFold(a, b)
	}
	if one.Zone() == "" || other.Zone() == "" {
		one, other = one.WithZone(""), other.WithZone("")
	}
	return one.Unmap() == other.Unmap()
}

// bareIP tells whether what CheckAddress failed with is about an IP address
// without a port; of any other host without one it gives the error too.
func bareIP(err error) (*NoPortError, bool) {
	var bare *NoPortError
	if !errors.As(err, &bare) {
		return nil, false
	}
	_, err = netip.ParseAddr(bare.Host)
	return bare, err == nil
}
