package picture

import (
	"image"
	"image/color"

	"golang.org/x/image/draw"
)

// Fit returns a picture that is as small as it must be for the bounds, never
// larger, and begins at (0, 0).
func Fit(p image.Image, most Bounds) *image.RGBA { return fit(p, most) }

func fit(p image.Image, most Bounds) *image.RGBA {
	size := p.Bounds().Size()
	return scaled(p, p.Bounds(), fitted(size, most))
}

// fitted is the size that a picture of a size has within bounds.
func fitted(size image.Point, most Bounds) image.Point {
	share := min(1, float64(max(most.Width, 1))/float64(size.X), float64(max(most.Height, 1))/float64(size.Y))
	result := image.Pt(max(1, int(float64(size.X)*share+0.5)), max(1, int(float64(size.Y)*share+0.5)))
	for most.Pixels > 0 && result.X*result.Y > most.Pixels && result.X+result.Y > 2 {
		result.X, result.Y = max(1, result.X*99/100), max(1, result.Y*99/100)
	}
	return result
}

func square(p image.Image, side int) *image.RGBA {
	all := p.Bounds()
	least := min(all.Dx(), all.Dy())
	corner := all.Min.Add(image.Pt((all.Dx()-least)/2, (all.Dy()-least)/2))
	side = max(1, min(side, least))
	return scaled(p, image.Rectangle{Min: corner, Max: corner.Add(image.Pt(least, least))}, image.Pt(side, side))
}

// oversampling is how much larger than the result a picture is made in the
// quick first step, in which pixels are only picked.
const oversampling = 4

// maxScratch bounds the memory that the good method needs beside the pictures,
// 32 bytes for each pixel of a picture that is already narrow but still high.
const maxScratch = 128 << 20

// scaled returns a part of a picture in another size. A great picture is made
// small in two steps, and one that stays great by the quick method.
func scaled(p image.Image, from image.Rectangle, size image.Point) *image.RGBA {
	result := image.NewRGBA(image.Rectangle{Max: size})
	if from.Size() == size {
		draw.Draw(result, result.Rect, p, from.Min, draw.Src)
		return result
	}
	if rough := size.Mul(oversampling); from.Dx() > rough.X && from.Dy() > rough.Y {
		smaller := image.NewRGBA(image.Rectangle{Max: rough})
		draw.ApproxBiLinear.Scale(smaller, smaller.Rect, p, from, draw.Src, nil)
		p, from = smaller, smaller.Rect
	}
	var method draw.Scaler = draw.CatmullRom
	if size.X*from.Dy()*32 > maxScratch {
		method = draw.ApproxBiLinear
	}
	method.Scale(result, result.Rect, p, from, draw.Src, nil)
	return result
}

// part is a picture that covers only some of a larger one, the rest of which
// is transparent.
type part struct {
	image.Image
	whole image.Rectangle
}

// Bounds implements image.Image, as does At.
func (p *part) Bounds() image.Rectangle { return p.whole }

// At leaves the answer outside to itself: the decoders' pictures may panic.
func (p *part) At(x, y int) color.Color {
	if !image.Pt(x, y).In(p.Image.Bounds()) {
		return color.Transparent
	}
	return p.Image.At(x, y)
}

// ColorModel implements image.Image: outside there is transparency.
func (p *part) ColorModel() color.Model { return color.RGBAModel }
