package socket

import (
	"net"

	"golang.org/x/sys/unix"
)

// sendBuffer gives the size of the send buffer, with what the system adds to
// each datagram.
func sendBuffer(udp *net.UDPConn) int {
	return ask(udp, func(fd int) (int, error) { return unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF) })
}

// unsent gives how much of the send buffer is taken, counted in the same way.
func unsent(udp *net.UDPConn) int {
	return ask(udp, func(fd int) (int, error) { return unix.IoctlGetInt(fd, unix.SIOCOUTQ) })
}

// ask gives a number that is told of a socket; 0 if it is not.
func ask(udp *net.UDPConn, question func(fd int) (int, error)) int {
	raw, err := udp.SyscallConn()
	if err != nil {
		return 0
	}
	number, failed := 0, error(nil)
	if err := raw.Control(func(fd uintptr) { number, failed = question(int(fd)) }); err != nil || failed != nil {
		return 0
	}
	return number
}
