package clipboard

import (
	"context"
	"errors"
	"io"
	"os/exec"
)

// fetchImage asks AppleScript, which is on every Mac and writes what it finds in
// hexadecimal digits. It fails if there is no picture.
// maxScript bounds what AppleScript writes about a picture.
const maxScript = 2*MaxBytes + 64

func fetchImage(ctx context.Context) ([]byte, error) {
	command := exec.CommandContext(ctx, "/usr/bin/osascript", "-e", "get the clipboard as «class PNGf»")
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	text, readErr := io.ReadAll(io.LimitReader(out, maxScript+1))
	if len(text) > maxScript {
		_ = command.Process.Kill() // it writes on in vain
	}
	var failed *exec.ExitError
	switch err := command.Wait(); {
	case len(text) > maxScript:
		return nil, ErrTooLarge
	case errors.As(err, &failed):
		return nil, nil
	case err != nil:
		return nil, err
	case readErr != nil:
		return nil, readErr
	}
	return parseScript(text)
}
