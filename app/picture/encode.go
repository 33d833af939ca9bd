package picture

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
)

// PNG encodes a picture without loss.
func PNG(p image.Image) ([]byte, error) {
	var out bytes.Buffer
	err := png.Encode(&out, p)
	return out.Bytes(), err
}

// Preview encodes a small version of a picture of at most that many bytes,
// whose longer side has at most so many pixels.
func Preview(ctx context.Context, data []byte, side, most int) ([]byte, error) {
	p, err := Decode(ctx, data, Bounds{Width: side, Height: side})
	if err != nil {
		return nil, err
	}
	return Encode(p, most)
}

// Portrait encodes the middle of a picture as a square of at most that side and
// that many bytes.
func Portrait(ctx context.Context, data []byte, side, most int) ([]byte, error) {
	p, err := Square(ctx, data, side)
	if err != nil {
		return nil, err
	}
	return Encode(p, most)
}

// qualities are tried one after the other, the best first.
var qualities = []int{88, 76, 64, 52, 40}

// leastSide is how small a picture is made at least before it is given up.
const leastSide = 8

// Encode encodes a picture in at most that many bytes: without loss if that is
// enough, else as JPEG, as well as it goes, and smaller if it must be.
func Encode(p image.Image, most int) ([]byte, error) {
	if data, err := PNG(p); err != nil || len(data) <= most {
		return data, err
	}
	for flat := flattened(p); ; flat = fit(flat, Bounds{Width: flat.Rect.Dx() * 3 / 4, Height: flat.Rect.Dy() * 3 / 4}) {
		for _, quality := range qualities {
			var out bytes.Buffer
			if err := jpeg.Encode(&out, flat, &jpeg.Options{Quality: quality}); err != nil {
				return nil, err
			}
			if out.Len() <= most {
				return out.Bytes(), nil
			}
		}
		if max(flat.Rect.Dx(), flat.Rect.Dy()) <= leastSide {
			return nil, fmt.Errorf("%w: it does not fit into %d bytes", ErrTooLarge, most)
		}
	}
}

// flattened sets a picture on white: a JPEG lets nothing through.
func flattened(p image.Image) *image.RGBA {
	flat := image.NewRGBA(image.Rectangle{Max: p.Bounds().Size()})
	draw.Draw(flat, flat.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(flat, flat.Rect, p, p.Bounds().Min, draw.Over)
	return flat
}
