package gui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// rates are the limits that are offered, in bytes a second; 0 is none.
var rates = []int64{0, 1e6, 2e6, 5e6, 10e6, 20e6, 50e6, 100e6}

// rulesDialog lets the user say where received files go, and how much of the
// network files may take.
type rulesDialog struct {
	window *Window
	modal  *modal
	rules  FileRules
	folder *textLine
	rate   *widget.Select
	rates  []int64
}

func (w *Window) showFileRules() {
	if w.modal != nil {
		return
	}
	words, d := w.words, &rulesDialog{window: w, rules: w.cfg.FileRules.Current()}
	d.folder = newTextLine(13, theme.ColorNameForeground, "")
	d.showFolder()
	choose := newDialogButton(words.Text("gui.files.rules.choose", nil), nil, d.chooseFolder)
	usual := newLinkLine()
	usual.show(words.Text("gui.files.rules.usual", nil), func() { d.setFolder("") })
	d.rates = withChoice(rates, d.rules.Rate)
	d.rate = widget.NewSelect(nil, nil)
	for _, rate := range d.rates {
		d.rate.Options = append(d.rate.Options, words.rateChoice(rate))
	}
	d.rate.SetSelectedIndex(slices.Index(d.rates, d.rules.Rate))
	d.rate.OnChanged = func(string) { d.rules.Rate = d.rates[d.rate.SelectedIndex()] }
	ok := newDialogButton(words.Text("gui.save", nil), nil, d.save)
	ok.Importance = widget.HighImportance
	cancel := newDialogButton(words.Text("gui.cancel", nil), nil, func() { d.modal.hide() })
	content := column(14,
		field(words.Text("gui.files.rules.folder", nil), column(6,
			between(8, nil, newSurface(colorField, 8, padded(9, 9, 8, 8, d.folder)), choose), usual)),
		field(words.Text("gui.files.rules.rate", nil), d.rate),
		newParagraph(smallSize, colorMuted, words.Text("gui.files.rules.hint", nil)),
	)
	d.modal = w.openModal(words.Text("gui.files.rules", nil), rulesWidth, content, nil, cancel, ok)
}

const rulesWidth = 440

// withChoice adds what is chosen to the choices, if it is none of them.
func withChoice(choices []int64, chosen int64) []int64 {
	all := slices.Clone(choices)
	if !slices.Contains(all, chosen) {
		all = append(all, chosen)
	}
	return all
}

func (w *wording) rateChoice(rate int64) string {
	if rate <= 0 {
		return w.Text("gui.files.rules.any-rate", nil)
	}
	return w.Text("gui.files.rules.up-to", map[string]any{"size": w.speed(rate)})
}

// showFolder shows the folder, of which the end says most.
func (d *rulesDialog) showFolder() {
	const room = rulesWidth - 40 - 16 - 8 - dialogButtonWidth - 16
	shown := fileName(d.rules.Folder)
	if shown == "" {
		shown = d.window.words.Text("gui.files.rules.usual-folder", nil)
	}
	d.folder.setText(ellipsizeName(shown, room, func(s string) float32 { return measure(s, 13) }))
}

func (d *rulesDialog) chooseFolder() { d.window.pickFolder(d.rules.Folder, d.setFolder) }

func (d *rulesDialog) setFolder(path string) {
	d.rules.Folder = path
	d.showFolder()
}

func (d *rulesDialog) save() {
	w, rules := d.window, d.rules
	d.modal.hide()
	w.change("file rules", func(ctx context.Context) error { return w.cfg.FileRules.SetFileRules(ctx, rules) })
}
