package gui

import (
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/font/opentype"

	"feihong/assets"
)

// parseMarkFont reads the program's font, once.
var parseMarkFont = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(assets.FontSC) })

// newMarkFace makes a face of a size in pixels. If the font could not be read,
// there is a plain one.
func newMarkFace(size int) font.Face {
	file, err := parseMarkFont()
	if err != nil {
		return basicfont.Face7x13
	}
	face, err := opentype.NewFace(file, &opentype.FaceOptions{Size: float64(size), DPI: 72})
	if err != nil {
		return basicfont.Face7x13
	}
	return face
}
