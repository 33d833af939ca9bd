package protocol_test

import (
	"encoding/binary"
	"testing"

	"go.uber.org/goleak"

	"feihong/protocol"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// messageID returns a UUIDv7 made from n: the same in every run.
func messageID(n uint32) protocol.MessageID {
	id := protocol.MessageID{0x01, 0x9b, 0x77, 0x6a, 0x50, 0x00, 0x70, 0x00, 0x80}
	binary.BigEndian.PutUint32(id[12:], n)
	return id
}

func messageIDList(n int) []protocol.MessageID {
	ids := make([]protocol.MessageID, n)
	for i := range ids {
		ids[i] = messageID(uint32(i))
	}
	return ids
}

// peerID returns the ID of a key made from n.
func peerID(n byte) protocol.PeerID {
	return protocol.PeerIDOf(publicKey(n))
}

func hello() *protocol.Hello {
	return &protocol.Hello{
		MinVersion: 1,
		MaxVersion: 1,
		Peer:       peerID(1),
		Want:       peerID(2),
		Instance:   [16]byte{0: 0xA0, 15: 0x0A},
		Name:       "飞鸿 Alice",
		Program:    "feihong 0.1.0",
		Features:   []string{"typing", "x.example-1"},
		Port:       49321,
	}
}

func mustEncodeChat(tb testing.TB, m protocol.ChatMessage) []byte {
	tb.Helper()
	body, err := protocol.EncodeChat(m)
	if err != nil {
		tb.Fatal(err)
	}
	return body
}

func mustEncodeLink(tb testing.TB, m protocol.LinkMessage) []byte {
	tb.Helper()
	body, err := protocol.EncodeLink(m)
	if err != nil {
		tb.Fatal(err)
	}
	return body
}

func mustFrame(tb testing.TB, app protocol.Application, body []byte) []byte {
	tb.Helper()
	frame, err := protocol.AppendFrame(nil, app, body)
	if err != nil {
		tb.Fatal(err)
	}
	return frame
}
