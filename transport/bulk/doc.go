// Package bulk moves the files of one transfer over connections: chunks, that
// are verified when they arrive, from a Source to a Sink.
//
// It knows neither files nor people. Who may connect, and what the other side
// is, was decided before; how names and folders look, the Sink decides. A
// connection is any net.Conn that is private and authenticated; closing it from
// elsewhere ends what runs on it.
//
// What always holds:
//
//   - The Sink gets a chunk only if it was asked for, has the length that the
//     manifest says, and its hash fits its data.
//   - A file is finished only if all its chunks are in the Sink and the hash
//     of the whole is the one that the sender told last.
//   - What was asked for on a connection and did not come, is asked for again
//     on another one.
//   - Memory is bounded: at most poolBuffers chunks for each connection at the
//     receiver, and one at the sender, whatever the other side does.
//   - Every goroutine ends before the call that began it returns.
//
// Flow: the receiver asks (Want), the sender answers in order. What is large is
// hashed piece by piece while it is read, and sent or stored by the same
// goroutine, so that it stays in the cache of one processor; small files are
// verified and stored by others while the next ones are read. See
// docs/protocol.md#file-connections.
package bulk
