//go:build !linux

package socket

import "net"

// sendBuffer is 0: the system does not tell how much of the buffer is taken.
// It does not need to, for what waits for ARP is not in the buffer here.
func sendBuffer(*net.UDPConn) int { return 0 }

func unsent(*net.UDPConn) int { return 0 }
