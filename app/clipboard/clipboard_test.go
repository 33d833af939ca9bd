package clipboard_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"time"

	"feihong/app/clipboard"
)

func TestReceive(t *testing.T) {
	half := make([]byte, clipboard.MaxBytes/2)
	for name, c := range map[string]struct {
		owner clipboard.Owner
		want  string
		err   error
	}{
		"nothing":        {clipboard.Owner{}, "", nil},
		"only text":      {clipboard.Owner{Forms: []string{"UTF8_STRING", "", "TEXT"}}, "", nil},
		"a picture":      {clipboard.Owner{Forms: []string{"TEXT", "image/png"}, Pieces: [][]byte{[]byte("png")}}, "png", nil},
		"a photo":        {clipboard.Owner{Forms: []string{"image/jpeg"}, Pieces: [][]byte{[]byte("jpeg")}}, "jpeg", nil},
		"in pieces":      {clipboard.Owner{Forms: []string{"image/png"}, Pieces: [][]byte{[]byte("p"), []byte("n"), []byte("g")}}, "png", nil},
		"empty":          {clipboard.Owner{Forms: []string{"image/png"}}, "", nil},
		"refused":        {clipboard.Owner{Forms: []string{"image/png"}, Refuse: true}, "", nil},
		"too large":      {clipboard.Owner{Forms: []string{"image/png"}, Pieces: [][]byte{make([]byte, clipboard.MaxBytes+1)}}, "", clipboard.ErrTooLarge},
		"pieces forever": {clipboard.Owner{Forms: []string{"image/png"}, Pieces: [][]byte{half, half, {1}, {1}}}, "", clipboard.ErrTooLarge},
		"silent":         {clipboard.Owner{Forms: []string{"image/png"}, Silent: true}, "", clipboard.ErrNoAnswer},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		if !c.owner.Silent {
			ctx = t.Context()
		}
		got, err := clipboard.Receive(ctx, &c.owner)
		cancel()
		if string(got) != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %d bytes, %v; want %q, %v", name, len(got), err, c.want, c.err)
		}
	}
}

func TestParseScript(t *testing.T) {
	for text, want := range map[string]string{
		"«data PNGf89504E47»\n": "\x89PNG",
		"«data PNGf»":           "",
		"hello":                 "",
		"":                      "",
	} {
		if got, err := clipboard.ParseScript([]byte(text)); err != nil || string(got) != want {
			t.Errorf("%q is %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"«data PNGf8950", "«data PNGfxy»", "«data PNGf895»"} {
		if _, err := clipboard.ParseScript([]byte(text)); !errors.Is(err, clipboard.ErrOrder) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// bitmap has one pixel row, blue, green and red as they come.
func bitmap(bits uint16, compression uint32, masks []byte, width, height int32, pixels ...byte) []byte {
	header := make([]byte, 40)
	binary.LittleEndian.PutUint32(header, 40)
	binary.LittleEndian.PutUint32(header[4:], uint32(width))
	binary.LittleEndian.PutUint32(header[8:], uint32(height))
	binary.LittleEndian.PutUint16(header[12:], 1)
	binary.LittleEndian.PutUint16(header[14:], bits)
	binary.LittleEndian.PutUint32(header[16:], compression)
	return append(append(header, masks...), pixels...)
}

func TestFromDIB(t *testing.T) {
	masks := []byte{0, 0, 0xFF, 0, 0, 0xFF, 0, 0, 0xFF, 0, 0, 0}
	for name, dib := range map[string][]byte{
		"24 bits":            bitmap(24, 0, nil, 1, 1, 30, 20, 10, 0),
		"32 bits":            bitmap(32, 0, nil, 1, 1, 30, 20, 10, 0),
		"32 bits with masks": bitmap(32, 3, masks, 1, 1, 30, 20, 10, 0),
	} {
		made, err := clipboard.FromDIB(dib)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		img, err := png.Decode(bytes.NewReader(made))
		if err != nil {
			t.Fatal(err)
		}
		if got := color.NRGBAModel.Convert(img.At(0, 0)); img.Bounds().Dx() != 1 || got != (color.NRGBA{10, 20, 30, 255}) {
			t.Errorf("%s: %v of %v", name, got, img.Bounds())
		}
	}
	for name, dib := range map[string][]byte{
		"nothing":     nil,
		"short":       make([]byte, 39),
		"wrong size":  bytes.Repeat([]byte{0xFF}, 60),
		"a bomb":      bitmap(32, 0, nil, 60_000, 60_000),
		"cut off":     bitmap(24, 0, nil, 100, 100, 1, 2, 3),
		"below zero":  bitmap(24, 0, nil, -5, 1, 1, 2, 3, 4),
		"strange":     bitmap(7, 9, nil, 1, 1, 1, 2, 3, 4),
		"only header": []byte(strings.Repeat("\x28\x00\x00\x00", 10)),
	} {
		if made, err := clipboard.FromDIB(dib); err == nil {
			t.Errorf("%s: made %d bytes", name, len(made))
		}
	}
}

func FuzzFromDIB(f *testing.F) {
	f.Add(bitmap(24, 0, nil, 1, 1, 30, 20, 10, 0))
	f.Add(bitmap(8, 0, nil, 4, 4))
	f.Fuzz(func(t *testing.T, dib []byte) {
		if len(dib) >= 12 && (binary.LittleEndian.Uint32(dib[4:]) > 2000 || binary.LittleEndian.Uint32(dib[8:]) > 2000) {
			return // slow, and bounded by a test of its own
		}
		if made, err := clipboard.FromDIB(dib); err == nil {
			if _, err := png.DecodeConfig(bytes.NewReader(made)); err != nil {
				t.Fatal(err)
			}
		}
	})
}
