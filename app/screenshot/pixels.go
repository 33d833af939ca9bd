package screenshot

import (
	"encoding/binary"
	"fmt"
	"image"
	"math/bits"
)

// pixelForm says how a system stores the pixels that it hands over: 32 bits
// each, with the three colours under masks.
type pixelForm struct {
	order            binary.ByteOrder
	red, green, blue uint32
}

func (f *pixelForm) check() error {
	for _, mask := range []uint32{f.red, f.green, f.blue} {
		if bits.OnesCount32(mask) != 8 || mask>>bits.TrailingZeros32(mask) != 0xff {
			return fmt.Errorf("screenshot: colours of %d bits are not known", bits.OnesCount32(mask))
		}
	}
	return nil
}

// fill puts rows of pixels into a picture, from row y on. It returns false if
// data has less than whole rows.
func (f *pixelForm) fill(p *image.RGBA, y int, data []byte) bool {
	width := p.Rect.Dx()
	if len(data)%(4*width) != 0 || y+len(data)/(4*width) > p.Rect.Dy() {
		return false
	}
	red, green, blue := bits.TrailingZeros32(f.red), bits.TrailingZeros32(f.green), bits.TrailingZeros32(f.blue)
	to := p.Pix[y*p.Stride:]
	for i := 0; i < len(data); i += 4 {
		pixel := f.order.Uint32(data[i:])
		to[i], to[i+1], to[i+2], to[i+3] = byte(pixel>>red), byte(pixel>>green), byte(pixel>>blue), 0xff
	}
	return true
}
