package picture

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// Arrow draws an arrow that points at a place.
func Arrow(p *image.RGBA, from, to image.Point, width float32, ink color.Color) {
	dx, dy := float64(to.X-from.X), float64(to.Y-from.Y)
	length := math.Hypot(dx, dy)
	if length < 1 {
		return
	}
	head := min(length, 5*float64(width))
	unit := func(along, across float64) [2]float32 {
		return [2]float32{float32(float64(from.X) + (dx*along-dy*across)/length), float32(float64(from.Y) + (dy*along+dx*across)/length)}
	}
	half, neck := float64(width)/2, length-head*0.85
	fill(p, ink, unit(0, -half/2), unit(neck, -half), unit(length-head, -head*0.45), unit(length, 0),
		unit(length-head, head*0.45), unit(neck, half), unit(0, half/2))
}

// Box draws the frame of a rectangle, inside it.
func Box(p *image.RGBA, at image.Rectangle, width int, ink color.Color) {
	at = at.Canon()
	width = min(width, max(1, min(at.Dx(), at.Dy())/2))
	inner := at.Inset(width)
	for _, side := range []image.Rectangle{
		image.Rect(at.Min.X, at.Min.Y, at.Max.X, inner.Min.Y), image.Rect(at.Min.X, inner.Max.Y, at.Max.X, at.Max.Y),
		image.Rect(at.Min.X, inner.Min.Y, inner.Min.X, inner.Max.Y), image.Rect(inner.Max.X, inner.Min.Y, at.Max.X, inner.Max.Y),
	} {
		draw.Draw(p, side, image.NewUniform(ink), image.Point{}, draw.Src)
	}
}

// Pixelate puts into a rectangle of p what is there in from, in blocks of one
// colour each.
func Pixelate(p *image.RGBA, from *image.RGBA, at image.Rectangle, block int) {
	at = at.Canon().Intersect(p.Rect).Intersect(from.Rect)
	for y := at.Min.Y; y < at.Max.Y; y += block {
		for x := at.Min.X; x < at.Max.X; x += block {
			cell := image.Rect(x, y, x+block, y+block).Intersect(at)
			draw.Draw(p, cell, image.NewUniform(mean(from, cell)), image.Point{}, draw.Src)
		}
	}
}

func mean(p *image.RGBA, at image.Rectangle) color.RGBA {
	var sum [3]int
	for y := at.Min.Y; y < at.Max.Y; y++ {
		for x := at.Min.X; x < at.Max.X; x++ {
			i := p.PixOffset(x, y)
			for channel := range sum {
				sum[channel] += int(p.Pix[i+channel])
			}
		}
	}
	count := max(at.Dx()*at.Dy(), 1)
	return color.RGBA{uint8(sum[0] / count), uint8(sum[1] / count), uint8(sum[2] / count), 0xff}
}

// Text writes a line whose upper left corner is at a place, with an outline
// that keeps it readable on any ground.
func Text(p *image.RGBA, at image.Point, text string, face font.Face, ink color.Color) {
	metrics := face.Metrics()
	write := func(dx, dy int, ink color.Color) {
		drawer := font.Drawer{Dst: p, Src: image.NewUniform(ink), Face: face}
		drawer.Dot = fixed.P(at.X+dx, at.Y+metrics.Ascent.Ceil()+dy)
		drawer.DrawString(text)
	}
	outline := contrary(ink)
	for _, off := range []image.Point{{-1, -1}, {0, -1}, {1, -1}, {-1, 0}, {1, 0}, {-1, 1}, {0, 1}, {1, 1}} {
		write(off.X, off.Y, outline)
	}
	write(0, 0, ink)
}

// TextSize is how much room Text needs.
func TextSize(text string, face font.Face) image.Point {
	metrics := face.Metrics()
	return image.Pt(font.MeasureString(face, text).Ceil()+2, (metrics.Ascent+metrics.Descent).Ceil()+2)
}

// contrary is white for dark colours and black for light ones.
func contrary(ink color.Color) color.Color {
	if color.GrayModel.Convert(ink).(color.Gray).Y > 150 {
		return color.RGBA{A: 0xff}
	}
	return color.White
}

// fill fills a polygon.
func fill(p *image.RGBA, ink color.Color, points ...[2]float32) {
	low, high := points[0], points[0]
	for _, point := range points {
		for i, v := range point {
			low[i], high[i] = min(low[i], v), max(high[i], v)
		}
	}
	// Outside the picture nothing needs to be computed.
	area := image.Rect(int(low[0])-1, int(low[1])-1, int(high[0])+2, int(high[1])+2).Intersect(p.Rect)
	if area.Empty() {
		return
	}
	raster := vector.NewRasterizer(area.Dx(), area.Dy())
	x, y := float32(area.Min.X), float32(area.Min.Y)
	raster.MoveTo(points[0][0]-x, points[0][1]-y)
	for _, point := range points[1:] {
		raster.LineTo(point[0]-x, point[1]-y)
	}
	raster.ClosePath()
	raster.Draw(p, area, image.NewUniform(ink), image.Point{})
}
