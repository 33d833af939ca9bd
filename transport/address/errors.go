package address

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
)

// Code is the rule that an address breaks, or what is odd about it. Codes are
// stable: scripts and translations rely on them.
type Code string

// The reasons for refusing an address.
const (
	Empty            Code = "empty"
	Scheme           Code = "scheme"
	Space            Code = "space"
	Separator        Code = "separator"
	LetterForDigit   Code = "letter-for-digit"
	NoHost           Code = "missing-host"
	NoPort           Code = "missing-port"
	NoBrackets       Code = "ipv6-without-brackets"
	Colons           Code = "too-many-colons"
	BracketOpen      Code = "bracket-open"
	AfterBracket     Code = "after-bracket"
	NotIPv6          Code = "not-ipv6"
	PartEmpty        Code = "part-empty"
	PartCount        Code = "part-count"
	PartLeadingZero  Code = "part-leading-zero"
	PartTooGreat     Code = "part-over-255"
	FirstPartZero    Code = "first-part-zero"
	NetworkNumber    Code = "network-number"
	Broadcast        Code = "broadcast"
	Unspecified      Code = "unspecified"
	Multicast        Code = "multicast"
	NameCharacter    Code = "name-character"
	NameEmptyLabel   Code = "name-empty-label"
	NameHyphen       Code = "name-hyphen"
	NameLabelTooLong Code = "name-label-too-long"
	NameTooLong      Code = "name-too-long"
	NameEndsInNumber Code = "name-ends-in-number"
	PortNotNumber    Code = "port-not-number"
	PortZero         Code = "port-zero"
	PortTooGreat     Code = "port-over-65535"
)

// The reasons for a warning.
const (
	WellKnownPort Code = "well-known-port"
	NoZone        Code = "no-zone"
)

// texts holds the English message of each code; placeholders are named as in
// the arguments of UserText.
var texts = map[Code]string{
	Empty:            "enter the address as your colleague's window shows it, such as 192.168.1.20:50123",
	Scheme:           "leave out {part}: an address is only a host, a colon and a port",
	Space:            "there is a space inside {input}; an address has none",
	Separator:        "between host and port there is a colon; is {meant} meant?",
	LetterForDigit:   "{part} has letters that look like digits; is {meant} meant?",
	NoHost:           "the host before the colon is missing in {input}",
	NoPort:           "the port is missing: add :PORT to {input}; your colleague's window shows it",
	NoBrackets:       "put the IPv6 address in brackets, such as [fe80::1%eth0]:50123",
	Colons:           "{input} has more than one colon; an address is a host, one colon and a port",
	BracketOpen:      "the bracket is never closed in {input}; an IPv6 address is written [ADDRESS]:PORT",
	AfterBracket:     "after the bracket comes {part}, but only a colon and a port may follow it",
	NotIPv6:          "{part} in the brackets is not an IPv6 address",
	PartEmpty:        "part {position} of the IPv4 address in {input} is empty; it has four numbers with dots between them",
	PartCount:        "{part} has {count} parts; an IPv4 address has four numbers with dots between them",
	PartLeadingZero:  "part {position} of the IPv4 address, {part}, begins with 0; some programs read such a number as octal, so write it without",
	PartTooGreat:     "part {position} of the IPv4 address is {part}; each part is 0 to 255",
	FirstPartZero:    "{part} begins with 0; no colleague's address does",
	NetworkNumber:    "{part} is the number of the whole network {network}, not of one machine in it",
	Broadcast:        "{part} is a broadcast address: it means every machine of the network, not one",
	Unspecified:      "{part} means “any address of this machine”; enter the address that your colleague's window shows",
	Multicast:        "{part} is a multicast address: it means a group of machines, not one",
	NameCharacter:    "{part} cannot be in a host name; it has letters, digits, hyphens and dots",
	NameEmptyLabel:   "the host name in {input} has two dots in a row or begins with one",
	NameHyphen:       "{part} in the host name begins or ends with a hyphen",
	NameLabelTooLong: "{part} in the host name has {count} bytes; between two dots there may be 63",
	NameTooLong:      "the host name has {count} bytes; it may have 253",
	NameEndsInNumber: "the host name ends in the number {part}; is it meant to be an IPv4 address?",
	PortNotNumber:    "the port {part} is not a number; it is 1 to 65535",
	PortZero:         "port 0 does not exist; a port is 1 to 65535",
	PortTooGreat:     "the port {part} is too great; it is 1 to 65535",
	WellKnownPort:    "port {part} is one of the well-known ports (1 to 1023), where other services listen; check it in your colleague's window",
	NoZone:           "{part} is a link-local address; if it cannot be reached, add the network interface, such as %eth0",
}

// Error says why something is not the address of a colleague.
type Error struct {
	Code     Code
	Input    string       // the whole input, trimmed, shortened if very long
	Part     string       // the part that is wrong
	Position int          // which part of an IPv4 address, counted from 1
	Count    int          // how many there are, where a number is wrong
	Network  netip.Prefix // for NetworkNumber and Broadcast, if of an own network
	Meant    string       // what was probably meant, for Separator and LetterForDigit
}

func (e *Error) Error() string {
	_, args := e.UserText()
	return expand(texts[e.Code], args)
}

// UserText gives the key and arguments of the translated message.
func (e *Error) UserText() (key string, args map[string]any) {
	args = map[string]any{"input": e.Input, "part": e.Part}
	if e.Position != 0 {
		args["position"] = e.Position
	}
	if e.Count != 0 {
		args["count"] = e.Count
	}
	if e.Meant != "" {
		args["meant"] = e.Meant
	}
	if e.Network.IsValid() {
		args["network"] = e.Network.String()
	}
	return "address." + string(e.Code), args
}

// Warning says what is odd about an address that can be used all the same.
type Warning struct {
	Code Code
	Part string
}

// String is the English message.
func (w Warning) String() string {
	_, args := w.UserText()
	return expand(texts[w.Code], args)
}

// UserText gives the key and arguments of the translated message.
func (w Warning) UserText() (key string, args map[string]any) {
	return "address." + string(w.Code), map[string]any{"part": w.Part}
}

// refuse completes an error with what it is shown with.
func refuse(e *Error, input string) *Error {
	e.Input = presentable(input)
	e.Part = presentable(e.Part)
	return e
}

// presentable bounds what an error quotes, and keeps it on one line.
func presentable(s string) string {
	const most = 80
	var b strings.Builder
	count := 0
	for _, r := range s {
		if count++; count > most {
			b.WriteRune('…')
			break
		}
		if !unicode.IsPrint(r) {
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func expand(text string, args map[string]any) string {
	pairs := make([]string, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, "{"+name+"}", fmt.Sprint(value))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
