package protocol_test

import (
	"bytes"
	"strings"
	"testing"

	"feihong/protocol"
)

func benchText() *protocol.Text {
	return &protocol.Text{ID: messageID(1), Time: 1767225600000, Body: "下午三点开会，记得带上报告。See you there!"}
}

func BenchmarkEncodeText(b *testing.B) {
	m := benchText()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := protocol.EncodeChat(m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeText(b *testing.B) {
	body := mustEncodeChat(b, benchText())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := protocol.DecodeChat(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeLongestText(b *testing.B) {
	m := benchText()
	m.Body = strings.Repeat("长", protocol.MaxTextBytes/3)
	body := mustEncodeChat(b, m)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := protocol.DecodeChat(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeReceipt(b *testing.B) {
	body := mustEncodeChat(b, &protocol.Delivered{IDs: messageIDList(protocol.MaxReceiptIDs)})
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := protocol.DecodeChat(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodeReceipt(b *testing.B) {
	m := &protocol.Delivered{IDs: messageIDList(protocol.MaxReceiptIDs)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := protocol.EncodeChat(m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendFrame(b *testing.B) {
	body := mustEncodeChat(b, benchText())
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if dst, err = protocol.AppendFrame(dst[:0], protocol.AppChat, body); err != nil {
			b.Fatal(err)
		}
	}
}

// repeating is a stream that never ends.
type repeating struct {
	data []byte
	at   int
}

func (r *repeating) Read(p []byte) (int, error) {
	n := copy(p, r.data[r.at:])
	r.at = (r.at + n) % len(r.data)
	return n, nil
}

func BenchmarkReadFrame(b *testing.B) {
	frame := mustFrame(b, protocol.AppChat, mustEncodeChat(b, benchText()))
	r := protocol.NewFrameReader(&repeating{data: bytes.Repeat(frame, 1000)})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Next(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMessage is all that this package does for one message, on both
// sides: encode, frame, read, decode, and the same for its receipt.
func BenchmarkMessage(b *testing.B) {
	m := benchText()
	receipt := &protocol.Delivered{IDs: messageIDList(1)}
	var stream bytes.Buffer
	r := protocol.NewFrameReader(&stream)
	send := func(m protocol.ChatMessage) {
		body, err := protocol.EncodeChat(m)
		if err != nil {
			b.Fatal(err)
		}
		frame, err := protocol.AppendFrame(stream.AvailableBuffer(), protocol.AppChat, body)
		if err != nil {
			b.Fatal(err)
		}
		stream.Write(frame)
		f, err := r.Next()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := protocol.DecodeChat(f.Body); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		send(m)
		send(receipt)
	}
}

func BenchmarkVisibleText(b *testing.B) {
	s := strings.Repeat("下午三点开会，记得带上报告。\n", 20)
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		protocol.VisibleText(s)
	}
}

func BenchmarkPeerIDString(b *testing.B) {
	id := peerID(1)
	b.ReportAllocs()
	for b.Loop() {
		_ = id.String()
	}
}
