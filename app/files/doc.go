// Package files carries transfers: it dials and is dialled for the connections
// on which files travel, runs them, tries again when they break, and tells
// package chat how far things are. It is the chat.Carrier of the program.
//
// Invariants:
//
//   - Nothing is served to, or taken from, anybody but the one person of a
//     transfer, who also has to know its token; and only while it is begun.
//   - Every transfer has one goroutine that owns all others of it and waits for
//     them; Serve waits for all of those.
//   - What is told as finished is on the disk.
//   - Whatever goes wrong on the way ends a connection, not the transfer.
//
// What lies on the disk is a matter of the packages source (sending), folder
// (receiving) and ledger (what is done); how bytes travel, of transport/bulk.
package files
