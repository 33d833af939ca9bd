package typeface

import (
	"bytes"
	"errors"
	"image"
	"strings"
	"sync"

	"github.com/fyne-io/oksvg"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/shaping"
	"github.com/srwiley/rasterx"
	"golang.org/x/image/math/fixed"
)

// Limits.
const (
	MaxText    = 48  // bytes of an emoji: the longest that exist have fewer
	MaxPixels  = 256 // the height of a picture; what is larger is scaled up
	maxSquares = 8   // of one emoji
	maxShapes  = 1024
	maxBytes   = 4 << 20 // of pictures, in each half of the cache
)

// Face is a typeface. It can be used from several goroutines.
type Face struct {
	mu       sync.Mutex
	face     *font.Face
	shaper   shaping.HarfbuzzShaper
	shapes   cache[string, []font.GID]
	pictures cache[drawn, *image.RGBA]
}

// drawn is what a picture in the cache shows.
type drawn struct {
	text   string
	pixels int
}

// New reads a typeface.
func New(file []byte) (*Face, error) {
	face, err := font.ParseTTF(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	f := &Face{face: face}
	f.shapes.most = maxShapes
	f.pictures.most = maxBytes
	return f, nil
}

// Squares returns how many squares side by side an emoji is drawn in: one, or
// more if the typeface has only its parts. Zero means that it cannot be drawn.
func (f *Face) Squares(text string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.shape(text))
}

// Picture draws an emoji so many pixels high. It returns nil if it cannot. The
// picture belongs to the typeface.
func (f *Face) Picture(text string, pixels int) *image.RGBA {
	f.mu.Lock()
	defer f.mu.Unlock()
	pixels = min(pixels, MaxPixels)
	glyphs := f.shape(text)
	if len(glyphs) == 0 || pixels <= 0 {
		return nil
	}
	key := drawn{text, pixels}
	if found, ok := f.pictures.get(key); ok {
		return found
	}
	img := image.NewRGBA(image.Rect(0, 0, pixels*len(glyphs), pixels))
	for i, glyph := range glyphs {
		if err := f.draw(img, i*pixels, pixels, glyph); err != nil {
			return nil
		}
	}
	f.pictures.put(key, img, len(img.Pix))
	return img
}

// shape finds the glyphs that an emoji is drawn with.
func (f *Face) shape(text string) []font.GID {
	if text == "" || len(text) > MaxText {
		return nil
	}
	if found, ok := f.shapes.get(text); ok {
		return found
	}
	glyphs := f.glyphs(text)
	if last := strings.TrimRight(text, female+male+joiner+presentation); glyphs == nil && last != text {
		glyphs = f.glyphs(last) // who does it cannot be told by this typeface
	}
	text = strings.Clone(text) // not a part of a long message
	f.shapes.put(text, glyphs, 1)
	return glyphs
}

// Characters that say more about the emoji before them.
const (
	joiner       = "\u200D"
	presentation = "\uFE0F"
	female       = "\u2640"
	male         = "\u2642"
)

func (f *Face) glyphs(text string) []font.GID {
	runes := []rune(text)
	out := f.shaper.Shape(shaping.Input{Text: runes, RunEnd: len(runes), Face: f.face, Size: fixed.I(int(f.face.Upem())),
		Direction: di.DirectionLTR})
	var glyphs []font.GID
	for _, g := range out.Glyphs {
		if _, ok := f.face.GlyphData(g.GlyphID).(font.GlyphSVG); ok {
			glyphs = append(glyphs, g.GlyphID)
		} else if g.GlyphID == 0 || g.Advance != 0 {
			return nil
		}
	}
	if len(glyphs) > maxSquares {
		return nil
	}
	return glyphs
}

// draw draws a glyph into the square that begins at x. The typeface is one that
// is known, but a program should not end for a picture.
func (f *Face) draw(img *image.RGBA, x, pixels int, glyph font.GID) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("the picture cannot be drawn")
		}
	}()
	svg, _ := f.face.GlyphData(glyph).(font.GlyphSVG)
	icon, err := oksvg.ReadIconStream(bytes.NewReader(svg.Source))
	if err != nil {
		return err
	}
	icon.ViewBox.Y = 0 // in typefaces it says how far the square stands above the line
	icon.SetTarget(float64(x), 0, float64(pixels), float64(pixels))
	scanner := rasterx.NewScannerGV(img.Rect.Dx(), pixels, img, img.Rect)
	icon.Draw(rasterx.NewDasher(img.Rect.Dx(), pixels, scanner), 1)
	return nil
}
