package bulk

import (
	"errors"

	"feihong/protocol"
)

// ErrNoSpace is what the errors of a Sink wrap when the disk is full.
var ErrNoSpace = errors.New("no space left on the disk")

// Fault says why a file cannot be had from its Source.
type Fault struct {
	Code protocol.BulkCode
	Text string // English, for a log
}

func (e *Fault) Error() string { return withText(e.Code, e.Text) }

// StopError says that one side has ended a connection on purpose. As the cause
// of a context (context.WithCancelCause) it is told to the other side.
type StopError struct {
	Code protocol.BulkCode
	Text string // English, for a log
}

func (e *StopError) Error() string { return "the connection was ended: " + withText(e.Code, e.Text) }

// RefusedError says that the other side did not let a connection be opened.
type RefusedError struct {
	Code protocol.BulkCode
	Text string // English, for a log; safe to show
}

func (e *RefusedError) Error() string {
	return "the file connection was refused: " + withText(e.Code, e.Text)
}

// HostileError says that the other side broke the rules in a way that no honest
// program does. The transfer should not be tried again.
type HostileError struct {
	Code protocol.BulkCode // what it is told
	Text string            // English, for a log
}

func (e *HostileError) Error() string { return "the other side breaks the rules: " + e.Why() }

// Why names the rule that was broken, for people who want to know exactly.
func (e *HostileError) Why() string { return withText(e.Code, e.Text) }

// StallError says that nothing came although something was waited for, or that
// the other side did not take what was sent.
type StallError struct{ What string }

func (e *StallError) Error() string { return "the connection stalled: " + e.What }

func withText(code protocol.BulkCode, text string) string {
	if text == "" {
		return code.String()
	}
	return code.String() + ": " + text
}
