package screenshot_test

import (
	"encoding/binary"
	"image/color"
	"testing"

	"feihong/app/screenshot"
)

func TestPixels(t *testing.T) {
	for _, c := range []struct {
		name             string
		order            binary.ByteOrder
		red, green, blue uint32
		data             []byte
		want             color.RGBA // of the last pixel
	}{
		{"as most have it", binary.LittleEndian, 0xff0000, 0xff00, 0xff, []byte{9, 9, 9, 9, 3, 2, 1, 0}, color.RGBA{1, 2, 3, 255}},
		{"the other way round", binary.BigEndian, 0xff0000, 0xff00, 0xff, []byte{9, 9, 9, 9, 0, 1, 2, 3}, color.RGBA{1, 2, 3, 255}},
		{"blue first", binary.LittleEndian, 0xff, 0xff00, 0xff0000, []byte{9, 9, 9, 9, 1, 2, 3, 77}, color.RGBA{1, 2, 3, 255}},
	} {
		p, err := screenshot.Fill(c.order, c.red, c.green, c.blue, 2, 1, c.data)
		if err != nil || p.RGBAAt(1, 0) != c.want {
			t.Errorf("%s: %v, %v", c.name, p, err)
		}
	}
}

func TestOddPixels(t *testing.T) {
	if _, err := screenshot.Fill(binary.LittleEndian, 0xf800, 0x7e0, 0x1f, 1, 1, make([]byte, 4)); err == nil {
		t.Error("colours of 5 bits are taken for 8")
	}
	for _, length := range []int{3, 4, 12, 24} {
		if _, err := screenshot.Fill(binary.LittleEndian, 0xff0000, 0xff00, 0xff, 2, 2, make([]byte, length)); err == nil {
			t.Errorf("%d bytes fill 2×2 pixels", length)
		}
	}
}
