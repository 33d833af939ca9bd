package picture_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

// Four colours that survive a JPEG well enough to be told apart.
var (
	red   = color.RGBA{220, 30, 30, 255}
	green = color.RGBA{30, 200, 30, 255}
	blue  = color.RGBA{30, 30, 220, 255}
	white = color.RGBA{250, 250, 250, 255}
)

// quarters is red and green above, blue and white below.
func quarters(width, height int) *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := []color.RGBA{red, green, blue, white}[2*y/height*2+2*x/width]
			p.SetRGBA(x, y, c)
		}
	}
	return p
}

// letters names the colours of the four quarters: "rgbw" as they are made.
func letters(p image.Image) string {
	size := p.Bounds().Size()
	var found []byte
	for _, at := range []image.Point{{1, 1}, {3, 1}, {1, 3}, {3, 3}} {
		r, g, b, _ := p.At(size.X*at.X/4, size.Y*at.Y/4).RGBA()
		switch {
		case r > 0x9000 && g > 0x9000 && b > 0x9000:
			found = append(found, 'w')
		case r > 0x9000:
			found = append(found, 'r')
		case g > 0x9000:
			found = append(found, 'g')
		case b > 0x9000:
			found = append(found, 'b')
		default:
			found = append(found, '?')
		}
	}
	return string(found)
}

func asPNG(t testing.TB, p image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asJPEG(t testing.TB, p image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, p, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// asGIF makes a picture that covers a part of a larger canvas.
func asGIF(t testing.TB, p image.Image, at image.Point, canvas image.Point) []byte {
	t.Helper()
	frame := image.NewPaletted(p.Bounds().Add(at), color.Palette{color.Transparent, red, green, blue, white})
	for y := range p.Bounds().Dy() {
		for x := range p.Bounds().Dx() {
			frame.Set(at.X+x, at.Y+y, p.At(x, y))
		}
	}
	var out bytes.Buffer
	err := gif.EncodeAll(&out, &gif.GIF{Image: []*image.Paletted{frame}, Delay: []int{0}, Config: image.Config{Width: canvas.X, Height: canvas.Y}})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// tinyWebP is one pixel, without loss.
func tinyWebP(t testing.TB) []byte {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// exif is an Exif block with one entry, which says what is up.
func exif(order binary.ByteOrder, orientation uint16) []byte {
	block := make([]byte, 26)
	copy(block, "MM")
	if order == binary.LittleEndian {
		copy(block, "II")
	}
	order.PutUint16(block[2:], 42)
	order.PutUint32(block[4:], 8)
	order.PutUint16(block[8:], 1)
	order.PutUint16(block[10:], 0x0112)
	order.PutUint16(block[12:], 3)
	order.PutUint32(block[14:], 1)
	order.PutUint16(block[18:], orientation)
	return block
}

// withExif puts an Exif block into a JPEG.
func withExif(data, block []byte) []byte {
	content := append([]byte("Exif\x00\x00"), block...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(content)+2))
	return bytes.Join([][]byte{data[:2], segment, content, data[2:]}, nil)
}

// chunk is a part of a PNG with its checksum.
func chunk(name string, content []byte) []byte {
	part := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	part = append(append(part, name...), content...)
	return binary.BigEndian.AppendUint32(part, crc32.ChecksumIEEE(part[4:]))
}

// pngOf is a PNG that promises a size and holds some compressed data.
func pngOf(width, height uint32, depth, colors byte, content []byte) []byte {
	head := binary.BigEndian.AppendUint32(nil, width)
	head = binary.BigEndian.AppendUint32(head, height)
	head = append(head, depth, colors, 0, 0, 0)
	return bytes.Join([][]byte{[]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", head), chunk("IDAT", content), chunk("IEND", nil)}, nil)
}
