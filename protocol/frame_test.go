package protocol_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"reflect"
	"testing"

	"feihong/protocol"
)

func TestAppendFrame(t *testing.T) {
	dst := []byte{0xEE}
	dst, err := protocol.AppendFrame(dst, protocol.AppChat, []byte{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	if want := []byte{0xEE, 0, 0, 0, 3, 0, 1, 1, 2, 3}; !bytes.Equal(dst, want) {
		t.Errorf("frame is %x, want %x", dst, want)
	}
}

func TestAppendFrameLimits(t *testing.T) {
	for _, app := range []protocol.Application{protocol.AppLink, protocol.AppChat, protocol.AppPresence, protocol.AppFiles, protocol.AppDoctor, math.MaxUint16} {
		if _, err := protocol.AppendFrame(nil, app, make([]byte, app.Limit())); err != nil {
			t.Errorf("%v: the longest body gave %v", app, err)
		}
		dst, err := protocol.AppendFrame([]byte{1}, app, make([]byte, app.Limit()+1))
		if outcome(err) != "limit" || len(dst) != 1 {
			t.Errorf("%v: a body too long gave %x, %v", app, dst, err)
		}
	}
}

func TestApplications(t *testing.T) {
	for app, want := range map[protocol.Application]string{
		protocol.AppLink: "link true", protocol.AppChat: "chat true", protocol.AppPresence: "presence true",
		protocol.AppFiles: "files true", protocol.AppGroups: "groups false", protocol.AppDoctor: "doctor true",
		6: "application(6) false",
	} {
		got := app.String() + " false"
		if app.Known() {
			got = app.String() + " true"
		}
		if got != want {
			t.Errorf("%d is %q, want %q", app, got, want)
		}
	}
}

// sampleStream has frames of all sorts, one greater than the buffer of the
// reader included.
func sampleStream(tb testing.TB) []byte {
	var stream []byte
	for _, f := range []protocol.Frame{
		{App: protocol.AppLink, Body: mustEncodeLink(tb, hello())},
		{App: protocol.AppChat, Body: mustEncodeChat(tb, benchText())},
		{App: 77, Body: []byte("skipped")},
		{App: protocol.AppChat, Body: nil},
		{App: protocol.AppLink, Body: mustEncodeLink(tb, &protocol.Goodbye{})},
	} {
		stream = append(stream, mustFrame(tb, f.App, f.Body)...)
	}
	return stream
}

// TestStreamSplitAnywhere reads a stream in two parts, whatever the first.
func TestStreamSplitAnywhere(t *testing.T) {
	stream := sampleStream(t)
	want := readAll(bytes.NewReader(stream))
	if len(want) != 6 || want[5].Expect != "end" {
		t.Fatalf("the whole stream gave %v", want)
	}
	for n := range len(stream) + 1 {
		parts := io.MultiReader(bytes.NewReader(stream[:n]), bytes.NewReader(stream[n:]))
		if got := readAll(parts); !reflect.DeepEqual(got, want) {
			t.Fatalf("split at %d gave %v, want %v", n, got, want)
		}
	}
}

// TestStreamCutAnywhere ends a stream after every byte: an end is a proper
// one only between two frames.
func TestStreamCutAnywhere(t *testing.T) {
	stream := sampleStream(t)
	between := map[int]bool{0: true}
	for n := 0; n < len(stream); {
		n += protocol.HeaderBytes + int(stream[n+2])<<8 + int(stream[n+3])
		between[n] = true
	}
	for n := range len(stream) + 1 {
		events := readAll(bytes.NewReader(stream[:n]))
		want := "cut-off"
		if between[n] {
			want = "end"
		}
		if got := events[len(events)-1].Expect; got != want {
			t.Errorf("cut at %d ended with %q, want %q", n, got, want)
		}
	}
}

// TestBodyIsReused: two bodies in a row of the greatest length take one
// buffer, and small ones take none.
func TestBodyIsReused(t *testing.T) {
	small := mustFrame(t, protocol.AppChat, []byte("small"))
	great := mustFrame(t, protocol.AppChat, make([]byte, protocol.MaxChatBytes))
	for name, stream := range map[string][]byte{"small": small, "great": great} {
		r := protocol.NewFrameReader(&repeating{data: stream})
		read := func() {
			if _, err := r.Next(); err != nil {
				t.Fatal(err)
			}
		}
		read()
		if n := testing.AllocsPerRun(100, read); n > 0 {
			t.Errorf("%s frames: %v allocations each", name, n)
		}
	}
}

// TestDeclaredLengthAllocatesNothing: a length over the limit, and the body
// of an unknown application, cost no memory.
func TestDeclaredLengthAllocatesNothing(t *testing.T) {
	for name, header := range map[string][]byte{
		"4 GiB of chat":          {0xff, 0xff, 0xff, 0xff, 0, 1},
		"4 GiB of link":          {0xff, 0xff, 0xff, 0xff, 0, 0},
		"4 GiB of unknown":       {0xff, 0xff, 0xff, 0xff, 0, 99},
		"a byte too many":        {0, 1, 0x40, 1, 0, 1},
		"64 KiB of unknown, cut": {0, 1, 0, 0, 0, 99},
	} {
		least := uint64(math.MaxUint64)
		for range 3 {
			r := protocol.NewFrameReader(bytes.NewReader(header))
			least = min(least, allocated(func() {
				if _, err := r.Next(); err == nil || err == io.EOF {
					t.Errorf("%s gave %v", name, err)
				}
			}))
		}
		if least > 4<<10 {
			t.Errorf("%s: %d bytes allocated", name, least)
		}
	}
}

// TestErrorsOfAReaderAreFinal: after one the stream has lost its order.
func TestErrorsOfAReaderAreFinal(t *testing.T) {
	stream := append([]byte{0xff, 0xff, 0xff, 0xff, 0, 1}, sampleStream(t)...)
	r := protocol.NewFrameReader(bytes.NewReader(stream))
	_, first := r.Next()
	_, second := r.Next()
	if outcome(first) != "limit" || first != second {
		t.Errorf("gave %v, then %v", first, second)
	}
}

// TestStreamErrors: what the stream reports comes through, wherever it
// happens.
func TestStreamErrors(t *testing.T) {
	broken := errors.New("broken")
	stream := mustFrame(t, protocol.AppChat, []byte("body"))
	for n := range len(stream) {
		r := protocol.NewFrameReader(io.MultiReader(bytes.NewReader(stream[:n]), failing{broken}))
		if _, err := r.Next(); !errors.Is(err, broken) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
