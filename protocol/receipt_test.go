package protocol_test

import (
	"bytes"
	"crypto/ed25519"
	"testing"

	"feihong/protocol"
)

// TestReceiptSignatures: a signature counts for whom it is from, for what it
// signed, and for the role that it was made in.
func TestReceiptSignatures(t *testing.T) {
	all := receipts(t)
	for name, want := range map[string][2]bool{
		"signed by nobody":                {},
		"signed by the receiver":          {true, false},
		"signed by the sender":            {false, true},
		"signed by both":                  {true, true},
		"at all limits":                   {true, true},
		"signatures swapped":              {},
		"changed behind the signing":      {},
		"receiver's signature for both":   {true, false},
		"signed by another sender":        {true, false},
		"finished before it was started":  {},
		"of folders only, and all zeroes": {},
	} {
		r := all[name]
		delete(all, name)
		if receiver, sender := r.Verify(); receiver != want[0] || sender != want[1] {
			t.Errorf("%s: by the receiver %v, by the sender %v; want %v", name, receiver, sender, want)
		}
	}
	if len(all) > 0 {
		t.Errorf("nobody said what is right for %v", all)
	}
}

// TestReceiptIsSignedAsDocumented: another implementation verifies it so.
func TestReceiptIsSignedAsDocumented(t *testing.T) {
	r, statement := receipt(t), mustEncodeReceipt(t, unsigned())
	if !ed25519.Verify(r.ReceiverKey, append([]byte("feihong receipt 1\x00receiver\x00"), statement...), r.ReceiverSignature) {
		t.Error("the receiver signed something else")
	}
	if !ed25519.Verify(r.SenderKey, append([]byte("feihong receipt 1\x00sender\x00"), statement...), r.SenderSignature) {
		t.Error("the sender signed something else")
	}
}

// TestChangedReceipt changes each bit of a receipt in turn. At least one
// signature gets lost.
func TestChangedReceipt(t *testing.T) {
	raw := mustEncodeReceipt(t, receipt(t))
	for i := range raw {
		changed := bytes.Clone(raw)
		changed[i] ^= 1 << (i % 8)
		r, err := protocol.DecodeReceipt(changed)
		if err != nil {
			checkDecodeError(t, err)
			continue
		}
		if receiver, sender := r.Verify(); receiver && sender {
			t.Errorf("byte %d changed: %v", i, r)
		}
	}
}

func TestReceiptEncoderRefuses(t *testing.T) {
	changed := func(change func(*protocol.Receipt)) *protocol.Receipt {
		r := receipt(t)
		change(r)
		return r
	}
	for name, r := range map[string]*protocol.Receipt{
		"no transfer":                changed(func(r *protocol.Receipt) { r.Transfer = protocol.MessageID{} }),
		"no sender":                  changed(func(r *protocol.Receipt) { r.Sender = protocol.PeerID{} }),
		"no receiver":                changed(func(r *protocol.Receipt) { r.Receiver = protocol.PeerID{} }),
		"receiver's key too long":    changed(func(r *protocol.Receipt) { r.ReceiverKey = make([]byte, 33) }),
		"no receiver's key":          changed(func(r *protocol.Receipt) { r.ReceiverKey = nil }),
		"no sender's signature":      changed(func(r *protocol.Receipt) { r.SenderSignature = nil }),
		"too many files":             changed(func(r *protocol.Receipt) { r.Files = protocol.MaxEntries + 1 }),
		"too many bytes":             changed(func(r *protocol.Receipt) { r.Bytes = protocol.MaxFileBytes + 1 }),
		"started before 1970":        changed(func(r *protocol.Receipt) { r.Started = -1 }),
		"finished after 9999":        changed(func(r *protocol.Receipt) { r.Finished = protocol.MaxTime + 1 }),
		"receiver's signature short": changed(func(r *protocol.Receipt) { r.ReceiverSignature = make([]byte, 63) }),
		"sender's signature empty":   changed(func(r *protocol.Receipt) { r.SenderSignature = []byte{} }),
	} {
		if raw, err := protocol.EncodeReceipt(r); outcome(err) != "field" || raw != nil {
			t.Errorf("%s gave %x, %v", name, raw, err)
		}
		if receiver, sender := r.Verify(); receiver && sender {
			t.Errorf("%s: both signatures are good", name)
		}
	}
}

// TestReceiptIsSignedOrLeft: what cannot be signed stays as it was.
func TestReceiptIsSignedOrLeft(t *testing.T) {
	nothing := func([]byte) []byte { return nil }
	bad := unsigned()
	bad.Started = -1
	for name, err := range map[string]error{
		"receiver without signature": unsigned().SignReceiver(publicKey(1), nothing),
		"sender without signature":   unsigned().SignSender(publicKey(2), nothing),
		"receiver of a bad receipt":  bad.SignReceiver(publicKey(1), signer(1)),
		"sender of a bad receipt":    bad.SignSender(publicKey(2), signer(2)),
		"receiver as the sender":     unsigned().SignSender(publicKey(1), signer(1)),
		"sender as the receiver":     unsigned().SignReceiver(publicKey(2), signer(2)),
		"receiver without a key":     unsigned().SignReceiver(nil, signer(1)),
	} {
		if outcome(err) != "field" {
			t.Errorf("%s gave %v", name, err)
		}
	}
	if bad.ReceiverSignature != nil || bad.SenderSignature != nil {
		t.Error("a bad receipt was signed")
	}
}

// TestReceiptKeepsItsSignature: the memory of who signs is theirs.
func TestReceiptKeepsItsSignature(t *testing.T) {
	var theirs []byte
	r := unsigned()
	if err := r.SignReceiver(publicKey(1), func(message []byte) []byte {
		theirs = signer(1)(message)
		return theirs
	}); err != nil {
		t.Fatal(err)
	}
	clear(theirs)
	if receiver, _ := r.Verify(); !receiver {
		t.Error("the signature changed")
	}
}
