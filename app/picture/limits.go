package picture

import (
	"errors"
	"time"
)

// What a picture may cost at most.
const (
	MaxFileBytes = 64 << 20   // of a file that is decoded
	MaxPixels    = 40_000_000 // of a picture as it is stored
	MaxSide      = 20_000     // in pixels, either way

	// maxMemory bounds what a decoder holds at a time, by what it is known to
	// keep for a pixel.
	maxMemory = 400 << 20
	// maxTime is how long a decoder goes on reading. Honest pictures of the
	// greatest size take a few seconds on slow machines.
	maxTime = 15 * time.Second
)

// Errors of this package. What decoders say is wrapped in ErrDamaged.
var (
	ErrUnknown  = errors.New("picture: this is no picture that can be read")
	ErrTooLarge = errors.New("picture: the picture is too large")
	ErrDamaged  = errors.New("picture: the picture is damaged")
	ErrTooSlow  = errors.New("picture: the picture takes too long")
)
