package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/image/webp"
)

// Info is what the header of a picture says.
type Info struct {
	Format string // "png", "jpeg", "gif" or "webp"
	Width  int    // as it is shown: upright
	Height int
}

// Inspect reads the header of a picture. It is quick, and succeeds only if
// Decode would try.
func Inspect(data []byte) (Info, error) {
	h, err := readHeader(data)
	if err != nil {
		return Info{}, err
	}
	width, height := h.size.X, h.size.Y
	if h.upright.turned() {
		width, height = height, width
	}
	return Info{Format: h.format.name, Width: width, Height: height}, nil
}

// extensions are those of the files that can be read.
var extensions = []string{".png", ".jpg", ".jpeg", ".gif", ".webp"}

// Named says whether a file with this name is likely to be a picture that can
// be read.
func Named(name string) bool {
	return slices.Contains(extensions, strings.ToLower(filepath.Ext(name)))
}

// format is a kind of file: how it begins and how it is read.
type format struct {
	name   string
	begins func(data []byte) bool
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

var formats = []format{
	{"png", startsWith("\x89PNG\r\n\x1a\n"), png.DecodeConfig, png.Decode},
	{"jpeg", startsWith("\xff\xd8\xff"), jpeg.DecodeConfig, jpeg.Decode},
	{"gif", startsWith("GIF87a", "GIF89a"), gif.DecodeConfig, gif.Decode},
	{"webp", isWebP, webp.DecodeConfig, webp.Decode},
}

func startsWith(signs ...string) func([]byte) bool {
	return func(data []byte) bool {
		return slices.ContainsFunc(signs, func(sign string) bool { return bytes.HasPrefix(data, []byte(sign)) })
	}
}

func isWebP(data []byte) bool {
	return len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP"
}

// header is what is known of a picture before it is decoded.
type header struct {
	format  format
	size    image.Point // as stored
	upright orientation
}

func readHeader(data []byte) (header, error) {
	if len(data) > MaxFileBytes {
		return header{}, ErrTooLarge
	}
	at := slices.IndexFunc(formats, func(f format) bool { return f.begins(data) })
	if at < 0 {
		return header{}, ErrUnknown
	}
	h := header{format: formats[at], upright: asStored}
	config, err := contained(func() (image.Config, error) { return h.format.config(bytes.NewReader(data)) })
	if err != nil {
		return header{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	h.size = image.Pt(config.Width, config.Height)
	if err := h.check(config.ColorModel, data); err != nil {
		return header{}, err
	}
	switch h.format.name {
	case "jpeg":
		h.upright = orientationOfJPEG(data)
	case "webp":
		h.upright = orientationOfWebP(data)
	}
	return h, nil
}

// check measures what the header promises against the limits.
func (h *header) check(model color.Model, data []byte) error {
	width, height := h.size.X, h.size.Y
	if width < 1 || height < 1 {
		return fmt.Errorf("%w: it has no size", ErrDamaged)
	}
	if width > MaxSide || height > MaxSide || width*height > MaxPixels {
		return ErrTooLarge
	}
	if width*height*h.cost(model, data) > maxMemory {
		return ErrTooLarge
	}
	return nil
}

// cost is how many bytes a decoder holds for a pixel, at most.
func (h *header) cost(model color.Model, data []byte) int {
	switch h.format.name {
	case "png":
		if model == color.RGBA64Model || model == color.NRGBA64Model {
			return 2 * 8 // an interlaced one is held twice
		}
		return 2 * 4
	case "jpeg":
		components := 3
		switch model {
		case color.GrayModel:
			components = 1
		case color.CMYKModel:
			components = 4
		}
		if progressive(data) {
			return components * (1 + 4) // all coefficients, and the pixels
		}
		return components + 1
	case "gif":
		return 4 + 1
	}
	return 4 + 4 // WebP: the transparency is a picture of its own
}

// contained calls a decoder, and turns a panic into an error.
func contained[T any](decode func() (T, error)) (result T, err error) {
	defer func() {
		if trouble := recover(); trouble != nil {
			err = fmt.Errorf("the decoder gave up: %v", trouble)
		}
	}()
	return decode()
}
