package socket

import (
	"errors"
	"net"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// hasPacketInfo: golang.org/x/net does not read or write it here.
const hasPacketInfo = false

// writePatience is how long a datagram may wait for room. The system has no
// sending that does not wait at all.
const writePatience = 5 * time.Millisecond

func share(fd uintptr) error {
	return windows.SetsockoptInt(windows.Handle(fd), windows.SOL_SOCKET, windows.SO_REUSEADDR, 1)
}

// writeNow sends a datagram; without control information, which cannot be had
// here.
func writeNow(udp *net.UDPConn, _ any, body, _ []byte, to *net.UDPAddr) error {
	if err := udp.SetWriteDeadline(time.Now().Add(writePatience)); err != nil {
		return err
	}
	_, err := udp.WriteTo(body, to)
	return err
}

// isFull tells that there is no room for a datagram.
func isFull(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, windows.WSAENOBUFS) || errors.Is(err, windows.WSAEWOULDBLOCK)
}

// isEcho tells an error that is about a datagram sent before.
func isEcho(err error) bool {
	return errors.Is(err, windows.WSAECONNRESET) || errors.Is(err, windows.WSAECONNREFUSED) || errors.Is(err, windows.WSAENETRESET)
}

// isTooLong tells that a datagram did not fit into the buffer of its reader.
func isTooLong(err error) bool { return errors.Is(err, windows.WSAEMSGSIZE) }

// isMember tells that a group was joined before. What the system says then
// depends on its version.
func isMember(err error) bool {
	return errors.Is(err, windows.WSAEADDRINUSE) || errors.Is(err, windows.WSAEADDRNOTAVAIL) || errors.Is(err, windows.WSAEINVAL)
}

// isNoRoom tells that a socket is in as many groups as it may.
func isNoRoom(err error) bool { return errors.Is(err, windows.WSAENOBUFS) }
