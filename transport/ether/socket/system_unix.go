//go:build !windows

package socket

import (
	"errors"
	"net"

	"golang.org/x/net/ipv4"
	"golang.org/x/sys/unix"
)

const hasPacketInfo = true

// batcher is a connection for IPv4 or IPv6, whose messages are the same type.
type batcher interface {
	WriteBatch(messages []ipv4.Message, flags int) (int, error)
}

// writeNow sends a datagram with control information. If there is no room, it
// fails at once.
func writeNow(_ *net.UDPConn, conn batcher, body, control []byte, to *net.UDPAddr) error {
	message := ipv4.Message{Buffers: [][]byte{body}, OOB: control, Addr: to}
	_, err := conn.WriteBatch([]ipv4.Message{message}, unix.MSG_DONTWAIT)
	return err
}

// isFull tells that there is no room for a datagram.
func isFull(err error) bool { return errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.ENOBUFS) }

// isEcho tells an error that is about a datagram sent before.
func isEcho(err error) bool { return errors.Is(err, unix.ECONNREFUSED) }

// isTooLong tells that a datagram did not fit into the buffer of its reader.
func isTooLong(err error) bool { return errors.Is(err, unix.EMSGSIZE) }

// isMember tells that a group was joined before.
func isMember(err error) bool { return errors.Is(err, unix.EADDRINUSE) }

// isNoRoom tells that a socket is in as many groups as it may.
func isNoRoom(err error) bool {
	return errors.Is(err, unix.ENOBUFS) || errors.Is(err, unix.ENOMEM) || errors.Is(err, unix.ETOOMANYREFS)
}
