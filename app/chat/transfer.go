package chat

import (
	"time"

	"feihong/protocol"
)

// TransferState is how far a transfer has come. The words are those of the
// command line and the control interface, and are stored.
type TransferState string

// The states. A transfer begins as offered; done, rejected, cancelled and
// failed are final.
const (
	TransferOffered   TransferState = "offered"   // waits for the receiver's answer
	TransferAccepted  TransferState = "accepted"  // waits for a connection
	TransferRunning   TransferState = "running"   // data is moving
	TransferPaused    TransferState = "paused"    // by one of the two, or by both
	TransferStalled   TransferState = "stalled"   // goes on by itself when the trouble (Reason) is over
	TransferFinishing TransferState = "finishing" // the receiver has everything, the receipt is on its way
	TransferDone      TransferState = "done"      // both have the receipt
	TransferRejected  TransferState = "rejected"  // the receiver did not want it
	TransferCancelled TransferState = "cancelled" // one of the two changed their mind
	TransferFailed    TransferState = "failed"    // Reason says why
)

// Final says that nothing more happens to a transfer in this state. Among the
// final states a later one in the list of rank wins if both people come to an
// end at the same moment.
func (s TransferState) Final() bool { return s.rank() > 0 }

// rank orders the ends of a transfer: of two at the same moment the greater
// counts for both people. It is 0 for what is no end.
func (s TransferState) rank() int {
	switch s {
	case TransferRejected:
		return 1
	case TransferFailed:
		return 2
	case TransferCancelled:
		return 3
	case TransferDone:
		return 4
	}
	return 0
}

// Reasons why a transfer waits, stalled, failed or was cancelled, as far as they
// are given by this package; a carrier has more of them.
const (
	ReasonPeerCancelled TransferReason = "peer-cancelled"  // the other one did it
	ReasonUnsupported   TransferReason = "unsupported"     // their program knows no files
	ReasonTooMany       TransferReason = "too-many-offers" // undecided ones of the same person
	ReasonBadToken      TransferReason = "bad-token"       // the token belongs to another offer
	ReasonBlocked       TransferReason = "blocked"         // one of the two has blocked the other
	ReasonQueued        TransferReason = "queued"          // an offer that is accepted by itself once others are over
	ReasonForgotten     TransferReason = "forgotten"       // the other one knows no such transfer any more
	ReasonReceipt       TransferReason = "receipt"         // the two do not agree about what arrived
	ReasonPeerFailed    TransferReason = "peer-failed"     // at the other one, who did not say more
	ReasonOther         TransferReason = "other"
	// ReasonWaiting is told by a carrier that has no connection for a
	// transfer at the moment: it is shown as accepted, not as stalled.
	ReasonWaiting TransferReason = "waiting"
)

// TransferReason is why a transfer stalled or ended: a stable code of at most
// 32 lower case letters and hyphens.
type TransferReason = string

// Top is a file or folder of a transfer that does not lie in another one.
type Top struct {
	Name   string `json:"name"` // safe to show; not the name under which it is stored
	Folder bool   `json:"folder,omitempty"`
	Files  int    `json:"files,omitempty"` // in a folder, at any depth
	Bytes  int64  `json:"bytes"`           // of the file, or of all files in the folder
	// Executable says that the file is a program, as far as one can tell
	// before it is there.
	Executable bool `json:"executable,omitempty"`
}

// Transfer is one offer of files and what has become of it. It has the ID of
// the message (of KindFiles) that is the offer. Its slices are shared and must
// not be changed.
type Transfer struct {
	ID        protocol.MessageID
	Contact   ContactID
	Direction Direction // Out: files of ours
	State     TransferState

	Tops        []Top // the first ones
	MoreTops    int   // how many others there are at the top
	Files       int
	Folders     int
	Executables int
	Bytes       int64  // of all files together
	Text        string // the caption, may be empty

	Done      int64         // bytes verified by the receiver, or handed over by the sender
	FilesDone int           // files of which nothing is missing
	Current   string        // the file at the moment, safe to show; empty if not running
	Rate      int64         // bytes per second; 0 if not running
	Left      time.Duration // estimated; negative if unknown

	PausedHere  bool
	PausedThere bool
	Reason      TransferReason // why it stalled or ended, if that needs one
	Detail      string         // the file that Reason is about, safe to show; empty if none
	Failures    int            // how many files could not be had
	Skipped     int            // sent: how many links, devices and so on were found and are not sent

	// Folder is where a received transfer goes, an absolute path; empty until
	// it was accepted.
	Folder string
	// Paths are absolute: of what is sent, or what the received has become.
	Paths []string

	Created  time.Time // by the sender's clock
	Updated  time.Time // when the state last changed
	Finished time.Time // when it became final; zero before
	// Preview is a small PNG or JPEG of what is offered, of at most
	// protocol.MaxPreviewBytes; nil if there is none. It is hostile.
	Preview []byte
	// Receipt is an encoded protocol.Receipt, signed by the receiver, or by
	// both once the transfer is done; nil before.
	Receipt []byte
	Retry   protocol.MessageID // of the transfer that this one tries again; zero if none

	Token         [32]byte
	Manifest      [32]byte // hash
	ManifestBytes int64
	// Confirmed says that the other person is known to know of the end, so
	// that it need not be told again.
	Confirmed bool
}

// Final says that nothing more happens to the transfer.
func (t *Transfer) Final() bool { return t.State.Final() }

// Offer is the offer as it travels.
func (t *Transfer) Offer() *protocol.Offer {
	o := &protocol.Offer{
		ID:            t.ID,
		Time:          max(0, t.Created.UnixMilli()),
		Text:          t.Text,
		Token:         t.Token,
		Manifest:      t.Manifest,
		ManifestBytes: uint64(t.ManifestBytes),
		Files:         uint32(t.Files),
		Folders:       uint32(t.Folders),
		Bytes:         uint64(t.Bytes),
		Executables:   uint32(t.Executables),
		MoreTops:      uint32(t.MoreTops),
		Preview:       t.Preview,
	}
	for _, top := range t.Tops {
		o.Tops = append(o.Tops, protocol.OfferTop{
			Name: top.Name, Folder: top.Folder, Files: uint32(top.Files), Bytes: uint64(top.Bytes),
		})
	}
	return o
}

// Forget removes what an offer says that was taken back: the names, the caption
// and the preview. The numbers stay, and where that is what has arrived.
func (t *Transfer) Forget() {
	t.Tops, t.MoreTops, t.Text, t.Detail, t.Preview = nil, 0, "", "", nil
	if t.Direction == Out {
		t.Paths = nil
	}
}

// TransferQuery selects transfers.
type TransferQuery struct {
	Contact ContactID // 0: all contacts
	Open    bool      // only those that are not final
	// Unsettled adds to Open those whose end the other person may not know.
	Unsettled bool
	// Match limits to those whose ID, as 32 lower case hexadecimal digits,
	// begins or ends with it, or whose last ListedDigits begin with it; empty:
	// no filter.
	Match string
	Token [32]byte // limits to those with this token; zero: no filter
	Limit int      // 0: no limit
}
