// Package address reads the addresses that people type: an IPv4 address, an
// IPv6 address in brackets or a host name, then a colon and a port.
//
// It refuses what cannot be the address of a colleague and says which part is
// wrong and by which rule, because a wrong address is the commonest reason
// for reaching nobody. It is pure apart from LocalPrefixes: it never asks a
// name server.
package address

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// Address is where a colleague's program listens.
type Address struct {
	// Host is an IP address in its usual form or a host name in lower case.
	Host string
	// IP is the same as Host, or the zero Addr if Host is a name.
	IP netip.Addr
	// Port is 1 to 65535.
	Port int
}

// String gives the canonical form, which Parse reads back and net.Dial takes.
func (a Address) String() string {
	host := a.Host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return host + ":" + strconv.Itoa(a.Port)
}

const (
	maxPort       = 65535
	lastWellKnown = 1023
)

// Parse reads an address as somebody typed or pasted it: surrounding space
// and full-width characters from a Chinese input method do not matter. local
// holds the networks of this machine (see LocalPrefixes), whose network
// number and broadcast address nobody can have; it may be nil. Every error is
// an *Error. Warnings are only given without an error.
func Parse(s string, local []netip.Prefix) (Address, []Warning, error) {
	input := normalise(s)
	host, port, err := split(input)
	if err != nil {
		return Address{}, nil, refuse(err, input)
	}
	a, err := parseHost(host, local)
	if err != nil {
		return Address{}, nil, refuse(err, input)
	}
	if a.Port, err = parsePort(port); err != nil {
		return Address{}, nil, refuse(err, input)
	}
	return a, warnings(a), nil
}

func warnings(a Address) []Warning {
	var list []Warning
	if a.Port <= lastWellKnown {
		list = append(list, Warning{Code: WellKnownPort, Part: strconv.Itoa(a.Port)})
	}
	if a.IP.Is6() && a.IP.IsLinkLocalUnicast() && a.IP.Zone() == "" {
		list = append(list, Warning{Code: NoZone, Part: a.Host})
	}
	return list
}

// separated matches a host and a port with something else than a colon between
// them, as it happens with the key beside it and with other input methods.
var separated = regexp.MustCompile(`^([^\s;,:]*[.\]][^\s;,:]*)(?:\s*[;,]\s*|\s+|\s+:\s*|:\s+)([0-9]{1,5})$`)

// hostPart is the host as it was written.
type hostPart struct {
	text      string
	bracketed bool
}

// split cuts the input into host and port. The port is missing if it is "".
func split(input string) (hostPart, string, *Error) {
	switch {
	case input == "":
		return hostPart{}, "", &Error{Code: Empty}
	case strings.Contains(input, "://"):
		scheme, _, _ := strings.Cut(input, "://")
		return hostPart{}, "", &Error{Code: Scheme, Part: scheme + "://"}
	case separated.MatchString(input):
		return hostPart{}, "", &Error{Code: Separator, Meant: separated.ReplaceAllString(input, "$1:$2")}
	case strings.ContainsFunc(input, isSpace):
		return hostPart{}, "", &Error{Code: Space}
	case input[0] == '[':
		return splitBracketed(input)
	}
	switch strings.Count(input, ":") {
	case 0:
		return hostPart{text: input}, "", nil
	case 1:
		host, port, _ := strings.Cut(input, ":")
		return hostPart{text: host}, port, nil
	}
	if looksLikeIPv6(input) {
		return hostPart{}, "", &Error{Code: NoBrackets}
	}
	return hostPart{}, "", &Error{Code: Colons}
}

func splitBracketed(input string) (hostPart, string, *Error) {
	host, rest, ok := strings.Cut(input[1:], "]")
	if !ok {
		return hostPart{}, "", &Error{Code: BracketOpen}
	}
	part := hostPart{text: host, bracketed: true}
	if rest == "" {
		return part, "", nil
	}
	if rest[0] != ':' {
		return hostPart{}, "", &Error{Code: AfterBracket, Part: rest}
	}
	return part, rest[1:], nil
}

// looksLikeIPv6 tells an IPv6 address, perhaps with a port behind it, from
// something with too many colons.
func looksLikeIPv6(s string) bool {
	if ip, err := netip.ParseAddr(s); err == nil {
		return ip.Is6()
	}
	ip, err := netip.ParseAddr(s[:strings.LastIndexByte(s, ':')])
	return err == nil && ip.Is6() || strings.Contains(s, "::")
}

func parsePort(s string) (int, *Error) {
	if s == "" {
		return 0, &Error{Code: NoPort}
	}
	if strings.Trim(s, "0123456789") != "" {
		return 0, &Error{Code: PortNotNumber, Part: s}
	}
	digits := strings.TrimLeft(s, "0")
	if digits == "" {
		return 0, &Error{Code: PortZero, Part: s}
	}
	port, err := strconv.Atoi(digits)
	if err != nil || port > maxPort {
		return 0, &Error{Code: PortTooGreat, Part: s}
	}
	return port, nil
}
