//go:build !windows

package doctor

import "syscall"

// What the system calls the failures that are told apart. A connection that
// is reset at once was refused.
var (
	errnosRefused = []error{syscall.ECONNREFUSED, syscall.ECONNRESET}
	errnosNoRoute = []error{syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EHOSTDOWN, syscall.ENETDOWN}
	errnosDenied  = []error{syscall.EPERM, syscall.EACCES}
)
