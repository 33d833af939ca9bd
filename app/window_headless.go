//go:build headless

package app

import (
	"context"
	"errors"

	"feihong/app/cli"
)

const headless = true

// Window says that this build has none.
func (host) Window(context.Context, cli.Options) error {
	return errors.New("this build of Feihong has no window; run feihong daemon, or build without the tag headless")
}
