// Package transport carries frames between this profile and its colleagues:
// one listener, one dialer, and at most one session with each peer.
//
// A connection is TCP, then TLS 1.3 with both certificates, then a hello each
// way, then frames. Nobody gets a frame of an application before the hellos
// have shown that the right two programs are talking: the right key, the
// wanted person, a common version.
//
// What always holds:
//
//   - For each peer at most one session is up, and the Down of the old one
//     has returned before the Up of the next one is called.
//   - Up, Receive and Down of one session are called in this order, from one
//     goroutine. Receive may block: the peer is then held back by TCP.
//   - Frames of a session arrive in the order in which they were sent, or
//     the session ends. Sending never blocks: what does not fit the queue
//     ends the session.
//   - Two peers who dial each other at once keep the same one of the two
//     connections, see registry.go.
//   - A stranger costs a bounded amount of memory, time and connections, and
//     cannot keep a colleague out, see pending.go.
//   - Every goroutine belongs to a Node, which waits for it in Serve and Close.
//
// Lock order: registry.mu before the mutex of a session's queue. No lock is
// held while a Handler is called or a socket is read or written.
package transport
