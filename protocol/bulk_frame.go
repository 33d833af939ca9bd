package protocol

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
)

func bulkTooLong(kind BulkKind, size int64) *LimitError {
	return &LimitError{What: "bulk " + kind.String(), Size: size, Limit: int64(kind.Limit())}
}

// appendBulkHeader appends the header of a frame whose body is within its
// limit.
func appendBulkHeader(dst []byte, kind BulkKind, length int) []byte {
	dst = slices.Grow(dst, HeaderBytes+length)
	dst = binary.BigEndian.AppendUint32(dst, uint32(length))
	return binary.BigEndian.AppendUint16(dst, uint16(kind))
}

// AppendManifestPart appends the frame of a part of an encoded manifest, 1 to
// MaxManifestPartBytes, to dst. Any other length gives a *LimitError, and dst
// as it was.
func AppendManifestPart(dst, part []byte) ([]byte, error) {
	if len(part) == 0 || len(part) > MaxManifestPartBytes {
		return dst, bulkTooLong(BulkManifest, int64(len(part)))
	}
	return append(appendBulkHeader(dst, BulkManifest, len(part)), part...), nil
}

// Chunk is the body of a frame of BulkChunk.
type Chunk struct {
	Number uint64   // in the manifest
	Value  [32]byte // BLAKE3 chaining value of the chunk in its file; of a file of one chunk its hash
	Zero   bool     // all bytes are zero and Data is nil
	Length int      // how many bytes the chunk has, 0 to ChunkSize; at least 1 if they are Zero
	Data   []byte   // the bytes, when it comes from ParseChunk: a part of the body
}

const chunkZero = 1 // the flag of a chunk of zeros

// AppendChunkHeader appends the frame of a chunk to dst, as far as it goes
// before the data: c.Length bytes must follow it on the wire, and none if they
// are all Zero. It does not look at c.Data. A length out of range gives a
// *FormatError, and dst as it was.
func AppendChunkHeader(dst []byte, c *Chunk) ([]byte, error) {
	if err := c.check(); err != nil {
		return dst, err
	}
	length, flags := c.Length, byte(0)
	if c.Zero {
		length, flags = 4, chunkZero
	}
	dst = slices.Grow(dst, HeaderBytes+ChunkHeaderBytes+4)
	dst = binary.BigEndian.AppendUint32(dst, uint32(ChunkHeaderBytes+length))
	dst = binary.BigEndian.AppendUint16(dst, uint16(BulkChunk))
	dst = binary.BigEndian.AppendUint64(dst, c.Number)
	dst = append(append(dst, flags), c.Value[:]...)
	if c.Zero {
		dst = binary.BigEndian.AppendUint32(dst, uint32(c.Length))
	}
	return dst, nil
}

// ParseChunk reads the body of a frame of BulkChunk without copying it. Whether
// the number, the length and the value are right, the manifest and the data
// tell.
func ParseChunk(body []byte) (Chunk, error) {
	if len(body) > BulkChunk.Limit() {
		return Chunk{}, bulkTooLong(BulkChunk, int64(len(body)))
	}
	if len(body) < ChunkHeaderBytes {
		return Chunk{}, &FormatError{What: "chunk", Err: ErrTruncated}
	}
	c := Chunk{Number: binary.BigEndian.Uint64(body), Value: [32]byte(body[9:])}
	flags, data := body[8], body[ChunkHeaderBytes:]
	switch {
	case flags == 0:
		c.Data, c.Length = data, len(data)
	case flags != chunkZero:
		return Chunk{}, badField("chunk", fmt.Sprintf("flags %#x", flags))
	case len(data) < 4:
		return Chunk{}, &FormatError{What: "chunk", Err: ErrTruncated}
	case len(data) > 4:
		return Chunk{}, &FormatError{What: "chunk", Err: ErrTrailing}
	default:
		c.Zero, c.Length = true, int(min(binary.BigEndian.Uint32(data), ChunkSize+1))
	}
	if err := c.check(); err != nil {
		return Chunk{}, err
	}
	return c, nil
}

func (c *Chunk) check() error {
	if c.Length < 0 || c.Length > ChunkSize || c.Zero && c.Length == 0 {
		return badField("chunk", fmt.Sprintf("a length of %d", c.Length))
	}
	return nil
}

// BulkReader cuts a file connection into frames. It reads ahead, so nothing
// else may read from the same stream. One goroutine may use it at a time.
type BulkReader struct {
	buf  *bufio.Reader
	left int // bytes of the body that were not read
	kind BulkKind
	err  error // why reading ended
}

// bulkReadBuffer holds small frames whole. Greater bodies are read past it,
// into the memory that they are for.
const bulkReadBuffer = 32 << 10

// NewBulkReader returns a reader of the frames in r.
func NewBulkReader(r io.Reader) *BulkReader {
	return &BulkReader{buf: bufio.NewReaderSize(r, bulkReadBuffer)}
}

// Next goes to the next frame and returns its kind and the length of its body,
// which is within the limit of the kind. What is left of the body before is
// read past.
//
// An *UnknownKindError reports a frame that was skipped; the next call goes on
// behind it. Every other error is final and is returned again: io.EOF if the
// stream ended between two frames, an error that wraps io.ErrUnexpectedEOF if
// it ended within one, a *LimitError if a body is too long, or what the stream
// itself reported.
func (r *BulkReader) Next() (kind BulkKind, length int, err error) {
	if r.err != nil {
		return 0, 0, r.err
	}
	if kind, length, err = r.next(); err != nil {
		if _, skipped := err.(*UnknownKindError); !skipped {
			r.err = err
		}
		return 0, 0, err
	}
	return kind, length, nil
}

func (r *BulkReader) next() (BulkKind, int, error) {
	if err := r.skip(); err != nil {
		return 0, 0, err
	}
	header, err := r.buf.Peek(HeaderBytes)
	if err != nil {
		if err == io.EOF && len(header) == 0 {
			return 0, 0, io.EOF
		}
		return 0, 0, cutOff("header of a bulk frame", err)
	}
	length := int64(binary.BigEndian.Uint32(header))
	r.kind = BulkKind(binary.BigEndian.Uint16(header[4:]))
	if length > int64(r.kind.Limit()) {
		return 0, 0, bulkTooLong(r.kind, length)
	}
	if _, err := r.buf.Discard(HeaderBytes); err != nil {
		return 0, 0, err // never: they are in the buffer
	}
	r.left = int(length)
	if r.kind.Known() {
		return r.kind, r.left, nil
	}
	if err := r.skip(); err != nil {
		return 0, 0, err
	}
	return 0, 0, &UnknownKindError{What: "bulk frame", Kind: uint64(r.kind)}
}

func (r *BulkReader) skip() error {
	n, err := r.buf.Discard(r.left)
	if r.left -= n; err != nil {
		return r.cutOff(err)
	}
	return nil
}

func (r *BulkReader) cutOff(err error) error { return cutOff("bulk "+r.kind.String(), err) }

// Body reads the body of the frame to which Next went, or what is left of it,
// into buf if it has the capacity, and into new memory otherwise. An error is
// final, as those of Next.
func (r *BulkReader) Body(buf []byte) ([]byte, error) {
	if r.err != nil {
		return nil, r.err
	}
	body := slices.Grow(buf[:0], r.left)[:r.left]
	if err := r.Part(body); err != nil {
		return nil, err
	}
	return body, nil
}

// Part reads the next bytes of the body of the frame to which Next went, until
// part is full. One that is longer than what is left gives a *FormatError and
// nothing is read; every other error is final, as those of Next.
func (r *BulkReader) Part(part []byte) error {
	if r.err != nil {
		return r.err
	}
	if len(part) > r.left {
		return badField(r.kind.String(), "a part behind the end")
	}
	n, err := io.ReadFull(r.buf, part)
	if r.left -= n; err != nil {
		r.err = r.cutOff(err)
	}
	return r.err
}

// Message is Body and DecodeBulk for a frame that carries a message. What
// DecodeBulk refuses does not end reading.
func (r *BulkReader) Message() (BulkMessage, error) {
	kind := r.kind
	body, err := r.Body(nil)
	if err != nil {
		return nil, err
	}
	return DecodeBulk(kind, body)
}
