package gui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// rangesDialog lets the user name addresses beyond the own network where the
// program shall look for colleagues.
type rangesDialog struct {
	window  *Window
	modal   *modal
	entry   *guardedEntry
	verdict *paragraph
	search  *dialogButton
	close   *dialogButton
	saving  bool
}

// rangesBytes bounds the field, rangesRows is how many lines are seen of it.
const (
	rangesBytes = 16 << 10
	rangesRows  = 5
)

func (w *Window) showRanges() {
	if w.modal != nil {
		return
	}
	words, d := w.words, &rangesDialog{window: w}
	d.entry = newGuardedEntry(words, true, rangesBytes)
	d.entry.SetMinRowsVisible(rangesRows)
	d.entry.SetPlaceHolder(words.Text("gui.ranges.example", nil))
	d.entry.SetText(strings.Join(w.cfg.Ranges(), "\n"))
	d.entry.toEnd()
	d.entry.OnChanged = func(string) { d.check() }
	d.entry.shortcut = w.shortcut
	d.entry.escape = func() bool { d.modal.hide(); return true }
	d.verdict = newParagraph(13, colorMuted, "")
	d.search = newDialogButton("", nil, d.save)
	d.search.Importance = widget.HighImportance
	d.close = newDialogButton(words.Text("gui.cancel", nil), nil, func() { d.modal.hide() })
	content := flow(8, newParagraph(13, colorMuted, words.Text("gui.ranges.hint", nil)), d.entry, d.verdict)
	d.modal = w.openModal(words.Text("gui.ranges.title", nil), 440, content, nil, d.close, d.search)
	d.check()
	w.win.Canvas().Focus(d.entry)
}

// lines returns the ranges in the field.
func (d *rangesDialog) lines() []string {
	var lines []string
	for line := range strings.Lines(d.entry.Text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// check reads the ranges as they stand.
func (d *rangesDialog) check() {
	words, lines := d.window.words, d.lines()
	d.search.Show()
	d.search.SetText(words.Text("gui.ranges.search", nil))
	if len(lines) == 0 {
		d.search.SetText(words.Text("gui.save", nil))
	}
	if err := d.window.cfg.CheckRanges(lines); err != nil {
		d.search.Disable()
		d.say(words.Error(err), theme.ColorNameError)
		return
	}
	d.search.Enable()
	d.say(words.Text("gui.ranges.formats", nil), colorMuted)
}

func (d *rangesDialog) say(text string, color fyne.ThemeColorName) {
	d.verdict.set(text, color)
	d.modal.fit()
}

// save keeps the ranges, which begins the search.
func (d *rangesDialog) save() {
	if d.search.Disabled() || d.saving {
		return
	}
	d.saving = true
	d.search.Disable()
	w, lines := d.window, d.lines()
	w.background.post(func(ctx context.Context) {
		err := w.cfg.SetRanges(ctx, lines)
		w.cfg.Do(func() { d.saved(len(lines), err) })
	})
}

func (d *rangesDialog) saved(count int, err error) {
	d.saving = false
	if err != nil {
		d.window.cfg.Logger.Warn("save ranges", "err", err)
	}
	if !d.modal.open() {
		return
	}
	switch {
	case err != nil:
		d.search.Enable()
		d.say(d.window.words.Error(err), theme.ColorNameError)
	case count == 0:
		d.modal.hide()
	default:
		d.search.Hide()
		d.close.SetText(d.window.words.Text("gui.close", nil))
		d.say(d.window.words.Text("gui.ranges.searching", nil), theme.ColorNameSuccess)
	}
}
