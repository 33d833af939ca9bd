//go:build !windows

package socket

import (
	"errors"

	"golang.org/x/sys/unix"
)

const hasPacketInfo = true

// isEcho tells an error that is about a datagram sent before.
func isEcho(err error) bool { return errors.Is(err, unix.ECONNREFUSED) }
