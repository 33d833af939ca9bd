package picture_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"runtime"
	"testing"

	"feihong/app/picture"
)

// deflated is a stream of zeros.
func deflated(t *testing.T, bytesOut int) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	zeros := make([]byte, 1<<20)
	for ; bytesOut > 0; bytesOut -= len(zeros) {
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// grown returns a GIF whose header promises another size.
func grown(data []byte, width, height uint16) []byte {
	data = bytes.Clone(data)
	binary.LittleEndian.PutUint16(data[6:], width)
	binary.LittleEndian.PutUint16(data[8:], height)
	return data
}

// promised returns a JPEG whose header promises another size.
func promised(t *testing.T, data []byte, width, height uint16) []byte {
	t.Helper()
	data = bytes.Clone(data)
	at := bytes.Index(data, []byte{0xff, 0xc0})
	if at < 0 {
		t.Fatal("no frame")
	}
	binary.BigEndian.PutUint16(data[at+5:], height)
	binary.BigEndian.PutUint16(data[at+7:], width)
	return data
}

// hugeWebP has a canvas of 16384×16384.
func hugeWebP() []byte {
	data := []byte("RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\xff\x3f\x00\xff\x3f\x00")
	return data
}

func TestHostilePictures(t *testing.T) {
	small, photo := asPNG(t, quarters(64, 64)), asJPEG(t, quarters(64, 64))
	moving := asGIF(t, quarters(32, 32), image.Point{}, image.Pt(32, 32))
	frame := moving[len(moving)-1-20:] // some of it, to be repeated
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"nothing":                        {nil, picture.ErrUnknown},
		"a program":                      {[]byte("MZ\x90\x00 this is no picture"), picture.ErrUnknown},
		"a drawing":                      {[]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), picture.ErrUnknown},
		"only a sign":                    {small[:8], picture.ErrDamaged},
		"a PNG that ends early":          {small[:len(small)/2], picture.ErrDamaged},
		"a JPEG that ends early":         {photo[:len(photo)/3], picture.ErrDamaged},
		"a GIF that ends early":          {moving[:len(moving)/2], picture.ErrDamaged},
		"a WebP that ends early":         {tinyWebP(t)[:20], picture.ErrDamaged},
		"a PNG of 60,000×60,000":         {pngOf(60_000, 60_000, 8, 6, deflated(t, 1<<20)), picture.ErrTooLarge},
		"a PNG of 2³¹ pixels":            {pngOf(1<<31-1, 1<<31-1, 8, 6, nil), picture.ErrDamaged},
		"a PNG of no size":               {pngOf(0, 5, 8, 6, nil), picture.ErrDamaged},
		"a PNG as long as narrow":        {pngOf(1, 30_000, 8, 6, deflated(t, 1<<20)), picture.ErrTooLarge},
		"a PNG of 16 bits":               {pngOf(6000, 6000, 16, 6, deflated(t, 1<<20)), picture.ErrTooLarge},
		"a PNG with less than promised":  {pngOf(4000, 4000, 8, 6, deflated(t, 1<<20)), picture.ErrDamaged},
		"a GIF of 60,000×60,000":         {grown(moving, 60_000, 60_000), picture.ErrTooLarge},
		"a GIF smaller than its picture": {grown(moving, 8, 8), picture.ErrDamaged},
		"a JPEG of 60,000×60,000":        {promised(t, photo, 60_000, 60_000), picture.ErrTooLarge},
		"a JPEG with less than promised": {promised(t, photo, 6000, 6000), picture.ErrDamaged},
		"a WebP of 16384×16384":          {hugeWebP(), picture.ErrTooLarge},
		"a GIF with much behind":         {append(bytes.Clone(moving), bytes.Repeat(frame, 100_000)...), nil},
		"a PNG with more than promised":  {pngOf(64, 64, 8, 6, deflated(t, 64<<20)), picture.ErrDamaged},
		"more than 64 MiB":               {append(bytes.Clone(small), make([]byte, picture.MaxFileBytes)...), picture.ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := picture.Decode(t.Context(), c.data, picture.Bounds{Width: 320, Height: 320})
			runtime.ReadMemStats(&after)
			if !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 400<<20 {
				t.Errorf("it takes %d MiB", used>>20)
			}
		})
	}
}

// The decoders end when nobody wants the picture any more.
func TestDecodingEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, data := range [][]byte{asPNG(t, speckled(200, 200)), asJPEG(t, speckled(200, 200))} {
		if _, err := picture.Decode(ctx, data, picture.Bounds{Width: 9, Height: 9}); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(asPNG(f, quarters(16, 16)))
	f.Add(asJPEG(f, quarters(16, 16)))
	f.Add(withExif(asJPEG(f, quarters(16, 16)), exif(binary.LittleEndian, 6)))
	f.Add(asGIF(f, quarters(8, 8), image.Pt(4, 4), image.Pt(16, 16)))
	f.Add(tinyWebP(f))
	f.Add(hugeWebP())
	gray := image.NewGray16(image.Rect(0, 0, 4, 4))
	gray.Set(1, 1, color.White)
	f.Add(asPNG(f, gray))
	f.Fuzz(func(t *testing.T, data []byte) {
		info, inspected := picture.Inspect(data)
		if inspected == nil && info.Width*info.Height > 1<<20 {
			return // allowed, but slow for this test
		}
		p, err := picture.Decode(t.Context(), data, picture.Bounds{Width: 32, Height: 32})
		if err == nil && (inspected != nil || p.Rect.Min != image.Point{} || p.Rect.Dx() > 32 || p.Rect.Dy() > 32 || p.Rect.Empty()) {
			t.Errorf("it became %v; the header says %+v, %v", p.Rect, info, inspected)
		}
	})
}
