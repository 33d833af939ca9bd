//go:build !headless

package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxKeptAtOnce bounds how many pictures have names that differ by a number.
const maxKeptAtOnce = 1000

// keepPicture makes a file of a picture of the screen or the clipboard, which
// only the user can read, and returns its path. It stays as long as anything
// refers to it: the other person may take it days later, and ask for it again.
func (n *node) keepPicture(_ context.Context, name string, data []byte) (string, error) {
	return keepIn(n.picturesDir(), name, data)
}

func keepIn(dir, name string, data []byte) (string, error) {
	if name == "" || name != filepath.Base(name) || strings.HasPrefix(name, ".") {
		return "", fmt.Errorf("a picture cannot be called %q", name)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	kind := filepath.Ext(name)
	stem := strings.TrimSuffix(name, kind)
	for i := 1; i < maxKeptAtOnce; i++ {
		path := filepath.Join(dir, name)
		err := writeNew(path, data)
		if !errors.Is(err, fs.ErrExist) {
			return path, err
		}
		name = fmt.Sprintf("%s (%d)%s", stem, i+1, kind)
	}
	return "", fs.ErrExist
}

// writeNew writes a file that is not there yet, whole or not at all.
func writeNew(path string, data []byte) (err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, file.Close()); err != nil {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	_, err = file.Write(data)
	return err
}
