package screenshot

import (
	"context"
	"errors"
	"image"
)

// ErrRefused is returned if the user or the desktop did not allow the picture.
var ErrRefused = errors.New("screenshot: it was not allowed")

// maxPixels bounds what is taken for a screen: more than four of the largest
// that are sold.
const maxPixels = 256_000_000

var errSize = errors.New("screenshot: the screen has an impossible size")

// Take takes a picture of the screen. It may wait for the user until ctx ends.
// Without a way to do it, it returns errors.ErrUnsupported.
func Take(ctx context.Context) (image.Image, error) {
	type result struct {
		picture image.Image
		err     error
	}
	taken := make(chan result, 1)
	go func() {
		picture, err := take(ctx)
		taken <- result{picture, err}
	}()
	select {
	case r := <-taken:
		return r.picture, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
