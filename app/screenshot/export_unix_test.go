//go:build unix && !darwin

package screenshot

import (
	"context"

	"github.com/godbus/dbus/v5"
)

// The parts that read what a desktop answers.
var (
	PathIn   = pathIn
	ReadAway = readAway
)

// AnswerIn waits for the answer of a portal to a request.
func AnswerIn(ctx context.Context, portal string, request dbus.ObjectPath, heard <-chan *dbus.Signal) (string, error) {
	return awaited{request: request, portal: portal}.in(ctx, heard)
}
