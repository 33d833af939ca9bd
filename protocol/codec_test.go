package protocol_test

import (
	"bytes"
	"reflect"
	"testing"

	"feihong/protocol"
)

// eachSample runs a test for every sample of every codec.
func eachSample(t *testing.T, test func(t *testing.T, c codec, m any)) {
	for form, c := range codecs(t) {
		for name, m := range c.samples {
			t.Run(form+"/"+name, func(t *testing.T) { test(t, c, m) })
		}
	}
}

func TestCodecsRoundTrip(t *testing.T) {
	eachSample(t, func(t *testing.T, c codec, m any) {
		got, err := c.decode(c.mustEncode(t, m))
		if err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("gave %v, %v; want %v", got, err, m)
		}
	})
}

// TestCodecsCutOff cuts every message after every byte. What is left is
// never a message.
func TestCodecsCutOff(t *testing.T) {
	eachSample(t, func(t *testing.T, c codec, m any) {
		raw := c.mustEncode(t, m)
		for n := range raw {
			got, err := c.decode(raw[:n])
			if name := outcome(err); name != "truncated" && name != "cut-off" && (name != "header" || n >= 4) && (name != "end" || n > 0) || !isNil(got) {
				t.Fatalf("cut to %d bytes gave %v, %v", n, got, err)
			}
		}
	})
}

// TestCodecsGrown: nothing may follow a message.
func TestCodecsGrown(t *testing.T) {
	eachSample(t, func(t *testing.T, c codec, m any) {
		raw := c.mustEncode(t, m)
		for _, more := range []byte{0, 1, 0xF5} {
			got, err := c.decode(append(bytes.Clone(raw), more))
			if name := outcome(err); name != "trailing" && name != "limit" || !isNil(got) {
				t.Errorf("with %#x behind it gave %v, %v", more, got, err)
			}
		}
	})
}

// TestCodecsShareNothing overwrites the bytes after decoding them, as a
// socket does.
func TestCodecsShareNothing(t *testing.T) {
	eachSample(t, func(t *testing.T, c codec, m any) {
		raw := c.mustEncode(t, m)
		got, err := c.decode(raw)
		if err != nil {
			t.Fatal(err)
		}
		clear(raw)
		if !reflect.DeepEqual(got, m) {
			t.Errorf("changed to %v, want %v", got, m)
		}
	})
}

// TestCodecsRefuseNothing: there is no message to encode in nothing.
func TestCodecsRefuseNothing(t *testing.T) {
	datagram, err1 := protocol.EncodeDatagram(nil)
	presence, err2 := protocol.EncodePresence(nil)
	doctor, err3 := protocol.EncodeDoctor(nil)
	files, err4 := protocol.EncodeFiles(nil)
	bulk, err5 := protocol.AppendBulk(nil, nil)
	for _, err := range []error{err1, err2, err3, err4, err5} {
		if outcome(err) != "field" {
			t.Errorf("nothing gave %v", err)
		}
	}
	if datagram != nil || presence != nil || doctor != nil || files != nil || bulk != nil {
		t.Errorf("nothing gave %x, %x, %x, %x, %x", datagram, presence, doctor, files, bulk)
	}
}

func isNil(m any) bool { return m == nil || reflect.ValueOf(m).IsNil() }
