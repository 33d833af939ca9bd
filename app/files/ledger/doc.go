// Package ledger remembers which chunks of a transfer are done, so that it
// goes on where it was after anything.
//
// A ledger is a small file in the profile with one slot of 32 bytes for each
// chunk of the manifest. A slot holds the chunk's value in the hash tree: at
// the receiver once the chunk is verified and written, at the sender once it
// was read and hashed. Zeros are an empty slot; no chunk has that value.
//
// A ledger is bound to the hash of its manifest: a damaged one, or that of
// another manifest, is begun anew. What was set survives the end of the
// process, however sudden. It does not survive a crash of the system for sure,
// nor do the data that it speaks of; therefore it tells whether it was written
// during the present boot, and its owner looks again at what it claims if not.
//
// The package knows nothing of connections and of the files that are sent. It
// also writes the listing of a transfer, because both ends must write the same
// one, from the values that are kept here.
package ledger
