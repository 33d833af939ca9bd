package protocol

import "fmt"

// BulkKind says what a frame of a file connection is. The numbers are on the
// wire: new ones are appended, none is ever reused. See
// docs/protocol.md#file-connections.
type BulkKind uint16

// The kinds. All but two carry a BulkMessage.
const (
	BulkOpen         BulkKind = 1 + iota // first, by the dialler
	BulkOpened                           // answer to it
	BulkRefused                          // the other answer to it
	BulkWantManifest                     // by the receiver of the files, as all that want
	BulkManifest                         // a part of the encoded manifest, as it is
	BulkWant                             // asks for chunks
	BulkChunk                            // a chunk, see ParseChunk
	BulkWantRoot                         // asks for the hash of a file
	BulkRoot                             // answer to it
	BulkFault                            // a file cannot be had
	BulkStop                             // the connection ends
	BulkAlive                            // an answer takes its time
)

var bulkKindNames = [...]string{
	BulkOpen: "open", BulkOpened: "opened", BulkRefused: "refused", BulkWantManifest: "want-manifest", BulkManifest: "manifest",
	BulkWant: "want", BulkChunk: "chunk", BulkWantRoot: "want-root", BulkRoot: "root", BulkFault: "fault", BulkStop: "stop",
	BulkAlive: "alive",
}

// String gives the name used in logs.
func (k BulkKind) String() string {
	if !k.Known() {
		return fmt.Sprintf("kind(%d)", uint16(k))
	}
	return bulkKindNames[k]
}

// Known says whether this version speaks the kind.
func (k BulkKind) Known() bool { return k > 0 && int(k) < len(bulkKindNames) }

// Limit is the greatest length of a body of the kind in bytes. For a kind that
// is not known it is what may be skipped, UnknownLimit.
func (k BulkKind) Limit() int {
	switch {
	case k == BulkChunk:
		return ChunkHeaderBytes + ChunkSize
	case k == BulkManifest:
		return MaxManifestPartBytes
	case k.Known():
		return MaxBulkBytes
	}
	return UnknownLimit
}

// BulkMessage is what both sides of a file connection say beside the chunks and
// the manifest: *BulkOpenMessage, *Opened, *RefusedOpen, *WantManifest, *Want,
// *WantRoot, *Root, *Fault, *Stop or *Alive.
type BulkMessage interface{ bulkKind() BulkKind }

// BulkOpenMessage says what a connection is for. Nothing comes before it.
type BulkOpenMessage struct {
	Transfer MessageID // ID of the offer, not zero
	Token    [32]byte  // of the offer, not zero
	Sending  bool      // the dialler has the files; otherwise it wants them
}

// Opened says that the connection is welcome.
type Opened struct{}

// RefusedOpen says that it is not, and ends it.
type RefusedOpen struct {
	Code BulkCode // not zero
	Text string   // English, for a log; safe to show, at most MaxErrorTextBytes
}

// WantManifest asks for the manifest from a byte on, to its end. It comes in
// as many parts as it takes, in order.
type WantManifest struct{ Offset uint64 } // less than MaxManifestBytes

// ChunkRun is some chunks in a row, by their numbers in the manifest.
type ChunkRun struct {
	First uint64
	Count uint64 // at least 1; First+Count does not overflow
}

// Want asks for chunks. They come in the order in which they were asked for, on
// the connection on which they were.
type Want struct{ Runs []ChunkRun } // 1 to MaxRuns

// WantRoot asks for the hash of a file that has several chunks, when all of
// them have arrived.
type WantRoot struct{ Entry uint32 } // number of the file, at least 1

// Root is the BLAKE3 of a whole file, told after the sender has made sure that
// it has not changed.
type Root struct {
	Entry uint32 // at least 1
	Hash  [32]byte
}

// Fault says that a file, or the rest of it, cannot be had. It answers all that
// was and will be asked of it on the connection.
type Fault struct {
	Entry uint32   // at least 1
	Code  BulkCode // not zero
	Text  string   // as in RefusedOpen
}

// Stop says that the sender of it ends the connection, and why.
type Stop struct {
	Code BulkCode // not zero
	Text string   // as in RefusedOpen
}

// Alive says that the sender of the files is still at work on what it was asked
// for, such as reading a great file again for its Root. It may come at any time.
type Alive struct{}

func (*BulkOpenMessage) bulkKind() BulkKind { return BulkOpen }
func (*Opened) bulkKind() BulkKind          { return BulkOpened }
func (*RefusedOpen) bulkKind() BulkKind     { return BulkRefused }
func (*WantManifest) bulkKind() BulkKind    { return BulkWantManifest }
func (*Want) bulkKind() BulkKind            { return BulkWant }
func (*WantRoot) bulkKind() BulkKind        { return BulkWantRoot }
func (*Root) bulkKind() BulkKind            { return BulkRoot }
func (*Fault) bulkKind() BulkKind           { return BulkFault }
func (*Stop) bulkKind() BulkKind            { return BulkStop }
func (*Alive) bulkKind() BulkKind           { return BulkAlive }
