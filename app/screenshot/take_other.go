//go:build !unix && !windows

package screenshot

import (
	"context"
	"errors"
	"image"
)

func take(context.Context) (image.Image, error) { return nil, errors.ErrUnsupported }
