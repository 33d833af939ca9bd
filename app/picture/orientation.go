package picture

import (
	"encoding/binary"
	"image"
)

// orientation says how a stored picture has to be turned so that it stands
// upright, in the numbers of Exif.
type orientation uint8

const asStored orientation = 1

// turned says that width and height change places.
func (o orientation) turned() bool { return o >= 5 && o <= 8 }

// orientationTag is the number of that entry in Exif.
const orientationTag = 0x0112

// orientationOfExif reads the entry of an Exif block, which is a TIFF header
// and a directory. What cannot be understood is left as it is.
func orientationOfExif(exif []byte) orientation {
	if len(exif) < 8 {
		return asStored
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(exif[:2]) {
	case "II":
	case "MM":
		order = binary.BigEndian
	default:
		return asStored
	}
	at := uint64(order.Uint32(exif[4:]))
	if order.Uint16(exif[2:]) != 42 || at+2 > uint64(len(exif)) {
		return asStored
	}
	entries := exif[at+2:]
	for count := int(order.Uint16(exif[at:])); count > 0 && len(entries) >= 12; count-- {
		const short = 3
		if order.Uint16(entries) == orientationTag && order.Uint16(entries[2:]) == short {
			if o := order.Uint16(entries[8:]); o >= 1 && o <= 8 {
				return orientation(o)
			}
			return asStored
		}
		entries = entries[12:]
	}
	return asStored
}

// orientationOfWebP looks for an Exif block among the parts of the file.
func orientationOfWebP(data []byte) orientation {
	rest := data[min(12, len(data)):]
	for len(rest) >= 8 {
		length := uint64(binary.LittleEndian.Uint32(rest[4:]))
		padded := 8 + length + length&1
		if 8+length > uint64(len(rest)) {
			return asStored
		}
		if string(rest[:4]) == "EXIF" {
			content := rest[8 : 8+length]
			if len(content) >= 6 && string(content[:6]) == "Exif\x00\x00" { // some write both headers
				content = content[6:]
			}
			return orientationOfExif(content)
		}
		rest = rest[min(padded, uint64(len(rest))):]
	}
	return asStored
}

// apply returns the picture upright. The picture itself is left as it is.
func (o orientation) apply(p *image.RGBA) *image.RGBA {
	if o <= asStored || o > 8 {
		return p
	}
	width, height := p.Rect.Dx(), p.Rect.Dy()
	size := image.Rect(0, 0, width, height)
	if o.turned() {
		size = image.Rect(0, 0, height, width)
	}
	result := image.NewRGBA(size)
	for y := range height {
		from := p.Pix[p.PixOffset(p.Rect.Min.X, p.Rect.Min.Y+y):]
		for x := range width {
			toX, toY := o.place(x, y, width, height)
			copy(result.Pix[result.PixOffset(toX, toY):][:4], from[4*x:4*x+4])
		}
	}
	return result
}

// place says where a stored pixel belongs.
func (o orientation) place(x, y, width, height int) (int, int) {
	right, bottom := width-1-x, height-1-y
	switch o {
	case 2:
		return right, y
	case 3:
		return right, bottom
	case 4:
		return x, bottom
	case 5:
		return y, x
	case 6:
		return bottom, x
	case 7:
		return bottom, right
	case 8:
		return y, right
	}
	return x, y
}
