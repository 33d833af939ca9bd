package gui

import (
	"context"
	"crypto/sha256"
	"fmt"
	"image"

	"feihong/app/chat"
	"feihong/app/picture"
	"feihong/protocol"
)

// faceBook gets the pictures that people show beside their names. They are
// hostile, and decoded like all others.
type faceBook struct {
	shelf *pictureShelf
	load  func(context.Context, chat.ContactID) ([]byte, error)
}

// fetch gives got the picture of a person as a square for that diameter, nil if
// it cannot be had.
func (f *faceBook) fetch(s *chat.Contact, diameter float32, got func(*image.RGBA)) (cancel func()) {
	id, side := s.ID, f.shelf.pixels(diameter)
	return f.shelf.fetch(faceKey(s.Picture, side), func(ctx context.Context) (*image.RGBA, error) {
		data, err := f.load(ctx, id)
		if err != nil {
			return nil, err
		}
		return decodeFace(ctx, data, side)
	}, got)
}

// own is fetch for the picture of the user.
func (f *faceBook) own(data []byte, diameter float32, got func(*image.RGBA)) (cancel func()) {
	side := f.shelf.pixels(diameter)
	return f.shelf.fetch(faceKey(ownFace(data), side), func(ctx context.Context) (*image.RGBA, error) {
		return decodeFace(ctx, data, side)
	}, got)
}

// ownFace names a picture of the user as Contact.Picture names those of others.
func ownFace(data []byte) string {
	if len(data) == 0 {
		return ""
	}
	return fmt.Sprintf("own %x", sha256.Sum256(data))
}

func faceKey(name string, side int) pictureKey { return pictureKey{"face " + name, side} }

func decodeFace(ctx context.Context, data []byte, side int) (*image.RGBA, error) {
	if len(data) > protocol.MaxPictureBytes {
		return nil, picture.ErrTooLarge
	}
	info, err := picture.Inspect(data)
	if err != nil {
		return nil, err
	}
	if max(info.Width, info.Height) > maxSmallSide {
		return nil, picture.ErrTooLarge
	}
	return picture.Square(ctx, data, side)
}
