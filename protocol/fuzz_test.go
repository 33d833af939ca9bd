package protocol_test

import (
	"bytes"
	"io"
	"reflect"
	"testing"
	"unicode/utf8"

	"feihong/protocol"
)

func FuzzFrameReader(f *testing.F) {
	for _, v := range frameTable() {
		if stream := v.Bytes.bytes(f); len(stream) < 1000 {
			f.Add(stream, uint(len(stream)/2))
		}
	}
	f.Add(sampleStream(f), uint(3))
	f.Fuzz(func(t *testing.T, stream []byte, split uint) {
		whole := readAll(bytes.NewReader(stream))
		n := int(split % uint(len(stream)+1))
		parts := readAll(io.MultiReader(bytes.NewReader(stream[:n]), bytes.NewReader(stream[n:])))
		if !reflect.DeepEqual(whole, parts) {
			t.Errorf("whole: %v; split at %d: %v", whole, n, parts)
		}
		checkWritten(t, stream, whole)
	})
}

// checkWritten makes sure that frames that were read are written in the same
// bytes.
func checkWritten(t *testing.T, stream []byte, events []frameEvent) {
	t.Helper()
	r := protocol.NewFrameReader(bytes.NewReader(stream))
	for _, event := range events {
		frame, err := r.Next()
		length := protocol.HeaderBytes + event.Length
		if err == nil {
			if again := mustFrame(t, frame.App, frame.Body); !bytes.Equal(again, stream[:length]) {
				t.Errorf("frame %x is written %x", stream[:length], again)
			}
		}
		if event.Expect == "ok" || event.Expect == "unknown-application" {
			stream = stream[length:]
		}
	}
}

func FuzzLink(f *testing.F) {
	for _, v := range linkTable(f) {
		if body := v.Bytes.bytes(f); len(body) < 1000 {
			f.Add(body)
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := protocol.DecodeLink(body)
		if err != nil {
			checkDecodeError(t, err)
			return
		}
		if h, ok := m.(*protocol.Hello); ok {
			checkName(t, h.Name)
			checkVisible(t, h.Program)
		}
		again := mustEncodeLink(t, m)
		if second, err := protocol.DecodeLink(again); err != nil || !reflect.DeepEqual(second, m) {
			t.Errorf("%v encodes to %x, which is %v, %v", m, again, second, err)
		}
	})
}

func FuzzChat(f *testing.F) {
	for _, v := range chatTable(f) {
		if body := v.Bytes.bytes(f); len(body) < 1000 {
			f.Add(body)
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := protocol.DecodeChat(body)
		if err != nil {
			checkDecodeError(t, err)
			return
		}
		again := mustEncodeChat(t, m)
		if second, err := protocol.DecodeChat(again); err != nil || !reflect.DeepEqual(second, m) {
			t.Errorf("%v encodes to %x, which is %v, %v", m, again, second, err)
		}
		// Only unknown fields get lost. Without them there is one encoding.
		if len(again) > len(body) || len(again) == len(body) && !bytes.Equal(again, body) {
			t.Errorf("%x encodes to %x", body, again)
		}
	})
}

// checkDecodeError fails for an error that a decoder has no name for.
func checkDecodeError(t *testing.T, err error) {
	t.Helper()
	switch name := outcome(err); name {
	case "limit", "unknown-kind", "text-empty", "text-too-long":
	default:
		if formatErrors[name] == nil {
			t.Errorf("unexpected error %v", err)
		}
	}
}

func FuzzPeerID(f *testing.F) {
	for _, v := range peerIDTable() {
		if len(v.Input) < 1000 {
			f.Add(v.Input)
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		prefix, ok := protocol.PeerIDPrefix(s)
		id, err := protocol.ParsePeerID(s)
		if err != nil {
			if name := outcome(err); name != "length" && name != "character" && name != "check" {
				t.Errorf("unexpected error %v", err)
			}
			return
		}
		if !ok || prefix != id.Compact() {
			t.Errorf("%q is the ID %v and the prefix %q, %v", s, id, prefix, ok)
		}
		if again, err := protocol.ParsePeerID(id.String()); err != nil || again != id {
			t.Errorf("%v gave %v, %v", id, again, err)
		}
	})
}

func FuzzText(f *testing.F) {
	for _, v := range textTable() {
		f.Add(v.Input)
	}
	f.Add("a\xff\xfe\r\nb\xe9")
	f.Add("a\xf6\u0388") // an accent behind what is no character
	f.Fuzz(func(t *testing.T, s string) {
		checkVisible(t, protocol.VisibleText(s))
		checkName(t, protocol.SafeName(s))
		checkSkeleton(t, protocol.NameSkeleton(s))
		if protocol.CheckText(s) == nil && !utf8.ValidString(s) {
			t.Errorf("%q can be sent", s)
		}
	})
}
