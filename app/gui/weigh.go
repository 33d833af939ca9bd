package gui

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// weight is how much the user is about to send.
type weight struct {
	files, folders int
	bytes          int64
	more           bool // it was too much to be counted
}

// maxWeighed bounds how many files and folders are counted.
const maxWeighed = 200_000

var errWeighed = errors.New("enough")

// weigh counts what lies at paths. Links inside folders are not followed.
func weigh(ctx context.Context, paths []string) (weight, error) {
	var total weight
	for _, path := range paths {
		found, err := os.Stat(path)
		if err != nil {
			return total, err
		}
		if !found.IsDir() {
			total.files++
			total.bytes += found.Size()
			continue
		}
		if err := total.addFolder(ctx, path); errors.Is(err, errWeighed) {
			total.more = true
			return total, nil
		} else if err != nil {
			return total, err
		}
	}
	return total, nil
}

// addFolder counts a folder and all in it. What cannot be read is left out:
// sending says what is wrong with it.
func (t *weight) addFolder(ctx context.Context, path string) error {
	return filepath.WalkDir(path, func(_ string, entry fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return nil
		case t.files+t.folders >= maxWeighed:
			return errWeighed
		case entry.IsDir():
			t.folders++
		case entry.Type().IsRegular():
			t.files++
			if info, err := entry.Info(); err == nil {
				t.bytes += info.Size()
			}
		}
		return nil
	})
}
