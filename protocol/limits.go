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
	// of a receipt.
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
