// Package chat is the heart of the program: contacts, conversations, messages,
// the outbox, and offers of files with what becomes of them. It knows neither
// sockets nor SQL nor windows, and touches no file; it declares the small
// interfaces it needs (Store, Network, Session, Carrier), and package app plugs
// the real ones in.
//
// Invariants:
//
//   - Nothing is shown before it is on disk, and nothing is acknowledged to a
//     peer before it is on disk.
//   - A message is shown once, however often it arrives: its ID decides.
//   - Messages to one person arrive in the order in which they were written.
//   - A message only moves forward through its states.
//   - The key is the person. Somebody with a known name and another key is
//     somebody else, and who was sighted at an address is not who answers there.
//   - The two people of a transfer come to the same end, whatever they do at the
//     same moment and whatever gets lost: each tells their side when it changes
//     and in every new session, until both know; see hearing.go for who decides.
//   - The carrier of files is told what to do beside the loop, and only what is
//     on disk already.
//   - Only people with whom the user has something to do are dialled. What
//     discovery says of the others is shown, and costs neither dials nor, for
//     as long as it does not change, the disk.
//
// All state belongs to one goroutine, the loop started by Serve. Commands and
// network events enter it by channel; what gathers while one transaction runs
// is committed by the next, so the cost of durability is shared.
package chat
