package protocol

import "fmt"

// BulkCode says why a file connection was refused or ends, or why a file cannot
// be had. Numbers and names are stable: new ones are appended, and a number
// that is not known is still a valid code. Zero is none. See
// docs/protocol.md#codes-of-file-connections.
type BulkCode uint16

// The codes.
const (
	BulkUnknownTransfer    BulkCode = 1 + iota // no such offer between us
	BulkBadToken                               // not the token of the offer
	BulkNotAccepted                            // the offer is not accepted yet
	BulkPaused                                 // the transfer is paused
	BulkTooManyConnections                     // enough of them for this transfer, or in all
	BulkSourceChanged                          // the file is not what it was when it was offered
	BulkSourceMissing                          // the file is not there any more
	BulkSourceUnreadable                       // the file cannot be read
	BulkBadMessage                             // a frame breaks the rules, or came where it may not
	BulkTooMany                                // more was asked for than may be at once
	BulkOverload                               // too much to do at the moment, try later
	BulkFinished                               // everything has arrived
	BulkCancelled                              // one side has ended the transfer
	BulkBadChunk                               // chunks come that are not what their hashes say
	BulkBadManifest                            // the manifest is not the one that was offered
	BulkStorage                                // it cannot be written to disk
	BulkTimeout                                // nothing came for too long
	BulkClosing                                // the program is being closed
	BulkWrongSide                              // the dialler has not the role that it claims
)

var bulkCodeNames = [...]string{
	BulkUnknownTransfer:    "unknown-transfer",
	BulkBadToken:           "bad-token",
	BulkNotAccepted:        "not-accepted",
	BulkPaused:             "paused",
	BulkTooManyConnections: "too-many-connections",
	BulkSourceChanged:      "source-changed",
	BulkSourceMissing:      "source-missing",
	BulkSourceUnreadable:   "source-unreadable",
	BulkBadMessage:         "bad-message",
	BulkTooMany:            "too-many",
	BulkOverload:           "overload",
	BulkFinished:           "finished",
	BulkCancelled:          "cancelled",
	BulkBadChunk:           "bad-chunk",
	BulkBadManifest:        "bad-manifest",
	BulkStorage:            "storage",
	BulkTimeout:            "timeout",
	BulkClosing:            "closing",
	BulkWrongSide:          "wrong-side",
}

// String gives the name of the code, the same in every version, or "code-1234"
// for one that is not known. It can be the Reason of a TransferState.
func (c BulkCode) String() string {
	if c == 0 || int(c) >= len(bulkCodeNames) {
		return fmt.Sprintf("code-%d", uint16(c))
	}
	return bulkCodeNames[c]
}
