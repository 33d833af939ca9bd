// Package chat is the heart of the program: contacts, conversations, messages
// and the outbox. It knows neither sockets nor SQL nor windows; it declares
// the small interfaces it needs (Store, Network, Session), and package app
// plugs the real ones in.
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
//   - Only people with whom the user has something to do are dialled. What
//     discovery says of the others is shown, and costs neither dials nor, for
//     as long as it does not change, the disk.
//
// All state belongs to one goroutine, the loop started by Serve. Commands and
// network events enter it by channel; what gathers while one transaction runs
// is committed by the next, so the cost of durability is shared.
package chat
