//go:build !headless

package app

import (
	"context"
	"fmt"

	"feihong/app/picture"
	"feihong/protocol"
)

// portraitSide is how many pixels wide and high the picture is that others see.
const portraitSide = 256

// setPortrait shows others the picture in a file, "" for none: its middle, made
// small.
func (n *node) setPortrait(ctx context.Context, path string) error {
	var small []byte
	if path != "" {
		data, err := picture.ReadFile(path)
		if err != nil {
			return &portraitError{err}
		}
		if small, err = picture.Portrait(ctx, data, portraitSide, protocol.MaxPictureBytes); err != nil {
			return &portraitError{err}
		}
	}
	if err := n.profile.SetPicture(small); err != nil {
		return err
	}
	return n.chat.SetOwnPicture(small)
}

// portraitError is returned for a file that cannot be shown as a picture.
type portraitError struct{ err error }

func (e *portraitError) Error() string {
	return fmt.Sprintf("this file cannot be shown as a picture: %v", e.err)
}
func (e *portraitError) Unwrap() error { return e.err }

// UserText gives the translation.
func (*portraitError) UserText() (string, map[string]any) { return "app.bad-picture", nil }
