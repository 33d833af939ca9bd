package screenshot

import (
	"context"
	"encoding/binary"
	"image"
)

// Fill puts pixels in the form of a system into a picture of a size.
func Fill(order binary.ByteOrder, red, green, blue uint32, width, height int, data []byte) (*image.RGBA, error) {
	form := pixelForm{order, red, green, blue}
	if err := form.check(); err != nil {
		return nil, err
	}
	p := image.NewRGBA(image.Rect(0, 0, width, height))
	if !form.fill(p, 0, data) {
		return nil, errSize
	}
	return p, nil
}

// Patiently takes a picture in a way of its own.
func Patiently(ctx context.Context, take func(context.Context) (image.Image, error)) (image.Image, error) {
	return patiently(ctx, take)
}
