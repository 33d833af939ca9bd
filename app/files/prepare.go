package files

import (
	"bytes"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"feihong/app/chat"
	"feihong/app/files/source"
	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

// Prepare looks at what lies at the paths and writes down what will be sent.
func (e *Engine) Prepare(ctx context.Context, id protocol.MessageID, paths []string) (chat.Parcel, error) {
	manifest, roots, err := source.Walk(ctx, paths, source.Limits{})
	if err != nil {
		return chat.Parcel{}, err
	}
	if err := os.MkdirAll(e.cfg.Dir, 0o700); err != nil {
		return chat.Parcel{}, err
	}
	files, err := source.Create(e.dir(id), manifest, roots)
	if err != nil {
		return chat.Parcel{}, err
	}
	encoded := files.Manifest()
	var parcel chat.Parcel
	manifest.Summarize(&parcel.Offer)
	parcel.Offer.Manifest = tree.Sum(encoded)
	parcel.Offer.ManifestBytes = uint64(len(encoded))
	for _, name := range roots.Skipped.Names {
		parcel.Skipped = append(parcel.Skipped, chat.Failure{Name: protocol.SafeName(name), Reason: reasonSkipped})
	}
	return parcel, files.Close()
}

// reasonSkipped is why links, devices and the like do not come along.
const reasonSkipped chat.TransferReason = "not-a-file"

// DisagreeError is returned for a receipt about something else than what was
// sent.
type DisagreeError struct{ About string }

func (e *DisagreeError) Error() string {
	return "the receipt does not agree with what was sent: " + e.About
}

// UserText gives the translation.
func (e *DisagreeError) UserText() (string, map[string]any) { return "files.reason.receipt", nil }

// Countersign compares what the receiver has signed with what was sent, and
// adds the signature of the sender. The transfer has been begun.
func (e *Engine) Countersign(ctx context.Context, id protocol.MessageID, receipt []byte) ([]byte, error) {
	r, err := protocol.DecodeReceipt(receipt)
	if err != nil {
		return nil, err
	}
	known, is := e.known(id)
	if !is {
		return nil, fmt.Errorf("transfer %v is not under way", id)
	}
	if err := e.agrees(r, known); err != nil {
		return nil, err
	}
	listing, err := e.listing(ctx, id)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare(listing[:], r.Listing[:]) != 1 {
		return nil, &DisagreeError{About: "the hashes of the files"}
	}
	if err := r.SignSender(e.cfg.Key, e.cfg.Sign); err != nil {
		return nil, err
	}
	return protocol.EncodeReceipt(r)
}

// known gives the job of a transfer that is begun or halted.
func (e *Engine) known(id protocol.MessageID) (chat.Job, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if j := e.jobs[id]; j != nil {
		return j.Job, true
	}
	known, is := e.halted[id]
	return known, is
}

// agrees compares all of a receipt but the listing.
func (e *Engine) agrees(r *protocol.Receipt, known chat.Job) error {
	signed, _ := r.Verify()
	switch {
	case known.Direction != chat.Out || r.Transfer != known.ID:
		return &DisagreeError{About: "the transfer"}
	case r.Sender != e.cfg.Self || r.Receiver != known.Peer:
		return &DisagreeError{About: "the people"}
	case !signed:
		return &DisagreeError{About: "the signature of the receiver"}
	case !bytes.Equal(r.Manifest[:], known.Offer.Manifest[:]):
		return &DisagreeError{About: "the manifest"}
	case r.Files != known.Offer.Files || r.Bytes != known.Offer.Bytes:
		return &DisagreeError{About: "the number or size of files"}
	}
	return nil
}

// listing makes the listing of what was sent. It is a second look at the files
// only for what was not sent in full by this profile.
func (e *Engine) listing(ctx context.Context, id protocol.MessageID) (sum [32]byte, err error) {
	if j := e.job(id); j != nil {
		if sum, sending, err := j.listing(ctx); sending {
			return sum, err
		}
	}
	files, err := source.Open(e.dir(id))
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, files.Close()) }()
	return files.Listing(ctx)
}

func (e *Engine) job(id protocol.MessageID) *job {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.jobs[id]
}

// Listing opens the listing of a transfer that is over: the hashes and names of
// all files, as b3sum writes them. fs.ErrNotExist if there is none.
func (e *Engine) Listing(id protocol.MessageID) (io.ReadCloser, error) {
	return os.Open(filepath.Join(e.dir(id), "listing"))
}
