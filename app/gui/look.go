package gui

import (
	"cmp"
	"context"

	"fyne.io/fyne/v2"

	"feihong/assets"
	"feihong/assets/translations"
)

// appearance is what of the preferences shows itself everywhere in the window.
type appearance struct {
	theme, accent, language string
	percent                 int
}

func appearanceOf(p Preferences) appearance {
	return appearance{theme: p.Theme, accent: p.Accent, language: p.Language, percent: cmp.Or(p.TextPercent, 100)}
}

// size is that of a window which takes as much of the screen as one of the
// usual size with this width and height.
func (a appearance) size(width, height float32) fyne.Size {
	factor := float32(a.percent) / 100
	return fyne.NewSize(width/factor, height/factor)
}

// prefer changes what the user chose, and shows it once it is kept. told, if
// there is one, gets the outcome on the user interface's goroutine; else a
// failure is told in the left pane.
func (w *Window) prefer(change func(*Preferences), told func(error)) {
	w.background.post(func(ctx context.Context) {
		err := w.cfg.Preferences.Update(ctx, change)
		if err != nil {
			w.cfg.Logger.Warn("preferences", "err", err)
		}
		w.cfg.Do(func() {
			w.PreferencesChanged()
			switch {
			case told != nil:
				told(err)
			case err != nil:
				w.left.warn(w.words.Error(err))
			}
		})
	})
}

// PreferencesChanged shows everything as the user wants it now. It belongs on
// the user interface's goroutine.
func (w *Window) PreferencesChanged() {
	before, wanted := w.appearance, appearanceOf(w.cfg.Preferences.Current())
	w.appearance = wanted
	if wanted.language != before.language {
		w.words.Catalog = translations.New(wanted.language)
	}
	if wanted.theme != before.theme || wanted.accent != before.accent || wanted.percent != before.percent {
		size := w.win.Canvas().Size()
		w.dress()
		if wanted.percent != before.percent { // the window stays as large on the screen as it was
			usual := float32(before.percent) / 100
			w.win.Resize(wanted.size(size.Width*usual, size.Height*usual))
		}
	}
	if wanted.language != before.language {
		w.rebuild()
	}
	w.showSelf()
	w.updateTitle()
}

// dress gives the program the theme and the size that the user chose.
func (w *Window) dress() {
	if w.cfg.Scale != nil {
		w.cfg.Scale(float32(w.appearance.percent) / 100)
	}
	w.cfg.App.Settings().SetTheme(newTheme(assets.FontSC, w.appearance.theme, w.appearance.accent))
}

// rebuild makes everything in the window anew, because the words have changed.
// The messages of the open conversation stay where they are, and so does what
// was typed.
func (w *Window) rebuild() {
	if w.modal != nil {
		w.modal.hide()
	}
	filter, draft, onList := w.left.filter.Text, w.right.conv.composer.text(), w.onList
	addresses := w.left.address.addresses
	w.build()
	w.onList = onList
	w.showTrayMenu()
	w.left.filter.SetText(filter)
	w.left.address.show(addresses)
	w.right.empty.showAddresses(addresses)
	w.left.lonely.showAddresses(addresses)
	w.refresh()
	if w.doctor != nil {
		w.doctorPage().show(w.doctor)
	}
	if w.settings != nil {
		w.showSettingsAt(w.settings.section)
	}
	if w.talk == nil {
		return
	}
	w.right.conv.timeline.relayout()
	w.showAttached()
	w.showAnswer()
	w.showMissing()
	w.right.conv.composer.setText(draft)
	w.focusComposer()
}

// relayout measures everything anew, and keeps the place.
func (t *timeline) relayout() {
	anchor := t.anchor()
	t.table.remeasure()
	t.sticky.hide()
	t.view.forget()
	t.rebuild(0)
	t.restore(anchor)
}
