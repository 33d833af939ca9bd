package screenshot_test

import (
	"context"
	"testing"

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
