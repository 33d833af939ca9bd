// Package socket opens UDP sockets that send and receive multicast on chosen
// interfaces, and that several programs on a machine can share.
//
// It is where the differences between the systems are: what makes a port
// shared, how a datagram is sent out of exactly one interface with a chosen
// source, and how to learn where one came in. Where the system has no packet
// information (Windows), all works with less precision: the destination of
// what arrives is unknown, and its source address is the system's choice.
//
// Packages ether and dnssd build on it; it knows nothing of either.
package socket
