//go:build !windows

package ether

import (
	"errors"
	"syscall"
)

// isInUse tells that another program has a port, and does not share it.
func isInUse(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }

// isAbsent tells that a system has no IPv4, or no IPv6.
func isAbsent(err error) bool {
	return errors.Is(err, syscall.EAFNOSUPPORT) || errors.Is(err, syscall.EADDRNOTAVAIL) ||
		errors.Is(err, syscall.EPROTONOSUPPORT)
}
