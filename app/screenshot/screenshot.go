package screenshot

import (
	"context"
	"errors"
	"image"
	"time"
)

// ErrRefused is returned if the user or the desktop did not allow the picture.
var ErrRefused = errors.New("screenshot: it was not allowed")

// maxPixels bounds what is taken for a screen: more than four of the largest
// that are sold.
const maxPixels = 256_000_000

var errSize = errors.New("screenshot: the screen has an impossible size")

// patience is how long the user has for what the desktop asks them. The window
// may be hidden all the while.
const patience = 2 * time.Minute

// Take takes a picture of the screen. It may wait for the user, some minutes at
// most, or until ctx ends. Without a way to do it, it returns
// errors.ErrUnsupported.
func Take(ctx context.Context) (image.Image, error) { return patiently(ctx, take) }

func patiently(ctx context.Context, take func(context.Context) (image.Image, error)) (image.Image, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
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
