package protocol_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"feihong/protocol"
)

// receiptVector is a vector of receipt.json. The receiver's key is the one of
// announcements, the sender's another.
type receiptVector struct {
	bodyVector
	Receiver bool `json:"receiver"` // the receiver's signature is good
	Sender   bool `json:"sender"`   // the sender's is
}

func describeReceipt(r *protocol.Receipt) any {
	return map[string]any{
		"kind": "receipt", "transfer": r.Transfer, "sender": r.Sender, "receiver": r.Receiver,
		"manifest": hex.EncodeToString(r.Manifest[:]), "listing": hex.EncodeToString(r.Listing[:]), "files": r.Files, "bytes": r.Bytes,
		"started": r.Started, "finished": r.Finished,
		"receiver_key": hex.EncodeToString(r.ReceiverKey), "receiver_signature": hex.EncodeToString(r.ReceiverSignature),
		"sender_key": hex.EncodeToString(r.SenderKey), "sender_signature": hex.EncodeToString(r.SenderSignature),
	}
}

// unsigned is a receipt of the key made from 1 for files of that from 2.
func unsigned() *protocol.Receipt {
	return &protocol.Receipt{
		Transfer: messageID(6), Sender: peerID(2), Receiver: peerID(1), Manifest: hash(0x3A), Listing: hash(0x15),
		Files: 3, Bytes: 5_000_000_010, Started: 1767225600000, Finished: 1767225660000,
	}
}

// receipt is signed by both.
func receipt(tb testing.TB) *protocol.Receipt {
	tb.Helper()
	r := unsigned()
	signReceiver(tb, r)
	signSender(tb, r)
	return r
}

func signReceiver(tb testing.TB, r *protocol.Receipt) {
	tb.Helper()
	if err := r.SignReceiver(publicKey(1), signer(1)); err != nil {
		tb.Fatal(err)
	}
}

func signSender(tb testing.TB, r *protocol.Receipt) {
	tb.Helper()
	if err := r.SignSender(publicKey(2), signer(2)); err != nil {
		tb.Fatal(err)
	}
}

func mustEncodeReceipt(tb testing.TB, r *protocol.Receipt) []byte {
	tb.Helper()
	raw, err := protocol.EncodeReceipt(r)
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

func receipts(tb testing.TB) map[string]*protocol.Receipt {
	byReceiver, bySender, swapped, forged := unsigned(), unsigned(), receipt(tb), receipt(tb)
	signReceiver(tb, byReceiver)
	signSender(tb, bySender)
	swapped.ReceiverSignature, swapped.SenderSignature = swapped.SenderSignature, swapped.ReceiverSignature
	forged.Bytes++
	toMyself := unsigned()
	toMyself.Sender = peerID(1)
	signReceiver(tb, toMyself)
	toMyself.SenderKey, toMyself.SenderSignature = toMyself.ReceiverKey, toMyself.ReceiverSignature
	stranger := receipt(tb)
	stranger.Sender = peerID(3)
	signReceiver(tb, stranger)
	greatest := unsigned()
	greatest.Files, greatest.Bytes, greatest.Started, greatest.Finished = protocol.MaxEntries, protocol.MaxFileBytes, protocol.MaxTime, protocol.MaxTime
	signReceiver(tb, greatest)
	signSender(tb, greatest)
	return map[string]*protocol.Receipt{
		"signed by nobody":                unsigned(),
		"signed by the receiver":          byReceiver,
		"signed by the sender":            bySender,
		"signed by both":                  receipt(tb),
		"at all limits":                   greatest,
		"signatures swapped":              swapped,
		"changed behind the signing":      forged,
		"signed by another sender":        stranger,
		"receiver's signature for both":   toMyself,
		"finished before it was started":  {Transfer: messageID(1), Sender: peerID(2), Receiver: peerID(1), Started: 2, Finished: 1},
		"of folders only, and all zeroes": {Transfer: messageID(1), Sender: peerID(2), Receiver: peerID(1)},
	}
}

func receiptTable(tb testing.TB) []bodyVector {
	var table []bodyVector
	for name, r := range sorted(receipts(tb)) {
		table = append(table, accepted(name, mustEncodeReceipt(tb, r), describeReceipt(r)))
	}
	return append(table, receiptOdd()...)
}

func receiptOdd() []bodyVector {
	key := "58 20" + strings.Repeat("07", 32)
	f := fields{0: "01", 1: idItem(1), 2: key, 3: key, 4: key, 5: key, 6: "01", 7: "02", 8: "03", 9: "04"}
	table := []bodyVector{
		rejected("of a later version", "unknown-kind", f.with(0, "02").octets()),
		rejected("longer than the limit", "limit", octets{"00*1025"}),
		rejected("with an unknown field", "field", f.with(14, "f5").octets()),
		rejected("with an unknown field of a great number", "field", append(f.with(14, "f5").octets()[:11], "19 10 00 f5")),
		rejected("one byte behind the end", "trailing", append(f.octets(), "00")),
	}
	for key, name := range [...]string{
		1: "transfer", 2: "sender", 3: "receiver", 4: "manifest", 5: "listing", 6: "files", 7: "bytes", 8: "start", 9: "end",
	} {
		if key > 0 {
			table = append(table, rejected("without "+name, "missing", f.without(uint(key)).octets()))
		}
	}
	for _, v := range []struct {
		name  string
		key   uint
		value string
	}{
		{"transfer zero", 1, bytesItem(make([]byte, 16))},
		{"sender zero", 2, bytesItem(make([]byte, 32))},
		{"sender of 31 bytes", 2, bytesItem(make([]byte, 31))},
		{"receiver as text", 3, textItem(strings.Repeat("k", 32))},
		{"receiver zero", 3, bytesItem(make([]byte, 32))},
		{"200001 files", 6, "1a 00 03 0d 41"},
		{"over a pebibyte", 7, "1b 00 04 00 00 00 00 00 01"},
		{"started before 1970", 8, "20"},
		{"finished after the year 9999", 9, "1b 00 00 e6 77 d2 1f dc 00"},
		{"receiver's key without a signature", 10, key},
		{"receiver's signature without a key", 11, bytesItem(make([]byte, 64))},
		{"receiver's signature of 63 bytes", 11, bytesItem(make([]byte, 63))},
		{"sender's key without a signature", 12, key},
		{"sender's signature without a key", 13, bytesItem(make([]byte, 64))},
		{"sender's signature empty", 13, "40"},
	} {
		table = append(table, rejected(v.name, "field", f.with(v.key, v.value).octets()))
	}
	return table
}

func receiptVectors(tb testing.TB) []receiptVector {
	var table []receiptVector
	all := receipts(tb)
	for _, v := range receiptTable(tb) {
		full := receiptVector{bodyVector: v}
		if r, ok := all[v.Name]; ok {
			full.Receiver, full.Sender = r.Verify()
		}
		table = append(table, full)
	}
	return table
}

const aboutReceipts = "Receipts of transfers. See docs/protocol.md#golden-vectors."

func TestReceiptVectors(t *testing.T) {
	for _, v := range loadGolden(t, "receipt.json", aboutReceipts, receiptVectors(t)) {
		t.Run(v.Name, func(t *testing.T) {
			r, err := protocol.DecodeReceipt(v.Bytes.bytes(t))
			if err != nil {
				checkBody(t, v.bodyVector, nil, nil, err)
				return
			}
			checkBody(t, v.bodyVector, describeReceipt(r), mustEncodeReceipt(t, r), nil)
			if receiver, sender := r.Verify(); receiver != v.Receiver || sender != v.Sender {
				t.Errorf("signed by the receiver: %v, by the sender: %v", receiver, sender)
			}
		})
	}
}
