package gui

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// exportForms are the forms in which a conversation can be kept, by extension.
var exportForms = []string{"html", "txt", "json"}

// showExport asks in which form a conversation is to be written to a file, and
// then where.
func (w *Window) showExport(s *chat.Summary) {
	if w.covered() {
		return
	}
	words, id, name := w.words, s.ID, s.DisplayName()
	labels := make([]string, len(exportForms))
	for i, form := range exportForms {
		labels[i] = words.Text("gui.export."+form, nil)
	}
	form := widget.NewRadioGroup(labels, nil)
	form.Required = true
	form.SetSelected(labels[0])
	ringed := &recolored{names: map[fyne.ThemeColorName]fyne.ThemeColorName{theme.ColorNameInputBorder: theme.ColorNameForeground}} // fields have no border, circles need one
	cancel := newDialogButton(words.Text("gui.cancel", nil), nil, func() { w.modal.hide() })
	next := newDialogButton(words.Text("gui.export.choose", nil), theme.FolderIcon(), func() {
		extension := exportForms[0]
		for i, label := range labels {
			if label == form.Selected {
				extension = exportForms[i]
			}
		}
		w.modal.hide()
		w.pickFolder("", func(folder string) {
			w.export(id, filepath.Join(folder, w.exportName(name)+"."+extension))
		})
	})
	next.Importance = widget.HighImportance
	hint := newParagraph(smallSize, colorMuted, words.Text("gui.export.hint", nil))
	w.openModal(words.Text("gui.export.title", map[string]any{"name": name}), 420, flow(10, container.NewThemeOverride(form, ringed), hint), nil, cancel, next)
	w.win.Canvas().Focus(next)
}

// maxExportName bounds the part of a file's name that somebody else chose, in
// characters.
const maxExportName = 40

// exportName names the file without its extension: whose conversation it is, as
// far as every system can write that, and when it was exported.
func (w *Window) exportName(person string) string {
	var kept []rune
	for _, r := range person {
		if len(kept) == maxExportName {
			break
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' {
			kept = append(kept, r)
		} else if n := len(kept); n > 0 && kept[n-1] != ' ' {
			kept = append(kept, ' ')
		}
	}
	when := w.words.local(w.cfg.Now()).Format("2006-01-02 15.04.05")
	return strings.Join(strings.Fields("Feihong "+string(kept)+" "+when), " ")
}

// export writes a conversation to a file, which may take a while: a card tells
// so, and closing it stops the writing.
func (w *Window) export(id chat.ContactID, path string) {
	words := w.words
	writing, stop := context.WithCancel(context.Background())
	progress := widget.NewProgressBarInfinite()
	cancel := newDialogButton(words.Text("gui.cancel", nil), nil, func() { w.modal.hide() })
	card := w.openModal(words.Text("gui.export.writing", nil), 420, container.New(slim{}, progress), func() {
		progress.Stop()
		stop()
	}, cancel)
	w.background.start(func(ctx context.Context) {
		defer context.AfterFunc(ctx, stop)()
		err := w.cfg.Export(writing, id, path)
		w.cfg.Do(func() {
			card.hide()
			stop()
			if !errors.Is(err, context.Canceled) {
				w.exported(path, err)
			}
		})
	})
}

// exported tells where the file is, or why there is none.
func (w *Window) exported(path string, err error) {
	words := w.words
	if err != nil {
		w.cfg.Logger.Warn("export", "err", err)
		w.left.warn(words.Text("gui.export.failed", map[string]any{"problem": err}))
		return
	}
	if w.covered() {
		return
	}
	done := newDialogButton(words.Text("gui.close", nil), nil, func() { w.modal.hide() })
	buttons := []fyne.CanvasObject{done}
	if w.cfg.Reveal != nil {
		show := newDialogButton(fileReveal.label(words), theme.FolderOpenIcon(), func() {
			w.modal.hide()
			w.outside("reveal", path, w.cfg.Reveal)
		})
		buttons = []fyne.CanvasObject{show, done}
	}
	w.openModal(words.Text("gui.export.done", nil), 460, factLabel(path, false), nil, buttons...)
	w.win.Canvas().Focus(done)
}
