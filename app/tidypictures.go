package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	// looseTime is how long a picture is kept that nothing refers to: it may
	// just be on its way into an offer.
	looseTime = time.Hour
	// tidyEvery is how often such pictures are looked for.
	tidyEvery = 24 * time.Hour
)

// tidyPictures removes, at the start and once a day, pictures of the screen and
// of the clipboard that were recalled, cleared or have expired.
func (n *node) tidyPictures(ctx context.Context) error {
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	inUse := func() ([]string, error) {
		return n.chat.PathsInUse(ctx, string(filepath.Separator)+filepath.Base(n.picturesDir())+string(filepath.Separator))
	}
	for {
		if err := removeLoose(n.picturesDir(), time.Now().Add(-looseTime), inUse); err != nil && ctx.Err() == nil {
			n.log.Warn("pictures that are not needed any more were not removed", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// removeLoose removes the files of a folder that are not in use and were made
// before a moment. It goes by their names, in use anywhere, because a profile
// can be moved. What is no plain file stays, and links are not followed.
func removeLoose(dir string, before time.Time, inUse func() ([]string, error)) error {
	info, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return nil
	}
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	old, err := plainFiles(root, before)
	if err != nil || len(old) == 0 {
		return err
	}
	paths, err := inUse()
	if err != nil {
		return err
	}
	used := make(map[string]bool, len(paths))
	for _, path := range paths {
		used[strings.ToLower(filepath.Base(path))] = true
	}
	var errs []error
	for _, name := range old {
		if !used[strings.ToLower(name)] {
			errs = append(errs, root.Remove(name))
		}
	}
	return errors.Join(errs...)
}

// plainFiles lists the plain files of a folder that were made before a moment.
func plainFiles(root *os.Root, before time.Time) (names []string, err error) {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if !entry.Type().IsRegular() {
			continue
		}
		if info, err := entry.Info(); err == nil && info.ModTime().Before(before) {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}
