package address

import (
	"net/netip"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxName  = 253
	maxLabel = 63
	ipv4Len  = 4
)

func parseHost(host hostPart, local []netip.Prefix) (Address, *Error) {
	switch {
	case host.bracketed:
		return parseIPv6(host.text, local)
	case host.text == "":
		return Address{}, &Error{Code: NoHost}
	case strings.Trim(host.text, "0123456789.") == "":
		return parseIPv4(host.text, local)
	case mistyped.MatchString(host.text):
		return Address{}, &Error{Code: LetterForDigit, Part: host.text, Meant: digits.Replace(host.text)}
	}
	return parseName(host.text)
}

// mistyped matches an IPv4 address with letters in the place of digits.
var (
	mistyped = regexp.MustCompile(`^[0-9OolI]{1,3}(\.[0-9OolI]{1,3}){3}$`)
	digits   = strings.NewReplacer("O", "0", "o", "0", "l", "1", "I", "1")
)

func parseIPv6(s string, local []netip.Prefix) (Address, *Error) {
	ip, err := netip.ParseAddr(plainZone(s))
	if err != nil || !ip.Is6() || !cleanZone(ip.Zone()) {
		return Address{}, &Error{Code: NotIPv6, Part: s}
	}
	return fromIP(ip.Unmap(), local)
}

// plainZone undoes the percent sign of a zone in a URL (RFC 6874), %25. A zone
// of that name alone is the interface with this number.
func plainZone(s string) string {
	ip, zone, _ := strings.Cut(s, "%")
	for len(zone) > 2 && strings.HasPrefix(zone, "25") {
		zone = zone[2:]
	}
	if zone == "" {
		return s
	}
	return ip + "%" + zone
}

// cleanZone keeps out what no interface is called and what could not be read
// back.
func cleanZone(zone string) bool {
	return !strings.ContainsFunc(zone, func(r rune) bool {
		return r == '[' || r == ']' || r == '%' || r == utf8.RuneError || !unicode.IsPrint(r)
	})
}

// parseIPv4 reads what consists of digits and dots. It does not leave this to
// netip, which cannot say what is wrong.
func parseIPv4(s string, local []netip.Prefix) (Address, *Error) {
	parts := strings.Split(s, ".")
	for i, part := range parts {
		if part == "" {
			return Address{}, &Error{Code: PartEmpty, Position: i + 1}
		}
	}
	if len(parts) != ipv4Len {
		return Address{}, &Error{Code: PartCount, Part: s, Count: len(parts)}
	}
	var bytes [ipv4Len]byte
	for i, part := range parts {
		value, code := parsePart(part)
		if code != "" {
			return Address{}, &Error{Code: code, Part: part, Position: i + 1}
		}
		bytes[i] = value
	}
	return fromIP(netip.AddrFrom4(bytes), local)
}

func parsePart(s string) (byte, Code) {
	if len(s) > 1 && s[0] == '0' {
		return 0, PartLeadingZero
	}
	value := 0
	for _, digit := range []byte(s) {
		value = value*10 + int(digit-'0')
		if value > 255 {
			return 0, PartTooGreat
		}
	}
	return byte(value), ""
}

// fromIP refuses the addresses that no single colleague can have.
func fromIP(ip netip.Addr, local []netip.Prefix) (Address, *Error) {
	text := ip.String()
	switch {
	case ip.IsUnspecified():
		return Address{}, &Error{Code: Unspecified, Part: text}
	case ip.Is4() && ip.As4()[0] == 0:
		return Address{}, &Error{Code: FirstPartZero, Part: text}
	case ip == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return Address{}, &Error{Code: Broadcast, Part: text}
	case ip.IsMulticast():
		return Address{}, &Error{Code: Multicast, Part: text}
	}
	for _, prefix := range local {
		if code := reserved(ip, prefix); code != "" {
			return Address{}, &Error{Code: code, Part: text, Network: prefix.Masked()}
		}
	}
	return Address{Host: text, IP: ip}, nil
}

// reserved says whether ip is the first or the last address of an IPv4
// network. Networks of one or two addresses have no such reserved ones.
func reserved(ip netip.Addr, prefix netip.Prefix) Code {
	prefix = prefix.Masked()
	if !ip.Is4() || !prefix.Addr().Is4() || prefix.Bits() >= 31 {
		return ""
	}
	switch ip {
	case prefix.Addr():
		return NetworkNumber
	case lastOf(prefix):
		return Broadcast
	}
	return ""
}

func lastOf(prefix netip.Prefix) netip.Addr {
	bytes := prefix.Addr().As4()
	for bit := prefix.Bits(); bit < 32; bit++ {
		bytes[bit/8] |= 0x80 >> (bit % 8)
	}
	return netip.AddrFrom4(bytes)
}

// parseName reads a host name. Letters of any script are allowed: multicast
// DNS has them.
func parseName(s string) (Address, *Error) {
	name := strings.TrimSuffix(strings.ToLower(s), ".")
	if len(name) > maxName {
		return Address{}, &Error{Code: NameTooLong, Count: len(name)}
	}
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if err := checkLabel(label); err != nil {
			return Address{}, err
		}
	}
	if last := labels[len(labels)-1]; isNumber(last) {
		return Address{}, &Error{Code: NameEndsInNumber, Part: last}
	}
	return Address{Host: name}, nil
}

func checkLabel(label string) *Error {
	for _, r := range label {
		if r == utf8.RuneError || r != '-' && r != '_' && !unicode.In(r, unicode.L, unicode.M, unicode.Nd) {
			return &Error{Code: NameCharacter, Part: string(r)}
		}
	}
	switch {
	case label == "":
		return &Error{Code: NameEmptyLabel}
	case len(label) > maxLabel:
		return &Error{Code: NameLabelTooLong, Part: label, Count: len(label)}
	case label[0] == '-' || label[len(label)-1] == '-':
		return &Error{Code: NameHyphen, Part: label}
	}
	return nil
}

// isNumber finds the endings with which some resolvers take a name for an
// IPv4 address in an old notation, such as 0x7f000001.
func isNumber(label string) bool {
	if hex, ok := strings.CutPrefix(label, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return strings.Trim(label, "0123456789") == ""
}
