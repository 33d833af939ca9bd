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

func TestDiscoveryRoundTrip(t *testing.T) {
	eachSample(t, func(t *testing.T, c codec, m any) {
		got, err := c.decode(c.mustEncode(t, m))
		if err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("gave %v, %v; want %v", got, err, m)
		}
	})
}

// TestDiscoveryCutOff cuts every message after every byte. What is left is
// never a message.
func TestDiscoveryCutOff(t *testing.T) {
	eachSample(t, func(t *testing.T, c codec, m any) {
		raw := c.mustEncode(t, m)
		for n := range raw {
			got, err := c.decode(raw[:n])
			if name := outcome(err); name != "truncated" && (name != "header" || n >= 4) || !isNil(got) {
				t.Fatalf("cut to %d bytes gave %v, %v", n, got, err)
			}
		}
	})
}

// TestDiscoveryGrown: nothing may follow a message.
func TestDiscoveryGrown(t *testing.T) {
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

// TestDiscoverySharesNothing overwrites the bytes after decoding them, as a
// socket does.
func TestDiscoverySharesNothing(t *testing.T) {
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

// TestDiscoveryNothing: there is no message to encode in nothing.
func TestDiscoveryNothing(t *testing.T) {
	datagram, err1 := protocol.EncodeDatagram(nil)
	presence, err2 := protocol.EncodePresence(nil)
	doctor, err3 := protocol.EncodeDoctor(nil)
	for _, err := range []error{err1, err2, err3} {
		if outcome(err) != "field" {
			t.Errorf("nothing gave %v", err)
		}
	}
	if datagram != nil || presence != nil || doctor != nil {
		t.Errorf("nothing gave %x, %x, %x", datagram, presence, doctor)
	}
}

func isNil(m any) bool { return m == nil || reflect.ValueOf(m).IsNil() }
