package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"feihong/assets/translations"
)

const (
	// looseTime is how long a picture is kept that nothing refers to: it may be
	// on its way into an offer, or the database may have been exchanged for an
	// older one that is not the last word.
	looseTime = 30 * 24 * time.Hour
	// tidyEvery is how often such pictures are looked for.
	tidyEvery = 24 * time.Hour
	// sinceFile stands beside the pictures. Those that are older than it are
	// not known to the database, whatever that says, and stay.
	sinceFile = ".since"
)

// tidyPictures removes, at the start and once a day, pictures of the screen and
// of the clipboard that were recalled, cleared or have expired.
func (n *node) tidyPictures(ctx context.Context) error {
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	inUse := func() ([]string, error) { return n.chat.PathsInUse(ctx, filepath.Base(n.picturesDir())) }
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

// keepLoose lets all pictures that are there now stay for good. A database that
// has just been begun knows none of them, but an older one may come back.
func (n *node) keepLoose() {
	if err := os.Remove(filepath.Join(n.picturesDir(), sinceFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		n.log.Warn("pictures that a lost database knew may be removed", "error", err)
	}
}

// removeLoose removes the files of a folder that this program has made before a
// moment, but after the database was begun, and that are not in use. It goes by
// their names, in use anywhere, because a profile can be moved. What is no plain
// file stays, and links are not followed.
func removeLoose(dir string, before time.Time, inUse func() ([]string, error)) error {
	// Made before there is a picture, so that it is known since when all are.
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if info, err := os.Lstat(dir); err != nil || !info.IsDir() {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	since, err := knownSince(root)
	if err != nil {
		return err
	}
	old, err := madeBetween(root, since, before)
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

// knownSince is the moment from which on the database knows of all pictures:
// now, if that is noted nowhere.
func knownSince(root *os.Root) (time.Time, error) {
	file, err := root.OpenFile(sinceFile, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return time.Time{}, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}

// madeBetween lists the plain files of a folder that have a name given by this
// program and were made between two moments.
func madeBetween(root *os.Root, since, before time.Time) (names []string, err error) {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, err
	}
	given := givenNames()
	for _, entry := range entries {
		if !entry.Type().IsRegular() || !given.MatchString(entry.Name()) {
			continue
		}
		if info, err := entry.Info(); err == nil && info.ModTime().After(since) && info.ModTime().Before(before) {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// givenNames matches the names that the window gives to pictures, in any
// language, and with the number that tells those of one second apart.
func givenNames() *regexp.Regexp {
	var forms []string
	for _, language := range []string{"en", "zh"} {
		words, at := translations.New(language), map[string]any{"time": "@"}
		forms = append(forms, regexp.QuoteMeta(words.Text("gui.picture.screen", at)), regexp.QuoteMeta(words.Text("gui.picture.pasted", at)))
	}
	form := strings.ReplaceAll(strings.Join(forms, "|"), "@", `\d{4}-\d\d-\d\d \d\d-\d\d-\d\d`)
	return regexp.MustCompile(`^(?:` + form + `)(?: \(\d+\))?\.(?:png|jpeg|gif|webp)$`)
}
