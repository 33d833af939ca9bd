package control_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"feihong/app/chat"
	"feihong/app/control"
	"feihong/protocol"
	"feihong/transport/bulk/tree"
)

// signer is somebody with a key.
type signer struct {
	public  ed25519.PublicKey
	private ed25519.PrivateKey
}

func newSigner(seed byte) signer {
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
	return signer{private.Public().(ed25519.PublicKey), private}
}

func (s signer) sign(message []byte) []byte  { return ed25519.Sign(s.private, message) }
func (s signer) id() protocol.PeerID         { return protocol.PeerIDOf(s.public) }
func (s signer) as(name string) chat.Contact { return chat.Contact{Peer: s.id(), Name: name} }

const list = "00ff  a.txt\n11ee  b/c.txt\n"

// signed is a receipt for what we got from somebody, signed by both.
func signed(t *testing.T, me, other signer, change func(*protocol.Receipt)) []byte {
	t.Helper()
	receipt := &protocol.Receipt{
		Transfer: transferID(1), Sender: other.id(), Receiver: me.id(), Manifest: tree.Sum([]byte("manifest")), Listing: tree.Sum([]byte(list)),
		Files: 2, Bytes: 77, Started: 1_000, Finished: 2_500,
	}
	change(receipt)
	if err := errors.Join(receipt.SignReceiver(me.public, me.sign), receipt.SignSender(other.public, other.sign)); err != nil {
		t.Fatal(err)
	}
	raw, err := protocol.EncodeReceipt(receipt)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestReceipt(t *testing.T) {
	me, other, third := newSigner(1), newSigner(2), newSigner(3)
	tests := []struct {
		name      string
		change    func(*protocol.Receipt)
		self      signer
		from      signer // whom we know as the contact
		direction chat.Direction
		listing   string // "" if there is none
		signed    bool
		valid     bool // of the listing
	}{
		{name: "of what came", self: me, from: other, listing: list, signed: true, valid: true},
		{name: "of what was sent", self: other, from: me, direction: chat.Out, listing: list, signed: true, valid: true},
		{name: "the listing is gone", self: me, from: other, signed: true},
		{name: "the listing was changed", self: me, from: other, listing: list + "\n", signed: true},
		{name: "of another transfer", change: func(r *protocol.Receipt) { r.Transfer = transferID(2) }, self: me, from: other, listing: list, valid: true},
		{name: "between others", self: third, from: other, listing: list, valid: true},
		{name: "from somebody else", self: me, from: third, listing: list, valid: true},
		{name: "the wrong way round", self: me, from: other, direction: chat.Out, listing: list, valid: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.change == nil {
				test.change = func(*protocol.Receipt) {}
			}
			raw := signed(t, me, other, test.change)
			r := startWith(t, test.from.as("Zed"), test.self.id())
			r.files.put(chat.Transfer{ID: transferID(1), Contact: 9, Direction: test.direction, State: chat.TransferDone, Receipt: raw})
			if test.listing != "" {
				r.files.listings = map[protocol.MessageID]string{transferID(1): test.listing}
			}
			got, err := r.client.Receipt(t.Context(), "0001")
			if err != nil {
				t.Fatal(err)
			}
			if got.SignedByReceiver != test.signed || got.SignedBySender != test.signed || got.ListingKept != (test.listing != "") || got.ListingValid != test.valid {
				t.Errorf("told %+v", got)
			}
			if got.Sender != other.id().String() || got.Receiver != me.id().String() || got.Files != 2 || got.Size != 77 || !bytes.Equal(got.Raw, raw) {
				t.Errorf("told %+v", got)
			}
			if !got.Started.Equal(time.UnixMilli(1_000)) || !got.Finished.Equal(time.UnixMilli(2_500)) || len(got.Manifest) != 64 {
				t.Errorf("told %+v", got)
			}
			var listing strings.Builder
			if err := r.client.Listing(t.Context(), "0001", &listing); (err == nil) != (test.listing != "") || listing.String() != test.listing {
				t.Errorf("listed %q, %v", listing.String(), err)
			}
		})
	}
}

func TestNoReceipt(t *testing.T) {
	r := start(t, true)
	r.files.put(chat.Transfer{ID: transferID(6), Contact: 1, Receipt: []byte("nonsense")})
	r.files.put(chat.Transfer{ID: transferID(7), Contact: 1, Receipt: signed(t, newSigner(1), newSigner(2), func(*protocol.Receipt) {})})
	r.files.listings = map[protocol.MessageID]string{transferID(7): unreadable}
	for id, code := range map[string]control.Code{"0001": control.CodeNoReceipt, "0006": control.CodeInternal, "0007": control.CodeInternal} {
		_, err := r.client.Receipt(t.Context(), id)
		if e := refusal(t, err); e.Code != code {
			t.Errorf("%s: refused with %+v", id, e)
		}
	}
	for id, code := range map[string]control.Code{"0001": control.CodeNoReceipt, "0007": control.CodeInternal} {
		if e := refusal(t, r.client.Listing(t.Context(), id, io.Discard)); e.Code != code {
			t.Errorf("%s: refused with %+v", id, e)
		}
	}
}

// The hash of a stream is that of its bytes, however they come.
func TestSumOf(t *testing.T) {
	data := make([]byte, 3*protocol.ChunkSize+5)
	for i := range data {
		data[i] = byte(i % 251)
	}
	for _, size := range []int{0, 1, 1024, protocol.ChunkSize - 1, protocol.ChunkSize, protocol.ChunkSize + 1, 2 * protocol.ChunkSize, len(data)} {
		for name, from := range map[string]io.Reader{
			"whole": bytes.NewReader(data[:size]), "halves": iotest.HalfReader(bytes.NewReader(data[:size])),
			"end with data": iotest.DataErrReader(bytes.NewReader(data[:size])),
		} {
			got, err := control.SumOf(t.Context(), from)
			if err != nil || got != tree.Sum(data[:size]) {
				t.Errorf("%d bytes, %s: %x, %v", size, name, got, err)
			}
		}
	}
	broken := errors.New("broken")
	for _, before := range []int{0, 5, protocol.ChunkSize, protocol.ChunkSize + 5} {
		from := io.MultiReader(bytes.NewReader(data[:before]), iotest.ErrReader(broken))
		if _, err := control.SumOf(t.Context(), from); !errors.Is(err, broken) {
			t.Errorf("broken after %d bytes: %v", before, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := control.SumOf(ended, bytes.NewReader(data)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
