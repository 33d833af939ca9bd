package picture_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"feihong/app/picture"
)

func TestDecode(t *testing.T) {
	wide := quarters(64, 32)
	for _, c := range []struct {
		name, format string
		data         []byte
		most         picture.Bounds
		shown, size  image.Point
		colors       string
	}{
		{"PNG", "png", asPNG(t, wide), picture.Bounds{Width: 100, Height: 100}, image.Pt(64, 32), image.Pt(64, 32), "rgbw"},
		{"JPEG", "jpeg", asJPEG(t, wide), picture.Bounds{Width: 100, Height: 100}, image.Pt(64, 32), image.Pt(64, 32), "rgbw"},
		{"GIF", "gif", asGIF(t, wide, image.Point{}, image.Pt(64, 32)), picture.Bounds{Width: 100, Height: 100}, image.Pt(64, 32), image.Pt(64, 32), "rgbw"},
		{"WebP", "webp", tinyWebP(t), picture.Bounds{Width: 9, Height: 9}, image.Pt(1, 1), image.Pt(1, 1), ""},
		{"made narrower", "png", asPNG(t, wide), picture.Bounds{Width: 16, Height: 100}, image.Pt(64, 32), image.Pt(16, 8), "rgbw"},
		{"made lower", "png", asPNG(t, wide), picture.Bounds{Width: 100, Height: 4}, image.Pt(64, 32), image.Pt(8, 4), "rgbw"},
		{"of fewer pixels", "png", asPNG(t, quarters(40, 40)), picture.Bounds{Width: 100, Height: 100, Pixels: 400}, image.Pt(40, 40), image.Pt(20, 20), "rgbw"},
		{"on its side", "jpeg", withExif(asJPEG(t, wide), exif(binary.BigEndian, 6)), picture.Bounds{Width: 8, Height: 100}, image.Pt(32, 64), image.Pt(8, 16), "brwg"},
		{"a line", "png", asPNG(t, quarters(2000, 1)), picture.Bounds{Width: 20, Height: 20}, image.Pt(2000, 1), image.Pt(20, 1), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			info, err := picture.Inspect(c.data)
			if want := (picture.Info{Format: c.format, Width: c.shown.X, Height: c.shown.Y}); err != nil || info != want {
				t.Errorf("the header says %+v, %v; want %+v", info, err, want)
			}
			p, err := picture.Decode(t.Context(), c.data, c.most)
			if err != nil {
				t.Fatal(err)
			}
			if p.Rect != (image.Rectangle{Max: c.size}) {
				t.Errorf("it is %v, want %v", p.Rect, c.size)
			}
			if c.colors != "" && letters(p) != c.colors {
				t.Errorf("the quarters are %s, want %s", letters(p), c.colors)
			}
		})
	}
}

// Where a GIF draws nothing there is nothing.
func TestFirstPictureOfAGIF(t *testing.T) {
	data := asGIF(t, quarters(20, 20), image.Pt(20, 20), image.Pt(60, 60))
	p, err := picture.Decode(t.Context(), data, picture.Bounds{Width: 60, Height: 60})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, a := p.At(5, 5).RGBA(); a != 0 {
		t.Errorf("outside there is %v", p.At(5, 5))
	}
	if got := letters(p.SubImage(image.Rect(20, 20, 40, 40)).(*image.RGBA)); p.Bounds().Dx() != 60 || p.RGBAAt(24, 24) != red {
		t.Errorf("inside there is %s in %v", got, p.Rect)
	}
}

func TestOrientation(t *testing.T) {
	for o, want := range []string{"rgbw", "rgbw", "grwb", "wbgr", "bwrg", "rbgw", "brwg", "wgbr", "gwrb", "rgbw"} {
		for _, order := range []binary.ByteOrder{binary.BigEndian, binary.LittleEndian} {
			p, err := picture.Decode(t.Context(), withExif(asJPEG(t, quarters(64, 32)), exif(order, uint16(o))), picture.Bounds{Width: 64, Height: 64})
			if err != nil {
				t.Fatal(err)
			}
			if got := letters(p); got != want {
				t.Errorf("%d, %v: the quarters are %s, want %s", o, order, got, want)
			}
			if turned := o >= 5 && o <= 8; turned != (p.Rect.Dy() == 64) {
				t.Errorf("%d: it is %v", o, p.Rect)
			}
		}
	}
}

// Blocks that cannot be understood leave a picture as it is.
func TestOddExif(t *testing.T) {
	good := exif(binary.BigEndian, 6)
	far := bytes.Clone(good)
	binary.BigEndian.PutUint32(far[4:], 0xffffffff)
	many := bytes.Clone(good)
	binary.BigEndian.PutUint16(many[8:], 0xffff)
	binary.BigEndian.PutUint16(many[10:], 0x0100)
	for name, block := range map[string][]byte{
		"nothing": nil, "short": good[:9], "no directory": good[:10], "cut": good[:20], "no order": append([]byte("XX"), good[2:]...),
		"far away": far, "too many entries": many,
	} {
		if got := picture.OrientationOfExif(block); got != 1 {
			t.Errorf("%s: %d", name, got)
		}
	}
	if got := picture.OrientationOfExif(good); got != 6 {
		t.Errorf("a good one: %d", got)
	}
}

func TestSquare(t *testing.T) {
	for _, c := range []struct {
		width, height, side, want int
		up                        uint16
		colors                    string
	}{
		{90, 30, 20, 20, 1, "rgbw"},
		{30, 90, 20, 20, 1, "rgbw"},
		{90, 30, 20, 20, 8, "gwrb"},
		{10, 10, 64, 10, 1, "rgbw"}, // never larger than it is
	} {
		data := withExif(asJPEG(t, quarters(c.width, c.height)), exif(binary.BigEndian, c.up))
		p, err := picture.Square(t.Context(), data, c.side)
		if err != nil {
			t.Fatal(err)
		}
		if p.Rect != image.Rect(0, 0, c.want, c.want) || letters(p) != c.colors {
			t.Errorf("%+v: %v with %s", c, p.Rect, letters(p))
		}
	}
}

// speckled cannot be compressed.
func speckled(width, height int) *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, width, height))
	state := uint32(1)
	for i := range p.Pix {
		state = state*1664525 + 1013904223
		p.Pix[i] = byte(state >> 24)
		if i%4 == 3 {
			p.Pix[i] = 255
		}
	}
	return p
}

func TestEncodeFits(t *testing.T) {
	for _, c := range []struct {
		name   string
		p      image.Image
		most   int
		format string
	}{
		{"flat", quarters(300, 200), 12 << 10, "png"},
		{"speckled", speckled(320, 320), 12 << 10, "jpeg"},
		{"hardly any room", speckled(320, 320), 1 << 10, "jpeg"},
		{"high and narrow", speckled(1, 512), 1000, "jpeg"},
	} {
		data, err := picture.Encode(c.p, c.most)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		info, err := picture.Inspect(data)
		if err != nil || len(data) > c.most || info.Format != c.format {
			t.Errorf("%s: %d bytes of %+v, %v", c.name, len(data), info, err)
		}
	}
	if data, err := picture.Encode(speckled(100, 100), 10); err == nil {
		t.Errorf("a picture has %d bytes", len(data))
	}
}

// What shines through is white in a JPEG, not black.
func TestEncodeFlattens(t *testing.T) {
	p := speckled(200, 200)
	for i := range 100 * 200 {
		copy(p.Pix[4*i:], []byte{0, 0, 0, 0})
	}
	data, err := picture.Encode(p, 10<<10)
	if err != nil {
		t.Fatal(err)
	}
	back, err := picture.Decode(t.Context(), data, picture.Bounds{Width: 200, Height: 200})
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := back.At(back.Rect.Dx()/2, back.Rect.Dy()/4).RGBA(); r < 0xf000 || g < 0xf000 || b < 0xf000 {
		t.Errorf("it is %v", back.At(back.Rect.Dx()/2, back.Rect.Dy()/4))
	}
}

func TestPreviewAndPortrait(t *testing.T) {
	data := asPNG(t, speckled(900, 600))
	small, err := picture.Preview(t.Context(), data, 320, 12<<10)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := picture.Inspect(small); err != nil || len(small) > 12<<10 || info.Width > 320 || info.Width*2 < info.Height*3-3 || info.Width*2 > info.Height*3+3 {
		t.Errorf("the preview is %+v, %d bytes, %v", info, len(small), err)
	}
	face, err := picture.Portrait(t.Context(), data, 256, 24<<10)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := picture.Inspect(face); err != nil || len(face) > 24<<10 || info.Width != info.Height {
		t.Errorf("the portrait is %+v, %d bytes, %v", info, len(face), err)
	}
	lossless, err := picture.PNG(quarters(20, 20))
	if err != nil {
		t.Fatal(err)
	}
	if p, err := picture.Decode(t.Context(), lossless, picture.Bounds{Width: 20, Height: 20}); err != nil || p.RGBAAt(1, 1) != red {
		t.Errorf("%v", err)
	}
}

func TestFitOfAnOddPlace(t *testing.T) {
	p := image.NewNRGBA(image.Rect(50, 50, 90, 70))
	p.SetNRGBA(50, 50, color.NRGBA{255, 0, 0, 255})
	if got := picture.Fit(p, picture.Bounds{Width: 40, Height: 40}); got.Rect != image.Rect(0, 0, 40, 20) || got.RGBAAt(0, 0) != (color.RGBA{255, 0, 0, 255}) {
		t.Errorf("%v begins with %v", got.Rect, got.RGBAAt(0, 0))
	}
}

func TestNamed(t *testing.T) {
	for name, want := range map[string]bool{
		"a.png": true, "A.JPG": true, "b.jpeg": true, "c.gif": true, "d.webp": true,
		"e.svg": false, "png": false, "f.png.exe": false, "": false, "g.heic": false,
	} {
		if picture.Named(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}

func TestReadFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "a.png")
	if err := os.WriteFile(path, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	if data, err := picture.ReadFile(path); err != nil || string(data) != "content" {
		t.Errorf("%q, %v", data, err)
	}
	huge := filepath.Join(folder, "huge.png")
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, picture.MaxFileBytes+1); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{huge, folder, filepath.Join(folder, "missing.png")} {
		if data, err := picture.ReadFile(path); err == nil {
			t.Errorf("%s: %d bytes", path, len(data))
		}
	}
}
