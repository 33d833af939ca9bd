package transport_test

import (
	"bytes"
	"errors"
	"strconv"
	"testing"
	"testing/synctest"

	"feihong/protocol"
)

func TestFramesInOrder(t *testing.T) {
	alice, bob := serve(t, "Alice", nil), serve(t, "Bob", nil)
	s := dial(t, alice, bob)
	const count = 3000
	for i := range count {
		send(t, s, strconv.Itoa(i)+string(bytes.Repeat([]byte{'x'}, i%500)))
	}
	bob.await("all frames", func() bool { return len(bob.received) == count })
	for i, text := range bob.received {
		if want := strconv.Itoa(i) + string(bytes.Repeat([]byte{'x'}, i%500)); text != want {
			t.Fatalf("frame %d is %.10q", i, text)
		}
	}
}

func TestLargestFrame(t *testing.T) {
	alice, bob := serve(t, "Alice", nil), serve(t, "Bob", nil)
	s := dial(t, alice, bob)
	body := bytes.Repeat([]byte("y"), protocol.MaxChatBytes)
	if err := s.Send(protocol.AppChat, append(body, 'z')); !errors.As(err, new(*protocol.LimitError)) {
		t.Errorf("a frame over the limit: %v", err)
	}
	send(t, s, string(body)) // the session lives on
	bob.awaitText(string(body))
}

func TestBadFrames(t *testing.T) {
	link := func(body ...byte) []byte { return frame(protocol.AppLink, body) }
	nested := append(bytes.Repeat([]byte{0x81}, 100), 0x00)
	tests := []struct {
		name string
		data []byte
		code protocol.ErrorCode
	}{
		{"link over its limit", frame(protocol.AppLink, make([]byte, protocol.MaxLinkBytes+1))[:6], protocol.CodeTooLong},
		{"chat over its limit", frame(protocol.AppChat, make([]byte, protocol.MaxChatBytes+1)), protocol.CodeTooLong},
		{"enormous length", []byte{0xff, 0xff, 0xff, 0xff, 0, 1}, protocol.CodeTooLong},
		{"enormous unknown application", []byte{0xff, 0xff, 0xff, 0xff, 9, 9}, protocol.CodeTooLong},
		{"text of another protocol", []byte("GET / HTTP/1.1\r\n\r\n"), protocol.CodeTooLong},
		{"cut off in the header", []byte{0, 0, 0}, protocol.CodeBadFrame},
		{"cut off in the body", frame(protocol.AppChat, make([]byte, 100))[:50], protocol.CodeBadFrame},
		{"cut off in a skipped body", frame(4711, make([]byte, 100))[:50], protocol.CodeBadFrame},
		{"empty link body", link(), protocol.CodeBadMessage},
		{"not CBOR", link(0xff, 0xff), protocol.CodeBadMessage},
		{"not a map", link(0x01), protocol.CodeBadMessage},
		{"map without a kind", link(0xa0), protocol.CodeBadMessage},
		{"ping without a nonce", link(0xa1, 0x00, 0x02), protocol.CodeBadMessage},
		{"duplicate key", link(0xa3, 0x00, 0x02, 0x01, 0x01, 0x01, 0x02), protocol.CodeBadMessage},
		{"trailing bytes", link(0xa2, 0x00, 0x02, 0x01, 0x01, 0x00), protocol.CodeBadMessage},
		{"indefinite length", link(0xbf, 0x00, 0x02, 0x01, 0x01, 0xff), protocol.CodeBadMessage},
		{"number longer than needed", link(0xa2, 0x00, 0x18, 0x02, 0x01, 0x01), protocol.CodeBadMessage},
		{"deep nesting", link(append([]byte{0xa2, 0x00, 0x02, 0x09}, nested...)...), protocol.CodeBadMessage},
		{"bytes that are no text", link(0xa3, 0x00, 0x05, 0x01, 0x01, 0x02, 0x61, 0xff), protocol.CodeBadMessage},
		{"second hello", nil, protocol.CodeBadMessage}, // filled in below
	}
	bob := serve(t, "Bob", nil)
	witness := serve(t, "witness", nil)
	other := dial(t, witness, bob)
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := connectRaw(t, bob)
			if test.data == nil {
				test.data = linkFrame(t, c.hello())
			}
			c.greet()
			c.write(test.data)
			if err := c.conn.CloseWrite(); err != nil {
				t.Fatal(err)
			}
			c.expectEnd(test.code)
			if code := codeOf(bob.awaitDowns(i + 1)[i]); code != test.code {
				t.Errorf("ended by %v", bob.downs[i])
			}
			text := "still here " + test.name
			send(t, other, text)
			bob.awaitText(text)
		})
	}
}

func TestFirstFrame(t *testing.T) {
	tests := []struct {
		name string
		data []byte
		code protocol.ErrorCode
	}{
		{"chat", frame(protocol.AppChat, []byte{0xa0}), protocol.CodeBadFrame},
		{"unknown application", frame(99, []byte{0xa0}), protocol.CodeBadFrame},
		{"announced chat", []byte{0, 1, 0, 0, 0, 1}, protocol.CodeBadFrame},
		{"link over its limit", []byte{0, 1, 0, 0, 0, 0}, protocol.CodeTooLong},
		{"ping", linkFrame(t, &protocol.Ping{}), protocol.CodeBadMessage},
		{"goodbye", linkFrame(t, &protocol.Goodbye{}), protocol.CodeBadMessage},
		{"not CBOR", frame(protocol.AppLink, []byte{0xff}), protocol.CodeBadMessage},
		{"cut off", frame(protocol.AppLink, make([]byte, 10))[:9], protocol.CodeBadFrame},
	}
	bob := serve(t, "Bob", nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := connectRaw(t, bob)
			c.write(test.data)
			if err := c.conn.CloseWrite(); err != nil {
				t.Fatal(err)
			}
			c.expectEnd(test.code)
		})
	}
	if bob.ups != 0 {
		t.Error("a session came up")
	}
}

// TestFramesSplitAnywhere sends hello and frames in two pieces, cut at every
// byte, and byte by byte.
func TestFramesSplitAnywhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := newMemNetwork()
		bob := serve(t, "Bob", inMemory(network, "10.0.0.2:5000"))
		id := newIdentity(t)
		hello := linkFrame(t, &protocol.Hello{MinVersion: 1, MaxVersion: 1, Peer: id.PeerID(), Name: "x"})
		stream := bytes.Join([][]byte{
			hello, frame(protocol.AppChat, []byte("one")), frame(protocol.AppChat, nil),
			frame(77, []byte("skipped")), linkFrame(t, &protocol.Ping{Nonce: 7}), frame(protocol.AppChat, []byte("two")),
		}, nil)
		for cut := range len(stream) {
			raw, err := network.dial("10.0.0.1", "10.0.0.2:5000")
			if err != nil {
				t.Fatal(err)
			}
			c := secure(t, raw, id)
			pieces := [][]byte{stream[:cut], stream[cut:]}
			if cut == 0 {
				pieces = nil
				for i := range stream {
					pieces = append(pieces, stream[i:i+1])
				}
			}
			for _, piece := range pieces {
				c.write(piece)
				synctest.Wait()
			}
			bob.await("frames", func() bool { return len(bob.received) == 3*(cut+1) })
			if last := bob.received[3*cut:]; last[0] != "one" || last[1] != "" || last[2] != "two" {
				t.Fatalf("cut at %d: %q", cut, last)
			}
			c.close()
			bob.awaitDowns(cut + 1)
		}
	})
}

func TestUnknownApplications(t *testing.T) {
	bob := serve(t, "Bob", nil)
	c := connectRaw(t, bob)
	c.greet()
	for i := range protocol.MaxUnknownFrames {
		c.write(frame(protocol.Application(100+i), make([]byte, protocol.UnknownLimit)))
		if m, ok := c.next().(*protocol.Error); !ok || m.Code != protocol.CodeUnsupported {
			t.Fatalf("answered with %v", m)
		}
	}
	c.write(frame(protocol.AppChat, []byte("still here")))
	bob.awaitText("still here")
	c.write(frame(protocol.AppGroups, nil))
	c.expectEnd(protocol.CodeBadFrame)
	bob.awaitDowns(1)
}

func TestUnknownLinkMessage(t *testing.T) {
	bob := serve(t, "Bob", nil)
	c := connectRaw(t, bob)
	c.greet()
	c.write(frame(protocol.AppLink, []byte{0xa1, 0x00, 0x18, 0x63})) // kind 99
	if m, ok := c.next().(*protocol.Error); !ok || m.Code != protocol.CodeUnsupported {
		t.Fatalf("answered with %v", m)
	}
	c.write(linkFrame(t, &protocol.Ping{Nonce: 5}))
	if m, ok := c.next().(*protocol.Pong); !ok || m.Nonce != 5 {
		t.Fatalf("answered with %v", m)
	}
}

func TestErrorFromPeer(t *testing.T) {
	bob := serve(t, "Bob", nil)
	c := connectRaw(t, bob)
	c.greet()
	c.write(linkFrame(t, &protocol.Error{Code: protocol.CodeUnsupported}))
	c.write(frame(protocol.AppChat, []byte("goes on")))
	bob.awaitText("goes on")
	c.write(linkFrame(t, &protocol.Error{Code: protocol.CodeStorage, Text: "full"}))
	if code := codeOf(bob.awaitDowns(1)[0]); code != protocol.CodeStorage {
		t.Errorf("ended by %v", bob.downs)
	}
}
