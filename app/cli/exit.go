package cli

import (
	"context"
	"errors"
	"fmt"

	"feihong/app/chat"
	"feihong/app/control"
	"feihong/app/profile"
)

// The exit codes. Scripts rely on them.
const (
	exitDone    = 0
	exitFailed  = 1 // anything without a code of its own; a transfer that failed or was cancelled
	exitUsage   = 2 // bad usage, text, address or path
	exitStored  = 3 // stored, will be delivered later; a transfer that is not over
	exitRefused = 4 // somebody else answered, or the one meant refused or rejected
	exitUnknown = 5 // nobody, or several people or transfers, are called that

	exitCancelled = 130 // as shells say it of a program that was interrupted
)

// exitError carries an exit code. A nil Err means that everything was said.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// usageError marks a mistake in the words of a command.
func usageError(err error) error { return &exitError{code: exitUsage, err: err} }

var exitCodes = map[control.Code]int{
	control.CodeBadRequest:  exitUsage,
	control.CodeBadAddress:  exitUsage,
	control.CodeBadText:     exitUsage,
	control.CodeBadSetting:  exitUsage,
	control.CodeBadPath:     exitUsage,
	control.CodeSelf:        exitUsage,
	control.CodeBlocked:     exitRefused,
	control.CodeWrongPeer:   exitRefused,
	control.CodeRefused:     exitRefused,
	control.CodeUnknown:     exitUnknown,
	control.CodeNobodyThere: exitUnknown,
	control.CodeAmbiguous:   exitUnknown,
}

// exitReasons are the codes for why a transfer came to nothing, where it is the
// other side that did not want it.
var exitReasons = map[string]int{
	string(control.CodeRefused): exitRefused,
	string(control.CodeSelf):    exitUsage,
	chat.ReasonBlocked:          exitRefused,
	chat.ReasonPeerCancelled:    exitRefused,
	chat.ReasonTooMany:          exitRefused,
}

// cancelled replaces an error that comes of the user's not wanting to wait any
// more. What a command has said itself stays.
func (c *commands) cancelled(ctx context.Context, err error) error {
	var exit *exitError
	if err == nil || ctx.Err() == nil || errors.As(err, &exit) || !isCancellation(ctx, err) {
		return err
	}
	return &exitError{code: exitCancelled, err: errors.New(c.t("cli.cancelled"))}
}

// isCancellation tells whether an error comes of the end of ctx.
func isCancellation(ctx context.Context, err error) bool {
	var refusal *control.Error
	if errors.As(err, &refusal) {
		return refusal.Code == control.CodeClosing
	}
	return errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx))
}

// exitCode gives the code for what a command returned.
func exitCode(err error) int {
	if err == nil {
		return exitDone
	}
	var exit *exitError
	if errors.As(err, &exit) {
		return exit.code
	}
	var name *profile.NameError
	if errors.As(err, &name) {
		return exitUsage
	}
	var refusal *control.Error
	if errors.As(err, &refusal) {
		if code, ok := exitCodes[refusal.Code]; ok {
			return code
		}
	}
	return exitFailed
}
