package doctor

import "golang.org/x/sys/windows"

// What the system calls the failures that are told apart. A connection that
// is reset at once was refused.
var (
	errnosRefused = []error{windows.WSAECONNREFUSED, windows.WSAECONNRESET}
	errnosNoRoute = []error{windows.WSAEHOSTUNREACH, windows.WSAENETUNREACH, windows.WSAEHOSTDOWN, windows.WSAENETDOWN}
	errnosDenied  = []error{windows.WSAEACCES}
)
