// Package discovery knows who is on the network, and where to dial them. It
// announces this program by datagrams on every link, hears the announcements of
// others, asks at addresses, and carries announcements over sessions, so that
// dialling one colleague of another subnet brings in the rest.
//
// It stands between package ether, which moves datagrams, and the application,
// which is told of people by a Handler and gives discovery the sessions that
// there are. What travels is described in docs/protocol.md.
//
// # Invariants
//
// The key is the person: records are never merged by name or address. Nothing
// is believed that is not signed, and nothing signed that is not news: the
// sequence number of an announcement must be greater than that of the last. An
// announcement says where to try, and no more; who answers there is found out
// by the session.
//
// Everything that others can fill is bounded: people, addresses that datagrams
// came from, questions and answers under way, announcements told of over a
// session. Everything that others can set off is limited: signatures verified,
// answers sent. No address is sent more bytes than came from it, whoever
// claims to be there; but several programs on one machine all answer a
// question to it, and all of a link answer who is new on it.
//
// # Concurrency
//
// One goroutine, the loop of Serve, has all state. Another one takes datagrams
// from the port. What comes from outside enters by a channel, and the Handler is
// called by the loop, in order. All timers belong to the loop.
package discovery
