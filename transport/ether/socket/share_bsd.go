//go:build !windows && !linux

package socket

import (
	"errors"

	"golang.org/x/sys/unix"
)

// share lets other programs bind the port, for which BSD and its relatives
// want both options.
func share(fd uintptr) error {
	return errors.Join(
		unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEADDR, 1),
		unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1),
	)
}
