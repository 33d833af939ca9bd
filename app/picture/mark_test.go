package picture_test

import (
	"image"
	"image/color"
	"testing"

	"golang.org/x/image/font/basicfont"

	"feihong/app/picture"
)

// blank is a white picture.
func blank(width, height int) *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range p.Pix {
		p.Pix[i] = 0xff
	}
	return p
}

// inked returns the smallest rectangle with all pixels that are not white.
func inked(p *image.RGBA) image.Rectangle {
	var found image.Rectangle
	for y := range p.Rect.Dy() {
		for x := range p.Rect.Dx() {
			if p.RGBAAt(x, y) != (color.RGBA{255, 255, 255, 255}) {
				found = found.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return found
}

func TestArrow(t *testing.T) {
	p := blank(100, 100)
	picture.Arrow(p, image.Pt(10, 50), image.Pt(90, 50), 6, red)
	if p.RGBAAt(40, 50) != red || p.RGBAAt(86, 50) != red {
		t.Errorf("along it there is %v and %v", p.RGBAAt(40, 50), p.RGBAAt(86, 50))
	}
	if got := inked(p); got.Min.X < 9 || got.Max.X > 92 || got.Dy() < 20 || got.Dy() > 32 {
		t.Errorf("it covers %v", got)
	}
	for _, to := range []image.Point{{50, 50}, {-10_000, 30_000}, {51, 50}, {50, 2_000_000}} { // far outside, and hardly anywhere
		picture.Arrow(p, image.Pt(50, 50), to, 6, blue)
	}
}

func TestBox(t *testing.T) {
	p := blank(50, 40)
	picture.Box(p, image.Rect(40, 30, 10, 5), 3, red) // drawn from the lower right
	if inked(p) != image.Rect(10, 5, 40, 30) || p.RGBAAt(25, 15) == red || p.RGBAAt(12, 15) != red || p.RGBAAt(13, 15) == red {
		t.Errorf("it covers %v", inked(p))
	}
	q := blank(50, 40)
	picture.Box(q, image.Rect(10, 5, 12, 30), 9, red) // thinner than its frame
	if inked(q) != image.Rect(10, 5, 12, 30) {
		t.Errorf("a thin one covers %v", inked(q))
	}
	picture.Box(q, image.Rect(-100, -100, 1000, 1000), 5, red)
	picture.Box(q, image.Rectangle{}, 5, red)
}

func TestPixelate(t *testing.T) {
	from := speckled(60, 60)
	p := image.NewRGBA(from.Rect)
	copy(p.Pix, from.Pix)
	picture.Pixelate(p, from, image.Rect(10, 10, 33, 33), 10)
	if p.RGBAAt(10, 10) != p.RGBAAt(19, 19) || p.RGBAAt(10, 10) == p.RGBAAt(20, 10) || p.RGBAAt(30, 30) != p.RGBAAt(32, 32) {
		t.Error("the blocks are not of one colour each")
	}
	if p.RGBAAt(9, 10) != from.RGBAAt(9, 10) || p.RGBAAt(33, 32) != from.RGBAAt(33, 32) {
		t.Error("something outside was changed")
	}
	picture.Pixelate(p, from, image.Rect(-50, -50, 500, 500), 10)
	picture.Pixelate(p, from, image.Rect(500, 500, 600, 600), 10)
}

func TestText(t *testing.T) {
	p := blank(80, 30)
	picture.Text(p, image.Pt(5, 5), "Hi", basicfont.Face7x13, red)
	size := picture.TextSize("Hi", basicfont.Face7x13)
	if got := inked(p); got.Empty() || !got.In(image.Rectangle{Min: image.Pt(4, 4), Max: image.Pt(5, 5).Add(size)}) {
		t.Errorf("it covers %v, and has %v", got, size)
	}
	on := image.NewRGBA(image.Rect(0, 0, 80, 30)) // text in black has a white edge
	picture.Text(on, image.Pt(5, 5), "I", basicfont.Face7x13, color.Black)
	if inkOf := inked(on); inkOf.Empty() {
		t.Error("nothing was written")
	}
}
