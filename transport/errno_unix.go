//go:build !windows

package transport

import "syscall"

// What the system calls the failures that users are told apart.
var (
	errnoRefused  error = syscall.ECONNREFUSED
	errnoReset    error = syscall.ECONNRESET
	errnoInUse    error = syscall.EADDRINUSE
	errnoAccess   error = syscall.EACCES
	errnoNotOwn   error = syscall.EADDRNOTAVAIL
	errnosNoRoute       = []error{syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EHOSTDOWN, syscall.ENETDOWN}
)
