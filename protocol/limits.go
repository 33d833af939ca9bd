package protocol

// Limits of frames. See docs/protocol.md#limits.
const (
	// HeaderBytes is the size of a frame header: four bytes of length and two
	// of application number.
	HeaderBytes = 6

	// MaxLinkBytes bounds a link body. The largest one, a Hello with every
	// feature spelled out, needs about 5 KiB; three times that leaves room
	// for fields to come.
	MaxLinkBytes = 16 << 10

	// MaxChatBytes bounds a chat body: one text of the greatest length and
	// 16 KiB for everything beside it. A receipt of MaxReceiptIDs fits well.
	MaxChatBytes = MaxTextBytes + 16<<10

	// MaxPresenceBytes bounds a presence body: MaxTold announcements of the
	// greatest length, and room for fields to come.
	MaxPresenceBytes = 64 << 10

	// MaxDoctorBytes bounds a doctor body. Today's are far smaller.
	MaxDoctorBytes = 4 << 10

	// MaxFilesBytes bounds a body of the files application. It is no more than
	// what a version that does not speak it reads past.
	MaxFilesBytes = 64 << 10

	// UnknownLimit bounds a body of an application that this version does not
	// speak. Such a body is read past without being kept, so the limit only
	// bounds the time that it can cost.
	UnknownLimit = 64 << 10

	// MaxUnknownFrames is how many frames of unknown applications are put up
	// with on one connection. A newer peer needs one for each application
	// that it tries before it has been told that we do not speak it.
	MaxUnknownFrames = 16
)

// Limits of what is sent without a session.
const (
	// MaxDatagramBytes bounds a UDP datagram, headers of UDP and IP not
	// counted, so that it crosses every network in one piece: IPv6 promises
	// 1280.
	MaxDatagramBytes = 1200

	// MaxAnnouncementBytes bounds a signed announcement. All fields of today
	// at their limits need just below 1000.
	MaxAnnouncementBytes = 1024
)

// Limits of CBOR bodies. They are far above what the messages of this version
// need and far below what could hurt.
const (
	// MaxNesting is how deep maps and arrays may lie in each other, the body
	// itself counted as one.
	MaxNesting = 4

	// MaxArrayElements bounds every array; the longest one in use is the list
	// of messages that were delivered.
	MaxArrayElements = 1024

	// MaxMapPairs bounds every map; the largest one in use is an
	// announcement with fourteen.
	MaxMapPairs = 32

	// MaxMapKey is the greatest key of a map. It keeps a key within 32 bits
	// for every language.
	MaxMapKey = 1<<31 - 1
)

// Limits of single fields.
const (
	// MaxTextBytes is the size of the longest text of a message, in bytes of
	// UTF-8. It is more than anybody types and as much as is pleasant to show
	// in a chat; what is longer is a file.
	MaxTextBytes = 64 << 10

	// MaxTime is the latest time of a message, in milliseconds since 1970:
	// the end of the year 9999, after which dates have no common spelling.
	MaxTime = 253402300799999

	// MaxReceiptIDs is how many messages one receipt can confirm: enough that
	// a day of chat is confirmed at once after a night offline.
	MaxReceiptIDs = MaxArrayElements

	// MaxNameRunes bounds a name to what fits on a line.
	MaxNameRunes = 64

	// MaxNameBytes bounds the same name on the wire: 64 characters of four
	// bytes.
	MaxNameBytes = 4 * MaxNameRunes

	// MaxProgramBytes bounds the name and version of a program.
	MaxProgramBytes = 128

	// MaxFeatures is how many features a Hello can list.
	MaxFeatures = 64

	// MaxFeatureBytes bounds the name of one feature.
	MaxFeatureBytes = 64

	// MaxHostBytes bounds the name of a machine, which DNS holds to 63.
	MaxHostBytes = 64

	// MaxDepartmentRunes bounds the name of a department to what fits beside
	// a name.
	MaxDepartmentRunes = 40

	// MaxDepartmentBytes bounds the same on the wire.
	MaxDepartmentBytes = 4 * MaxDepartmentRunes

	// MaxStatusTextRunes bounds what somebody adds to their status.
	MaxStatusTextRunes = 50

	// MaxStatusTextBytes bounds the same on the wire.
	MaxStatusTextBytes = 4 * MaxStatusTextRunes

	// MaxAnnouncedAddresses is how many addresses of one machine are worth
	// trying.
	MaxAnnouncedAddresses = 8

	// MaxSequence is the greatest sequence number of an announcement: the
	// greatest that every language counts without loss, so that a number and
	// one more are never the same.
	MaxSequence = 1<<53 - 1

	// MaxZoneBytes bounds the name of an interface, which Windows gives 256
	// characters.
	MaxZoneBytes = 256

	// MaxTold is how many announcements one People has: together they fit
	// MaxPresenceBytes.
	MaxTold = 48

	// MaxExaminedSteps is how many steps one Examined has; today there are
	// five.
	MaxExaminedSteps = 16

	// MaxErrorTextBytes bounds the explanation in an Error: a sentence or two
	// for a log.
	MaxErrorTextBytes = 512
)

// Limits of what is offered, and of the manifest that lists it.
const (
	// MaxEntries is how many files and folders one manifest lists.
	MaxEntries = 200_000

	// MaxManifestBytes bounds an encoded manifest: as many entries as are
	// allowed, with names of a hundred bytes on average.
	MaxManifestBytes = 32 << 20

	// MaxDepth is how many folders may lie in each other.
	MaxDepth = 64

	// MaxEntryNameBytes bounds the name of a file or folder. File systems
	// have 255 characters, of which some take four bytes.
	MaxEntryNameBytes = 1024

	// MaxPathsBytes bounds the paths of all entries together, which would
	// otherwise take 13 GB: what lists them stays small.
	MaxPathsBytes = 64 << 20

	// MaxFileBytes bounds the size of a file, and of all files of a manifest
	// together: a pebibyte. So no sum overflows in any language that counts
	// to 2^53.
	MaxFileBytes = 1 << 50

	// MaxOfferTops is how many of the files and folders at the top an offer
	// names: more than a card in a conversation shows.
	MaxOfferTops = 32

	// MaxTopNameBytes bounds such a name on the wire.
	MaxTopNameBytes = 255

	// MaxReasonBytes bounds the code that says why a transfer is where it is.
	MaxReasonBytes = 32

	// MaxDetailBytes bounds what a transfer's reason is about, such as the
	// name of a file.
	MaxDetailBytes = 255

	// MaxReceiptBytes bounds an encoded receipt. Today's are below 400.
	MaxReceiptBytes = 1024
)

// Limits of file connections. See docs/protocol.md#file-connections.
const (
	// ChunkSize is the size of a chunk, of which a file has as many as it
	// takes. Only its last one may be shorter.
	ChunkSize = 1 << 20

	// ChunkHeaderBytes is what a chunk's frame has before the data, behind
	// the header of the frame.
	ChunkHeaderBytes = 8 + 1 + 32

	// MaxBulkBytes bounds the body of a frame that is neither a chunk nor a
	// part of a manifest. The longest one, MaxRuns runs of great numbers,
	// needs about 5 KiB.
	MaxBulkBytes = 8 << 10

	// MaxManifestPartBytes bounds one part of a manifest.
	MaxManifestPartBytes = 256 << 10

	// MaxRuns is how many runs of chunks are asked for at once.
	MaxRuns = 256
)

// Limits of what is within messages.
const (
	// MaxPictureBytes bounds what somebody shows beside their name: a square
	// picture, small on every screen.
	MaxPictureBytes = 24 << 10

	// MaxEmojiBytes bounds the emoji of a reaction. The longest ones in use,
	// families of four with their tones, need 41.
	MaxEmojiBytes = 64

	// MaxPreviewBytes bounds the preview of pictures that comes with their
	// offer.
	MaxPreviewBytes = 12 << 10
)
