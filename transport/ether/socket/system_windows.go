package socket

import (
	"errors"

	"golang.org/x/sys/windows"
)

// hasPacketInfo: golang.org/x/net does not read or write it here.
const hasPacketInfo = false

func share(fd uintptr) error {
	return windows.SetsockoptInt(windows.Handle(fd), windows.SOL_SOCKET, windows.SO_REUSEADDR, 1)
}

// isEcho tells an error that is about a datagram sent before.
func isEcho(err error) bool {
	return errors.Is(err, windows.WSAECONNRESET) || errors.Is(err, windows.WSAECONNREFUSED)
}
