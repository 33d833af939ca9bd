package gui

import (
	"context"
	"errors"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// askBeforeOpening asks before a program that somebody sent is started.
func (w *Window) askBeforeOpening(t chat.Transfer) {
	if w.modal != nil {
		return
	}
	path := t.Paths[0]
	question := newParagraph(13, theme.ColorNameForeground,
		w.words.Text("gui.files.program-question", map[string]any{"name": fileName(filepath.Base(path))}))
	keep := newDialogButton(w.words.Text("gui.cancel", nil), nil, func() { w.modal.hide() })
	start := newDialogButton(w.words.Text("gui.files.program-open", nil), nil, func() {
		w.modal.hide()
		w.outside("open", path, w.cfg.Open)
	})
	start.Importance = widget.DangerImportance
	buttons := []fyne.CanvasObject{keep, start}
	if w.cfg.Reveal != nil {
		show := newDialogButton(fileReveal.label(w.words), nil, func() {
			w.modal.hide()
			w.reveal(t)
		})
		buttons = []fyne.CanvasObject{keep, show, start}
	}
	w.openModal(w.words.Text("gui.files.program-title", nil), 440, question, nil, buttons...)
}

// cancelFiles cancels a transfer, after a question if something has been moved
// already: the button is small, and beside the one that pauses.
func (w *Window) cancelFiles(t chat.Transfer) {
	cancel := func() {
		w.change("cancel files", func(ctx context.Context) error { return w.cfg.Files.Cancel(ctx, t.ID) })
	}
	if t.Done <= 0 {
		cancel()
		return
	}
	if w.modal != nil {
		return
	}
	question := newParagraph(13, theme.ColorNameForeground,
		w.words.Text("gui.files.cancel-question", map[string]any{"done": w.words.part(t.Done, t.Bytes)}))
	keep := newDialogButton(w.words.Text("gui.files.cancel-keep", nil), nil, func() { w.modal.hide() })
	stop := newDialogButton(w.words.Text("gui.files.cancel-stop", nil), nil, func() {
		w.modal.hide()
		cancel()
	})
	stop.Importance = widget.DangerImportance
	w.openModal(w.words.Text("gui.files.cancel-title", nil), 400, question, nil, keep, stop)
}

// pickFiles asks the user for files, in a dialog of the system if it has one.
func (w *Window) pickFiles(chosen func(paths []string)) {
	if w.picking {
		return
	}
	w.picking = true
	w.background.start(func(ctx context.Context) {
		paths, err := []string(nil), errors.ErrUnsupported
		if w.cfg.PickFiles != nil {
			paths, err = w.cfg.PickFiles(ctx)
		}
		w.cfg.Do(func() {
			w.picking = false
			if !w.picked(err) {
				w.pickFileHere(chosen)
			} else if len(paths) > 0 {
				chosen(paths)
			}
		})
	})
}

// pickFolder asks the user for a folder; begin is where to look first.
func (w *Window) pickFolder(begin string, chosen func(path string)) {
	if w.picking {
		return
	}
	w.picking = true
	w.background.start(func(ctx context.Context) {
		path, err := "", errors.ErrUnsupported
		if w.cfg.PickFolder != nil {
			path, err = w.cfg.PickFolder(ctx, begin)
		}
		w.cfg.Do(func() {
			w.picking = false
			if !w.picked(err) {
				w.pickFolderHere(begin, chosen)
			} else if path != "" {
				chosen(path)
			}
		})
	})
}

// picked tells what went wrong with a dialog. It returns false if the system
// has none, so that the window asks itself.
func (w *Window) picked(err error) bool {
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return false
	case err != nil:
		w.cfg.Logger.Warn("ask for files", "err", err)
		w.left.warn(w.words.Text("gui.files.pick-failed", map[string]any{"problem": err}))
	}
	return true
}

// pickFileHere asks for one file in a dialog of the window.
func (w *Window) pickFileHere(chosen func(paths []string)) {
	ask := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		if err != nil || file == nil {
			return
		}
		path := file.URI().Path()
		if err := file.Close(); err != nil {
			w.cfg.Logger.Warn("close file", "err", err)
		}
		chosen([]string{path})
	}, w.win)
	w.showPicker(ask, "gui.files.pick-file", "gui.files.pick-file-ok")
}

// pickFolderHere asks for a folder in a dialog of the window.
func (w *Window) pickFolderHere(begin string, chosen func(path string)) {
	ask := dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		if err == nil && folder != nil {
			chosen(folder.Path())
		}
	}, w.win)
	if begin != "" {
		if at, err := storage.ListerForURI(storage.NewFileURI(begin)); err == nil {
			ask.SetLocation(at)
		}
	}
	w.showPicker(ask, "gui.files.pick-folder", "gui.files.pick-folder-ok")
}

// showPicker shows a dialog of the window for files. Escape closes it, and the
// window takes no other keys meanwhile.
func (w *Window) showPicker(ask *dialog.FileDialog, title, confirm string) {
	ask.SetTitleText(w.words.Text(title, nil))
	ask.SetConfirmText(w.words.Text(confirm, nil))
	ask.SetDismissText(w.words.Text("gui.cancel", nil))
	ask.SetOnClosed(func() {
		w.picker = nil
		w.focusComposer()
	})
	w.picker = ask
	w.win.Canvas().Unfocus()
	ask.Show()
	ask.Resize(w.dialogSize())
}

func (w *Window) dialogSize() fyne.Size {
	size := w.win.Canvas().Size()
	return fyne.NewSize(min(size.Width-40, 760), min(size.Height-40, 560))
}
