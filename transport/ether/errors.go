package ether

import (
	"errors"
	"fmt"
	"os"

	"feihong/transport/ether/socket"
)

// ErrFull is the error of a datagram that was dropped because too many others
// wait to be sent, mostly to addresses where nobody is. Later there will be
// room.
var ErrFull = socket.ErrFull

// BindError says why the shared port cannot be had.
type BindError struct {
	Port int
	Err  error
}

func (e *BindError) Error() string {
	switch e.problem() {
	case "port-in-use":
		return fmt.Sprintf("another program has UDP port %d for itself", e.Port)
	case "port-not-allowed":
		return fmt.Sprintf("the system does not let this program use UDP port %d", e.Port)
	}
	return fmt.Sprintf("cannot use UDP port %d: %v", e.Port, e.Err)
}

func (e *BindError) Unwrap() error { return e.Err }

func (e *BindError) problem() string {
	switch {
	case isInUse(e.Err):
		return "port-in-use"
	case errors.Is(e.Err, os.ErrPermission):
		return "port-not-allowed"
	}
	return "failed"
}

// UserText gives the key and arguments of the translated message.
func (e *BindError) UserText() (key string, args map[string]any) {
	return "ether." + e.problem(), map[string]any{"port": e.Port, "reason": e.Err.Error()}
}
