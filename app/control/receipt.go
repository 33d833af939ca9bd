package control

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

// Receipt is the answer of GET /v1/files/{id}/receipt: what both sides say has
// arrived, and whether that is true.
type Receipt struct {
	ID       string    `json:"id"`       // of the transfer
	Sender   string    `json:"sender"`   // ID
	Receiver string    `json:"receiver"` // ID
	Files    int       `json:"files"`
	Size     int64     `json:"size"` // in bytes
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"` // by the receiver's clock, as Started
	Manifest string    `json:"manifest"` // BLAKE3 of what was offered, in hexadecimal
	Listing  string    `json:"listing"`  // BLAKE3 of the listing
	// SignedByReceiver and SignedBySender say that there is a signature of this
	// person over all of the above.
	SignedByReceiver bool `json:"signed_by_receiver"`
	SignedBySender   bool `json:"signed_by_sender"`
	// ListingKept says that the listing is still here, and ListingValid that it
	// is the one that was signed.
	ListingKept  bool   `json:"listing_kept"`
	ListingValid bool   `json:"listing_valid"`
	Raw          []byte `json:"raw"` // as it was signed
	// Paths are where the files and folders at the top were saved on this side;
	// their names may differ from those in the listing, which are the sender's.
	Paths []string `json:"paths,omitempty"`
}

// receipt tells what the receipt of a transfer says, and what it is worth.
func (h handler) receipt(w http.ResponseWriter, r *http.Request) {
	t, err := h.findTransfer(r)
	if err != nil {
		refuse(w, err)
		return
	}
	people, err := h.everybody(r.Context())
	if err != nil {
		refuse(w, err)
		return
	}
	shown, err := receiptOf(t, h.Self().ID, people[t.Contact].Peer.String())
	if t.Direction == chat.In {
		shown.Paths = t.Paths
	}
	if err == nil {
		err = h.checkListing(r.Context(), t.ID, &shown)
	}
	if err != nil {
		refuse(w, err)
		return
	}
	answer(w, shown)
}

// receiptOf reads the receipt of a transfer between this profile and somebody.
func receiptOf(t chat.Transfer, self, other string) (Receipt, error) {
	if len(t.Receipt) == 0 {
		return Receipt{}, &Error{Code: CodeNoReceipt, Key: "control.no-receipt", Message: "there is no receipt: the transfer has not come to its end"}
	}
	receipt, err := protocol.DecodeReceipt(t.Receipt)
	if err != nil {
		return Receipt{}, fmt.Errorf("read the receipt: %w", err)
	}
	shown := Receipt{
		ID: receipt.Transfer.String(), Sender: receipt.Sender.String(), Receiver: receipt.Receiver.String(),
		Files: int(receipt.Files), Size: int64(receipt.Bytes),
		Started: time.UnixMilli(receipt.Started).UTC(), Finished: time.UnixMilli(receipt.Finished).UTC(),
		Manifest: hex.EncodeToString(receipt.Manifest[:]), Listing: hex.EncodeToString(receipt.Listing[:]), Raw: t.Receipt,
	}
	from, to := other, self
	if t.Direction == chat.Out {
		from, to = self, other
	}
	// A receipt about something else, however well signed, is none for this.
	if receipt.Transfer == t.ID && shown.Sender == from && shown.Receiver == to {
		shown.SignedByReceiver, shown.SignedBySender = receipt.Verify()
	}
	return shown, nil
}

// checkListing compares the listing that is kept with the one that was signed.
func (h handler) checkListing(ctx context.Context, id protocol.MessageID, shown *Receipt) error {
	listing, err := h.Listing(id)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open the listing: %w", err)
	}
	defer func() { _ = listing.Close() }() // only read from
	sum, err := sumOf(ctx, listing)
	if err != nil {
		return fmt.Errorf("read the listing: %w", err)
	}
	shown.ListingKept, shown.ListingValid = true, hex.EncodeToString(sum[:]) == shown.Listing
	return nil
}

// sumOf is the BLAKE3 hash of all that a reader gives, of which it holds no
// more than a chunk.
func sumOf(ctx context.Context, from io.Reader) (tree.Value, error) {
	var values []tree.Value
	ahead, chunk := bufio.NewReader(from), make([]byte, protocol.ChunkSize)
	for ctx.Err() == nil {
		n, err := io.ReadFull(ahead, chunk)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
			return tree.Value{}, err
		}
		_, err = ahead.Peek(1)
		switch last := errors.Is(err, io.EOF); {
		case err != nil && !last:
			return tree.Value{}, err
		case last && len(values) == 0:
			return tree.Sum(chunk[:n]), nil
		case last:
			return tree.Root(append(values, tree.Chunk(chunk[:n], uint64(len(values)), false))), nil
		}
		values = append(values, tree.Chunk(chunk, uint64(len(values)), false))
	}
	return tree.Value{}, ctx.Err()
}

// listing sends the list of what has arrived, as b3sum writes it.
func (h handler) listing(w http.ResponseWriter, r *http.Request) {
	t, err := h.findTransfer(r)
	if err != nil {
		refuse(w, err)
		return
	}
	listing, err := h.Listing(t.ID)
	if errors.Is(err, fs.ErrNotExist) {
		err = &Error{Code: CodeNoReceipt, Key: "control.no-listing", Message: "there is no list of the files of this transfer"}
	}
	if err != nil {
		refuse(w, err)
		return
	}
	defer func() { _ = listing.Close() }() // only read from
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.Copy(w, listing) // a client that reads less than the hash says knows it
}
