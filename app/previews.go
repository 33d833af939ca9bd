package app

import (
	"context"
	"time"

	"feihong/app/chat"
	"feihong/app/picture"
	"feihong/protocol"
)

// Bounds of the preview of a picture that is offered by a command.
const (
	previewSide = 320 // pixels
	previewTime = 3 * time.Second
)

// offers are the transfers of a profile for commands: an offer of one picture
// comes with a preview, as one from the window does.
type offers struct {
	*chat.Service
	place chan struct{} // holds an element while a picture is decoded, which takes memory
}

func newOffers(s *chat.Service) offers { return offers{Service: s, place: make(chan struct{}, 1)} }

// Offer implements control.Files.
func (o offers) Offer(ctx context.Context, to chat.ContactID, paths []string, text string) (chat.Transfer, error) {
	preview := o.preview(ctx, paths)
	if preview == nil {
		return o.Service.Offer(ctx, to, paths, text)
	}
	return o.OfferPicture(ctx, to, paths, text, preview)
}

// preview makes the preview of a picture; nil if there is nothing but one, or
// if it cannot be had soon: the file travels all the same.
func (o offers) preview(ctx context.Context, paths []string) []byte {
	if len(paths) != 1 || !picture.Named(paths[0]) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, previewTime)
	defer cancel()
	select {
	case o.place <- struct{}{}:
	case <-ctx.Done():
		return nil
	}
	made := make(chan []byte, 1)
	go func() { // a disk that does not answer is not waited for
		defer func() { <-o.place }()
		made <- previewOf(ctx, paths[0])
	}()
	select {
	case preview := <-made:
		return preview
	case <-ctx.Done():
		return nil
	}
}

func previewOf(ctx context.Context, path string) []byte {
	data, err := picture.ReadFile(path)
	if err != nil {
		return nil
	}
	preview, err := picture.Preview(ctx, data, previewSide, protocol.MaxPreviewBytes)
	if err != nil {
		return nil
	}
	return preview
}
