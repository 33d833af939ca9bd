package gui

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"feihong/assets/translations"
)

// textSizes are the sizes that are offered, in percent.
var textSizes = []int64{80, 90, 100, 110, 125, 150, 175, 200}

// languages are the choices; "" is the system's.
var languages = []string{"", translations.Chinese, translations.English}

// look is how the window looks and speaks.
func (p *settingsPage) look() []fyne.CanvasObject {
	words, current := p.words, p.window.cfg.Preferences.Current()
	themes := []string{ThemeSystem, ThemeLight, ThemeDark}
	names := []string{words.Text("gui.settings.theme.system", nil), words.Text("gui.settings.theme.light", nil), words.Text("gui.settings.theme.dark", nil)}
	look := newChoice(names, slices.Index(themes, current.Theme), func(i int) {
		p.prefer(func(next *Preferences) { next.Theme = themes[i] })
	})
	sizes := withChoice(textSizes, int64(p.window.appearance.percent))
	var percents []string
	for _, size := range sizes {
		percents = append(percents, strconv.FormatInt(size, 10)+" %")
	}
	size := newChoice(percents, slices.Index(sizes, int64(p.window.appearance.percent)), func(i int) {
		p.prefer(func(next *Preferences) { next.TextPercent = int(sizes[i]) })
	})
	// Each language has its own name, so that everybody finds theirs.
	tongues := []string{words.Text("gui.settings.language.system", nil), "简体中文", "English"}
	language := newChoice(tongues, slices.Index(languages, current.Language), func(i int) {
		p.prefer(func(next *Preferences) { next.Language = languages[i] })
	})
	return []fyne.CanvasObject{settingsCard("",
		settingsRow(words.Text("gui.settings.language", nil), "", language),
		settingsRow(words.Text("gui.settings.theme", nil), "", look),
		flow(8, newParagraph(textSize, theme.ColorNameForeground, words.Text("gui.settings.accent", nil)), p.accents(current.Accent)),
		settingsRow(words.Text("gui.settings.size", nil), words.Text("gui.settings.size-hint", nil), size),
	)}
}

// accents offers the colours.
func (p *settingsPage) accents(chosen string) fyne.CanvasObject {
	chosen = accentOf(chosen).name
	discs, line := make([]*swatch, len(accents)), lineUp(6)
	for i, a := range accents {
		label := "gui.settings.accent.teal"
		if a.name != "" {
			label = "gui.settings.accent." + a.name
		}
		discs[i] = newSwatch(a, p.words.Text(label, nil), a.name == chosen, func() {
			for j, disc := range discs {
				disc.chosen = i == j
				disc.Refresh()
			}
			p.prefer(func(next *Preferences) { next.Accent = a.name })
		})
		line.Add(discs[i])
	}
	return line
}
