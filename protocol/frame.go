package protocol

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
)

// Application says what a frame is about. The numbers are on the wire: new
// ones are appended, none is ever reused. See docs/protocol.md#frames.
type Application uint16

// The applications. Groups have their number but are not spoken by this
// version: their frames are treated as unknown.
const (
	AppLink     Application = iota // the connection itself
	AppChat                        // messages between two people
	AppPresence                    // who is there
	AppFiles                       // files and folders
	AppGroups                      // conversations of several people
	AppDoctor                      // how the network looks from elsewhere
)

// String gives the name used in logs.
func (a Application) String() string {
	switch a {
	case AppLink:
		return "link"
	case AppChat:
		return "chat"
	case AppPresence:
		return "presence"
	case AppFiles:
		return "files"
	case AppGroups:
		return "groups"
	case AppDoctor:
		return "doctor"
	}
	return fmt.Sprintf("application(%d)", uint16(a))
}

// Known says whether this version speaks the application.
func (a Application) Known() bool {
	switch a {
	case AppLink, AppChat, AppPresence, AppFiles, AppDoctor:
		return true
	}
	return false
}

// Limit is the greatest length of a body of the application in bytes. For an
// application that is not spoken it is what may be skipped, UnknownLimit.
func (a Application) Limit() int {
	switch a {
	case AppLink:
		return MaxLinkBytes
	case AppChat:
		return MaxChatBytes
	case AppPresence:
		return MaxPresenceBytes
	case AppFiles:
		return MaxFilesBytes
	case AppDoctor:
		return MaxDoctorBytes
	}
	return UnknownLimit
}

// AppendFrame appends the frame of body to dst and returns the longer slice.
// A body over the limit of its application gives a LimitError and dst as it
// was.
func AppendFrame(dst []byte, app Application, body []byte) ([]byte, error) {
	if len(body) > app.Limit() {
		return dst, bodyTooLong(app, int64(len(body)))
	}
	dst = slices.Grow(dst, HeaderBytes+len(body))
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(body)))
	dst = binary.BigEndian.AppendUint16(dst, uint16(app))
	return append(dst, body...), nil
}

func bodyTooLong(app Application, size int64) *LimitError {
	return &LimitError{What: app.String() + " body", Size: size, Limit: int64(app.Limit())}
}

// Frame is one frame as it was read.
type Frame struct {
	App  Application
	Body []byte // owned by the FrameReader, valid until its next call of Next
}

// readBuffer is how much a FrameReader reads at once. Nearly every frame fits,
// and a burst of small messages costs one read.
const readBuffer = 64 << 10

// FrameReader cuts a stream into frames. It reads ahead, so nothing else may
// read from the same stream. One goroutine may use it at a time.
type FrameReader struct {
	buf  *bufio.Reader
	held int    // bytes of buf that the last frame still refers to
	big  []byte // holds bodies greater than buf; at most the greatest limit
	err  error  // why reading ended
}

// NewFrameReader returns a reader of the frames in r.
func NewFrameReader(r io.Reader) *FrameReader {
	return &FrameReader{buf: bufio.NewReaderSize(r, readBuffer)}
}

// Next reads one frame. It makes no copy of a body that fits its buffer, and
// has checked the length of every body before it makes room for it.
//
// An *UnknownApplicationError reports a frame that was skipped; the next call
// goes on behind it. Every other error is final and is returned again: io.EOF
// if the stream ended between two frames, an error that wraps
// io.ErrUnexpectedEOF if it ended within one, a *LimitError if a body is too
// long, or what the stream itself reported.
func (r *FrameReader) Next() (Frame, error) {
	if r.err != nil {
		return Frame{}, r.err
	}
	f, err := r.next()
	if _, skipped := err.(*UnknownApplicationError); err != nil && !skipped {
		r.err = err
	}
	return f, err
}

func (r *FrameReader) next() (Frame, error) {
	if _, err := r.buf.Discard(r.held); err != nil {
		return Frame{}, err // never: held bytes are in the buffer
	}
	r.held = 0
	header, err := r.buf.Peek(HeaderBytes)
	if err != nil {
		if err == io.EOF && len(header) == 0 {
			return Frame{}, io.EOF
		}
		return Frame{}, cutOff("frame header", err)
	}
	length := int64(binary.BigEndian.Uint32(header))
	app := Application(binary.BigEndian.Uint16(header[4:]))
	if length > int64(app.Limit()) {
		return Frame{}, bodyTooLong(app, length)
	}
	if !app.Known() {
		return Frame{}, r.skip(app, int(length))
	}
	body, err := r.body(int(length))
	if err != nil {
		return Frame{}, cutOff(app.String()+" body", err)
	}
	return Frame{App: app, Body: body}, nil
}

// body returns the length bytes behind the header that is next in the buffer.
func (r *FrameReader) body(length int) ([]byte, error) {
	if total := HeaderBytes + length; total <= r.buf.Size() {
		whole, err := r.buf.Peek(total)
		if err != nil {
			return nil, err
		}
		r.held = total
		return whole[HeaderBytes:], nil
	}
	if _, err := r.buf.Discard(HeaderBytes); err != nil {
		return nil, err
	}
	if cap(r.big) < length {
		r.big = make([]byte, length)
	}
	r.big = r.big[:length]
	_, err := io.ReadFull(r.buf, r.big)
	return r.big, err
}

func (r *FrameReader) skip(app Application, length int) error {
	if _, err := r.buf.Discard(HeaderBytes + length); err != nil {
		return cutOff(app.String()+" body", err)
	}
	return &UnknownApplicationError{App: app, Length: length}
}

// cutOff names the place where the stream ended or failed. An end there is
// never a proper one.
func cutOff(where string, err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("reading %s: %w", where, err)
}
