package typeface_test

import (
	"image"
	"strings"
	"testing"

	"fyne.io/fyne/v2/theme"

	"feihong/app/emoji"
	"feihong/app/emoji/typeface"
)

func newFace(t testing.TB) *typeface.Face {
	t.Helper()
	face, err := typeface.New(theme.DefaultEmojiFont().Content())
	if err != nil {
		t.Fatal(err)
	}
	return face
}

// ink returns the smallest box around what is visible.
func ink(img *image.RGBA) image.Rectangle {
	var box image.Rectangle
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if img.RGBAAt(x, y).A > 32 {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return box
}

// Every emoji that is offered is a picture that fills its square.
func TestSizeOfEmoji(t *testing.T) {
	face := newFace(t)
	const pixels = 40
	for _, e := range emoji.All() {
		if n := face.Squares(e.Text); n != 1 {
			t.Errorf("%s has %d squares", e.Text, n)
			continue
		}
		img := face.Picture(e.Text, pixels)
		if img == nil || img.Rect != image.Rect(0, 0, pixels, pixels) {
			t.Errorf("%s is not drawn: %v", e.Text, img)
			continue
		}
		if box := ink(img); max(box.Dx(), box.Dy()) < pixels*7/10 {
			t.Errorf("%s has only %v", e.Text, box)
		}
	}
}

func TestSquares(t *testing.T) {
	face := newFace(t)
	for text, want := range map[string]int{
		"👍":                     1,
		"👍🏽":                    1,
		"❤️":                    1,
		"❤":                     1,
		"1️⃣":                   1,
		"👨‍👩‍👧":                 1,
		"🇨🇳":                    1,
		"🏳️‍🌈":                  1,
		"🤷‍♀️":                  1, // without what it does not have
		"👩‍💻":                   2, // it has the parts only
		"🥰":                     0,
		"国":                     0,
		"":                      0,
		"\u200D":                0,
		"\uFE0F":                0,
		"\u2640":                0,
		"😀🥰":                    0,
		"\xff\xfe":              0,
		strings.Repeat("😀", 12): 0,
		strings.Repeat("😀", 13): 0,
	} {
		if got := face.Squares(text); got != want {
			t.Errorf("%q has %d squares, want %d", text, got, want)
		}
		img := face.Picture(text, 20)
		if want == 0 != (img == nil) || img != nil && img.Rect != image.Rect(0, 0, 20*want, 20) {
			t.Errorf("%q has another picture", text)
		}
	}
}

// Two parts stand beside each other, each in its square.
func TestPartsSideBySide(t *testing.T) {
	img := newFace(t).Picture("👩‍💻", 40)
	for i := range 2 {
		half := image.NewRGBA(image.Rect(0, 0, 40, 40))
		for y := range 40 {
			for x := range 40 {
				half.SetRGBA(x, y, img.RGBAAt(x+40*i, y))
			}
		}
		if box := ink(half); max(box.Dx(), box.Dy()) < 28 {
			t.Errorf("part %d has only %v", i, box)
		}
	}
}

func TestOddSizes(t *testing.T) {
	face := newFace(t)
	for pixels, want := range map[int]int{-1: 0, 0: 0, 1: 1, typeface.MaxPixels: typeface.MaxPixels, 1 << 30: typeface.MaxPixels} {
		got := 0
		if img := face.Picture("👍", pixels); img != nil {
			got = img.Rect.Dy()
		}
		if got != want {
			t.Errorf("%d pixels make %d, want %d", pixels, got, want)
		}
	}
}

// What strangers write neither stops the program nor fills its memory.
func TestHostileEmoji(t *testing.T) {
	face := newFace(t)
	joins := []string{"", "\u200D", "\uFE0F", "\u20E3", "🏽", "\U000E0067", "\u2640"}
	for i := range typeface.MostShapes + typeface.MostShapes/2 {
		text := string(rune(0x1F000+i%0xB00)) + joins[i%7] + string(rune(0x1F300+i/7%0x400)) + joins[i/3%7]
		if face.Squares(text); i%100 == 0 {
			face.Picture(text, 1+i%50)
			face.Picture(text+"!", 9)
		}
	}
	for i := range 40 {
		face.Picture(emoji.All()[i].Text, typeface.MaxPixels-i%3)
	}
	if shapes, bytes := face.Kept(); shapes > typeface.MostShapes || bytes > typeface.MostBytes || shapes == 0 || bytes == 0 {
		t.Errorf("%d shapes and %d bytes are kept", shapes, bytes)
	}
}

func TestPicturesAreKept(t *testing.T) {
	face := newFace(t)
	first := face.Picture("👍", 30)
	if face.Picture("👍", 30) != first || face.Picture("👍", 31) == first {
		t.Error("the picture is drawn each time, or for another size")
	}
}

func TestNoTypeface(t *testing.T) {
	if _, err := typeface.New([]byte("nothing")); err == nil {
		t.Error("anything is a typeface")
	}
}

// BenchmarkPicture draws all that are offered, each for the first time.
func BenchmarkPicture(b *testing.B) {
	all := emoji.All()
	for b.Loop() {
		b.StopTimer()
		face := newFace(b)
		b.StartTimer()
		for i := range all {
			face.Picture(all[i].Text, 46)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(all)), "µs/emoji")
}
