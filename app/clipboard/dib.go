package clipboard

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/png"

	"golang.org/x/image/bmp"
)

// Parts of a bitmap as Windows keeps it in memory, BITMAPINFO.
const (
	dibHeader     = 40 // of the usual form; longer ones have the masks inside
	dibLongest    = 124
	maxDIBPixels  = 40_000_000
	bmpFileHeader = 14
)

// fromDIB makes a PNG of a bitmap without the header of a file.
func fromDIB(dib []byte) ([]byte, error) {
	if len(dib) < dibHeader {
		return nil, errOrder
	}
	size := int(binary.LittleEndian.Uint32(dib))
	if size < dibHeader || size > dibLongest || size > len(dib) {
		return nil, errOrder
	}
	file := asFile(dib, size)
	config, err := bmp.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("clipboard: %w", err)
	}
	if int64(config.Width)*int64(config.Height) > maxDIBPixels {
		return nil, ErrTooLarge
	}
	decoded, err := bmp.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("clipboard: %w", err)
	}
	if seen, ok := decoded.(*image.NRGBA); ok {
		makeVisible(seen)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, decoded); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// asFile puts before a bitmap what makes it a file. Masks behind a short header
// say what is usual, and are left out: the decoder does not know them.
func asFile(dib []byte, size int) []byte {
	const compression, bitfields, masks = 16, 3, 12
	header, pixels := bytes.Clone(dib[:size]), dib[size:]
	if size == dibHeader && binary.LittleEndian.Uint32(header[compression:]) == bitfields && len(pixels) >= masks {
		binary.LittleEndian.PutUint32(header[compression:], 0)
		pixels = pixels[masks:]
	}
	bits, colors := binary.LittleEndian.Uint16(header[14:]), int(min(binary.LittleEndian.Uint32(header[32:]), 256))
	if bits == 8 && colors == 0 {
		colors = 256
	}
	if bits > 8 {
		colors = 0
	}
	start := bmpFileHeader + size + 4*colors
	file := make([]byte, bmpFileHeader, bmpFileHeader+len(dib))
	copy(file, "BM")
	binary.LittleEndian.PutUint32(file[2:], uint32(bmpFileHeader+len(header)+len(pixels)))
	binary.LittleEndian.PutUint32(file[10:], uint32(start))
	return append(append(file, header...), pixels...)
}

// makeVisible is for programs that leave the opacity of all pixels at nothing.
func makeVisible(p *image.NRGBA) {
	for i := 3; i < len(p.Pix); i += 4 {
		if p.Pix[i] != 0 {
			return
		}
	}
	for i := 3; i < len(p.Pix); i += 4 {
		p.Pix[i] = 0xFF
	}
}
