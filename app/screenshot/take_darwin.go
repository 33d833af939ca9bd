package screenshot

import (
	"context"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
)

// take runs the system's own program, without its sound.
func take(ctx context.Context) (image.Image, error) {
	folder, err := os.MkdirTemp("", "feihong-screen-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "screen.png")
	if out, err := exec.CommandContext(ctx, "/usr/sbin/screencapture", "-x", "-t", "png", path).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %w: %s", ErrRefused, err, out)
	}
	return readAway(path)
}
