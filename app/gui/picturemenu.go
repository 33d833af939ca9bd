package gui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"feihong/app/chat"
)

// pictureItems are what can be done with a picture in the viewer.
func (w *Window) pictureItems(item galleryItem) []*fyne.MenuItem {
	items := []*fyne.MenuItem{
		fyne.NewMenuItemWithIcon(w.words.Text("gui.viewer.save", nil), theme.DocumentSaveIcon(), func() { w.savePicture(item.path) }),
	}
	items = append(items, w.outsideItems(&item.transfer)...)
	return append(items,
		fyne.NewMenuItemWithIcon(w.words.Text("gui.files.copy-path", nil), theme.ContentCopyIcon(), func() { w.copy(item.path) }))
}

// writerOf names who wrote a message.
func (w *Window) writerOf(m chat.Message) string {
	if m.Direction == chat.Out {
		return w.cfg.Self.Name()
	}
	if s := w.people[m.Contact]; s != nil {
		return s.DisplayName()
	}
	return ""
}

// savePicture copies a file into a folder that the user chooses.
func (w *Window) savePicture(path string) {
	w.pickFolder("", func(folder string) {
		w.background.start(func(ctx context.Context) {
			target, err := copyInto(ctx, folder, path)
			said := w.words.Text("gui.viewer.saved", map[string]any{"path": fileName(target)})
			if err != nil {
				w.cfg.Logger.Warn("save picture", "err", err)
				said = w.words.Text("gui.viewer.save-failed", map[string]any{"name": fileName(filepath.Base(path)), "folder": fileName(folder)})
			}
			w.cfg.Do(func() {
				if w.viewer != nil {
					w.viewer.about.setText(said)
				} else if err != nil {
					w.left.warn(said)
				}
			})
		})
	})
}

// copyTries bounds how many names are tried for a copy.
const copyTries = 1000

// copyInto copies a file into a folder under its name or, if there is such a
// file, with a number behind it. Nothing is ever overwritten.
func copyInto(ctx context.Context, folder, path string) (string, error) {
	from, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer from.Close()
	ending := filepath.Ext(path)
	name := strings.TrimSuffix(filepath.Base(path), ending)
	for try := 1; try <= copyTries; try++ {
		target := filepath.Join(folder, name+ending)
		if try > 1 {
			target = filepath.Join(folder, fmt.Sprintf("%s (%d)%s", name, try, ending))
		}
		to, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		_, err = io.Copy(to, &stoppable{ctx, from})
		if err = errors.Join(err, to.Close()); err != nil {
			return "", errors.Join(err, os.Remove(target))
		}
		return target, nil
	}
	return "", os.ErrExist
}

// stoppable is a reader that ends with a context.
type stoppable struct {
	ctx  context.Context
	from io.Reader
}

// Read implements io.Reader.
func (s *stoppable) Read(to []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.from.Read(to)
}
