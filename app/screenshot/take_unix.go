//go:build unix && !darwin

package screenshot

import (
	"context"
	"errors"
	"image"
	"os"
)

// take asks the desktop where only that can see the screen, else the X server.
func take(ctx context.Context) (image.Image, error) {
	if os.Getenv("WAYLAND_DISPLAY") != "" {
		return takeByPortal(ctx)
	}
	if os.Getenv("DISPLAY") != "" {
		return takeFromX11(ctx)
	}
	return nil, errors.ErrUnsupported
}
