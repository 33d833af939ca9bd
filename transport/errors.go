package transport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"

	"feihong/protocol"
)

// errClosed is what a closed node answers.
var errClosed = fmt.Errorf("the node is closed: %w", net.ErrClosed)

// ListenError says that the node cannot listen where it was told to.
type ListenError struct {
	Listen string // the IP address, "" for all
	Port   int    // 0 if the system was to choose
	Err    error
}

func (e *ListenError) Error() string {
	switch e.problem() {
	case "port-in-use":
		return fmt.Sprintf("port %d is used by another program; close that program, choose another port, or leave the port out to get a free one", e.Port)
	case "port-not-allowed":
		return fmt.Sprintf("the system does not let this program use port %d; choose one above 1023, or leave the port out to get a free one", e.Port)
	case "not-own-address":
		return fmt.Sprintf("%s is not an IP address of this machine", e.Listen)
	}
	return fmt.Sprintf("cannot listen for connections: %v", e.Err)
}

func (e *ListenError) Unwrap() error { return e.Err }

func (e *ListenError) problem() string {
	switch {
	case errors.Is(e.Err, errnoInUse):
		return "port-in-use"
	case errors.Is(e.Err, os.ErrPermission), errors.Is(e.Err, errnoAccess):
		return "port-not-allowed"
	case errors.Is(e.Err, errnoNotOwn):
		return "not-own-address"
	}
	return "failed"
}

// UserText gives the key and arguments of the translated message.
func (e *ListenError) UserText() (key string, args map[string]any) {
	return "transport.listen." + e.problem(), map[string]any{"port": e.Port, "address": e.Listen, "reason": e.Err.Error()}
}

// UnreachableError says that no connection came about, or that it broke
// before the other program had answered.
type UnreachableError struct {
	Address  string
	Greeting bool // there was a connection; it broke during the greeting
	Err      error
}

var unreachableTexts = map[string]string{
	"refused":      "no program listens at %s; is your colleague's program running, and is the port still the same?",
	"no-route":     "there is no way to %s; are both machines on the same network?",
	"timeout":      "%s does not answer; is the machine on, and does its firewall let Feihong in?",
	"unknown-host": "the host name in %s is not known; check it, or use the IP address",
	"interrupted":  "the connection to %s broke during the greeting; try again",
	"failed":       "cannot connect to %s",
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf(unreachableTexts[e.problem()], e.Address) + ": " + e.Err.Error()
}

func (e *UnreachableError) Unwrap() error { return e.Err }

func (e *UnreachableError) problem() string {
	var lookup *net.DNSError
	var network net.Error
	switch {
	case e.Greeting:
		return "interrupted"
	case errors.As(e.Err, &lookup):
		return "unknown-host"
	case errors.Is(e.Err, context.DeadlineExceeded), errors.As(e.Err, &network) && network.Timeout():
		return "timeout"
	case errors.Is(e.Err, errnoRefused):
		return "refused"
	case isAny(e.Err, errnosNoRoute):
		return "no-route"
	}
	return "failed"
}

func isAny(err error, targets []error) bool {
	for _, target := range targets {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}

// UserText gives the key and arguments of the translated message.
func (e *UnreachableError) UserText() (key string, args map[string]any) {
	return "transport.unreachable." + e.problem(), map[string]any{"address": e.Address, "reason": e.Err.Error()}
}

// Answer is what came from a port where no Feihong program is.
type Answer string

// The answers.
const (
	AnswerHTTP    Answer = "http"
	AnswerSSH     Answer = "ssh"
	AnswerTLS     Answer = "tls"     // another service with TLS
	AnswerSilence Answer = "silence" // accepted, but nothing came
	AnswerClosed  Answer = "closed"  // accepted and closed at once
	AnswerOther   Answer = "other"
)

var answerTexts = map[Answer]string{
	AnswerHTTP:    "a web server is there",
	AnswerSSH:     "an SSH server is there",
	AnswerTLS:     "another encrypted service is there",
	AnswerSilence: "whatever is there says nothing",
	AnswerClosed:  "whatever is there hangs up at once",
	AnswerOther:   "some other program is there",
}

// NotFeihongError says that something else answers at an address.
type NotFeihongError struct {
	Address string
	Answer  Answer
	Err     error
}

func (e *NotFeihongError) Error() string {
	return fmt.Sprintf("nothing that speaks Feihong answers at %s: %s; check the port shown in your colleague's window", e.Address, answerTexts[e.Answer])
}

func (e *NotFeihongError) Unwrap() error { return e.Err }

// UserText gives the key and arguments of the translated message.
func (e *NotFeihongError) UserText() (key string, args map[string]any) {
	return "transport.not-feihong." + string(e.Answer), map[string]any{"address": e.Address}
}

// WrongPeerError says that somebody else than the wanted peer answers at an
// address: a port that now belongs to another person, for example.
type WrongPeerError struct {
	Address   string
	Want, Got protocol.PeerID
	GotName   string // what they call themself; may be empty
}

func (e *WrongPeerError) Error() string {
	return fmt.Sprintf("at %s answers %s, not the person you wanted (%s); nothing was sent", e.Address, e.who(), e.Want.Short())
}

func (e *WrongPeerError) who() string {
	if e.GotName == "" {
		return e.Got.Short()
	}
	return e.GotName + " (" + e.Got.Short() + ")"
}

// UserText gives the key and arguments of the translated message.
func (e *WrongPeerError) UserText() (key string, args map[string]any) {
	return "transport.wrong-peer", map[string]any{"address": e.Address, "want": e.Want.Short(), "got": e.who()}
}

// SelfError says that an address is our own.
type SelfError struct{ Address string }

func (e *SelfError) Error() string {
	return fmt.Sprintf("%s is your own address; enter the one that your colleague's window shows", e.Address)
}

// UserText gives the key and arguments of the translated message.
func (e *SelfError) UserText() (key string, args map[string]any) {
	return "transport.self", map[string]any{"address": e.Address}
}

// RefusedError says that a Feihong program answered and does not want the
// connection. Text is for logs.
type RefusedError struct {
	Address string
	Code    protocol.ErrorCode
	Text    string
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s does not take the connection: %v", e.Address, &protocol.Error{Code: e.Code, Text: e.Text})
}

// Unwrap gives the code as the *protocol.Error it arrived as.
func (e *RefusedError) Unwrap() error { return &protocol.Error{Code: e.Code, Text: e.Text} }

// UserText gives the key and arguments of the translated message: that of the
// code.
func (e *RefusedError) UserText() (key string, args map[string]any) { return e.Code.UserText() }

// VersionError says that two programs have no version of the protocol in
// common. Address is "" for a peer who dialled us; the peer's versions are 0
// if it did not tell them.
type VersionError struct {
	Address            string
	OurMin, OurMax     uint16
	TheirMin, TheirMax uint16
}

func (e *VersionError) Error() string {
	switch {
	case e.TheirMax == 0:
		return "the two programs have no version of the protocol in common; the older one needs an update"
	case e.theyAreOlder():
		return fmt.Sprintf("the other program is too old: it speaks versions %d to %d of the protocol, this one %d to %d; it needs an update", e.TheirMin, e.TheirMax, e.OurMin, e.OurMax)
	}
	return fmt.Sprintf("this program is too old: it speaks versions %d to %d of the protocol, the other one %d to %d; it needs an update", e.OurMin, e.OurMax, e.TheirMin, e.TheirMax)
}

func (e *VersionError) theyAreOlder() bool { return e.TheirMax != 0 && e.TheirMax < e.OurMin }

// UserText gives the key and arguments of the translated message.
func (e *VersionError) UserText() (key string, args map[string]any) {
	switch {
	case e.TheirMax == 0:
		return protocol.CodeVersion.UserText()
	case e.theyAreOlder():
		return "transport.version.theirs", nil
	}
	return "transport.version.ours", nil
}
