package files

import (
	"context"
	"crypto/subtle"
	"errors"
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
	limits := source.Limits{Private: list(e.cfg.Private), Public: list(e.cfg.Public)}
	manifest, roots, err := source.Walk(ctx, paths, limits)
	if err != nil {
		return chat.Parcel{}, err
	}
	if err := os.MkdirAll(e.cfg.Dir, 0o700); err != nil {
		return chat.Parcel{}, err
	}
	e.mu.Lock()
	e.prepared[id] = true
	e.mu.Unlock()
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
	parcel.MoreSkipped = roots.Skipped.Count() - len(parcel.Skipped)
	return parcel, files.Close()
}

// list calls a function that gives paths, if there is one.
func list(paths func() []string) []string {
	if paths == nil {
		return nil
	}
	return paths()
}

// reasonSkipped is why links, devices and the like do not come along.
const reasonSkipped chat.TransferReason = "not-a-file"

// DisagreeError is returned for a receipt about something else than what was
// sent.
type DisagreeError struct{ About string }

func (e *DisagreeError) Error() string {
	return "the receipt does not agree with what was sent: " + e.About
}

// Is says that there is no use in trying again.
func (e *DisagreeError) Is(target error) bool { return target == chat.ErrDisagree }

// UserText gives the translation.
func (e *DisagreeError) UserText() (string, map[string]any) { return "files.reason.receipt", nil }

// Countersign compares what the receiver has signed with what was sent, and
// adds the signature of the sender. The transfer need not have been begun in
// this run of the program: its notes are enough.
func (e *Engine) Countersign(ctx context.Context, id protocol.MessageID, receipt []byte) ([]byte, error) {
	r, err := protocol.DecodeReceipt(receipt)
	if err != nil {
		return nil, err
	}
	if err := e.agrees(r, id); err != nil {
		return nil, err
	}
	listing, err := e.listing(ctx, r)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare(listing[:], r.Listing[:]) != 1 {
		return nil, &DisagreeError{About: "the hashes of the files"}
	}
	if err := r.SignSender(e.cfg.Key, e.cfg.Sign); err != nil {
		return nil, err
	}
	signed, err := protocol.EncodeReceipt(r)
	if err == nil {
		e.mu.Lock()
		e.signed[id] = true
		e.mu.Unlock()
	}
	return signed, err
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

// agrees compares all of a receipt but what is in the notes.
func (e *Engine) agrees(r *protocol.Receipt, id protocol.MessageID) error {
	signed, _ := r.Verify()
	known, is := e.known(id)
	switch {
	case r.Transfer != id || is && known.Direction != chat.Out:
		return &DisagreeError{About: "the transfer"}
	case r.Sender != e.cfg.Self || is && r.Receiver != known.Peer:
		return &DisagreeError{About: "the people"}
	case !signed:
		return &DisagreeError{About: "the signature of the receiver"}
	}
	return nil
}

// listing makes the listing of what was sent, if that is what the receipt is
// about. It is a second look at the files only for what was not sent in full by
// this profile.
func (e *Engine) listing(ctx context.Context, r *protocol.Receipt) (sum [32]byte, err error) {
	if j := e.job(r.Transfer); j != nil {
		if sum, sending, err := j.listing(ctx, r); sending {
			return sum, err
		}
	}
	files, err := source.Open(e.dir(r.Transfer))
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, files.Close()) }()
	return listingOf(ctx, files, r)
}

// listingOf makes the listing of what the receipt is about.
func listingOf(ctx context.Context, files *source.Source, r *protocol.Receipt) (sum [32]byte, err error) {
	m := files.Decoded()
	switch {
	case r.Manifest != [32]byte(tree.Sum(files.Manifest())):
		return sum, &DisagreeError{About: "the manifest"}
	case int(r.Files) != m.Files() || r.Bytes != m.Bytes():
		return sum, &DisagreeError{About: "the number or size of files"}
	}
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
