package gui

import (
	"image"
	"image/color"

	"golang.org/x/image/font"

	"feihong/app/picture"
)

// markTool is what the pointer does to a picture of the screen.
type markTool uint8

const (
	toolRegion markTool = iota // chooses what is sent
	toolArrow
	toolBox
	toolBlur
	toolText
)

// screenMark is something that was drawn on a picture of the screen, in pixels
// of that.
type screenMark struct {
	tool     markTool
	from, to image.Point
	text     string
	ink      color.NRGBA
	unit     float32 // pixels that look like one unit of the window
}

// Sizes of marks, in units of the window.
const (
	arrowWidth = 4
	boxWidth   = 3
	blurBlock  = 11
	markText   = 20
	textRunes  = 200
)

// bounds is what the mark covers at most.
func (m *screenMark) bounds(faces *markFaces) image.Rectangle {
	area := image.Rectangle{Min: m.from, Max: m.to}.Canon()
	switch m.tool {
	case toolArrow:
		return area.Inset(-int(3*arrowWidth*m.unit) - 2)
	case toolText:
		size := picture.TextSize(m.text, faces.of(m.unit))
		return image.Rectangle{Min: m.from, Max: m.from.Add(size)}.Inset(-2)
	}
	return area
}

// draw puts the mark on a picture of the same pixels as from, which is the
// screen as it was.
func (m *screenMark) draw(p, from *image.RGBA, faces *markFaces) {
	switch m.tool {
	case toolArrow:
		picture.Arrow(p, m.from, m.to, arrowWidth*m.unit, m.ink)
	case toolBox:
		picture.Box(p, image.Rectangle{Min: m.from, Max: m.to}, max(1, int(boxWidth*m.unit+0.5)), m.ink)
	case toolBlur:
		picture.Pixelate(p, from, image.Rectangle{Min: m.from, Max: m.to}, max(4, int(blurBlock*m.unit)))
	case toolText:
		picture.Text(p, m.from, m.text, faces.of(m.unit), m.ink)
	}
}

// empty says that there is nothing to see of it.
func (m *screenMark) empty() bool {
	if m.tool == toolText {
		return m.text == ""
	}
	size := image.Rectangle{Min: m.from, Max: m.to}.Canon().Size()
	return max(size.X, size.Y) < 3
}

// picture is the mark alone, for the time while it is not part of the picture
// yet.
func (m *screenMark) picture(from *image.RGBA, faces *markFaces) *image.RGBA {
	p := image.NewRGBA(m.bounds(faces).Intersect(from.Rect))
	m.draw(p, from, faces)
	return p
}

// markFaces makes the face for text on pictures, once for each size.
type markFaces struct{ made map[int]font.Face }

func newMarkFaces() *markFaces { return &markFaces{made: make(map[int]font.Face)} }

func (f *markFaces) of(unit float32) font.Face {
	size := max(8, int(markText*unit+0.5))
	face := f.made[size]
	if face == nil {
		face = newMarkFace(size)
		f.made[size] = face
	}
	return face
}
