package screenshot_test

import (
	"context"
	"errors"
	"image"
	"testing"
	"testing/synctest"

	"feihong/app/screenshot"
)

// Nobody waits for a picture that nobody wants any more.
func TestTakeEndsWithTheContext(t *testing.T) {
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv("DISPLAY", "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if picture, err := screenshot.Take(ctx); err == nil {
		t.Errorf("there is a picture of %v", picture.Bounds())
	}
}

// A desktop that never answers does not keep the window hidden for ever.
func TestTakeDoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := screenshot.Patiently(t.Context(), func(ctx context.Context) (image.Image, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("it ended with %v", err)
		}
	})
}
