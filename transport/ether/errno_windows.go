package ether

import (
	"errors"

	"golang.org/x/sys/windows"
)

// isInUse tells that another program has a port, and does not share it. To
// those who would share, the system says that they have no permission.
func isInUse(err error) bool {
	return errors.Is(err, windows.WSAEADDRINUSE) || errors.Is(err, windows.WSAEACCES)
}

// isAbsent tells that a system has no IPv4, or no IPv6.
func isAbsent(err error) bool {
	return errors.Is(err, windows.WSAEAFNOSUPPORT) || errors.Is(err, windows.WSAEADDRNOTAVAIL) ||
		errors.Is(err, windows.WSAEPROTONOSUPPORT)
}
