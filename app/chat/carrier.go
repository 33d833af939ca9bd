package chat

import (
	"context"
	"errors"
	"time"

	"feihong/protocol"
)

// Carrier moves the data of transfers: it reads, sends, verifies and writes
// files, and knows nothing of contacts, offers and answers. It reports by
// CarrierReports.
//
// Begin, Halt, Drop, Nudge and Called return soon and are called one after the
// other. They are repeated freely: each names what is to be, whatever was
// before. Prepare, Countersign and Sweep may take long and are called at any
// time.
type Carrier interface {
	// Prepare looks at what lies at the paths (absolute) and writes down what
	// will be sent by the transfer. Drop takes it back.
	Prepare(ctx context.Context, id protocol.MessageID, paths []string) (Parcel, error)

	// Begin starts a transfer or goes on with it, until it is finished, halted
	// or dropped.
	Begin(job Job)

	// Halt ends the connections of a transfer. Everything else is kept: what
	// is there already, so that Begin goes on from it, and after the end the
	// listing.
	Halt(id protocol.MessageID)

	// Drop ends a transfer for good and removes what is unfinished. Nothing
	// happens for one that is not known.
	Drop(id protocol.MessageID)

	// Countersign compares what the receiver has signed with what was sent,
	// and returns the receipt with the sender's signature added. If the two do
	// not agree, it fails with ErrDisagree. After every other error it is
	// called again, in a while.
	Countersign(ctx context.Context, id protocol.MessageID, receipt []byte) ([]byte, error)

	// Sweep removes what an earlier run of the program has left behind of
	// transfers that are over. fate tells what is known of a transfer.
	Sweep(ctx context.Context, fate func(ctx context.Context, id protocol.MessageID) (Fate, error)) error

	// Nudge tells that somebody is there again: what waits for them is tried
	// at once.
	Nudge(peer protocol.PeerID)

	// Called tells that somebody cannot connect to us for the transfer and
	// asks us to connect to them.
	Called(peer protocol.PeerID, id protocol.MessageID)
}

// ErrDisagree is returned by a Carrier for a receipt about something else than
// what was sent. Others may be that by errors.Is.
var ErrDisagree = errors.New("the receipt does not agree with what was sent")

// Job is a transfer as its carrier needs it.
type Job struct {
	ID        protocol.MessageID
	Peer      protocol.PeerID // the other person
	Direction Direction       // Out: files of ours
	Offer     protocol.Offer  // without the caption; what the manifest must match
	Folder    string          // receiving: the target folder, absolute
	Paths     []string        // sending: what is sent, absolute
}

// Parcel is what a carrier has prepared.
type Parcel struct {
	// Offer has everything but ID, Time, Text and Token.
	Offer protocol.Offer
	// Skipped is what was found and is not sent: links, devices and so on, the
	// first few by name. MoreSkipped is how many others there are.
	Skipped     []Failure
	MoreSkipped int
}

// Failure is a file that could not be had.
type Failure struct {
	Name   string // made safe before it is shown
	Reason TransferReason
}

// Progress is how far a carrier has come.
type Progress struct {
	Done      int64 // bytes
	FilesDone int
	Current   string        // the file at the moment
	Rate      int64         // bytes per second
	Left      time.Duration // estimated; negative if unknown
}

// Outcome is how the work of a carrier ended for good.
type Outcome struct {
	// Paths are the absolute final paths of what has arrived.
	Paths []string
	// Failures are the files that could not be had. With any of them the
	// transfer has failed.
	Failures []Failure
	// Receipt is signed by the receiver; nil unless everything has arrived.
	Receipt []byte
	// Err is not nil if the transfer has failed as a whole. Reason and Detail
	// say why, in a code and the name of a file if it is about one.
	Err    error
	Reason TransferReason
	Detail string
}

// CarrierReports is how a carrier tells what happens. Service implements it.
// The methods may be called from any goroutine, also by a method of the
// carrier itself. They do not block for long, and ignore transfers that are
// not known or not under way.
type CarrierReports interface {
	// Carried tells how far a transfer is, at most a few times a second.
	Carried(id protocol.MessageID, p Progress)
	// Stalled tells that a transfer cannot go on for now, and why: it goes on
	// by itself later, which an empty reason tells. ReasonWaiting tells that
	// there is no connection.
	Stalled(id protocol.MessageID, reason TransferReason, detail string)
	// Finished tells how it ended: of a received transfer always, of a sent
	// one only if it failed.
	Finished(id protocol.MessageID, o Outcome)
}

var _ CarrierReports = (*Service)(nil)
