package gui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// rates are the limits that are offered, in bytes a second; 0 is none.
var rates = []int64{0, 1e6, 2e6, 5e6, 10e6, 20e6, 50e6, 100e6}

// imageBounds are the choices for pictures that come by themselves, in bytes; 0
// is none.
var imageBounds = []int64{0, 1e6, 5e6, 10e6, 50e6}

// files is where files go, how fast they travel and which come by themselves.
func (p *settingsPage) files() []fyne.CanvasObject {
	words, current := p.words, p.window.cfg.Preferences.Current()
	bounds := withChoice(imageBounds, current.ImagesUpTo)
	var names []string
	for _, bound := range bounds {
		names = append(names, words.imageChoice(bound))
	}
	images := newChoice(names, slices.Index(bounds, current.ImagesUpTo), func(i int) {
		p.prefer(func(next *Preferences) { next.ImagesUpTo = bounds[i] })
	})
	alone := settingsCard(words.Text("gui.settings.accept", nil),
		settingsRow(words.Text("gui.settings.images", nil), words.Text("gui.settings.images-hint", nil), images),
		newParagraph(smallSize, colorMuted, words.Text("gui.settings.accept-hint", nil)))
	if p.window.cfg.FileRules == nil {
		return []fyne.CanvasObject{alone}
	}
	return []fyne.CanvasObject{p.folderCard(), alone}
}

// folderCard is about all files that arrive or go.
func (p *settingsPage) folderCard() fyne.CanvasObject {
	w, words := p.window, p.words
	rules := w.cfg.FileRules.Current()
	folder := newParagraph(13, theme.ColorNameForeground, rules.Folder)
	choose := newDialogButton(words.Text("gui.files.rules.choose", nil), theme.FolderOpenIcon(), func() {
		w.pickFolder(rules.Folder, p.setFolder)
	})
	usual := newDialogButton(words.Text("gui.files.rules.usual", nil), nil, func() { p.setFolder("") })
	choices := withChoice(rates, rules.Rate)
	var names []string
	for _, rate := range choices {
		names = append(names, words.rateChoice(rate))
	}
	rate := newChoice(names, slices.Index(choices, rules.Rate), func(i int) {
		p.setRules(func(next *FileRules) { next.Rate = choices[i] })
	})
	return settingsCard("",
		flow(8,
			newParagraph(textSize, theme.ColorNameForeground, words.Text("gui.files.rules.folder", nil)),
			newSurface(colorField, 8, padded(9, 9, 12, 12, folder)),
			lineUp(8, choose, usual)),
		settingsRow(words.Text("gui.files.rules.rate", nil), words.Text("gui.files.rules.hint", nil), rate),
	)
}

func (p *settingsPage) setFolder(path string) {
	p.setRules(func(next *FileRules) { next.Folder = path })
}

func (p *settingsPage) setRules(change func(*FileRules)) {
	w := p.window
	w.background.post(func(ctx context.Context) {
		next := w.cfg.FileRules.Current()
		change(&next)
		err := w.cfg.FileRules.SetFileRules(ctx, next)
		w.cfg.Do(func() {
			p.told(err)
			if err == nil && w.settings == p {
				p.fill()
			}
		})
	})
}

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

func (w *wording) imageChoice(bound int64) string {
	if bound == 0 {
		return w.Text("gui.settings.images.none", nil)
	}
	return w.Text("gui.settings.images.up-to", map[string]any{"count": (bound + 1e6 - 1) / 1e6})
}
