package clipboard

import (
	"context"
	"errors"
	"time"
)

// MaxBytes bounds what is read of a clipboard.
const MaxBytes = 32 << 20

// patience is how long other programs may take to hand over their picture.
const patience = 10 * time.Second

// Errors of this package.
var (
	ErrTooLarge = errors.New("clipboard: the picture is too large")
	ErrNoAnswer = errors.New("clipboard: the program that has the picture does not answer")
)

// Image returns the picture in the clipboard as PNG or JPEG; nil and no error
// if there is none. It waits for the program that has it, some seconds at most.
func Image(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	data, err := fetchImage(ctx)
	if ctx.Err() != nil {
		return nil, ErrNoAnswer
	}
	return data, err
}
