package gui

import (
	"bytes"
	"context"
	"image"
	"path/filepath"
	"slices"

	"feihong/app/picture"
	"feihong/protocol"
)

// attachment is what the user has chosen to send in a conversation, until it
// is sent. It is not kept beyond the end of the program; the user is asked
// before that. Those that exist are not changed, but for what is found out about
// them: there is a new one for every choice.
type attachment struct {
	paths   []string
	loose   []loosePicture
	weight  weight
	counted bool
	problem error // it cannot be sent as it is
	cancel  context.CancelFunc

	// The only thing that will be sent, if that is a picture: as the user sees
	// it, and as the other person sees it at once. Nil until they are made.
	face    *image.RGBA
	preview []byte
}

// loosePicture is a picture that is in no file: one of the clipboard, or of the
// screen. Only sending it makes it a file.
type loosePicture struct {
	name string
	data []byte
}

// Bounds of what is chosen one by one.
const (
	maxAttached = 1000 // files and folders
	maxLoose    = 9    // pictures in memory
)

// with returns an attachment with more in it.
func (a *attachment) with(paths []string, loose ...loosePicture) *attachment {
	more := &attachment{}
	if a != nil {
		more.paths, more.loose = slices.Clone(a.paths), slices.Clone(a.loose)
	}
	for _, path := range paths {
		if !slices.Contains(more.paths, path) && len(more.paths) < maxAttached {
			more.paths = append(more.paths, path)
		}
	}
	for _, p := range loose {
		if len(more.loose) < maxLoose && !slices.ContainsFunc(more.loose, p.same) {
			more.loose = append(more.loose, p)
		}
	}
	return more
}

// and returns an attachment with what is in both, even if that is more than can
// be chosen one by one.
func (a *attachment) and(other *attachment) *attachment {
	both := &attachment{paths: slices.Clone(a.paths), loose: slices.Clone(a.loose)}
	for _, path := range other.paths {
		if !slices.Contains(both.paths, path) {
			both.paths = append(both.paths, path)
		}
	}
	for _, p := range other.loose {
		if !slices.ContainsFunc(both.loose, p.same) {
			both.loose = append(both.loose, p)
		}
	}
	return both
}

func (p loosePicture) same(other loosePicture) bool { return bytes.Equal(p.data, other.data) }

func (a *attachment) count() int { return len(a.paths) + len(a.loose) }

// first names the first thing, for the eye.
func (a *attachment) first() string {
	if len(a.paths) > 0 {
		return fileName(filepath.Base(a.paths[0]))
	}
	return a.loose[0].name
}

// weigh counts what there is.
func (a *attachment) weigh(ctx context.Context) (weight, error) {
	total, err := weigh(ctx, a.paths)
	for _, p := range a.loose {
		total.files++
		total.bytes += int64(len(p.data))
	}
	return total, err
}

// onlyPicture returns the only thing there is if it may be a picture, else nil.
func (a *attachment) onlyPicture() []byte {
	switch {
	case a.count() != 1:
		return nil
	case len(a.loose) == 1:
		return a.loose[0].data
	case !picture.Named(a.paths[0]):
		return nil
	}
	data, err := picture.ReadFile(a.paths[0])
	if err != nil {
		return nil // it travels as any file
	}
	return data
}

// Measures of pictures that are to be sent, in pixels.
const (
	faceWidth, faceHeight = 320, 200
	previewSide           = 320
)

// look makes face and preview; nil if there is no picture.
func (a *attachment) look(ctx context.Context) (face *image.RGBA, preview []byte) {
	data := a.onlyPicture()
	if data == nil {
		return nil, nil
	}
	decoded, err := picture.Decode(ctx, data, picture.Bounds{Width: previewSide, Height: previewSide})
	if err != nil {
		return nil, nil
	}
	preview, err = picture.Encode(decoded, protocol.MaxPreviewBytes)
	if err != nil {
		preview = nil
	}
	return picture.Fit(decoded, picture.Bounds{Width: faceWidth, Height: faceHeight}), preview
}
