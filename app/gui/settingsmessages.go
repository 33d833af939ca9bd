package gui

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"feihong/app/chat"
)

// keptDays are the choices for how long messages are kept; 0 is for ever.
var keptDays = []int64{0, 7, 30, 90, 180, 365}

// messages is how messages are sent, what others learn, and how long anything
// is kept.
func (p *settingsPage) messages() []fyne.CanvasObject {
	words, current := p.words, p.window.cfg.Preferences.Current()
	chosen := 0
	if current.SendWithCtrl {
		chosen = 1
	}
	enter := newChoice([]string{"Enter", modifierName(ctrl) + "Enter"}, chosen, func(i int) {
		p.prefer(func(next *Preferences) { next.SendWithCtrl = i == 1 })
	})
	days := withChoice(keptDays, int64(current.KeepDays))
	var names []string
	for _, count := range days {
		names = append(names, words.keptFor(count))
	}
	keep := newChoice(names, slices.Index(days, int64(current.KeepDays)), func(i int) { p.keepFor(int(days[i])) })
	clean := newDialogButton(words.Text("gui.settings.clear", nil), theme.DeleteIcon(), p.askClearAll)
	clean.Importance = widget.DangerImportance
	return []fyne.CanvasObject{
		settingsCard("", settingsRow(words.Text("gui.settings.send-with", nil), words.Text("gui.settings.send-with-hint", nil), enter)),
		settingsCard(words.Text("gui.settings.privacy", nil),
			settingsSwitch(words.Text("gui.settings.receipts", nil), words.Text("gui.settings.receipts-hint", nil), current.Receipts, func(on bool) {
				p.prefer(func(next *Preferences) { next.Receipts = on })
			}),
			settingsSwitch(words.Text("gui.settings.typing", nil), "", current.Typing, func(on bool) {
				p.prefer(func(next *Preferences) { next.Typing = on })
			}),
		),
		settingsCard(words.Text("gui.settings.history", nil),
			settingsRow(words.Text("gui.settings.keep", nil), words.Text("gui.settings.keep-hint", nil), keep),
			settingsRow(words.Text("gui.settings.clear-all", nil), words.Text("gui.settings.clear-all-hint", nil), clean),
		),
	}
}

func (w *wording) keptFor(days int64) string {
	if days == 0 {
		return w.Text("gui.settings.keep.ever", nil)
	}
	return w.Text("gui.settings.keep.days", map[string]any{"count": days})
}

// keepFor asks first if messages would go.
func (p *settingsPage) keepFor(days int) {
	w, words := p.window, p.words
	keep := func() { p.prefer(func(next *Preferences) { next.KeepDays = days }) }
	before := w.cfg.Preferences.Current().KeepDays
	if days == 0 || before != 0 && days >= before {
		keep()
		return
	}
	p.ask(words.Text("gui.settings.keep", nil), words.Text("gui.settings.keep-question", map[string]any{"count": days}),
		words.Text("gui.settings.clear", nil), keep)
}

// askClearAll asks before all conversations are emptied.
func (p *settingsPage) askClearAll() {
	w, words := p.window, p.words
	p.ask(words.Text("gui.settings.clear-all", nil), words.Text("gui.settings.clear-question", nil), words.Text("gui.settings.clear", nil), func() {
		var all []chat.ContactID
		for id, s := range w.people {
			if s.Last != nil {
				all = append(all, id)
			}
		}
		w.background.post(func(ctx context.Context) {
			for _, id := range all {
				if err := w.cfg.Chat.Clear(ctx, id); err != nil {
					w.cfg.Do(func() { p.told(err) })
					return
				}
			}
		})
	})
}

// ask lets the user think again about what cannot be undone.
func (p *settingsPage) ask(title, question, yes string, do func()) {
	w := p.window
	var card *modal
	agreed := false
	no := newDialogButton(p.words.Text("gui.cancel", nil), nil, func() { card.hide() })
	ok := newDialogButton(yes, nil, func() {
		agreed = true
		card.hide()
		do()
	})
	ok.Importance = widget.DangerImportance
	card = w.openModal(title, 420, newParagraph(13, theme.ColorNameForeground, question), func() {
		if !agreed && w.settings == p {
			p.fill() // the choice is taken back
		}
	}, no, ok)
	w.win.Canvas().Focus(no)
}
