package picture

import "encoding/binary"

// segments calls visit with the segments of the head of a JPEG, up to the first
// scan, until visit returns false.
func segments(data []byte, visit func(marker byte, content []byte) bool) {
	rest := data[min(2, len(data)):]
	for len(rest) >= 4 && rest[0] == 0xff {
		marker := rest[1]
		if marker == 0xff { // filling
			rest = rest[1:]
			continue
		}
		length := int(binary.BigEndian.Uint16(rest[2:]))
		if marker == 0xda || length < 2 || length+2 > len(rest) {
			return
		}
		if !visit(marker, rest[4:2+length]) {
			return
		}
		rest = rest[2+length:]
	}
}

// progressive says that a JPEG comes in several scans over the whole picture.
// What cannot be understood counts as such.
func progressive(data []byte) bool {
	result := true
	segments(data, func(marker byte, _ []byte) bool {
		if marker == 0xc0 || marker == 0xc1 {
			result = false
		}
		return marker < 0xc0 || marker > 0xc2
	})
	return result
}

// orientationOfJPEG finds which side of a photo is up.
func orientationOfJPEG(data []byte) orientation {
	found := asStored
	segments(data, func(marker byte, content []byte) bool {
		if marker != 0xe1 || len(content) < 6 || string(content[:6]) != "Exif\x00\x00" {
			return true
		}
		found = orientationOfExif(content[6:])
		return false
	})
	return found
}
