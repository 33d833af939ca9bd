package socket

import "golang.org/x/sys/unix"

// share lets other programs bind the port. SO_REUSEPORT would keep out those
// of other users, and give each datagram to one of the sockets only.
func share(fd uintptr) error {
	return unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
}
