package filepicker

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"

	"github.com/ncruces/zenity"
)

// Files asks for any number of files to read. It waits until the user has
// answered, or until ctx ends, which closes the dialog. Nothing and no error
// means that the user chose nothing. The error is errors.ErrUnsupported if the
// system has no dialog. It is safe for concurrent use.
func Files(ctx context.Context) ([]string, error) {
	paths, err := zenity.SelectFileMultiple(zenity.Context(ctx))
	if err != nil {
		return nil, understood(err)
	}
	return absolute(paths), nil
}

// Folder asks for a folder. The dialog begins in begin, "" for wherever the
// system likes. Otherwise it is as Files; "" means that nothing was chosen.
func Folder(ctx context.Context, begin string) (string, error) {
	options := []zenity.Option{zenity.Context(ctx), zenity.Directory()}
	if begin != "" {
		options = append(options, zenity.Filename(filepath.Clean(begin)+string(filepath.Separator)))
	}
	path, err := zenity.SelectFile(options...)
	if err != nil {
		return "", understood(err)
	}
	if !filepath.IsAbs(path) {
		return "", nil
	}
	return filepath.Clean(path), nil
}

// understood tells a dialog that was left from one that could not be shown.
func understood(err error) error {
	switch {
	case errors.Is(err, zenity.ErrCanceled):
		return nil
	case errors.Is(err, zenity.ErrUnsupported), errors.Is(err, exec.ErrNotFound):
		return errors.ErrUnsupported
	}
	return fmt.Errorf("ask for files: %w", err)
}

// absolute leaves out what is not a path: dialogs name places without a folder
// in their own ways.
func absolute(paths []string) []string {
	var found []string
	for _, path := range paths {
		if filepath.IsAbs(path) {
			found = append(found, filepath.Clean(path))
		}
	}
	return found
}
