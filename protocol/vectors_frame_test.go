package protocol_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"reflect"
	"testing"
	"testing/iotest"

	"feihong/protocol"
)

// frameVector is a vector of frames.json: a stream and what a reader makes of
// it, up to the error that ends it.
type frameVector struct {
	Name   string       `json:"name"`
	Bytes  octets       `json:"bytes"`
	Result []frameEvent `json:"result"`
}

// frameEvent is a frame, a frame that was skipped, or the end.
type frameEvent struct {
	Expect      string `json:"expect"`
	Application int    `json:"application,omitempty"`
	Length      int    `json:"length,omitempty"`
	Body        string `json:"body,omitempty"` // only of bodies up to 64 bytes
}

// readAll is what a reader makes of a stream.
func readAll(r io.Reader) []frameEvent {
	frames := protocol.NewFrameReader(r)
	var events []frameEvent
	for {
		f, err := frames.Next()
		event := frameEvent{Expect: outcome(err)}
		var unknown *protocol.UnknownApplicationError
		switch {
		case errors.As(err, &unknown):
			event.Application, event.Length = int(unknown.App), unknown.Length
		case err == nil:
			event.Application, event.Length = int(f.App), len(f.Body)
			if len(f.Body) <= 64 {
				event.Body = hex.EncodeToString(f.Body)
			}
		default:
			return append(events, event)
		}
		events = append(events, event)
	}
}

func frameTable() []frameVector {
	frame := func(app, length int, body string) frameEvent {
		return frameEvent{Expect: "ok", Application: app, Length: length, Body: body}
	}
	skipped := func(app, length int) frameEvent {
		return frameEvent{Expect: "unknown-application", Application: app, Length: length}
	}
	end := func(expect string) frameEvent { return frameEvent{Expect: expect} }
	const goodbye = "00 00 00 03 00 00 a1 00 04"
	return []frameVector{
		{"nothing", octets{""}, []frameEvent{end("end")}},
		{"one frame", octets{goodbye}, []frameEvent{frame(0, 3, "a10004"), end("end")}},
		{"two frames", octets{goodbye, "00 00 00 01 00 01 ff"}, []frameEvent{frame(0, 3, "a10004"), frame(1, 1, "ff"), end("end")}},
		{"empty body", octets{"00 00 00 00 00 01", goodbye}, []frameEvent{frame(1, 0, ""), frame(0, 3, "a10004"), end("end")}},
		{"longest link body", octets{"00 00 40 00 00 00", "61*16384"}, []frameEvent{frame(0, 16384, ""), end("end")}},
		{"link body one byte too long", octets{"00 00 40 01 00 00", "61*16385"}, []frameEvent{end("limit")}},
		{"longest chat body", octets{"00 01 40 00 00 01", "61*81920", goodbye}, []frameEvent{frame(1, 81920, ""), frame(0, 3, "a10004"), end("end")}},
		{"chat body one byte too long", octets{"00 01 40 01 00 01", "61*81921"}, []frameEvent{end("limit")}},
		{"longest presence body", octets{"00 01 00 00 00 02", "61*65536"}, []frameEvent{frame(2, 65536, ""), end("end")}},
		{"presence body one byte too long", octets{"00 01 00 01 00 02", "61*65537"}, []frameEvent{end("limit")}},
		{"longest doctor body", octets{"00 00 10 00 00 05", "61*4096"}, []frameEvent{frame(5, 4096, ""), end("end")}},
		{"doctor body one byte too long", octets{"00 00 10 01 00 05", "61*4097"}, []frameEvent{end("limit")}},
		{"4 GiB declared for chat", octets{"ff ff ff ff 00 01"}, []frameEvent{end("limit")}},
		{"4 GiB declared for an unknown application", octets{"ff ff ff ff ff ff"}, []frameEvent{end("limit")}},
		{"unknown application", octets{"00 00 00 02 ff ff 01 02", goodbye}, []frameEvent{skipped(65535, 2), frame(0, 3, "a10004"), end("end")}},
		{"applications not spoken yet", octets{"00 00 00 00 00 06", "00 00 00 01 00 04 00", goodbye}, []frameEvent{skipped(6, 0), skipped(4, 1), frame(0, 3, "a10004"), end("end")}},
		{"longest files body", octets{"00 01 00 00 00 03", "61*65536"}, []frameEvent{frame(3, 65536, ""), end("end")}},
		{"files body one byte too long", octets{"00 01 00 01 00 03", "61*65537"}, []frameEvent{end("limit")}},
		{"longest unknown body", octets{"00 01 00 00 00 09", "61*65536", goodbye}, []frameEvent{skipped(9, 65536), frame(0, 3, "a10004"), end("end")}},
		{"unknown body one byte too long", octets{"00 01 00 01 00 09", "61*65537", goodbye}, []frameEvent{end("limit")}},
		{"header cut off", octets{goodbye, "00 00 00 03 00"}, []frameEvent{frame(0, 3, "a10004"), end("cut-off")}},
		{"body missing", octets{"00 00 00 03 00 00"}, []frameEvent{end("cut-off")}},
		{"body cut off", octets{"00 00 00 03 00 00 a1 00"}, []frameEvent{end("cut-off")}},
		{"unknown body cut off", octets{"00 00 00 03 00 09 a1 00"}, []frameEvent{end("cut-off")}},
		{"long body cut off", octets{"00 01 40 00 00 01", "61*81919"}, []frameEvent{end("cut-off")}},
		{"another protocol", octets{hex.EncodeToString([]byte("GET / HTTP/1.1\r\n"))}, []frameEvent{end("limit")}},
	}
}

const aboutFrames = "Streams of frames. See docs/protocol.md#golden-vectors."

func TestFrameVectors(t *testing.T) {
	for _, v := range loadGolden(t, "frames.json", aboutFrames, frameTable()) {
		t.Run(v.Name, func(t *testing.T) {
			stream := v.Bytes.bytes(t)
			for name, r := range map[string]io.Reader{
				"whole":             bytes.NewReader(stream),
				"byte by byte":      iotest.OneByteReader(bytes.NewReader(stream)),
				"half":              iotest.HalfReader(bytes.NewReader(stream)),
				"data with the end": iotest.DataErrReader(bytes.NewReader(stream)),
			} {
				if got := readAll(r); !reflect.DeepEqual(got, v.Result) {
					t.Errorf("%s: read %v, want %v", name, got, v.Result)
				}
			}
		})
	}
}
