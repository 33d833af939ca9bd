package picture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
)

// Bounds is how large a picture may come out.
type Bounds struct {
	Width, Height int
	Pixels        int // 0: as many as width and height allow
}

// Decode decodes a picture and makes it as small as it must be for the bounds,
// never larger. It stands upright and begins at (0, 0).
func Decode(ctx context.Context, data []byte, most Bounds) (*image.RGBA, error) {
	h, stored, err := decode(ctx, data)
	if err != nil {
		return nil, err
	}
	if h.upright.turned() {
		most.Width, most.Height = most.Height, most.Width
	}
	return h.upright.apply(fit(stored, most)), nil
}

// Square decodes the middle of a picture as a square of at most that side.
func Square(ctx context.Context, data []byte, side int) (*image.RGBA, error) {
	h, stored, err := decode(ctx, data)
	if err != nil {
		return nil, err
	}
	return h.upright.apply(square(stored, side)), nil
}

// ReadFile reads a file that may be a picture, if it is not too large for one.
func ReadFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for somebody
		return nil, ErrUnknown
	}
	if info.Size() > MaxFileBytes {
		return nil, ErrTooLarge
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, MaxFileBytes+1))
	if err == nil && len(data) > MaxFileBytes {
		return nil, ErrTooLarge
	}
	return data, err
}

// decode returns a picture as it is stored.
func decode(ctx context.Context, data []byte) (header, image.Image, error) {
	h, err := readHeader(data)
	if err != nil {
		return header{}, nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, maxTime, ErrTooSlow)
	defer cancel()
	stored, err := contained(func() (image.Image, error) {
		return h.format.decode(&patientReader{ctx: ctx, from: bytes.NewReader(data)})
	})
	if ctx.Err() != nil {
		return header{}, nil, context.Cause(ctx)
	}
	if err != nil {
		return header{}, nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	size := stored.Bounds().Size()
	if size.X < 1 || size.Y < 1 || size.X > h.size.X || size.Y > h.size.Y {
		return header{}, nil, fmt.Errorf("%w: %w", ErrDamaged, errSize)
	}
	if stored.Bounds() != (image.Rectangle{Max: h.size}) { // a part of a GIF
		stored = &part{Image: stored, whole: image.Rectangle{Max: h.size}}
	}
	return h, stored, nil
}

var errSize = errors.New("its size is not the one it promised")

// patientReader gives a decoder what it asks for until a context ends. Decoders
// cannot be stopped otherwise; some can be made to do much work for each byte,
// so no more than a little is handed over at a time.
type patientReader struct {
	ctx  context.Context
	from io.Reader
}

const readAtOnce = 2 << 10

// Read implements io.Reader.
func (r *patientReader) Read(to []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	return r.from.Read(to[:min(len(to), readAtOnce)])
}
