package bulk

import (
	"context"

	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

// Source is what the sender reads from. It is safe for concurrent use.
type Source interface {
	// Manifest is the encoded manifest. It is not changed by anybody.
	Manifest() []byte
	// Read fills buf with a chunk of a file; offset and len(buf) are what the
	// manifest says. A *Fault says that the file is not what it was, or cannot
	// be read. Any other error ends the connection.
	Read(ctx context.Context, entry uint32, offset int64, buf []byte) error
	// Keep remembers the value of a chunk that was just read, for Root.
	Keep(chunk uint64, v tree.Value)
	// Root is the hash of a file of several chunks, after another look whether
	// it is still what it was: a *Fault if not. It may take long.
	Root(ctx context.Context, entry uint32) (tree.Value, error)
}

// Sink is what the receiver writes to. After Begin it is safe for concurrent
// use. An error of its methods ends the transfer for this attempt, but a *Fault
// of Write or Finish says only that the sink gives the file up: Fail is called,
// and nothing more of it is fetched.
type Sink interface {
	// Begin gets the verified manifest, once, before all other calls.
	Begin(m *protocol.Manifest) error
	// Missing is what is not yet stored, in ascending order. It is asked for
	// once, after Begin.
	Missing() []protocol.ChunkRun
	// Write stores a verified chunk and remembers its value. zero says that
	// all its bytes are zero; data is nil then. data is only valid during the
	// call. The same chunk may come twice.
	Write(ctx context.Context, chunk uint64, value tree.Value, data []byte, zero bool) error
	// Values are the values of all chunks of a file that lacks nothing but
	// Finish; nil for a file that is finished, has failed, or is incomplete.
	Values(entry uint32) []tree.Value
	// Finish says that the whole file is verified and may get its name. It may
	// be called again for a file that is finished.
	Finish(entry uint32, root tree.Value) error
	// Fail says that the sender cannot give a file, or not as it was offered.
	// Nothing more comes of it.
	Fail(entry uint32, fault *Fault)
}

// Event says that some bytes have come further: at the receiver they are
// verified and stored, at the sender they were handed to the network.
type Event struct {
	Chunk uint64 // number in the manifest
	Entry uint32 // number of the file
	Bytes int    // how many, 0 for the chunk of an empty file
}
