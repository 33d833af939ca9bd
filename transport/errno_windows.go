package transport

import "golang.org/x/sys/windows"

// What the system calls the failures that users are told apart.
var (
	errnoRefused  error = windows.WSAECONNREFUSED
	errnoReset    error = windows.WSAECONNRESET
	errnoInUse    error = windows.WSAEADDRINUSE
	errnoAccess   error = windows.WSAEACCES
	errnoNotOwn   error = windows.WSAEADDRNOTAVAIL
	errnosNoRoute       = []error{windows.WSAEHOSTUNREACH, windows.WSAENETUNREACH, windows.WSAEHOSTDOWN, windows.WSAENETDOWN}
)
